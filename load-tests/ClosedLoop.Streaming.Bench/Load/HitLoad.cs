using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Bench.Load;

/// <summary>
/// Sends prebuilt requests with plain blocking calls: each thread writes one request to each of its connections, then reads one answer from
/// each. Two system calls a hit and no polling, so that the generator has a core's worth of hits to give.
/// </summary>
/// <param name="bodyBytes">Of each answer: the GIF has 43 on both sides.</param>
internal abstract class HitLoad(int port, byte[][] requests, int connections, int threads, int bodyBytes)
{
    private const int AnswerBytesMax = 4096;

    protected int Port { get; } = port;
    private long _stopAt;

    /// <summary>Hits answered within this time.</summary>
    /// <exception cref="IOException">Anything but success.</exception>
    public long Run(TimeSpan time)
    {
        _stopAt = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var counts = new long[threads];
        Exception? failure = null;
        var workers = Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            try { counts[t] = Work(t, connections / threads); }
            catch (Exception e) when (e is IOException or SocketException) { failure = e; }
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        return failure is null ? counts.Sum() : throw new IOException($"The load stopped: {failure.Message}");
    }

    protected bool IsOver => Stopwatch.GetTimestamp() >= _stopAt;

    /// <summary>The next request of a thread; threads start at different places.</summary>
    protected byte[] Request(int thread, long ordinal) => requests[(int)((ordinal + (long)thread * requests.Length / threads) % requests.Length)];

    protected abstract long Work(int thread, int connections);

    protected static byte[] AnswerBuffer() => new byte[AnswerBytesMax];

    protected static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };

    protected void Connect(Socket socket) => socket.Connect(IPAddress.Loopback, Port);

    /// <summary>Reads one whole answer.</summary>
    protected void Receive(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
            if (read == 0) throw new IOException("the server closed a connection");
            length += read;
            var head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (head < 0 || length < head + 4 + bodyBytes) continue;
            if (!buffer.AsSpan().StartsWith("HTTP/1.1 20"u8)) throw new IOException("the server answered " + System.Text.Encoding.ASCII.GetString(buffer, 0, length));
            return;
        }
    }
}

/// <summary>Connections stay open.</summary>
internal sealed class KeepAliveLoad(int port, byte[][] requests, int connections, int threads, int bodyBytes = 43)
    : HitLoad(port, requests, connections, threads, bodyBytes)
{
    protected override long Work(int thread, int connections)
    {
        var sockets = Enumerable.Range(0, connections).Select(_ => NewSocket()).ToArray();
        var buffer = AnswerBuffer();
        try
        {
            foreach (var socket in sockets) Connect(socket);
            var count = 0L;
            while (!IsOver)
            {
                for (var i = 0; i < sockets.Length; i++) sockets[i].Send(Request(thread, count + i));
                foreach (var socket in sockets) Receive(socket, buffer);
                count += sockets.Length;
            }
            return count;
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }
}

/// <summary>One request per connection, closed by the server; sent from many loopback addresses, so that ports don't run out.</summary>
internal sealed class OneShotLoad(int port, byte[][] requests, int connections, int threads) : HitLoad(port, requests, connections, threads, 43)
{
    private const int Addresses = 200;

    protected override long Work(int thread, int connections)
    {
        var sockets = new Socket[connections];
        var buffer = AnswerBuffer();
        var count = 0L;
        while (!IsOver)
        {
            for (var i = 0; i < sockets.Length; i++)
            {
                sockets[i] = NewSocket();
                sockets[i].Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + thread), (byte)(1 + (count + i) % Addresses)]), 0));
                Connect(sockets[i]);
                sockets[i].Send(Request(thread, count + i));
            }
            foreach (var socket in sockets)
            {
                Receive(socket, buffer);
                while (socket.Receive(buffer) > 0) { }
                socket.Dispose();
            }
            count += sockets.Length;
        }
        return count;
    }
}
