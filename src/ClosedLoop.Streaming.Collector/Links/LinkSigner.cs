using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What a signed link says; every part is under the signature, an absent part as empty.</summary>
public sealed record SignedLink(string Url)
{
    public string? Site { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Term { get; init; }
    public string? Content { get; init; }
    public string? Channel { get; init; }

    internal (string Name, string? Value)[] Parts =>
    [
        ("u", Url), ("aid", Site), ("utm_source", Source), ("utm_medium", Medium), ("utm_campaign", Campaign), ("utm_term", Term),
        ("utm_content", Content), ("channel", Channel),
    ];
}

/// <summary>
/// Signs redirect links of the form <c>/r?u=…&amp;utm_source=…&amp;s=…</c>: base64url HMAC-SHA256 over the target and the campaign, each part with
/// its length before it, so that no part can be moved into another. Other parameters (an ad network adds its click id) are not signed and never
/// change where the link leads.
/// </summary>
public sealed class LinkSigner
{
    private readonly byte[] _key;

    public LinkSigner(ReadOnlySpan<byte> linkKey) => _key = HMACSHA256.HashData(linkKey, "signed link"u8);

    /// <summary>The query string of the link, without the question mark.</summary>
    /// <exception cref="ArgumentException">The target is not an absolute http or https address that a redirect may point to.</exception>
    public string Query(SignedLink link)
    {
        if (!SafeTarget.TryAbsolute(link.Url, out _)) throw new ArgumentException("A link points to an absolute http or https address.", nameof(link));
        var query = new StringBuilder();
        foreach (var (name, value) in link.Parts)
            if (!string.IsNullOrEmpty(value)) query.Append(name).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        return query.Append("s=").Append(Signature(link)).ToString();
    }

    /// <summary>43 characters of base64url.</summary>
    public string Signature(SignedLink link) => Base64Url.EncodeToString(Mac(link));

    /// <summary>True only for a signature that this key made over exactly these parts; takes the same time for every wrong one.</summary>
    public bool Verifies(SignedLink link, ReadOnlySpan<byte> signature)
    {
        Span<byte> given = stackalloc byte[64];
        return signature.Length == 43
            && Base64Url.DecodeFromUtf8(signature, given, out var read, out var written) == System.Buffers.OperationStatus.Done
            && read == signature.Length
            && CryptographicOperations.FixedTimeEquals(Mac(link), given[..written]);
    }

    private byte[] Mac(SignedLink link)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> length = stackalloc byte[4];
        foreach (var (_, value) in link.Parts)
        {
            var bytes = Encoding.UTF8.GetBytes(value ?? "");
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            mac.AppendData(length);
            mac.AppendData(bytes);
        }
        return mac.GetHashAndReset();
    }
}
