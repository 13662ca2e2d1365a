using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Where a redirect may point: an absolute http or https address with a host, without user info, whose text is the same to every
/// browser. Nothing is repaired that could be read in two ways.
/// </summary>
public static class SafeTarget
{
    public const int BytesMax = 4096;

    /// <summary>The text for a Location header: ASCII, with everything else percent-encoded. False when it is no such address.</summary>
    public static bool TryAbsolute(string? url, out string location)
    {
        location = "";
        if (string.IsNullOrEmpty(url) || !IsPlain(url)) return false;
        if (!url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return false;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0) return false;
        // The host as written and as understood must be one; an international name goes out in its ASCII form.
        var start = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = url.AsSpan(start).IndexOfAny("/?#");
        var authority = end < 0 ? url.AsSpan(start) : url.AsSpan(start, end);
        if (authority.IndexOfAny("@%") >= 0) return false;
        var rest = end < 0 ? "" : url[(start + end)..];
        location = $"{uri.Scheme}://{uri.IdnHostWithPort()}{Encode(rest)}";
        return location.Length <= BytesMax;
    }

    /// <summary>A path on the same host: one leading slash, and nothing that a browser could read as a host.</summary>
    public static bool TryPath(string? path, out string location)
    {
        location = "";
        if (string.IsNullOrEmpty(path) || path[0] != '/' || !IsPlain(path)) return false;
        if (path.Length > 1 && path[1] is '/' or '\\') return false;
        location = Encode(path);
        return location.Length <= BytesMax;
    }

    /// <summary>No control characters (browsers drop some before they parse), no backslashes (they read them as slashes), no blanks at the ends.</summary>
    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (char.IsControl(c) || c == '\\' || char.IsSurrogate(c) && !IsPaired(text)) return false;
        return !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1]);
    }

    private static bool IsPaired(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }
        return true;
    }

    private static string IdnHostWithPort(this Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }

    private static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('!', '~') && text.AsSpan().IndexOfAny("\"<>") < 0) return text;
        var encoded = new StringBuilder(text.Length + 32);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is > 0x20 and < 0x7F && b is not ((byte)'"' or (byte)'<' or (byte)'>')) encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }
}
