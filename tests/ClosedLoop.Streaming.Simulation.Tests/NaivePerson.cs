using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>One event as the oracle reads it: plain values, no memory.</summary>
internal sealed record Seen(string Visitor, string Name, long At, ulong Key, RecordReader Record)
{
    public static Seen Of(byte[] bytes)
    {
        var reader = new RecordReader();
        reader.TryRead(bytes);
        var key = Encoding.UTF8.GetString(reader.Key);
        return new Seen(key[0] == 'v' ? key[1..] : "", reader.Text(Field.Name), reader.OccurredMs, HistoryWriter.KeyOf(reader), reader);
    }

    public string this[Field field] => Record.Text(field);
    public long Int(Field field) => Record.Int(field);
    public bool IsTrusted => (Record.Flags & (EventFlags.Verified | EventFlags.MoneyTrusted)) != 0;
    public bool IsBot => Record.Has(Field.BotClass);
    public bool NamesPerson => Identifiers.Any();

    public IEnumerable<string> Identifiers =>
        new[] { (Field.Email, "e:"), (Field.ExternalId, "x:"), (Field.Phone, "p:") }.Where(i => Record.Has(i.Item1)).Select(i => i.Item2 + this[i.Item1]);
}

/// <summary>A person as the list of everything that happened, asked the slow and obvious way.</summary>
internal sealed class NaivePerson(IEnumerable<Seen> events)
{
    private const double DayMs = 86_400_000;
    private static readonly string[] Stages = ["visitor", "lead", "mql", "sql", "customer", "repeat"];

    private readonly List<Seen> _all = [.. events.Where(e => !e.IsBot).OrderBy(e => e.At).ThenBy(e => e.Key)];

    public int PageViews => _all.Count(e => e.Name == "page_view");

    public int Sessions => _all.GroupBy(e => e.Visitor).Sum(part => NaiveSessions.Of(part).Count);

    public double DaysSinceLastVisit(long now) => Days(now, _all.Where(NaiveSessions.IsVisit).Select(e => e.At));

    public double DaysSinceLastOrder(long now) => Days(now, Orders.Select(o => o.At));

    public double DaysSinceLastContact(long now) => Days(now, _all.Where(e => e.Name == "contacted").Select(e => e.At));

    public double DaysSinceForm(long now, params string[] forms) =>
        Days(now, _all.Where(e => e.Name == "form_submit" && forms.Contains(e[Field.Form])).Select(e => e.At));

    public List<Seen> Orders => [.. _all.Where(e => e.Name == "purchase" && e.IsTrusted).DistinctBy(e => e[Field.OrderId])];

    /// <summary>What was paid and not given back.</summary>
    public long Paid => Orders.Sum(o => Math.Max(0, o.Int(Field.Revenue) - _all.Where(r => r.Name == "refund" && r[Field.OrderId] == o[Field.OrderId]).Sum(r => r.Int(Field.Revenue))));

    public int PurchaseDays => Orders.Select(o => o.At / (long)DayMs).Distinct().Count();

    public int OpenDeals => _all.Where(e => e.Name.StartsWith("deal_", StringComparison.Ordinal)).GroupBy(e => e[Field.DealId])
        .Count(deal => deal.Last().Name == "deal_opened");

    public long? LastScore => _all.LastOrDefault(e => e.Name == "satisfaction_scored")?.Int(Field.Score);

    public string Stage
    {
        get
        {
            var (stage, before) = ("visitor", "visitor");
            var open = new HashSet<string>();
            int Rank(string of) => Array.IndexOf(Stages, of);
            foreach (var e in _all)
            {
                if (e.Name == "stage_changed")
                {
                    var said = e[Field.Stage];
                    if (stage == "lost" || Rank(said) > Rank(stage) || e[Field.Reason].Length > 0) stage = said;
                    continue;
                }
                if (e.NamesPerson && stage == "visitor") stage = "lead";
                if (e.Name is "purchase" or "deal_won" && e.IsTrusted && (e.Name == "deal_won" || Orders.Contains(e)))
                {
                    if (e.Name == "deal_won") open.Remove(e[Field.DealId]);
                    // A won deal that was opened again is no sale any longer; its customer stays one.
                    var isSale = e.Name == "purchase" || IsWon(e);
                    var bought = isSale && e.At / (long)DayMs != FirstSaleDay ? "repeat" : "customer";
                    if (stage == "lost" || Rank(bought) > Rank(stage)) stage = bought;
                }
                if (e.Name == "deal_opened")
                {
                    open.Add(e[Field.DealId]);
                    if (stage == "lost") stage = before;
                }
                if (e.Name != "deal_lost") continue;
                open.Remove(e[Field.DealId]);
                if (open.Count > 0 || Rank(stage) >= Rank("customer") || stage == "lost") continue;
                (before, stage) = (stage, "lost");
            }
            return stage;
        }
    }

    private long FirstSaleDay => Orders.Select(o => o.At).Concat(_all.Where(IsWon).Select(e => e.At)).Min() / (long)DayMs;

    private bool IsWon(Seen e) => e is { Name: "deal_won", IsTrusted: true } && _all.Last(d => d.Name.StartsWith("deal_", StringComparison.Ordinal) && d[Field.DealId] == e[Field.DealId]) == e;

    /// <summary>Segments of <see cref="RuleTexts"/> that the person is in at that moment, sorted.</summary>
    public IReadOnlyList<string> Segments(long now, IReadOnlyList<NaiveRule> rules)
    {
        var true_ = rules.Where(r => r.Holds(this, now)).ToList();
        var one = true_.Where(r => r.Setting.Group is not null).GroupBy(r => r.Setting.Group).Select(g => g.MinBy(r => r.Setting.Order)!);
        return [.. true_.Where(r => r.Setting.Group is null).Concat(one).Select(r => r.Setting.Name).Order(StringComparer.Ordinal)];
    }

    private static double Days(long now, IEnumerable<long> moments)
    {
        var list = moments.ToList();
        return list.Count == 0 ? double.NaN : (now - list.Max()) / DayMs;
    }
}
