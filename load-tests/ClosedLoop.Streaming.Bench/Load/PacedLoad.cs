using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Bench.Load;

/// <summary>Sends at a fixed rate, whatever the answers do: each hit has a moment at which it was meant to go.</summary>
internal sealed class PacedLoad : IDisposable
{
    private const int AnswerBytesMax = 4096;

    private readonly Socket[] _sockets;
    private readonly byte[] _buffer = new byte[AnswerBytesMax];

    /// <param name="connections">Enough that one is always free: at least twice the rate times the longest answer.</param>
    public PacedLoad(int port, int connections)
    {
        _sockets = new Socket[connections];
        for (var i = 0; i < connections; i++)
        {
            _sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
            _sockets[i].Connect(IPAddress.Loopback, port);
        }
    }

    /// <param name="meant">Told the ordinal and the timestamp at which the hit was meant to go.</param>
    public void Run(double perSecond, int count, Func<int, byte[]> request, Action<int, long>? meant = null)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = began + (long)(i / perSecond * Stopwatch.Frequency);
            WaitUntil(due);
            meant?.Invoke(i, due);
            var socket = _sockets[i % _sockets.Length];
            if (i >= _sockets.Length) Receive(socket);
            socket.Send(request(i));
        }
        for (var i = Math.Max(0, count - _sockets.Length); i < count; i++) Receive(_sockets[i % _sockets.Length]);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    private static void WaitUntil(long due)
    {
        // A sleep is good to about a millisecond with its wake-up; the last part is spent yielding.
        while (due - Stopwatch.GetTimestamp() is > 0 and var left)
        {
            var ms = left * 1000 / Stopwatch.Frequency;
            if (ms > 1) Thread.Sleep((int)ms - 1);
            else Thread.Yield();
        }
    }

    private void Receive(Socket socket)
    {
        var read = socket.Receive(_buffer);
        if (!_buffer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8)) throw new IOException("A paced hit was not accepted.");
    }
}
