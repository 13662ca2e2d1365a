using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Whose request it is, and over which scheme. Forwarded headers count only when the connection comes from a trusted proxy;
/// of X-Forwarded-For the last address that is not itself a trusted proxy is the client, because everything left of it can be invented.
/// </summary>
internal sealed class ClientAddress
{
    /// <summary>Proxies in one chain.</summary>
    private const int HopsMax = 16;

    private readonly IPNetwork[] _trusted;

    public ClientAddress(IEnumerable<string> trustedProxies) => _trusted = [.. trustedProxies.Select(Parse)];

    /// <param name="secure">Whether the visitor's browser speaks https.</param>
    /// <param name="trusted">Whether a trusted proxy stands between.</param>
    public IPAddress? Read(IPAddress? peer, IHeaderDictionary headers, ref bool secure, out bool trusted)
    {
        trusted = false;
        if (peer is { IsIPv4MappedToIPv6: true }) peer = peer.MapToIPv4();
        if (_trusted.Length == 0 || peer is null || !Trusts(peer)) return peer;
        trusted = true;
        var proto = headers["X-Forwarded-Proto"];
        if (proto.Count > 0)
        {
            // The nearest proxy is the one we trust, and it writes last.
            var last = proto[^1].AsSpan();
            last = last[(last.LastIndexOf(',') + 1)..].Trim();
            secure = last.Equals("https", StringComparison.OrdinalIgnoreCase);
        }
        return Forwarded(peer, headers["X-Forwarded-For"]);
    }

    private IPAddress Forwarded(IPAddress peer, StringValues header)
    {
        var client = peer;
        var hops = 0;
        for (var line = header.Count - 1; line >= 0; line--)
        {
            var rest = header[line].AsSpan();
            while (!rest.IsEmpty && hops++ < HopsMax)
            {
                var comma = rest.LastIndexOf(',');
                var part = rest[(comma + 1)..].Trim();
                rest = comma < 0 ? default : rest[..comma];
                if (!TryAddress(part, out var address)) return client;
                client = address;
                if (!Trusts(address)) return client;
            }
        }
        return client;
    }

    /// <summary>An address as proxies write it: bare, with a port, or in brackets.</summary>
    private static bool TryAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out var bare))
        {
            address = bare.IsIPv4MappedToIPv6 ? bare.MapToIPv4() : bare;
            return true;
        }
        address = IPAddress.None;
        if (!IPEndPoint.TryParse(text, out var end)) return false;
        address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        return true;
    }

    private bool Trusts(IPAddress address)
    {
        foreach (var network in _trusted)
            if (network.Contains(address)) return true;
        return false;
    }

    private static IPNetwork Parse(string range) =>
        IPNetwork.TryParse(range, out var network) ? network
        : IPAddress.TryParse(range, out var address) ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
        : throw new ArgumentException($"'{range}' is no address and no CIDR range.", nameof(range));

    /// <summary>Writes the address as text, cut to /24 or /48 when asked; 0 when there is none.</summary>
    public static int Format(IPAddress? address, bool truncate, Span<byte> target)
    {
        if (address is null) return 0;
        if (!truncate) return address.TryFormat(target, out var whole) ? whole : 0;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length)) return 0;
        if (length == 4)
        {
            return System.Text.Unicode.Utf8.TryWrite(target, $"{bytes[0]}.{bytes[1]}.{bytes[2]}.0", out var written) ? written : 0;
        }
        bytes[6..].Clear();
        return new IPAddress(bytes).TryFormat(target, out var cut) ? cut : 0;
    }
}
