namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>The part of a host that names a country or registry, by rule instead of by list: com, de, co.uk, com.br.</summary>
internal static class HostEnding
{
    /// <summary>Bytes of the ending with its dot (<c>.co.uk</c> is 6); 0 when the host doesn't end like a country's or a general registry's.</summary>
    public static int LengthOf(ReadOnlySpan<byte> host)
    {
        var dot = host.LastIndexOf((byte)'.');
        if (dot <= 0) return 0;
        var last = host[(dot + 1)..];
        if (last.Length == 2 && Bytes.IsLetter(last[0]) && Bytes.IsLetter(last[1])) return host.Length - dot + SecondLevel(host[..dot]);
        return IsGeneral(last) ? host.Length - dot : 0;
    }

    private static int SecondLevel(ReadOnlySpan<byte> rest)
    {
        var dot = rest.LastIndexOf((byte)'.');
        if (dot <= 0) return 0;
        var label = rest[(dot + 1)..];
        return IsRegistry(label) ? rest.Length - dot : 0;
    }

    private static bool IsGeneral(ReadOnlySpan<byte> label) =>
        Bytes.Same(label, "com"u8) || Bytes.Same(label, "net"u8) || Bytes.Same(label, "org"u8) || Bytes.Same(label, "info"u8);

    private static bool IsRegistry(ReadOnlySpan<byte> label) =>
        Bytes.Same(label, "co"u8) || Bytes.Same(label, "com"u8) || Bytes.Same(label, "net"u8) || Bytes.Same(label, "org"u8)
        || Bytes.Same(label, "ne"u8) || Bytes.Same(label, "or"u8) || Bytes.Same(label, "gov"u8) || Bytes.Same(label, "edu"u8)
        || Bytes.Same(label, "ac"u8) || Bytes.Same(label, "off"u8) || Bytes.Same(label, "web"u8);
}
