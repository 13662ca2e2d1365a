using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Steps of the lifecycle, by (time, key). What they come to is <see cref="Person.StageNow"/>.</summary>
internal static class StageWriter
{
    /// <summary>The stage that a text of CONTRACT.md §3 names; Lead for anything else, because whoever is spoken of is one.</summary>
    public static void Said(History history, RecordReader e, long at, ulong key)
    {
        var stage = e[Field.Stage] switch
        {
            var s when s.SequenceEqual("customer"u8) => Stage.Customer,
            var s when s.SequenceEqual("sql"u8) => Stage.Sql,
            var s when s.SequenceEqual("mql"u8) => Stage.Mql,
            var s when s.SequenceEqual("lost"u8) => Stage.Lost,
            _ => Stage.Lead,
        };
        if (stage == Stage.Lost) history.LostReason = HistoryWriter.Latest(history, history.LostReason, e[Field.Reason], at, key);
        TakeBackRules(history, at);
        Add(history, new StageStep(at, key, stage, true, e.Has(Field.Reason)));
    }

    // A person's decision stands above rules: what a rule found later than it was made, is no step.
    private static void TakeBackRules(History history, long at)
    {
        for (var i = history.Steps.Count - 1; i >= 0 && history.Steps[i].At >= at; i--)
            if (history.Steps[i].ByRule) history.Steps.RemoveRange(i, 1);
    }

    public static void Add(History history, in StageStep step)
    {
        var steps = history.Steps;
        var place = steps.Count;
        while (place > 0 && (steps[place - 1].At > step.At || steps[place - 1].At == step.At && steps[place - 1].Key > step.Key)) place--;
        steps.Insert(place, step);
        Thin(steps, history.NewestAt - Limits.LateMsMax);
        if (steps.Count <= Limits.StageStepsMax) return;
        steps.RemoveRange(1, 1);
        history.Capped = true;
    }

    // Of implicit steps to one stage between two explicit ones the first says since when, and the last whether one came after a step back
    // that another browser or the CRM knows of. Only behind 72 h, where nothing comes between any more, so that the order of arrival doesn't matter.
    private static void Thin(Slots<StageStep> steps, long boundary)
    {
        for (var i = 1; i < steps.Count && steps[i].At < boundary; i++)
        {
            if (steps[i].Explicit) continue;
            var (before, after) = (Neighbour(steps, i, -1), Neighbour(steps, i, 1));
            if (before < 0 || after < 0 || steps[after].At >= boundary) continue;
            steps.RemoveRange(i--, 1);
        }
    }

    /// <summary>The next step of the same stage on that side, with no explicit one between; −1 none.</summary>
    private static int Neighbour(Slots<StageStep> steps, int of, int side)
    {
        for (var i = of + side; i >= 0 && i < steps.Count && !steps[i].Explicit; i += side)
            if (steps[i].Stage == steps[of].Stage) return i;
        return -1;
    }
}
