namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>What was searched for, from the query of a search engine's referrer. Few engines still say it.</summary>
public static class SearchTerms
{
    /// <summary>Bytes of a search term that are kept.</summary>
    public const int TermBytesMax = 256;

    private static readonly byte[][] Usual = [.. new[] { "q", "query", "p", "s", "search", "text", "wd", "keyword", "k", "w" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly ByteTable<string> Labels = new(
        [.. new[]
        {
            "search", "websearch", "isearch", "searches", "suche", "recherche", "buscador", "busca", "busqueda", "pesquisa", "ricerca", "zoek", "szukaj", "hledat", "hledani", "arama",
            "poisk", "sok", "haku", "otsing",
        }.Select(label => new KeyValuePair<string, string>(label, label))]);

    internal static ReadOnlySpan<byte> Of(PageAddress address, KnownSource? known, SourceKind kind)
    {
        if (kind != SourceKind.Search || address.Query.IsEmpty) return default;
        foreach (var name in known is null || known.ParameterNames.Length == 0 ? Usual : known.ParameterNames)
        {
            var value = QueryText.ValueOf(address.Query, name);
            if (!value.IsEmpty) return Bytes.Cut(QueryText.Decode(value), TermBytesMax);
        }
        return default;
    }

    /// <summary>Whether a host on no list calls itself a search: its first label, and not the ones that name its owner.</summary>
    internal static bool IsSearchHost(ReadOnlySpan<byte> host)
    {
        var dot = host.IndexOf((byte)'.');
        return dot > 0 && host[(dot + 1)..].Contains((byte)'.') && Labels.Find(host[..dot]) is not null;
    }
}
