namespace ClosedLoop.Streaming.Credit;

/// <summary>Fills one weight per touch of the path; only their ratios matter, and they are never all zero.</summary>
internal delegate void WeightRule(in Path path, bool withFirst, Span<ulong> weights);

internal static class Weights
{
    /// <summary>Seven days: the half-life that the field's tools use (FIELD.md §8).</summary>
    public const long HalfLifeMs = 7 * 86_400_000L;

    public static readonly WeightRule Even = static (in Path _, bool _, Span<ulong> weights) => weights.Fill(1);

    /// <summary>40 % first, 40 % last, 20 % between them; two touches halve, one takes all.</summary>
    public static readonly WeightRule Position = static (in Path _, bool _, Span<ulong> weights) =>
    {
        if (weights.Length <= 2)
        {
            weights.Fill(1);
            return;
        }
        // 40 : 20/(n−2) : 40 in whole numbers: 2(n−2) : 1 : 2(n−2).
        var end = 2 * (ulong)(weights.Length - 2);
        weights.Fill(1);
        weights[0] = weights[^1] = end;
    };

    /// <summary>Each half-life of age halves the weight. Measured from the last touch, not the conversion: the ratios are the same and old paths keep their bits.</summary>
    public static readonly WeightRule Decay = static (in Path path, bool withFirst, Span<ulong> weights) =>
    {
        var last = path.All[path.At(weights.Length - 1, withFirst)].TimeMs;
        for (var i = 0; i < weights.Length; i++) weights[i] = HalfPower.Of(last - path.All[path.At(i, withFirst)].TimeMs, HalfLifeMs);
    };
}
