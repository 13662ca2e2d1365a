using System.Security.Cryptography;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>A signing secret of Standard Webhooks: <c>whsec_</c> and the base64 of 24 to 64 bytes.</summary>
public static class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const int BytesMin = 24;
    public const int BytesMax = 64;
    private const int BytesMade = 32;

    /// <summary>A new secret from the system's generator; shown once to the user and kept sealed.</summary>
    public static string Create() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(BytesMade));

    /// <summary>The key's bytes; false when the text is no secret of this form.</summary>
    public static bool TryParse(string? text, out byte[] key)
    {
        key = [];
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > Prefix.Length + 4 * BytesMax) return false;
        var bytes = new byte[3 * BytesMax];
        if (!Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) || length is < BytesMin or > BytesMax) return false;
        key = bytes[..length];
        return true;
    }
}
