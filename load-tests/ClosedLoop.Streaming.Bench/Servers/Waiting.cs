using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Bench.Servers;

internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task ForPortAsync(int port, Func<bool> ended, TimeSpan max) => ForAsync(async () =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try { await socket.ConnectAsync(IPAddress.Loopback, port); }
        catch (SocketException) { return false; }
        return true;
    }, ended, max);

    /// <exception cref="IOException">The server ended.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public static async Task ForAsync(Func<Task<bool>> isTrue, Func<bool> ended, TimeSpan max)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            if (ended()) throw new IOException("A server ended while it was waited for.");
            if (Stopwatch.GetElapsedTime(began) > max) throw new TimeoutException($"A server did not answer within {max.TotalSeconds:0} s.");
            await Task.Delay(Pause);
        }
    }
}
