namespace ClosedLoop.Streaming.Events;

/// <summary>Some of the fields, as bits; to be asked of many records.</summary>
public readonly struct FieldSet
{
    private readonly ulong _a, _b, _c, _d;

    public FieldSet(params ReadOnlySpan<Field> fields)
    {
        Span<ulong> words = stackalloc ulong[4];
        words.Clear();
        foreach (var field in fields) words[(byte)field >> 6] |= 1UL << ((byte)field & 63);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    internal bool Covers(ReadOnlySpan<ulong> words) => ((words[0] & ~_a) | (words[1] & ~_b) | (words[2] & ~_c) | (words[3] & ~_d)) == 0;
}
