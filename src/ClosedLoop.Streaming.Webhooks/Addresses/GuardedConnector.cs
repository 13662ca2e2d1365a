using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// Opens connections for webhooks: resolves the name itself, checks every address that came back, and connects to those very addresses,
/// so that a second answer of the DNS can't lead elsewhere.
/// </summary>
public sealed class GuardedConnector(AddressGuard guard, INameResolver resolver)
{
    /// <summary>Addresses tried for one connection.</summary>
    private const int AddressesMax = 4;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressRefusedException">An address of the name may not be reached.</exception>
    /// <exception cref="NameUnresolvedException">The name has no address.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancel)
    {
        var addresses = await CheckedAsync(target.Host, cancel).ConfigureAwait(false);
        Exception? last = null;
        foreach (var address in addresses.Take(AddressesMax))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancel).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is not SocketException) throw;
                last = e;
            }
        }
        throw last!;
    }

    /// <summary>
    /// The addresses of a host that may be connected to. Where the owner allowed some of them, those (localhost is two addresses, and
    /// one may be allowed); otherwise all have to be public: one forbidden among public ones is how rebinding looks.
    /// </summary>
    public async Task<IPAddress[]> CheckedAsync(string host, CancellationToken cancel)
    {
        var bare = host is ['[', .., ']'] ? host[1..^1] : host;
        var addresses = IPAddress.TryParse(bare, out var literal) ? [literal] : await ResolveAsync(bare, cancel).ConfigureAwait(false);
        if (Array.Exists(addresses, guard.Allows)) return Array.FindAll(addresses, guard.Allows);
        foreach (var address in addresses)
        {
            if (guard.Refusal(address) is { } kind) throw new AddressRefusedException(kind);
        }
        return addresses;
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        try
        {
            var addresses = await resolver.ResolveAsync(host, cancel).ConfigureAwait(false);
            if (addresses.Length > 0) return addresses;
        }
        catch (Exception e) when (e is SocketException or ArgumentException) { throw new NameUnresolvedException(e); }
        throw new NameUnresolvedException(null);
    }
}

/// <summary>The host has an address that webhooks may not reach; <see cref="Kind"/> says of what kind.</summary>
public sealed class AddressRefusedException(string kind) : Exception($"The host has an address ({kind}) that webhooks may not reach.")
{
    public string Kind { get; } = kind;
}

/// <summary>The host has no address.</summary>
public sealed class NameUnresolvedException(Exception? inner) : Exception("The host name has no address.", inner);
