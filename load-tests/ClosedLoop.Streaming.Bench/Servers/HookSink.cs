using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClosedLoop.Streaming.Bench.Servers;

/// <summary>Receives webhooks and notes when which visitor's came. Answers 204.</summary>
internal sealed class HookSink : IDisposable
{
    private static readonly byte[] Yes = "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public HookSink()
    {
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "webhook sink" }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Visitor to the timestamp of its first webhook.</summary>
    public ConcurrentDictionary<string, long> Received { get; } = new();

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptSocket();
                client.NoDelay = true;
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket client)
    {
        using var _ = client;
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (client.Receive(buffer, length, buffer.Length - length, SocketFlags.None) is > 0 and var read)
            {
                length += read;
                var text = Encoding.Latin1.GetString(buffer, 0, length);
                if (!IsWhole(text)) continue;
                var now = Stopwatch.GetTimestamp();
                client.Send(Yes);
                const string Name = "\"visitor_id\":\"";
                var at = text.IndexOf(Name, StringComparison.Ordinal);
                if (at >= 0) Received.TryAdd(text.Substring(at + Name.Length, 32), now);
                length = 0;
            }
        }
        catch (SocketException)
        {
            // The sender went away.
        }
    }

    // One message at a time per connection, with its length in the head.
    private static bool IsWhole(string text)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        const string Name = "content-length:";
        var at = text.IndexOf(Name, 0, head, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return true;
        var line = text[(at + Name.Length)..text.IndexOf("\r\n", at, StringComparison.Ordinal)];
        return text.Length >= head + 4 + int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
    }
}
