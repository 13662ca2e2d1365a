namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Names of parameters that are never stored, compared without case. A name also covers its forms in arrays and objects:
/// <c>email</c> cuts <c>email[]</c>, <c>user[email]</c> and <c>user.email</c>, however they are percent-encoded.
/// </summary>
public sealed class RedactedNames
{
    /// <summary>Bytes of a parameter's name that are looked at.</summary>
    public const int NameBytesMax = 128;

    // How often a value may be encoded over and still be looked into: an address inside an address inside an address.
    private const int NestingMax = 3;

    public static RedactedNames None { get; } = new([]);

    private readonly ByteTable<string> _names;

    public RedactedNames(IEnumerable<string> names) =>
        _names = new([.. names.Where(name => name.Length > 0).Select(name => new KeyValuePair<string, string>(name, name))]);

    public bool IsEmpty => _names.Count == 0;

    /// <param name="name">As sent, encoded or not.</param>
    public bool Contains(scoped ReadOnlySpan<byte> name)
    {
        if (IsEmpty || name.IsEmpty) return false;
        name = name[..Math.Min(name.Length, NameBytesMax)];
        Span<byte> scratch = stackalloc byte[NameBytesMax];
        return IsNamed(QueryText.IsPlain(name) ? name : scratch[..QueryText.Unescape(name, scratch)]);
    }

    /// <summary>Whether a parameter's value hides a redacted one: an address or query of its own, encoded up to three times.</summary>
    /// <param name="value">As sent.</param>
    public bool IsHiddenIn(ReadOnlySpan<byte> value)
    {
        // Without an equals sign in any dress there is no name in it; that is nearly every value, and costs nothing then.
        if (IsEmpty || (!value.Contains((byte)'=') && !HasEscapedEquals(value))) return false;
        for (var depth = 0; depth < NestingMax; depth++)
        {
            if (Names(value)) return true;
            if (!value.Contains((byte)'%')) return false;
            var decoded = new byte[value.Length];
            value = decoded.AsSpan(0, QueryText.Unescape(value, decoded));
        }
        return Names(value);
    }

    private static bool HasEscapedEquals(ReadOnlySpan<byte> value) =>
        value.Contains((byte)'%') && (value.IndexOf("3D"u8) >= 0 || value.IndexOf("3d"u8) >= 0 || value.IndexOf("%33"u8) >= 0);

    private bool IsNamed(ReadOnlySpan<byte> name)
    {
        name = Bytes.Trim(name);
        if (_names.Find(name) is not null) return true;
        if (name.IndexOfAny("[]."u8) < 0) return false;
        var trimmed = name.TrimEnd("[]"u8);
        var last = trimmed[(trimmed.LastIndexOfAny("[]."u8) + 1)..];
        var first = name[..name.IndexOfAny("[]."u8)];
        return _names.Find(last) is not null || _names.Find(first) is not null;
    }

    private bool Names(ReadOnlySpan<byte> text)
    {
        for (var equals = text.IndexOf((byte)'='); equals >= 0; equals = text.IndexOf((byte)'='))
        {
            var before = text[..equals];
            var mark = before.LastIndexOfAny("?&#;"u8);
            if (mark >= 0 && Contains(before[(mark + 1)..])) return true;
            text = text[(equals + 1)..];
            // The next name may follow directly; without its separator it would be taken for a value.
            var separator = text.IndexOfAny("?&#;"u8);
            if (separator < 0) return false;
            text = text[separator..];
        }
        return false;
    }
}
