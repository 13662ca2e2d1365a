using System.Net;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// Which addresses webhooks may reach: public unicast ones, and ranges that the owner allowed. Everything else is refused by name
/// (IANA's special-purpose registries; DESIGN.md §4 "Webhooks can't be turned inward").
/// </summary>
public sealed class AddressGuard
{
    private readonly IPNetwork[] _allowed;

    /// <param name="allowed">CIDR ranges; the options have checked them.</param>
    /// <exception cref="FormatException">A range is none.</exception>
    public AddressGuard(IEnumerable<string> allowed) => _allowed = [.. allowed.Select(IPNetwork.Parse)];

    /// <summary>Null when the address may be reached; otherwise the kind of range that it lies in.</summary>
    public string? Refusal(IPAddress address)
    {
        // Before anything else, and never allowed: a range compares such an address by its IPv4 part, so that it would slip through.
        if (address.IsIPv4MappedToIPv6) return "IPv4-mapped";
        if (Allows(address)) return null;
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Among(Ranges.V4, address),
            AddressFamily.InterNetworkV6 => V6(address),
            _ => "unknown family",
        };
    }

    /// <summary>The owner named a range that holds it.</summary>
    public bool Allows(IPAddress address) => !address.IsIPv4MappedToIPv6 && Array.Exists(_allowed, range => range.Contains(address));

    private static string? V6(IPAddress address)
    {
        if (address.ScopeId != 0) return "scoped";
        // Named ranges first, so that the reason says what it is; then everything outside the one block that is handed out.
        return Among(Ranges.V6, address) ?? (Ranges.GlobalUnicast.Contains(address) ? null : "reserved");
    }

    private static string? Among((IPNetwork Range, string Kind)[] ranges, IPAddress address)
    {
        foreach (var (range, kind) in ranges)
        {
            if (range.Contains(address)) return kind;
        }
        return null;
    }

    private static class Ranges
    {
        public static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

        public static readonly (IPNetwork Range, string Kind)[] V4 = Of(
            ("0.0.0.0/8", "unspecified"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-grade NAT"),
            ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
            ("192.0.0.0/24", "protocol assignments"), ("192.0.2.0/24", "documentation"), ("192.31.196.0/24", "AS112"),
            ("192.52.193.0/24", "AMT"), ("192.88.99.0/24", "6to4 relay"), ("192.168.0.0/16", "private"),
            ("192.175.48.0/24", "AS112"), ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"),
            ("203.0.113.0/24", "documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"));

        public static readonly (IPNetwork Range, string Kind)[] V6 = Of(
            ("::/128", "unspecified"), ("::1/128", "loopback"), ("::ffff:0:0:0/96", "IPv4-translated"),
            ("::/96", "IPv4-compatible"), ("64:ff9b::/96", "NAT64"), ("64:ff9b:1::/48", "NAT64"), ("100::/64", "discard"),
            ("2001::/32", "Teredo"), ("2001::/23", "protocol assignments"), ("2001:db8::/32", "documentation"), ("2002::/16", "6to4"),
            ("2620:4f:8000::/48", "AS112"), ("3ffe::/16", "6bone"), ("3fff::/20", "documentation"), ("5f00::/16", "segment routing"),
            ("fc00::/7", "unique local"), ("fe80::/10", "link-local"), ("fec0::/10", "site-local"), ("ff00::/8", "multicast"));

        private static (IPNetwork, string)[] Of(params (string Range, string Kind)[] rows) =>
            [.. rows.Select(row => (IPNetwork.Parse(row.Range), row.Kind))];
    }
}
