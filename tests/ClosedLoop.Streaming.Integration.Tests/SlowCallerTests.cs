using System.Net;
using System.Net.Sockets;
using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>S4 of PROOF.md: callers that hold connections and say nothing take neither the doors nor the connections from the others.</summary>
public sealed class SlowCallerTests
{
    private const int Callers = 1_500;
    private const string Pixel = "/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2Ftents";
    // Headers and silence have limits of 8 and 10 s, looked at once a second; a busy machine gets a multiple of it.
    private static readonly TimeSpan LetGoMax = TimeSpan.FromSeconds(60);

    private static readonly byte[][] Beginnings =
    [
        "GET /i?e=pv&aid=demo HTTP/1.1\r\nHost: shop.example\r\nX-Slow: "u8.ToArray(),
        "POST /v1/events HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n["u8.ToArray(),
        "POST /f/demo HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail="u8.ToArray(),
        [],
    ];

    [Fact]
    public async Task Slow_headers_slow_bodies_and_idle_connections_are_let_go_and_hold_up_nobody()
    {
        await using var program = await RunningProgram.StartAsync();
        var port = new Uri(program.Url).Port;
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Callers; i++) sockets.Add(await BeginAsync(port, Beginnings[i % Beginnings.Length]));
            for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await program.Http.GetAsync(Pixel)).StatusCode);

            using var patience = new CancellationTokenSource(LetGoMax);
            await Task.WhenAll(sockets.Select(socket => UntilLetGoAsync(socket, patience.Token)));

            Assert.Equal(HttpStatusCode.OK, (await program.Http.GetAsync(Pixel)).StatusCode);
            Assert.False(program.Child.HasExited, program.Child.Error);
            await program.VerifyAsync();
        }
        finally { sockets.ForEach(socket => socket.Dispose()); }
    }

    private static async Task<Socket> BeginAsync(int port, byte[] beginning)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        if (beginning.Length > 0) await socket.SendAsync(beginning);
        return socket;
    }

    private static async Task UntilLetGoAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[2048];
        var said = new StringBuilder();
        try
        {
            while (await socket.ReceiveAsync(buffer, cancel) is > 0 and var read) said.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (SocketException) { /* Cut off is let go too. */ }
        // 408 where a request had begun, 401 where the key was missed at once; never a yes.
        Assert.DoesNotContain("HTTP/1.1 2", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 5", said.ToString(), StringComparison.Ordinal);
    }
}
