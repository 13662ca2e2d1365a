namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Finds the known source behind a host: the longest listed suffix wins, exact domains before names with a country ending.
/// Written <c>example.com</c> in the list: the domain and everything below it; <c>=example.com</c>: only itself and its language and
/// device forms (www, m, de); <c>example.*</c> and <c>=example.*</c>: the same with any country's ending; <c>example.**</c>: every host with this label before its last.
/// </summary>
internal sealed class HostTable
{
    /// <summary>Labels of a host that are looked at, from the right; a real host has fewer.</summary>
    private const int LabelsMax = 12;

    private readonly ByteTable<Entry> _domains;
    private readonly ByteTable<Entry> _countries;
    private readonly ByteTable<Entry> _anywhere;

    public HostTable(IEnumerable<(string Host, KnownSource Source)> hosts)
    {
        List<KeyValuePair<string, Entry>> domains = [], countries = [], anywhere = [];
        foreach (var (text, source) in hosts)
        {
            var entry = new Entry(source, Strict: text.StartsWith('='));
            var host = text.TrimStart('=');
            if (host.EndsWith(".**", StringComparison.Ordinal)) anywhere.Add(new(host[..^3], entry));
            else if (host.EndsWith(".*", StringComparison.Ordinal)) countries.Add(new(host[..^2], entry));
            else domains.Add(new(host, entry));
        }
        (_domains, _countries, _anywhere) = (new(domains), new(countries), new(anywhere));
    }

    public int Count => _domains.Count + _countries.Count + _anywhere.Count;

    /// <param name="host">Without port and user, any case.</param>
    public KnownSource? Find(ReadOnlySpan<byte> host)
    {
        Span<int> starts = stackalloc int[LabelsMax];
        Span<ulong> hashes = stackalloc ulong[LabelsMax];
        var labels = Split(host, starts, hashes);
        if (Longest(_domains, host, starts[..labels], hashes) is { } domain) return domain;
        var ending = HostEnding.LengthOf(host);
        if (ending > 0)
        {
            var named = host[..^ending];
            var left = labels;
            while (left > 0 && starts[left - 1] >= named.Length) left--;
            if (Longest(_countries, named, starts[..left], hashes) is { } country) return country;
        }
        for (var label = 0; label < labels - 1; label++)
            if (_anywhere.Find(host[starts[label]..(starts[label + 1] - 1)], LabelHash.Final(LabelHash.Join(0, hashes[label]))) is { } entry) return entry.Source;
        return null;
    }

    // The right-most labels: what stands further left than the limit is below all that is listed anyway.
    private static int Split(ReadOnlySpan<byte> host, Span<int> starts, Span<ulong> hashes)
    {
        var from = 0;
        for (var dots = host.Count((byte)'.'); dots >= LabelsMax; dots--) from += host[from..].IndexOf((byte)'.') + 1;
        for (var labels = 0; ; labels++)
        {
            var dot = host[from..].IndexOf((byte)'.');
            starts[labels] = from;
            hashes[labels] = LabelHash.Label(dot < 0 ? host[from..] : host.Slice(from, dot));
            if (dot < 0) return labels + 1;
            from += dot + 1;
        }
    }

    private static KnownSource? Longest(ByteTable<Entry> table, ReadOnlySpan<byte> host, ReadOnlySpan<int> starts, ReadOnlySpan<ulong> hashes)
    {
        Span<uint> suffixes = stackalloc uint[LabelsMax];
        var joined = 0ul;
        for (var label = starts.Length - 1; label >= 0; label--)
        {
            joined = LabelHash.Join(joined, hashes[label]);
            suffixes[label] = LabelHash.Final(joined);
        }
        for (var label = 0; label < starts.Length; label++)
        {
            if (table.Find(host[starts[label]..], suffixes[label]) is not { } entry) continue;
            if (!entry.Strict || starts[label] == 0 || IsForm(host[..(starts[label] - 1)])) return entry.Source;
        }
        return null;
    }

    // www, www2, m, mobile, de, "search", … : the same service in another dress; anything else below a strict host is another service.
    private static bool IsForm(ReadOnlySpan<byte> labels)
    {
        while (!labels.IsEmpty)
        {
            var dot = labels.IndexOf((byte)'.');
            var label = dot < 0 ? labels : labels[..dot];
            labels = dot < 0 ? default : labels[(dot + 1)..];
            var form = label.Length <= 2 || Bytes.StartsWith(label, "www"u8) || Bytes.Same(label, "mobile"u8)
                || Bytes.Same(label, "search"u8) || Bytes.Same(label, "lite"u8) || Bytes.Same(label, "wap"u8) || Bytes.Same(label, "touch"u8)
                || Bytes.Same(label, "int"u8) || Bytes.Same(label, "web"u8);
            if (!form) return false;
        }
        return true;
    }

    private sealed record Entry(KnownSource Source, bool Strict);
}
