using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.World;

/// <summary>The ledger read from outside: what was posted net, and what should stand there by the memory of everybody.</summary>
public static class Books
{
    /// <summary>Net amount and share per conversion, model and touch; what cancels out is left out.</summary>
    public static SortedDictionary<string, (long Amount, long Share)> Posted(IEnumerable<Fact> facts)
    {
        var net = new SortedDictionary<string, (long Amount, long Share)>(StringComparer.Ordinal);
        foreach (var fact in facts.Where(f => f.Kind == RecordKind.CreditPosted).DistinctBy(f => f.Id))
        {
            var key = Key(fact[Field.ConversionKind], fact.IdOf(Field.ConversionId), fact[Field.Model], fact.IdOf(Field.TouchId));
            var (amount, share) = net.GetValueOrDefault(key);
            net[key] = (amount + fact.Int(Field.Amount) * fact.Int(Field.Sign), share + fact.Int(Field.Share) * fact.Int(Field.Sign));
        }
        foreach (var key in net.Where(n => n.Value == default).Select(n => n.Key).ToList()) net.Remove(key);
        return net;
    }

    /// <summary>The same, computed anew from the states.</summary>
    public static SortedDictionary<string, (long Amount, long Share)> Due(IEnumerable<Judged> people, SiteRules rules)
    {
        var due = new SortedDictionary<string, (long Amount, long Share)>(StringComparer.Ordinal);
        foreach (var who in people)
        {
            var conversions = new List<ConversionOf>();
            Conversions.Of(who.Person, "demo"u8, conversions);
            var touches = new PersonTouches();
            touches.Read(who.Person, "demo"u8, who.KeyOf);
            foreach (var what in conversions)
            {
                var rows = new List<CreditRow>();
                Attribution.Post(new Conversion(what.Id, what.At, what.Value, what.ProfitKnown ? what.Profit : null), touches.Touches, rules.LookbackDays, [.. ModelNames.All], rows);
                foreach (var row in rows)
                {
                    var key = Key(Conversions.NameOf(what.Kind), what.Id, ModelNames.Of(row.Model), row.Touch);
                    var (amount, share) = due.GetValueOrDefault(key);
                    due[key] = (amount + row.Amount, share + row.Share);
                }
            }
        }
        return due;
    }

    /// <summary>Conversions that stand: of each the row of the highest version, unless it was deleted.</summary>
    public static IReadOnlyList<string> Conversion(IEnumerable<Fact> facts) =>
        [.. facts.Where(f => f.Kind == RecordKind.ConversionMade).GroupBy(f => f.IdOf(Field.ConversionId))
            .Select(g => g.MaxBy(f => f.Int(Field.Version))!).Where(f => f.Int(Field.Deleted) == 0)
            .Select(f => $"{f.IdOf(Field.ConversionId)} {f[Field.ConversionKind]} {f.Int(Field.OccurredMs)} {f.Int(Field.Revenue)} new {f.Int(Field.IsNew)}")
            .Order(StringComparer.Ordinal)];

    private static string Key(string kind, Id conversion, string model, Id touch) => $"{kind} {conversion} {model} {touch}";
}
