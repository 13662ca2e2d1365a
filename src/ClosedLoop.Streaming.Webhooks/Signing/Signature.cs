using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>The header <c>webhook-signature</c> of Standard Webhooks (FIELD.md §10).</summary>
public static class Signature
{
    private const int Base64OfHash = 44;
    private const int VersionedLength = 3 + Base64OfHash;

    /// <summary>
    /// <c>v1,</c> and base64 HMAC-SHA256 of <c>{id}.{timestamp}.{body}</c>, once per key, separated by spaces.
    /// </summary>
    /// <param name="timestamp">Unix seconds of this attempt.</param>
    /// <param name="keys">At least one; several while a secret rotates, so that receivers may change over in their own time.</param>
    public static string Of(string id, long timestamp, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> keys)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.");
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(prefix.Length) + body.Length);
        try
        {
            var length = Encoding.UTF8.GetBytes(prefix, rented);
            body.CopyTo(rented.AsSpan(length));
            return Of(rented.AsSpan(0, length + body.Length), keys);
        }
        finally { ArrayPool<byte>.Shared.Return(rented); }
    }

    private static string Of(ReadOnlySpan<byte> signed, IReadOnlyList<byte[]> keys)
    {
        var text = new StringBuilder(keys.Count * (VersionedLength + 1));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> base64 = stackalloc byte[Base64OfHash];
        Span<char> letters = stackalloc char[Base64OfHash];
        foreach (var key in keys)
        {
            HMACSHA256.HashData(key, signed, hash);
            Base64.EncodeToUtf8(hash, base64, out _, out _);
            Encoding.ASCII.GetChars(base64, letters);
            if (text.Length > 0) text.Append(' ');
            text.Append("v1,").Append(letters);
        }
        return text.ToString();
    }
}
