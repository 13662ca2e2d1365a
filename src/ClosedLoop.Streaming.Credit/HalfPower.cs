namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// 2^−(age ÷ half-life) in whole numbers. Written here because <c>Math.Pow</c> may differ in its last bit between machines,
/// and a ledger that is rebuilt elsewhere must come out the same to the cent.
/// </summary>
internal static class HalfPower
{
    /// <summary>The weight of age 0.</summary>
    public const ulong One = 1UL << 62;

    private const int FractionBits = 32;

    // 2^−(1/2), 2^−(1/4), … in units of 2^−62, each the exact integer square root of the one before times One.
    private static readonly ulong[] Roots = MakeRoots();

    /// <param name="ageMs">0 or more.</param>
    /// <param name="halfLifeMs">More than 0.</param>
    public static ulong Of(long ageMs, long halfLifeMs)
    {
        var halvings = ageMs / halfLifeMs;
        if (halvings >= 62) return 0;
        var fraction = (ulong)(((UInt128)(ulong)(ageMs % halfLifeMs) << FractionBits) / (ulong)halfLifeMs);
        var value = One;
        for (var bit = 0; bit < FractionBits; bit++)
            if ((fraction >> (FractionBits - 1 - bit) & 1) == 1) value = (ulong)((UInt128)value * Roots[bit] >> 62);
        return value >> (int)halvings;
    }

    private static ulong[] MakeRoots()
    {
        var roots = new ulong[FractionBits];
        var previous = One >> 1;
        for (var i = 0; i < FractionBits; i++)
        {
            previous = Root((UInt128)previous * One);
            roots[i] = previous;
        }
        return roots;
    }

    private static ulong Root(UInt128 value)
    {
        ulong root = 0;
        for (var bit = 63; bit >= 0; bit--)
        {
            var candidate = root | (1UL << bit);
            if ((UInt128)candidate * candidate <= value) root = candidate;
        }
        return root;
    }
}
