using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Bench.Servers;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>B12: from starting the whole system to its first accepted hit, and what it holds when nothing happens.</summary>
internal sealed class StartBench : IBench
{
    private static readonly byte[] Hit = "GET /i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2F HTTP/1.1\r\nHost: track.shop.example\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60), Idle = TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> Ids => ["B12"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        var (seconds, megabytes) = (new List<double>(), new List<double>());
        var data = stage.Folder("ours");
        var rounds = stage.Settings.RoundsOf(headline: false);
        // The first start makes the installation; starts after it are what is measured.
        for (var round = 0; round <= rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var server = ClosedLoopServer.Launch(data, ClosedLoopServer.Disk);
            while (!IsAccepted(server.Port))
            {
                if (server.HasExited) throw new IOException("closedloop ended while it started.");
                if (Stopwatch.GetElapsedTime(began) > StartTimeMax) throw new TimeoutException("No hit was accepted after a start.");
                await Task.Delay(2);
            }
            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await Task.Delay(Idle);
            var resident = ProcessTree.ResidentBytes(server.Pid) / 1e6;
            stage.Say(FormattableString.Invariant($"{(round == 0 ? "first start" : $"start {round}/{rounds}")}: {took:0.000} s, {resident:0} MB"));
            stage.Report.Add(new SliceRow("B12", round, "start", new Slice(1, took, server.CpuSeconds)));
            if (round == 0) continue;
            seconds.Add(took);
            megabytes.Add(resident);
        }
        return
        [
            Row("cold start of the whole system to the first accepted hit", Interval.OfMedian([.. seconds]), "s", 3, rounds),
            Row($"resident memory of the whole system, {Idle.TotalSeconds:0} s after that", Interval.OfMedian([.. megabytes]), "MB", 450, rounds),
        ];
    }

    private static BenchResult Row(string what, Interval value, string unit, double gate, int rounds) =>
        new("B12", what, value, value.Median, 0, unit, "disk", gate, "", rounds) { LowerIsBetter = true, IsAbsolute = true };

    private static bool IsAccepted(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(Hit);
            var buffer = new byte[1024];
            return socket.Receive(buffer) > 12 && buffer.AsSpan().StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
