namespace ClosedLoop.Streaming.Credit;

/// <summary>A touch with its channel, as a run sees it.</summary>
public readonly record struct RunTouch(Events.Id Id, string Channel);

/// <summary>One model computed over all paths towards one goal: what each channel is worth, and how a conversion is shared by it.</summary>
public sealed class GoalRun
{
    private readonly PathBook _book;
    private readonly IReadOnlyDictionary<ulong, double[]> _shares;

    /// <exception cref="ArgumentOutOfRangeException">Not a model of runs.</exception>
    public GoalRun(AttributionModel model, PathBook book)
    {
        (Model, _book) = (model, book);
        Effects = model switch
        {
            AttributionModel.Markov => Markov.RemovalEffects(book),
            AttributionModel.Shapley => Shapley.Values(book),
            _ => throw new ArgumentOutOfRangeException(nameof(model), model, "needs one path only"),
        };
        _shares = model == AttributionModel.Markov ? Fitting.Shares(book, Effects) : new Dictionary<ulong, double[]>();
    }

    public AttributionModel Model { get; }

    /// <summary>Removal effects, or Shapley values in conversions; by channel number of the book.</summary>
    public IReadOnlyList<double> Effects { get; }

    /// <summary>0 for a channel that no path of the book has.</summary>
    public double EffectOf(int channel) => channel < Effects.Count ? Effects[channel] : 0;

    /// <summary>
    /// Adds the rows of one conversion: amounts sum exactly to its value, shares to 1,000,000, profits to its profit. Several touches of a
    /// channel share its part equally. Without touches there is one row without a touch.
    /// </summary>
    /// <param name="touches">Those that may earn, in order of time; at most <see cref="Attribution.TouchesMax"/>.</param>
    public void Post(in Conversion conversion, IReadOnlyList<RunTouch> touches, List<CreditRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(conversion.Value, nameof(conversion));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(touches.Count, Attribution.TouchesMax, nameof(touches));
        if (touches.Count == 0)
        {
            rows.Add(new CreditRow(Model, default, -1, conversion.Value, CreditRow.ShareWhole, 1, conversion.Profit));
            return;
        }
        var weights = WeightsOf(touches);
        var parts = new Part[touches.Count];
        Apportionment.Divide(conversion, weights, parts);
        for (var i = 0; i < parts.Length; i++)
            if (!parts[i].IsNothing) rows.Add(new CreditRow(Model, touches[i].Id, i, parts[i].Amount, parts[i].Share, 1, parts[i].Profit));
    }

    // A conversion whose set of channels no path of the period has, such as an old one that was corrected.
    private double WorthAlone(int channel) => Model == AttributionModel.Markov ? Math.Min(1, EffectOf(channel)) : 1;

    private ulong[] WeightsOf(IReadOnlyList<RunTouch> touches)
    {
        const double whole = 1L << 40;
        var numbers = touches.Select(t => _book.NumberOf(t.Channel)).ToArray();
        var set = numbers.Aggregate(0UL, (bits, number) => bits | 1UL << number);
        var times = new int[64];
        foreach (var number in numbers) times[number]++;
        var shares = _shares.GetValueOrDefault(set);
        var weights = new ulong[touches.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (ulong)Math.Round((shares?[numbers[i]] ?? WorthAlone(numbers[i])) * whole / times[numbers[i]]);
        if (weights.All(w => w == 0)) weights.AsSpan().Fill(1);
        return weights;
    }
}
