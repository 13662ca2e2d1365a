using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;

namespace ClosedLoop.Streaming.Bench.Servers;

/// <summary>A server of our own on a free loopback port and the server's core, ended by its number.</summary>
internal abstract class Server : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    protected Server(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }
    public int Pid => _process.Id;
    public bool HasExited => _process.HasExited;
    public double CpuSeconds => ProcessTree.CpuSeconds(Pid);

    /// <summary>Runs a load and charges this server's CPU time to it.</summary>
    public Slice Measure(Func<long> load)
    {
        var (wall, cpu) = (Stopwatch.GetTimestamp(), CpuSeconds);
        var count = load();
        return new Slice(count, Stopwatch.GetElapsedTime(wall).TotalSeconds, CpuSeconds - cpu);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Posix.Terminate(_process.Id);
            try { await _process.WaitForExitAsync().WaitAsync(StopTimeMax); }
            catch (TimeoutException) { _process.Kill(entireProcessTree: true); }
        }
        _process.Dispose();
        GC.SuppressFinalize(this);
    }
}
