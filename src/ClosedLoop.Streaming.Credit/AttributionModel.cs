namespace ClosedLoop.Streaming.Credit;

/// <summary>The models of FIELD.md §8 that need one path. Numbers are stable; <see cref="ModelNames"/> has the names on the wire.</summary>
public enum AttributionModel : byte
{
    FirstTouch = 0,
    LastTouch = 1,
    LastNonDirect = 2,
    Linear = 3,
    PositionBased = 4,
    TimeDecay = 5,
}

/// <summary>Names as they stand in facts, in the warehouse and in the <c>model</c> parameter of reports.</summary>
public static class ModelNames
{
    public static IReadOnlyList<AttributionModel> All { get; } = Enum.GetValues<AttributionModel>();

    /// <summary>Text and UTF-8 of a model; the text is interned in the program.</summary>
    public static string Of(AttributionModel model) => model switch
    {
        AttributionModel.FirstTouch => "first_touch",
        AttributionModel.LastTouch => "last_touch",
        AttributionModel.LastNonDirect => "last_non_direct",
        AttributionModel.Linear => "linear",
        AttributionModel.PositionBased => "position_based",
        AttributionModel.TimeDecay => "time_decay",
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "no such attribution model"),
    };

    public static bool TryParse(ReadOnlySpan<char> name, out AttributionModel model)
    {
        foreach (var candidate in All)
        {
            model = candidate;
            if (name.SequenceEqual(Of(candidate))) return true;
        }
        model = default;
        return false;
    }
}
