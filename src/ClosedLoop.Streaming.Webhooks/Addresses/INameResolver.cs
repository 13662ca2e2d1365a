using System.Net;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Name to addresses; injected so that tests can answer differently at each call.</summary>
public interface INameResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">The name has no address, or nobody answered.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel);
}

/// <summary>The system's resolver.</summary>
public sealed class SystemNameResolver : INameResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => Dns.GetHostAddressesAsync(host, cancel);
}
