namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// Names of the segments that every installation starts with, as one byte: millions of states carry one of them.
/// Frozen on disk: append only, numbers stay below <see cref="MembershipReader.Marker"/>.
/// </summary>
internal static class WellKnown
{
    private static readonly (byte[] Name, byte[] Group)[] Entries =
    [
        ([], []),
        ("cold"u8.ToArray(), "lifecycle"u8.ToArray()),
        ("warm"u8.ToArray(), "lifecycle"u8.ToArray()),
        ("in_progress"u8.ToArray(), "lifecycle"u8.ToArray()),
        ("active"u8.ToArray(), "lifecycle"u8.ToArray()),
        ("regular"u8.ToArray(), "lifecycle"u8.ToArray()),
        ("at_risk"u8.ToArray(), []),
        ("lapsed"u8.ToArray(), []),
    ];

    public static int Count => Entries.Length;

    public static ReadOnlySpan<byte> Name(int token) => Entries[token].Name;

    public static ReadOnlySpan<byte> Group(int token) => Entries[token].Group;

    /// <summary>0 when this name in this group has no number.</summary>
    public static byte TokenOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> group)
    {
        for (var token = 1; token < Entries.Length; token++)
            if (name.SequenceEqual(Entries[token].Name) && group.SequenceEqual(Entries[token].Group)) return (byte)token;
        return 0;
    }
}
