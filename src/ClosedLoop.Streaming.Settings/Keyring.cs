using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Settings;

/// <summary>
/// The installation's keys, all derived by HKDF from one 32-byte master secret that the Host keeps in the data folder (mode 0600).
/// </summary>
public sealed class Keyring
{
    public Keyring(ReadOnlySpan<byte> master)
    {
        if (master.Length != 32) throw new ArgumentException("The master secret has 32 bytes.", nameof(master));
        var key = master.ToArray();
        CookieKey = Derive(key, "cookie");
        LinkKey = Derive(key, "link");
        IdentifierKey = Derive(key, "identifier");
        SealKey = Derive(key, "seal");
    }

    /// <summary>Signs visitor cookies (HMAC-SHA256).</summary>
    public byte[] CookieKey { get; }
    /// <summary>Signs redirect links.</summary>
    public byte[] LinkKey { get; }
    /// <summary>Keys the HMAC that stands for an e-mail address or phone number.</summary>
    public byte[] IdentifierKey { get; }
    /// <summary>Seals secrets at rest (AES-256-GCM).</summary>
    public byte[] SealKey { get; }

    /// <summary>Lower-case hex HMAC-SHA256, cut to 128 bits, of site, kind ('e' or 'p') and the normalised value.</summary>
    public string Identify(string site, char kind, string normalised) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(IdentifierKey, Encoding.UTF8.GetBytes($"{site}\0{kind}\0{normalised}")).AsSpan(0, 16));

    /// <summary>Base64 of nonce (12), tag (16), cipher text.</summary>
    public string Seal(ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[28 + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var aes = new AesGcm(SealKey, 16);
        aes.Encrypt(sealedBytes.AsSpan(0, 12), plain, sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="CryptographicException">The text was not sealed with this key, or was changed.</exception>
    public byte[] Open(string sealedText)
    {
        byte[] bytes;
        try { bytes = Convert.FromBase64String(sealedText); }
        catch (FormatException e) { throw new CryptographicException("A sealed value is not base64.", e); }
        if (bytes.Length < 28) throw new CryptographicException("A sealed value is too short.");
        var plain = new byte[bytes.Length - 28];
        using var aes = new AesGcm(SealKey, 16);
        aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(28), bytes.AsSpan(12, 16), plain);
        return plain;
    }

    private static byte[] Derive(byte[] master, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: Encoding.UTF8.GetBytes("closedloop " + purpose));
}
