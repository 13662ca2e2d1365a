namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// The parts of a page's address as slices of the bytes handed in; nothing is decoded or allocated. Understands what browsers do with hostile
/// forms: a backslash ends the host as a slash does, and whatever stands before the last @ of the authority is a user, not a host.
/// </summary>
public readonly ref struct PageAddress
{
    /// <summary>Longest host that DNS allows, in bytes.</summary>
    public const int HostBytesMax = 253;

    private readonly ReadOnlySpan<byte> _rest;

    private PageAddress(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> user, ReadOnlySpan<byte> host, ReadOnlySpan<byte> port, ReadOnlySpan<byte> rest)
    {
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        _rest = rest;
    }

    /// <summary>Without the colon; empty for <c>//host/path</c>.</summary>
    public ReadOnlySpan<byte> Scheme { get; }

    /// <summary>User and password as sent, without the @; must never be stored.</summary>
    public ReadOnlySpan<byte> User { get; }

    /// <summary>As sent (any case), without port. IPv6 keeps its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>Digits without the colon; empty when none was given.</summary>
    public ReadOnlySpan<byte> Port { get; }

    /// <summary>As sent, with its leading slash; empty for <c>https://host</c>.</summary>
    public ReadOnlySpan<byte> Path => Before((byte)'?', BeforeFragment);

    /// <summary>Without the question mark.</summary>
    public ReadOnlySpan<byte> Query => After((byte)'?', BeforeFragment);

    /// <summary>Without the number sign.</summary>
    public ReadOnlySpan<byte> Fragment => After((byte)'#', _rest);

    /// <summary>How much of the address that this was parsed from is scheme, user, host and port.</summary>
    internal int OriginLength(ReadOnlySpan<byte> url) => url.Length - _rest.Length;

    private ReadOnlySpan<byte> BeforeFragment => Before((byte)'#', _rest);

    public bool IsWeb => Bytes.Same(Scheme, "https"u8) || Bytes.Same(Scheme, "http"u8);

    /// <summary>An absolute address with a host (<c>scheme://host…</c> or <c>//host…</c>); false for all else, such as paths, mailto: and noise.</summary>
    public static bool TryParse(ReadOnlySpan<byte> url, out PageAddress address)
    {
        if (HostScan.TrySlice(url, out var start, out var stop))
        {
            address = new PageAddress(url[..(start - 3)], default, url[start..stop], default, url[stop..]);
            return true;
        }
        address = default;
        var mark = url.IndexOf("//"u8);
        if (mark < 0 || mark > 32 || (mark > 0 && url[mark - 1] != ':')) return false;
        var scheme = mark == 0 ? default : url[..(mark - 1)];
        foreach (var b in scheme)
            if (!Bytes.IsLetter(b) && b is not ((>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.')) return false;
        var after = url[(mark + 2)..];
        var end = after.IndexOfAny("/?#\\"u8);
        var authority = end < 0 ? after : after[..end];
        var at = authority.LastIndexOf((byte)'@');
        var user = at < 0 ? default : authority[..at];
        if (!Split(authority[(at + 1)..], out var host, out var port)) return false;
        address = new PageAddress(scheme, user, host, port, end < 0 ? default : after[end..]);
        return true;
    }

    /// <summary>As <see cref="TryParse"/> for an address without scheme: <c>example.com/path</c>. The host needs a dot, so that words are no hosts.</summary>
    public static bool TryParseBare(ReadOnlySpan<byte> text, out PageAddress address)
    {
        address = default;
        var end = text.IndexOfAny("/?#\\"u8);
        var authority = end < 0 ? text : text[..end];
        if (!authority.Contains((byte)'.') || !Split(authority, out var host, out var port)) return false;
        address = new PageAddress(default, default, host, port, end < 0 ? default : text[end..]);
        return true;
    }

    /// <summary>The host of <c>host</c>, <c>host:port</c> or <c>host/path</c> without scheme; empty when it can't be a host.</summary>
    public static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny("/?#\\"u8);
        return Split(end < 0 ? text : text[..end], out var host, out _) ? host : default;
    }

    internal static bool Split(ReadOnlySpan<byte> authority, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> port)
    {
        host = authority;
        port = default;
        var bracket = authority.IndexOf((byte)']');
        var colon = authority[(bracket + 1)..].IndexOf((byte)':');
        if (colon >= 0)
        {
            colon += bracket + 1;
            host = authority[..colon];
            port = authority[(colon + 1)..];
            if (port.Length > 5 || port.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return false;
        }
        // One dot at the end is the root of DNS: the same host.
        if (host.Length > 1 && host[^1] == '.') host = host[..^1];
        return host.Length is > 0 and <= HostBytesMax && IsHost(host);
    }

    private static bool IsHost(ReadOnlySpan<byte> host)
    {
        if (host[0] == '[') return host[^1] == ']' && host.Length > 3 && host[1..^1].IndexOfAnyExcept("0123456789abcdefABCDEF:.%"u8) < 0;
        return host[0] != '.' && host.IndexOfAnyExcept(HostScan.Allowed) < 0 && host.IndexOf(".."u8) < 0;
    }

    private static ReadOnlySpan<byte> Before(byte mark, ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf(mark);
        return at < 0 ? text : text[..at];
    }

    private static ReadOnlySpan<byte> After(byte mark, ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf(mark);
        return at < 0 ? default : text[(at + 1)..];
    }
}
