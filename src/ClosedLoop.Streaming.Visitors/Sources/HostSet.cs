using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// A site's own hosts. <c>example.com</c> stands for itself and www.example.com (and the other way round), <c>*.example.com</c> for the domain and
/// everything below it, <c>example.com:8443</c> only for that port. Compared without case; written as an address (<c>https://example.com/</c>) it counts by its host.
/// </summary>
public sealed class HostSet
{
    public static HostSet Empty { get; } = new([]);

    private readonly byte[][] _hosts;
    private readonly byte[][] _ports;
    private readonly byte[][] _below;

    public HostSet(IEnumerable<string> hosts)
    {
        List<byte[]> names = [], ports = [], below = [];
        foreach (var text in hosts)
        {
            var trimmed = text.Trim().ToLowerInvariant();
            var start = trimmed.IndexOf("//", StringComparison.Ordinal);
            var authority = (start < 0 ? trimmed : trimmed[(start + 2)..]).Split('/', '?', '#')[0];
            if (authority.StartsWith("*.", StringComparison.Ordinal)) below.Add(Encoding.UTF8.GetBytes(authority[2..]));
            else if (PageAddress.Split(Encoding.UTF8.GetBytes(authority), out var host, out var port))
            {
                names.Add(WithoutWww(host).ToArray());
                ports.Add(port.ToArray());
            }
        }
        (_hosts, _ports, _below) = ([.. names], [.. ports], [.. below]);
    }

    public bool IsEmpty => _hosts.Length == 0 && _below.Length == 0;

    /// <param name="host">Any case, without port.</param>
    /// <param name="port">Digits; empty for the scheme's own.</param>
    public bool Contains(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port = default)
    {
        var bare = WithoutWww(host);
        for (var at = 0; at < _hosts.Length; at++)
            if (Bytes.Same(bare, _hosts[at]) && (_ports[at].Length == 0 || port.SequenceEqual(_ports[at]))) return true;
        foreach (var domain in _below)
            if (Bytes.Same(host, domain) || (host.Length > domain.Length && host[^(domain.Length + 1)] == '.' && Bytes.EndsWith(host, domain))) return true;
        return false;
    }

    public bool Contains(PageAddress address) => Contains(address.Host, address.Port);

    private static ReadOnlySpan<byte> WithoutWww(ReadOnlySpan<byte> host) =>
        host.Length > 4 && Bytes.StartsWith(host, "www."u8) ? host[4..] : host;
}
