namespace ClosedLoop.Streaming.Credit;

/// <summary>Divides a whole number by weights so that the parts sum to it exactly: largest remainder, ties to the earlier part.</summary>
internal static class Apportionment
{
    /// <param name="total">0 or more, at most 2^53.</param>
    /// <param name="weights">Each at most 2^62; at least one above 0.</param>
    /// <param name="parts">Receives one part per weight.</param>
    public static void Divide(long total, ReadOnlySpan<ulong> weights, Span<long> parts)
    {
        UInt128 sum = 0;
        foreach (var weight in weights) sum += weight;
        var left = total;
        const int small = 128;
        var remainders = weights.Length <= small ? stackalloc Remainder[weights.Length] : new Remainder[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var product = (UInt128)(ulong)total * weights[i];
            parts[i] = (long)(product / sum);
            remainders[i] = new Remainder(product % sum, i);
            left -= parts[i];
        }
        // Each remainder is below the sum, so fewer units are left than there are weights.
        if (left == 0) return;
        remainders.Sort();
        for (var i = 0; i < left; i++) parts[remainders[i].Index]++;
    }

    private readonly record struct Remainder(UInt128 Size, int Index) : IComparable<Remainder>
    {
        public int CompareTo(Remainder other) => Size != other.Size ? other.Size.CompareTo(Size) : Index.CompareTo(other.Index);
    }
}
