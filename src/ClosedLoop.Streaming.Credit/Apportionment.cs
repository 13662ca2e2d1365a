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

    /// <summary>Value, gross profit and share of one conversion by the same weights.</summary>
    public static void Divide(in Conversion conversion, ReadOnlySpan<ulong> weights, Span<Part> parts)
    {
        const int small = 128;
        var numbers = weights.Length <= small ? stackalloc long[weights.Length] : new long[weights.Length];
        var grain = GrainOf(conversion.Value);
        Divide(conversion.Value / grain, weights, numbers);
        for (var i = 0; i < parts.Length; i++) parts[i] = new Part(numbers[i] * grain, 0, null);
        Divide(CreditRow.ShareWhole, weights, numbers);
        for (var i = 0; i < parts.Length; i++) parts[i] = parts[i] with { Share = (int)numbers[i] };
        if (conversion.Profit is not { } profit) return;
        grain = profit < 0 ? -GrainOf(profit) : GrainOf(profit);
        Divide(profit / grain, weights, numbers);
        for (var i = 0; i < parts.Length; i++) parts[i] = parts[i] with { Profit = numbers[i] * grain };
    }

    // Cents where the value is in cents, so that the rows look like money; the rest of a rare value is shared to 1/10,000.
    private static long GrainOf(long value) => value % 100 == 0 ? 100 : 1;

    private readonly record struct Remainder(UInt128 Size, int Index) : IComparable<Remainder>
    {
        public int CompareTo(Remainder other) => Size != other.Size ? other.Size.CompareTo(Size) : Index.CompareTo(other.Index);
    }
}

/// <summary>What one touch gets of a conversion: money, millionths, gross profit.</summary>
internal readonly record struct Part(long Amount, int Share, long? Profit)
{
    public bool IsNothing => Amount == 0 && Share == 0 && (Profit ?? 0) == 0;
}
