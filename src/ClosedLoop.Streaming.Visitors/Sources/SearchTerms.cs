namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>What was searched for, from the query of a search engine's referrer. Few engines still say it.</summary>
public static class SearchTerms
{
    /// <summary>Bytes of a search term that are kept.</summary>
    public const int TermBytesMax = 256;

    private static readonly byte[][] Usual = [.. new[] { "q", "query", "p", "s", "search", "text", "wd", "keyword", "k", "w" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Labels =
        [.. new[] { "search", "websearch", "suche", "recherche", "buscador", "busca", "busqueda", "pesquisa", "ricerca", "zoek", "szukaj", "hledat", "hledani", "arama", "poisk", "sok", "find" }
            .Select(System.Text.Encoding.UTF8.GetBytes)];

    internal static ReadOnlySpan<byte> Of(PageAddress address, KnownSource? known)
    {
        if (address.Query.IsEmpty) return default;
        if (known is { Kind: not SourceKind.Search }) return default;
        if (known is null && !LooksLikeSearch(address.Host)) return default;
        foreach (var name in known is null || known.ParameterNames.Length == 0 ? Usual : known.ParameterNames)
        {
            var value = QueryText.ValueOf(address.Query, name);
            if (!value.IsEmpty) return Bytes.Cut(QueryText.Decode(value), TermBytesMax);
        }
        return default;
    }

    // The label that names the service, and not the last two, which name its owner.
    private static bool LooksLikeSearch(ReadOnlySpan<byte> host)
    {
        var ending = HostEnding.LengthOf(host);
        if (ending == 0) return false;
        var rest = host[..^ending];
        for (var dot = rest.IndexOf((byte)'.'); dot > 0; dot = rest.IndexOf((byte)'.'))
        {
            foreach (var label in Labels)
                if (Bytes.Same(rest[..dot], label)) return true;
            rest = rest[(dot + 1)..];
        }
        return false;
    }
}
