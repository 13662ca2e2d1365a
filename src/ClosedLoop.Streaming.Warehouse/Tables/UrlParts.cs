namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>Host, path and query of a URL as slices of its bytes. A path alone (<c>/a?b</c>) has no host; nothing is decoded.</summary>
internal readonly ref struct UrlParts
{
    public readonly ReadOnlySpan<byte> Host;
    public readonly ReadOnlySpan<byte> Path;
    public readonly ReadOnlySpan<byte> Query;

    public UrlParts(ReadOnlySpan<byte> url)
    {
        var rest = url;
        if (rest.IndexOf((byte)'#') is var hash and >= 0) rest = rest[..hash];
        if (rest.IndexOf((byte)'?') is var mark and >= 0)
        {
            Query = rest[(mark + 1)..];
            rest = rest[..mark];
        }
        var scheme = rest.IndexOf("://"u8);
        if (scheme < 0)
        {
            Path = rest;
            return;
        }
        rest = rest[(scheme + 3)..];
        var slash = rest.IndexOf((byte)'/');
        var authority = slash < 0 ? rest : rest[..slash];
        Path = slash < 0 ? "/"u8 : rest[slash..];
        if (authority.LastIndexOf((byte)'@') is var at and >= 0) authority = authority[(at + 1)..];
        // A port follows the last colon, unless that colon is inside an IPv6 address in brackets.
        var colon = authority.LastIndexOf((byte)':');
        Host = colon >= 0 && authority[colon..].IndexOf((byte)']') < 0 ? authority[..colon] : authority;
    }
}
