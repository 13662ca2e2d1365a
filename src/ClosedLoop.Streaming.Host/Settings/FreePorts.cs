using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>Looks whether the ports are free before anything is opened: an engine that is stopped while it loads may take the process with it.</summary>
internal static class FreePorts
{
    /// <exception cref="StartException">A port is taken by another program.</exception>
    public static void Check(HostSettings settings)
    {
        Check(settings.Bind, settings.Port, "CLOSEDLOOP_PORT");
        if (settings.Has("warehouse") && settings.EmbedsWarehouse) Check(settings.Bind, settings.Warehouse.Port, "CLOSEDLOOP_CLICKHOUSE_PORT");
    }

    // What else can go wrong with an address is said by the server itself, when it listens.
    private static void Check(string bind, int port, string setting)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(bind), port);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(1);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartException($"Port {port} of {bind} is taken by another program. Set {setting} to a free one, or end the other program.");
        }
        catch (SocketException) { }
    }
}
