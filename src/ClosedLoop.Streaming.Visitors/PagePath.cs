namespace ClosedLoop.Streaming.Visitors;

/// <summary>The path of a page's address as journeys and rules name it: without host, query and fragment; "/" when empty.</summary>
public static class PagePath
{
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> url)
    {
        if (url.IsEmpty) return default;
        var scheme = url.IndexOf("://"u8);
        if (scheme >= 0)
        {
            url = url[(scheme + 3)..];
            var slash = url.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
            if (slash < 0) return "/"u8;
            url = url[slash..];
        }
        var end = url.IndexOfAny((byte)'?', (byte)'#');
        if (end >= 0) url = url[..end];
        return url.IsEmpty ? "/"u8 : Utf8Cut.To(url, Limits.PageBytesMax);
    }
}
