using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What a visitor's cookie said: the id, and the day (since 1970) on which it was written.</summary>
public readonly record struct CookieReading(Id Visitor, int Day);

/// <summary>
/// The value of the visitor's cookie: 44 characters of base64url over key id (1 byte), day of writing (2), visitor id (16) and an
/// HMAC-SHA256 of these, cut to 112 bits. It can't be made without the key, so nobody can write into another visitor's history.
/// </summary>
public sealed class VisitorCookie
{
    public const int Characters = 44;
    private const int SignedBytes = 3 + Id.Bytes, MacBytes = 14, ValueBytes = SignedBytes + MacBytes;
    /// <summary>Which key signed; a later key gets the next number while this one still reads.</summary>
    private const byte KeyId = 1;

    private static readonly byte[] Purpose = "visitor cookie"u8.ToArray();

    [ThreadStatic] private static (VisitorCookie? Owner, IncrementalHash? Hash) t_mac;

    private readonly byte[] _key;
    private readonly KnownCookies _known = new(ValueBytes);

    public VisitorCookie(ReadOnlySpan<byte> cookieKey) =>
        // A key of its own per purpose: no other text signed with the cookie key can pass for a cookie.
        _key = HMACSHA256.HashData(cookieKey, Purpose);

    /// <summary>Writes 44 ASCII characters.</summary>
    public void Write(Id visitor, int day, Span<char> target)
    {
        Span<byte> value = stackalloc byte[ValueBytes];
        value[0] = KeyId;
        BinaryPrimitives.WriteUInt16BigEndian(value[1..], (ushort)day);
        visitor.Write(value[3..]);
        Mac(value[..SignedBytes], value[SignedBytes..]);
        Base64Url.EncodeToChars(value, target, out _, out _);
    }

    /// <summary>False for anything that this key did not sign; the comparison takes the same time for every wrong value.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out CookieReading reading)
    {
        reading = default;
        if (text.Length != Characters) return false;
        Span<byte> value = stackalloc byte[ValueBytes];
        if (Base64Url.DecodeFromChars(text, value, out var read, out var written) != OperationStatus.Done
            || read != Characters || written != ValueBytes || value[0] != KeyId)
            return false;
        if (!_known.Has(value))
        {
            Span<byte> mac = stackalloc byte[MacBytes];
            Mac(value[..SignedBytes], mac);
            if (!CryptographicOperations.FixedTimeEquals(mac, value[SignedBytes..])) return false;
            _known.Add(value);
        }
        reading = new CookieReading(Id.Read(value[3..]), BinaryPrimitives.ReadUInt16BigEndian(value[1..]));
        return true;
    }

    private void Mac(ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        // One keyed hash per thread: setting up the key costs as much as the hash itself.
        if (t_mac.Owner != this) t_mac = (this, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key));
        Span<byte> full = stackalloc byte[32];
        var hash = t_mac.Hash!;
        hash.AppendData(signed);
        hash.GetHashAndReset(full);
        full[..MacBytes].CopyTo(mac);
    }
}
