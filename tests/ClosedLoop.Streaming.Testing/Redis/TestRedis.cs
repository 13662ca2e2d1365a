using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClosedLoop.Streaming.States;
using Xunit;

namespace ClosedLoop.Streaming.Testing;

/// <summary>A real redis-server on a free loopback port, with a folder of its own; gone with the test.</summary>
public sealed class TestRedis : IAsyncDisposable
{
    private static readonly TimeSpan _startMax = TimeSpan.FromSeconds(20);
    private static int _prefixes;

    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-redis-").FullName;
    private readonly string[] _arguments;
    private Process? _server;

    private TestRedis(string[] arguments) => _arguments = arguments;

    public int Port { get; } = FreePort();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Skips the test with the reason when there is no redis-server on this machine.</summary>
    public static async Task<TestRedis> StartAsync(params string[] arguments)
    {
        var redis = new TestRedis(arguments);
        await redis.RunAsync();
        return redis;
    }

    public RedisStatesOptions Options(string? prefix = null) => new()
    {
        Servers = Address, ConnectTimeout = TimeSpan.FromSeconds(10), CommandTimeout = TimeSpan.FromSeconds(10),
        Prefix = prefix ?? string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _prefixes)}"),
    };

    /// <summary>Starts it, again after <see cref="KillAsync"/> on the same port and with what it had written.</summary>
    public async Task RunAsync()
    {
        var program = Program();
        if (program is null) Assert.Skip("redis-server is not on this machine: apt install redis-server, or set CLOSEDLOOP_REDIS_SERVER");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var argument in (string[])["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendfsync", "always", .. _arguments])
            start.ArgumentList.Add(argument);
        _server = Process.Start(start)!;
        _server.OutputDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        var began = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (_server.HasExited || Stopwatch.GetElapsedTime(began) > _startMax) throw new InvalidOperationException("redis-server did not start");
            await Task.Delay(20);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_server is null) return;
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Program()
    {
        var named = Environment.GetEnvironmentVariable("CLOSEDLOOP_REDIS_SERVER");
        if (!string.IsNullOrEmpty(named)) return named;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Append("/usr/local/bin");
        return folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, "redis-server")).FirstOrDefault(File.Exists);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            // "-LOADING" and "-NOAUTH": the first has to be waited out, the second is up.
            var line = new byte[64];
            var read = await client.GetStream().ReadAsync(line);
            return read > 0 && !System.Text.Encoding.ASCII.GetString(line, 0, read).StartsWith("-LOADING", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException) { return false; }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
