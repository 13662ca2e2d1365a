using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>A request as its bytes arrived.</summary>
public sealed record SinkRequest(string Line, Dictionary<string, string> Headers, byte[] Body);

/// <summary>A receiver on a loopback port that speaks raw bytes, so that it can misbehave in every way. One script answers each request.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    public HttpSink()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public ConcurrentQueue<SinkRequest> Requests { get; } = new();
    public int Connections => Volatile.Read(ref _accepted);
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public Uri Url => new($"http://127.0.0.1:{Port}/hook?key=1");

    /// <summary>Writes the answer; false closes the connection, gently.</summary>
    public Func<SinkRequest, Socket, CancellationToken, Task<bool>> Answer { get; set; } = Ok;

    public static Task<bool> Ok(SinkRequest request, Socket socket, CancellationToken stop) => Say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    public static Func<SinkRequest, Socket, CancellationToken, Task<bool>> Says(string answer) => (_, socket, _) => Say(socket, answer);

    public static Func<SinkRequest, Socket, CancellationToken, Task<bool>> Status(int status, string headers = "") =>
        Says($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n{headers}\r\n");

    public static async Task<bool> Say(Socket socket, string text)
    {
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        return true;
    }

    public static Task<bool> Reset(SinkRequest request, Socket socket, CancellationToken stop)
    {
        socket.LingerState = new LingerOption(true, 0);
        return Task.FromResult(false);
    }

    public static async Task<bool> Hang(SinkRequest request, Socket socket, CancellationToken stop)
    {
        try { await Task.Delay(Timeout.Infinite, stop); }
        catch (OperationCanceledException) { }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try { socket = await _listener.AcceptSocketAsync(_stop.Token); }
            catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException) { return; }
            Interlocked.Increment(ref _accepted);
            _connections.Add(ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var reading = new SinkReading(socket);
                while (await reading.NextAsync(_stop.Token) is { } request)
                {
                    Requests.Enqueue(request);
                    if (!await Answer(request, socket, _stop.Token)) return;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
        }
    }
}

/// <summary>Reads requests with a Content-Length, or in chunks, one after another from one connection.</summary>
internal sealed class SinkReading(Socket socket)
{
    private readonly List<byte> _bytes = [];

    public async Task<SinkRequest?> NextAsync(CancellationToken stop)
    {
        int end;
        while ((end = Find("\r\n\r\n"u8)) < 0)
        {
            if (!await MoreAsync(stop)) return null;
        }
        var lines = Encoding.Latin1.GetString([.. _bytes[..end]]).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(h => h[0].ToLowerInvariant(), h => h[1]);
        var length = int.Parse(headers["content-length"]);
        while (_bytes.Count < end + 4 + length)
        {
            if (!await MoreAsync(stop)) return null;
        }
        var body = _bytes.Skip(end + 4).Take(length).ToArray();
        _bytes.RemoveRange(0, end + 4 + length);
        return new SinkRequest(lines[0], headers, body);
    }

    private int Find(ReadOnlySpan<byte> what) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes).IndexOf(what);

    private async Task<bool> MoreAsync(CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        var read = await socket.ReceiveAsync(buffer, stop);
        _bytes.AddRange(buffer.AsSpan(0, read));
        return read > 0;
    }
}
