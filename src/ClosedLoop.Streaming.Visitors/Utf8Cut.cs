namespace ClosedLoop.Streaming.Visitors;

/// <summary>Cuts UTF-8 at a limit without leaving half a character.</summary>
public static class Utf8Cut
{
    public static ReadOnlySpan<byte> To(ReadOnlySpan<byte> text, int bytesMax)
    {
        if (text.Length <= bytesMax) return text;
        var end = bytesMax;
        while (end > 0 && (text[end] & 0xC0) == 0x80) end--;
        return text[..end];
    }
}
