using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>A process that appends as fast as it can and writes each acknowledged record's name to its standard output, until it is killed.</summary>
internal static class Victim
{
    private const int Writers = 24;

    public static async Task<int> RunAsync(string path, Durability durability, string round)
    {
        var options = new EmbeddedLogOptions { Path = path, Durability = durability, FreeBytesMin = 0, WalBytesMax = 1 << 20, WalFillBytes = 1 << 20 };
        using var file = new EmbeddedFile(options, TimeProvider.System, NullLogger<EmbeddedFile>.Instance);
        var log = new EmbeddedLog(file);
        await file.SubmitAsync(new CommitUnit([], (c, _) => Schema.Run(c, "CREATE TABLE IF NOT EXISTS pairs(name TEXT)"), 100, Background: false));
        await using var ledger = Console.OpenStandardOutput();
        var gate = new Lock();
        void Acknowledged(string name)
        {
            lock (gate) ledger.Write(Encoding.ASCII.GetBytes(name + "\n"));
        }
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{round}-{writer}-{i}");
                if (writer < Writers - 2) await log.AppendAsync(Topic.Hits, writer % 4, Record(name, i));
                else await file.SubmitAsync(Unit(name, writer % 4, background: writer % 2 == 0));
                Acknowledged(name);
            }
        })));
        return 0;
    }

    /// <summary>Starts the victim, kills it after so many acknowledgements, and gives all that it had acknowledged.</summary>
    public static async Task<List<string>> KillAfterAsync(string path, Durability durability, string round, int acknowledged)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["victim", path, durability.ToString(), round]) { RedirectStandardOutput = true };
        // The test host may be `dotnet`, the victim is always this assembly's own program.
        var program = Path.ChangeExtension(typeof(Victim).Assembly.Location, null);
        if (File.Exists(program)) start.FileName = program;
        using var process = Process.Start(start)!;
        var names = new List<string>();
        while (names.Count < acknowledged && await process.StandardOutput.ReadLineAsync() is { } line) names.Add(line);
        process.Kill();
        // What is still in the pipe was acknowledged before the end; a line that is cut off was not.
        var rest = await process.StandardOutput.ReadToEndAsync();
        names.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await process.WaitForExitAsync();
        return names;
    }

    /// <summary>The name, and a tail whose length and bytes follow from it.</summary>
    public static byte[] Record(string name, int number)
    {
        var bytes = new byte[name.Length + 1 + number * 37 % 400];
        Encoding.ASCII.GetBytes(name, bytes);
        for (var i = name.Length + 1; i < bytes.Length; i++) bytes[i] = (byte)(i * 7 + number);
        return bytes;
    }

    private static CommitUnit Unit(string name, int partition, bool background)
    {
        var block = ReopeningTests.Block(Topic.Facts, partition, name, name);
        return new CommitUnit([block], (connection, transaction) =>
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO pairs VALUES($name)";
            command.Parameters.AddWithValue("$name", name);
            command.ExecuteNonQuery();
        }, 100, background);
    }
}
