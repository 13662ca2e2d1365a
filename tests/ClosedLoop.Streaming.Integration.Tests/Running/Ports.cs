using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>Free loopback ports below those that outgoing connections take, so that none is taken again before the program listens.</summary>
internal static class Ports
{
    private const int From = 12_000, To = 30_000;
    // Several test processes at once begin at different places.
    private static int _next = Environment.ProcessId * 37 % (To - From);

    public static int Free()
    {
        for (var tries = 0; tries < To - From; tries++)
        {
            var port = From + (int)((uint)Interlocked.Increment(ref _next) % (To - From));
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException) { }
        }
        throw new InvalidOperationException($"No port between {From} and {To} is free.");
    }
}
