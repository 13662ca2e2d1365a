using System.Buffers;
using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>What became of an address.</summary>
/// <param name="Length">Bytes written.</param>
/// <param name="Redacted">A user, or a parameter that must not be stored, was cut out.</param>
/// <param name="Cut">It was longer than <see cref="UrlCleaner.UrlBytesMax"/>.</param>
public readonly record struct CleanedUrl(int Length, bool Redacted, bool Cut);

/// <summary>
/// Makes an address fit to be stored: user and password gone, redacted parameters gone from path, query and fragment, scheme and host in lower case,
/// control characters, spaces and bytes that are no UTF-8 percent-encoded, tabs and line ends dropped as browsers do. Takes anything, also what is no
/// address; throws only when the destination is too small.
/// </summary>
public static class UrlCleaner
{
    /// <summary>Longest address that is stored, in bytes; also the size of the destination.</summary>
    public const int UrlBytesMax = 4096;

    /// <summary>Bytes of the input that are looked at; more than any door lets in.</summary>
    public const int InputBytesMax = 64 * 1024;

    /// <param name="destination">At least <see cref="UrlBytesMax"/> bytes.</param>
    public static CleanedUrl Clean(ReadOnlySpan<byte> url, RedactedNames redact, Span<byte> destination)
    {
        if (destination.Length < UrlBytesMax) throw new ArgumentException($"The destination needs {UrlBytesMax} bytes.", nameof(destination));
        url = Bytes.Trim(url);
        var cut = url.Length > InputBytesMax;
        if (cut) url = url[..InputBytesMax];
        byte[]? rented = null;
        if (url.IndexOfAny("\t\r\n"u8) >= 0)
        {
            rented = ArrayPool<byte>.Shared.Rent(url.Length);
            url = rented.AsSpan(0, WithoutBreaks(url, rented));
        }
        var writer = new UrlWriter(destination[..UrlBytesMax], redact);
        writer.Write(url);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return new CleanedUrl(writer.Length, writer.Redacted, cut || writer.Full);
    }

    /// <summary>As above for text.</summary>
    public static string Clean(string url, RedactedNames redact)
    {
        var destination = ArrayPool<byte>.Shared.Rent(UrlBytesMax);
        var cleaned = Clean(Encoding.UTF8.GetBytes(url), redact, destination);
        var text = Encoding.UTF8.GetString(destination, 0, cleaned.Length);
        ArrayPool<byte>.Shared.Return(destination);
        return text;
    }

    private static int WithoutBreaks(ReadOnlySpan<byte> url, Span<byte> destination)
    {
        var length = 0;
        foreach (var b in url)
            if (b is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) destination[length++] = b;
        return length;
    }
}
