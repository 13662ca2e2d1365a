namespace ClosedLoop.Streaming.Credit;

/// <summary>The models of FIELD.md §8; all but the last two need one path only. Numbers are stable; <see cref="ModelNames"/> has the names on the wire.</summary>
public enum AttributionModel : byte
{
    FirstTouch = 0,
    LastTouch = 1,
    LastNonDirect = 2,
    Linear = 3,
    PositionBased = 4,
    TimeDecay = 5,
    /// <summary>Computed over all paths of a period, and posted by runs; so is the next.</summary>
    Markov = 6,
    Shapley = 7,
}

/// <summary>Names as they stand in facts, in the warehouse and in the <c>model</c> parameter of reports.</summary>
public static class ModelNames
{
    /// <summary>The models that need one path only: posted as soon as a conversion is known.</summary>
    public static IReadOnlyList<AttributionModel> All { get; } = [.. Enum.GetValues<AttributionModel>().Where(m => m < AttributionModel.Markov)];

    /// <summary>The models over all paths of a period: posted by runs.</summary>
    public static IReadOnlyList<AttributionModel> OfRuns { get; } = [AttributionModel.Markov, AttributionModel.Shapley];

    /// <summary>Text and UTF-8 of a model; the text is interned in the program.</summary>
    public static string Of(AttributionModel model) => model switch
    {
        AttributionModel.FirstTouch => "first_touch",
        AttributionModel.LastTouch => "last_touch",
        AttributionModel.LastNonDirect => "last_non_direct",
        AttributionModel.Linear => "linear",
        AttributionModel.PositionBased => "position_based",
        AttributionModel.TimeDecay => "time_decay",
        AttributionModel.Markov => "markov",
        AttributionModel.Shapley => "shapley",
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "no such attribution model"),
    };

    public static bool TryParse(ReadOnlySpan<char> name, out AttributionModel model)
    {
        foreach (var candidate in All.Concat(OfRuns))
        {
            model = candidate;
            if (name.SequenceEqual(Of(candidate))) return true;
        }
        model = default;
        return false;
    }
}
