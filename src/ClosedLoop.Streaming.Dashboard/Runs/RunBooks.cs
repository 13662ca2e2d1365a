using System.Numerics;
using ClosedLoop.Streaming.Credit;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The paths towards each goal, and what each model makes of them.</summary>
internal sealed class RunBooks
{
    public static readonly string[] Goals = ["lead", "mql", "sql", "customer", "sale"];

    private readonly Dictionary<string, PathBook> _books;
    private readonly Dictionary<(AttributionModel, string), GoalRun> _runs = [];
    private readonly Dictionary<(AttributionModel, string, string), double> _credited = [];

    public RunBooks(IReadOnlyList<CountedWay> ways)
    {
        // The most frequent first, so that it is the rarest that have to share a number.
        var channels = ways.SelectMany(w => w.Channels.Select(c => (Channel: c, w.Times))).GroupBy(c => c.Channel, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(c => c.Times)).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        _books = Goals.ToDictionary(g => g, _ => new PathBook());
        foreach (var book in _books.Values) foreach (var channel in channels) book.NumberOf(channel);
        foreach (var way in ways)
            foreach (var (goal, book) in _books)
                if (way.Goal == goal) book.Add(way.Channels, converts: true, way.Times);
                else if (way.Goal is null && !way.Goals.Contains(goal)) book.Add(way.Channels, converts: false, way.Times);
        foreach (var model in ModelNames.OfRuns)
            foreach (var (goal, book) in _books) _runs[(model, goal)] = new GoalRun(model, book);
    }

    public long Nulls => _books["sale"].Nulls;

    /// <summary>The rows of one conversion under a model.</summary>
    public List<CreditRow> Post(AttributionModel model, IReadOnlyList<LedgerLine> linear)
    {
        var rows = new List<CreditRow>();
        if (linear.Count == 0) return rows;
        var what = linear[0];
        var conversion = new Conversion(default, what.OccurredMs, linear.Sum(l => l.Amount), linear.Any(l => l.ProfitKnown) ? linear.Sum(l => l.Profit) : null);
        var touches = linear.Where(l => l.Touch != Events.Id.None).OrderBy(l => l.TouchMs).ThenBy(l => l.Touch).ToList();
        _runs[(model, what.Goal)].Post(conversion, [.. touches.Select(t => new RunTouch(t.Touch, t.Channel))], rows);
        foreach (var row in rows)
        {
            var key = (model, what.Goal, row.Index < 0 ? "(unattributed)" : touches[row.Index].Channel);
            _credited[key] = _credited.GetValueOrDefault(key) + row.Share / (double)CreditRow.ShareWhole;
        }
        return rows;
    }

    /// <summary>Tells what was found out about every channel that has a path or a credit.</summary>
    public void Tell(RunWriter to)
    {
        foreach (var model in ModelNames.OfRuns)
            foreach (var (goal, book) in _books)
                for (var channel = 0; channel < book.Channels.Count; channel++)
                {
                    var paths = book.Paths.Where(p => (p.Set >> channel & 1) != 0).Sum(p => p.Converting);
                    var credited = _credited.GetValueOrDefault((model, goal, book.Channels[channel]));
                    if (paths > 0 || credited > 0) to.Effect(model, goal, book.Channels[channel], _runs[(model, goal)].EffectOf(channel), credited, paths);
                }
    }
}
