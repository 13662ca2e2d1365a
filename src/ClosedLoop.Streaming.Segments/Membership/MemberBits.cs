namespace ClosedLoop.Streaming.Segments;

/// <summary>One bit per segment of a set, at most <see cref="RuleLimits.SegmentsMax"/>.</summary>
internal unsafe struct MemberBits
{
    private const int Words = RuleLimits.SegmentsMax / 64;

    private fixed ulong _words[Words];

    public bool Has(int index) => (_words[index >> 6] >> (index & 63) & 1) != 0;

    public void Set(int index) => _words[index >> 6] |= 1UL << (index & 63);

    public bool Same(ref MemberBits other)
    {
        ulong different = 0;
        for (var i = 0; i < Words; i++) different |= _words[i] ^ other._words[i];
        return different == 0;
    }
}
