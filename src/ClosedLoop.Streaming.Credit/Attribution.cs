namespace ClosedLoop.Streaming.Credit;

/// <summary>
/// Shares one conversion among the touches before it, per model (FIELD.md §8). Pure: the same touches, conversion and lookback
/// give the same rows on every machine. No touch after the conversion gets credit; one at the very moment does.
/// </summary>
/// <remarks>
/// The lookback bounds linear, time_decay, last_touch and last_non_direct. It does not bound the person's first touch:
/// first_touch looks at all history, and position_based keeps that touch as its first however old it is (DESIGN.md §4).
/// </remarks>
public static class Attribution
{
    /// <summary>Most touches of one person that can share a conversion.</summary>
    public const int TouchesMax = 4096;

    /// <summary>Longest lookback, in days (a hundred years).</summary>
    public const int LookbackDaysMax = 36_600;

    private const long DayMs = 86_400_000;

    /// <summary>
    /// Adds the rows of every model in <paramref name="models"/> to <paramref name="rows"/>, model by model, touches in order of time.
    /// Amounts sum exactly to the value and shares to 1,000,000 per model; a touch that earns nothing has no row.
    /// </summary>
    /// <param name="conversion">What is credited.</param>
    /// <param name="touches">All of the person's touches, sorted by (time, id); later ones than the conversion are ignored.</param>
    /// <param name="lookbackDays">1 to <see cref="LookbackDaysMax"/>; a touch exactly that old still counts.</param>
    /// <param name="models">Which models to post.</param>
    /// <param name="rows">Receives the rows; not cleared.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative value, lookback or number of touches out of range.</exception>
    /// <exception cref="ArgumentException">Touches are not sorted by time and id.</exception>
    public static void Post(in Conversion conversion, ReadOnlySpan<Touch> touches, int lookbackDays,
        ReadOnlySpan<AttributionModel> models, List<CreditRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(conversion.Value, nameof(conversion));
        ArgumentOutOfRangeException.ThrowIfLessThan(lookbackDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lookbackDays, LookbackDaysMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(touches.Length, TouchesMax, nameof(touches));

        var path = Path.Of(touches, conversion.TimeMs, lookbackDays * DayMs);
        foreach (var model in models) Share(model, conversion, path, rows);
    }

    private static void Share(AttributionModel model, in Conversion value, in Path path, List<CreditRow> rows)
    {
        switch (model)
        {
            case AttributionModel.FirstTouch: Whole(model, value, path, path.First, rows); break;
            case AttributionModel.LastTouch: Whole(model, value, path, path.Last, rows); break;
            case AttributionModel.LastNonDirect: Whole(model, value, path, path.LastNonDirect(), rows); break;
            case AttributionModel.Linear: Weighted(model, value, path, Weights.Even, withFirst: false, rows); break;
            case AttributionModel.PositionBased: Weighted(model, value, path, Weights.Position, withFirst: true, rows); break;
            case AttributionModel.TimeDecay: Weighted(model, value, path, Weights.Decay, withFirst: false, rows); break;
            default: throw new ArgumentOutOfRangeException(nameof(model), model, "no such attribution model");
        }
    }

    private static void Whole(AttributionModel model, in Conversion value, in Path path, int index, List<CreditRow> rows) =>
        rows.Add(new CreditRow(model, index < 0 ? default : path.All[index].Id, index, value.Value, CreditRow.ShareWhole, 1, value.Profit));

    private static void Weighted(AttributionModel model, in Conversion value, in Path path, WeightRule rule, bool withFirst, List<CreditRow> rows)
    {
        var count = path.Count(withFirst);
        if (count == 0)
        {
            Whole(model, value, path, -1, rows);
            return;
        }
        const int small = 128;
        var weights = count <= small ? stackalloc ulong[count] : new ulong[count];
        rule(path, withFirst, weights);
        var parts = count <= small ? stackalloc Part[count] : new Part[count];
        Apportionment.Divide(value, weights, parts);
        for (var i = 0; i < count; i++)
        {
            if (parts[i].IsNothing) continue;
            var index = path.At(i, withFirst);
            rows.Add(new CreditRow(model, path.All[index].Id, index, parts[i].Amount, parts[i].Share, 1, parts[i].Profit));
        }
    }
}
