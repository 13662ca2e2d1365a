namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>The name under which a page is counted: its path as sent, without query and fragment, a slash at the end kept.</summary>
public static class PagePath
{
    /// <summary>Bytes of a page's name; longer paths are cut at a character.</summary>
    public const int PathBytesMax = 512;

    /// <summary>A slice of the address; <c>/</c> when there is no path or the text is no address.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> url)
    {
        if (PageAddress.TryParse(url, out var address)) return Of(address);
        if (url.IsEmpty || url[0] != '/') return "/"u8;
        var end = url.IndexOfAny("?#"u8);
        return Bytes.Cut(end < 0 ? url : url[..end], PathBytesMax);
    }

    public static ReadOnlySpan<byte> Of(PageAddress address) => address.Path.IsEmpty ? "/"u8 : Bytes.Cut(address.Path, PathBytesMax);
}
