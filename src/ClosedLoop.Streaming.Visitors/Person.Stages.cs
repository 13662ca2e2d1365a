namespace ClosedLoop.Streaming.Visitors;

/// <summary>What moved a person through the lifecycle.</summary>
public enum StageBy : byte { Known, Rule, Said, Bought, DealOpened, DealWon, DealLost }

/// <summary>Something that may have moved the stage. <see cref="Stage"/> is the one it asks for; of deals it follows from all of them.</summary>
/// <param name="Ignored">A word of sales that would go back and gives no reason: kept, and without effect.</param>
public readonly record struct StageTurn(long At, ulong Key, StageBy By, Stage Stage, bool Back, ulong Deal, bool Ignored = false);

public sealed partial class Person
{
    private readonly Slots<StageTurn> _turns = new();
    private readonly List<(ulong Deal, bool Open)> _dealsSeen = [];

    /// <summary>The stage and since when (unix ms): all that was said and done, by (time, key); only a reason leads back.</summary>
    public (Stage Stage, long Since) StageNow()
    {
        Gather();
        return Walk(out _);
    }

    /// <summary>A person has decided about the stage, so rules of the site have no say.</summary>
    public bool IsDecided()
    {
        Gather();
        Walk(out var decided);
        return decided;
    }

    /// <summary>Everything that spoke of the stage, oldest first, with what had no effect. Valid until the next question about stages.</summary>
    public ReadOnlySpan<StageTurn> StageTurns()
    {
        Gather();
        Walk(out _);
        return _turns.Span;
    }

    private void Gather()
    {
        _turns.Clear();
        foreach (var part in _parts)
        {
            foreach (ref readonly var step in part.Steps.Span)
                _turns.Add(new StageTurn(step.At, step.Key, ByOf(step), step.Stage, step.Back, 0));
            foreach (ref readonly var word in part.Deals.Span)
                _turns.Add(new StageTurn(word.At, word.AtKey, ByOf(word.State), default, false, word.Key));
        }
        if (_turns.Count == 0) return;
        AddRepeats();
        _turns.Span.Sort(static (a, b) => (a.At, a.Key, a.By).CompareTo((b.At, b.Key, b.By)));
    }

    private static StageBy ByOf(in StageStep step) =>
        step.Explicit ? StageBy.Said : step.ByRule ? StageBy.Rule : step.Stage == Stage.Lead ? StageBy.Known : StageBy.Bought;

    private static StageBy ByOf(DealState state) => state switch
    {
        DealState.Won => StageBy.DealWon, DealState.Lost => StageBy.DealLost, _ => StageBy.DealOpened,
    };

    // One purchase per person and day, as the models of customer value count: an order that CRM and shop both tell makes nobody come back.
    private void AddRepeats()
    {
        var (first, day) = (long.MaxValue, 0);
        foreach (ref readonly var known in AllOrders())
            if (known.Order.Bought && known.Order.At < first) (first, day) = (known.Order.At, known.Order.Day);
        foreach (ref readonly var known in AllDeals())
            if (known.Deal.State == DealState.Won && known.Deal.At < first) (first, day) = (known.Deal.At, known.Deal.Day);
        foreach (ref readonly var known in AllOrders())
            if (known.Order.Bought && known.Order.Day != day) _turns.Add(Repeat(known.Order.At, known.Order.AtKey));
        foreach (ref readonly var known in AllDeals())
            if (known.Deal.State == DealState.Won && known.Deal.Day != day) _turns.Add(Repeat(known.Deal.At, known.Deal.AtKey));
    }

    private static StageTurn Repeat(long at, ulong key) => new(at, key, StageBy.Bought, Stage.Repeat, false, 0);

    private (Stage Stage, long Since) Walk(out bool decided)
    {
        var (stage, since, before) = (Stage.Visitor, MomentOf(TimeMeasure.FirstVisit), Stage.Visitor);
        decided = false;
        _dealsSeen.Clear();
        foreach (ref var turn in _turns.Span)
        {
            var next = turn.By switch
            {
                StageBy.Known => stage == Stage.Visitor ? Stage.Lead : stage,
                StageBy.Rule => decided || stage == Stage.Lost || turn.Stage < stage ? stage : turn.Stage,
                StageBy.Bought => stage == Stage.Lost || turn.Stage > stage ? turn.Stage : stage,
                StageBy.Said => AfterWord(turn, stage),
                _ => AfterDeal(turn, stage, before),
            };
            if (turn.By == StageBy.Said)
            {
                // Whoever buys again is a customer too: that word is no step back.
                turn = turn with { Ignored = next != turn.Stage && !(turn.Stage == Stage.Customer && stage == Stage.Repeat) };
                decided |= !turn.Ignored;
            }
            if (next == stage) continue;
            if (next == Stage.Lost) before = stage;
            (stage, since) = (next, turn.At);
        }
        return (stage, since);
    }

    private static Stage AfterWord(in StageTurn word, Stage stage)
    {
        if (word.Back || stage == Stage.Lost) return word.Stage;
        // Nobody is lost without a reason.
        return word.Stage == Stage.Lost || word.Stage < stage ? stage : word.Stage;
    }

    private Stage AfterDeal(in StageTurn turn, Stage stage, Stage before)
    {
        var deal = turn.Deal;
        var known = _dealsSeen.FindIndex(d => d.Deal == deal);
        var isSaidAgain = known >= 0 && !_dealsSeen[known].Open && turn.By == StageBy.DealLost;
        if (known < 0) _dealsSeen.Add((deal, turn.By == StageBy.DealOpened));
        else _dealsSeen[known] = (deal, turn.By == StageBy.DealOpened);
        if (turn.By == StageBy.DealOpened) return stage == Stage.Lost ? before : stage;
        var isOver = turn.By == StageBy.DealLost && !isSaidAgain && !_dealsSeen.Exists(static d => d.Open);
        return isOver && stage < Stage.Customer ? Stage.Lost : stage;
    }
}
