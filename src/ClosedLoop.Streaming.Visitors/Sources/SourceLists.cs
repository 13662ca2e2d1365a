using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Our own lists of search engines, social sites, video, shopping, AI assistants, webmail and payment providers (hosts.tsv, embedded),
/// by host and by the names that people write into utm_source. Read once; look-ups allocate nothing.
/// </summary>
public static class SourceLists
{
    private static readonly (HostTable Hosts, ByteTable<KnownSource> Names, PathSource[] Paths) Lists = Read();
    private static readonly HostMemory Memory = new(Lists.Hosts);

    /// <summary>How many hosts and host patterns are listed.</summary>
    public static int Hosts => Lists.Hosts.Count;

    /// <summary>The known source of a host (UTF-8, without port, any case), or null.</summary>
    public static KnownSource? OfHost(ReadOnlySpan<byte> host) => Memory.Find(host);

    /// <summary>As <see cref="OfHost"/>, but knows the services that live on a path of another's host (x.com/i/grok).</summary>
    public static KnownSource? OfAddress(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        var found = Memory.Find(host);
        if (path.Length <= 1 || found is not { HasPaths: true }) return found;
        foreach (var known in Lists.Paths)
            if (Bytes.StartsWith(path, known.Path) && (Bytes.Same(host, known.Host) || IsBelow(host, known.Host))) return known.Source;
        return found;
    }

    /// <summary>The known source of a source name as campaigns write it: google, fb, m.facebook.com, https://t.co/; null when it is on no list.</summary>
    public static KnownSource? OfName(ReadOnlySpan<byte> source)
    {
        source = Bytes.Trim(source);
        if (source.IsEmpty) return null;
        if (Lists.Names.Find(source) is { } named) return named;
        if (!source.Contains((byte)'.')) return null;
        var found = Memory.Find(PageAddress.TryParse(source, out var address) ? address.Host : PageAddress.HostOf(source));
        return found is { Kind: not SourceKind.Plain } ? found : null;
    }

    private static bool IsBelow(ReadOnlySpan<byte> host, ReadOnlySpan<byte> domain) =>
        host.Length > domain.Length && host[^(domain.Length + 1)] == '.' && Bytes.EndsWith(host, domain);

    // Columns: kind, source, name, hosts, further names (separated by commas), query parameters. Lines that start with # are notes.
    private static (HostTable, ByteTable<KnownSource>, PathSource[]) Read()
    {
        List<(string, KnownSource)> hosts = [];
        List<KeyValuePair<string, KnownSource>> names = [];
        List<PathSource> paths = [];
        using var stream = typeof(SourceLists).Assembly.GetManifestResourceStream("hosts.tsv")
            ?? throw new InvalidOperationException("hosts.tsv is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var columns = line.Split('\t');
            var parameters = columns.Length > 5 ? Words(columns[5], ' ').Select(Encoding.UTF8.GetBytes).ToArray() : [];
            var known = new KnownSource(Enum.Parse<SourceKind>(columns[0], ignoreCase: true), Encoding.UTF8.GetBytes(columns[2]),
                Encoding.UTF8.GetBytes(columns[1]), parameters);
            foreach (var host in Words(columns[3], ' '))
            {
                var slash = host.IndexOf('/', StringComparison.Ordinal);
                if (slash < 0) hosts.Add((host, known));
                else paths.Add(new(Encoding.UTF8.GetBytes(host[..slash]), Encoding.UTF8.GetBytes(host[slash..]), known));
            }
            if (known.Kind is SourceKind.Plain or SourceKind.Payment) continue;
            // A leading dash: the service's own name is an everyday word, and no proof when a campaign uses it.
            var further = columns.Length > 4 ? Words(columns[4], ',') : [];
            string[] written = further is ["-", ..] ? further[1..] : [columns[1], columns[2], .. further];
            names.AddRange(written.Select(name => new KeyValuePair<string, KnownSource>(name, known)));
        }
        var table = new HostTable(hosts);
        foreach (var path in paths)
            (table.Find(path.Host) ?? throw new InvalidOperationException("hosts.tsv lists a path of a host that has no line of its own.")).HasPaths = true;
        return (table, new ByteTable<KnownSource>(names), [.. paths]);
    }

    private static string[] Words(string text, char separator) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed record PathSource(byte[] Host, byte[] Path, KnownSource Source);
}
