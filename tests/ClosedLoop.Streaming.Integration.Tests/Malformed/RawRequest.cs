using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClosedLoop.Streaming.Integration.Tests.Malformed;

/// <summary>Bytes to a port as they are, and the status of what comes back.</summary>
internal static class RawRequest
{
    private const int AnswerBytesMax = 64 * 1024;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    /// <summary>The first answer's status; 0 when the connection was closed without one.</summary>
    /// <param name="patience">How long to wait for an answer before saying that nothing more will come: what is cut off must end then.</param>
    public static async Task<int> SendAsync(int port, byte[] bytes, TimeSpan patience)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var late = new CancellationTokenSource(AnswerMax);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), late.Token);
        try
        {
            var status = StatusAsync(socket, late.Token);
            await socket.SendAsync(bytes, late.Token);
            // Not earlier: the server takes a closed half for a caller who has gone.
            if (await Task.WhenAny(status, Task.Delay(patience, late.Token)) != status) socket.Shutdown(SocketShutdown.Send);
            return await status;
        }
        catch (SocketException)
        {
            // The server had heard enough and hung up.
            return 0;
        }
    }

    private static async Task<int> StatusAsync(Socket socket, CancellationToken late)
    {
        var answer = new byte[AnswerBytesMax];
        var length = 0;
        while (length < answer.Length && await socket.ReceiveAsync(answer.AsMemory(length), late) is var read and > 0) length += read;
        if (length < 12) return 0;
        var line = Encoding.ASCII.GetString(answer, 0, Math.Min(length, 32));
        Assert.True(line.StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(line.AsSpan(9, 3), out _), $"no HTTP: {line}");
        return int.Parse(line.AsSpan(9, 3));
    }
}
