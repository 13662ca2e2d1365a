using System.Globalization;
using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>A real web server's log of 10,000 lines.</summary>
public sealed class AccessLogTests(ITestOutputHelper output)
{
    private static readonly TimeSpan ImportMax = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_real_access_log_adds_up_and_the_same_file_twice_adds_nothing()
    {
        var file = Parts.NeedData("weblog/apache_logs.gz");
        await using var program = await RunningProgram.StartAsync();
        var first = await ImportAsync(program, file);
        Assert.Equal(10_000, first["lines read"]);
        Assert.Equal(first["lines read"], first["stored"] + first["left out"] + first["refused"] + first["duplicates"]);
        Assert.Equal((1, 0), (first["refused"], first["duplicates"]));
        // HEAD 42, POST 5, OPTIONS 1 never count, whatever else such a line is.
        Assert.Equal(48, first["other methods"]);
        await program.VerifyAsync();
        Assert.Equal([["malformed_line"]], await program.RowsAsync("SELECT reason FROM refused_hits"));
        var stored = await program.RowsAsync("SELECT count(), countIf(bot_class != ''), uniqExact(visitor_id) FROM events");
        output.WriteLine("events, bots, visitors: " + string.Join(' ', stored[0]));
        Assert.Equal(first["stored"], long.Parse(stored[0][0], CultureInfo.InvariantCulture));
        // 1,753 addresses, some with several agents; known crawlers are a part of them and not the most.
        Assert.InRange(int.Parse(stored[0][2], CultureInfo.InvariantCulture), 800, 2_600);
        Assert.InRange(int.Parse(stored[0][1], CultureInfo.InvariantCulture), 200, first["stored"] * 3 / 4);
        // People who look at a page once in a while, not one session per hit.
        var sessions = long.Parse((await program.RowsAsync("SELECT uniqExact(session_id) FROM sessions"))[0][0], CultureInfo.InvariantCulture);
        output.WriteLine($"sessions: {sessions}");
        Assert.InRange(sessions, 500, 3_224);

        var second = await ImportAsync(program, file);
        Assert.Equal((10_000, 0), (second["lines read"], second["stored"]));
        Assert.Equal(second["lines read"], second["left out"] + second["refused"] + second["duplicates"]);
        await program.SettleAsync();
        Assert.Equal(stored[0][0], (await program.RowsAsync("SELECT count() FROM events"))[0][0]);
        Assert.Equal("1", (await program.RowsAsync("SELECT count() FROM refused_hits"))[0][0]);
    }

    /// <summary>The printed numbers by their names.</summary>
    private async Task<Dictionary<string, long>> ImportAsync(RunningProgram program, string file)
    {
        var said = await program.VerbAsync(ImportMax, "import", "access-log", file, "--site", "demo");
        output.WriteLine(said.ToString());
        Assert.Equal(0, said.ExitCode);
        return Regex.Matches(said.Out, @"^\s*([a-z][a-z ]*?)\s{2,}([\d,]+)$", RegexOptions.Multiline)
            .ToDictionary(m => m.Groups[1].Value, m => long.Parse(m.Groups[2].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
    }
}
