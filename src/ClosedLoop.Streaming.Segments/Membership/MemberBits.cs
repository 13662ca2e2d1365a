namespace ClosedLoop.Streaming.Segments;

/// <summary>One bit per segment of a set, at most <see cref="RuleLimits.SegmentsMax"/>.</summary>
internal unsafe struct MemberBits
{
    private const int Words = RuleLimits.SegmentsMax / 64;

    private fixed ulong _words[Words];

    public bool Has(int index) => (_words[index >> 6] >> (index & 63) & 1) != 0;

    public void Set(int index) => _words[index >> 6] |= 1UL << (index & 63);

    /// <summary>The lowest number from <paramref name="from"/> on that is set, or −1.</summary>
    public int Next(int from)
    {
        for (var word = from >> 6; word < Words; word++)
        {
            var rest = _words[word] & (word == from >> 6 ? ulong.MaxValue << (from & 63) : ulong.MaxValue);
            if (rest != 0) return (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest);
        }
        return -1;
    }
}
