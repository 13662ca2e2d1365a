using System.Buffers.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Money and currencies as senders write them.</summary>
internal static class MoneyText
{
    /// <summary>A plain decimal number, not negative, in the range of <see cref="Money"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long money)
    {
        money = 0;
        return TryDecimal(text, out var value) && TryFrom(value, out money);
    }

    /// <summary>With or without an exponent, as JSON writes numbers.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        return text.Length is > 0 and <= 64
            && Utf8Parser.TryParse(text, out value, out var read, text.IndexOfAny((byte)'e', (byte)'E') < 0 ? default : 'e') && read == text.Length;
    }

    public static bool TryFrom(decimal value, out long money)
    {
        money = 0;
        return value >= 0 && Money.TryFrom(value, out money);
    }

    /// <summary>ISO 4217: three capital letters.</summary>
    public static bool IsCurrency(ReadOnlySpan<byte> text) =>
        text.Length == 3 && char.IsAsciiLetterUpper((char)text[0]) && char.IsAsciiLetterUpper((char)text[1]) && char.IsAsciiLetterUpper((char)text[2]);

    /// <summary>Whether the currency is the site's own.</summary>
    public static bool IsOf(ReadOnlySpan<byte> currency, string siteCurrency) =>
        siteCurrency.Length == 3 && currency[0] == siteCurrency[0] && currency[1] == siteCurrency[1] && currency[2] == siteCurrency[2];
}
