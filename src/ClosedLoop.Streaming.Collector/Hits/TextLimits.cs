namespace ClosedLoop.Streaming.Collector;

/// <summary>How long a text may be; in UTF-8 bytes where the name says Bytes, in characters where FIELD.md and CONTRACT.md count those.</summary>
internal static class TextLimits
{
    public const int NameMax = 64;
    public const int EventIdMax = 64;
    public const int VisitorIdMax = 64;
    public const int ExternalIdBytesMax = 128;
    public const int UrlBytesMax = 4096;
    public const int TitleBytesMax = 512;
    public const int UserAgentBytesMax = 512;
    public const int ShortBytesMax = 128;
    public const int OrderIdBytesMax = 128;
    public const int TextBytesMax = 2048;
    public const int PropertiesBytesMax = 32 * 1024;
    public const int TraitsMax = 50;
    public const int TraitsBytesMax = 16 * 1024;
    public const int CategoriesMax = 8;
    public const int ItemsMax = 500;

    /// <summary>At most this many bytes, cut between two characters; <paramref name="cut"/> is set when something was lost.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int bytesMax, ref bool cut)
    {
        if (text.Length <= bytesMax) return text;
        cut = true;
        while (bytesMax > 0 && (text[bytesMax] & 0xC0) == 0x80) bytesMax--;
        return text[..bytesMax];
    }

    public static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int charactersMax, ref bool cut)
    {
        if (text.Length <= charactersMax) return text;
        cut = true;
        if (char.IsHighSurrogate(text[charactersMax - 1])) charactersMax--;
        return text[..charactersMax];
    }

    /// <summary>1–64 characters, none of them a control character.</summary>
    public static bool IsName(ReadOnlySpan<byte> text, int charactersMax = NameMax)
    {
        if (text.IsEmpty || text.Length > charactersMax * 4) return false;
        var characters = 0;
        foreach (var b in text)
        {
            if (b is < 0x20 or 0x7F) return false;
            // Counted as UTF-16 counts, which is how most senders measure: four-byte characters are two.
            if ((b & 0xC0) != 0x80) characters += b >= 0xF0 ? 2 : 1;
        }
        return characters <= charactersMax;
    }

    /// <summary>1–64 of A-Z a-z 0-9 _ . -</summary>
    public static bool IsVisitorId(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > VisitorIdMax) return false;
        foreach (var b in text)
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'.' or (byte)'-')) return false;
        return true;
    }
}
