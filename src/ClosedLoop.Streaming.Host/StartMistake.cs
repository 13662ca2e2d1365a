using System.Net.Sockets;
using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host;

/// <summary>A start that cannot go on, with a message for the operator.</summary>
internal sealed class StartException(string message) : Exception(message);

/// <summary>Turns what can go wrong at a start into a sentence that says what to do; null for what only a developer understands.</summary>
internal static class StartMistake
{
    public static string? Explain(Exception e, HostSettings settings)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
            switch (inner)
            {
                case StartException: return inner.Message;
                case SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return $"Port {settings.Port} (or the ClickHouse port {settings.Warehouse.Port}) of {settings.Bind} is taken by another program. "
                        + "Set CLOSEDLOOP_PORT or CLOSEDLOOP_CLICKHOUSE_PORT to a free one, or end the other program.";
                case SocketException { SocketErrorCode: SocketError.AccessDenied }:
                    return $"This user may not listen on port {settings.Port}. Ports below 1024 need more rights; set CLOSEDLOOP_PORT.";
                case SocketException { SocketErrorCode: SocketError.AddressNotAvailable }:
                    return $"{settings.Bind} is no address of this machine. Set CLOSEDLOOP_BIND to one, or to 0.0.0.0 for all.";
                case UnauthorizedAccessException:
                    return $"The data folder {settings.Data} cannot be written: {inner.Message} Set CLOSEDLOOP_DATA to a folder that this user may write.";
            }
        return e is IOException or InvalidOperationException ? $"The system could not start: {e.Message}" : null;
    }
}
