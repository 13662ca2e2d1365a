using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>Something that earns credit. Money in 1/10,000.</summary>
internal sealed record NaiveConversion(string Kind, long At, long Value, long? Profit);

/// <summary>One person as the archive should see it at some moment: the lead with all its browsers, or one browser of nobody's.</summary>
internal sealed record NaivePerson(string Name, IReadOnlyList<PlantedSession> Sessions, IReadOnlyList<NaiveConversion> Conversions)
{
    public IEnumerable<(long At, Id Id, bool Direct)> Touches => Sessions.Select(s => (s.Start, IdOf(s), s.Source.IsDirect));

    public static Id IdOf(PlantedSession session) => Id.OfBytes(Encoding.UTF8.GetBytes($"{session.Visitor} {session.Start}"));

    /// <param name="known">Nothing counts that arrived at this moment or later.</param>
    public static IEnumerable<NaivePerson> Of(PlantedPerson planted, long known)
    {
        var seen = planted.Sessions.Where(s => s.Views[0].Arrives < known).ToList();
        var together = planted.Merges.Where(m => m.UndoneAt is null && m.At < known).ToList();
        bool IsNamed(string visitor) => seen.Any(f => f.Visitor == visitor && f.Form is { } form && form.Arrives < known);
        IEnumerable<string> With(string visitor) => together.Where(m => m.One == visitor || m.Other == visitor).SelectMany(m => new[] { m.One, m.Other }).Append(visitor);
        var own = seen.Where(s => With(s.Visitor).Any(IsNamed)).ToList();
        var conversions = OfLead(planted, known);
        if (own.Count > 0 || conversions.Count > 0) yield return new NaivePerson(planted.Lead, own, conversions);
        foreach (var browser in seen.Except(own).GroupBy(s => With(s.Visitor).Min()!))
        {
            var sales = planted.Sales.Where(s => browser.Any(b => b.Visitor == s.Visitor) && s.Arrives < known).ToList();
            yield return new NaivePerson(browser.Key, [.. browser], [.. Customer(sales), .. sales.Select(s => Sale(s, known))]);
        }
    }

    private static List<NaiveConversion> OfLead(PlantedPerson planted, long known)
    {
        var sales = planted.Sales.Where(s => s.Visitor.Length == 0 && s.Arrives < known).ToList();
        var stages = planted.Stages.Where(s => s.Arrives < known).ToList();
        // Whatever names a person makes a lead, at the time of the earliest.
        var naming = planted.Named.Where(n => n.Arrives < known).Select(n => n.At).Concat(stages.Select(s => s.At)).Concat(sales.Select(s => s.At))
            .Concat(planted.Sales.SelectMany(s => s.Refunds).Where(r => r.Arrives < known).Select(r => r.At)).ToList();
        if (naming.Count == 0) return [];
        return
        [
            new NaiveConversion("lead", naming.Min(), 0, null), .. stages.Select(s => new NaiveConversion(s.Stage, s.At, 0, null)),
            .. Customer(sales), .. sales.Select(s => Sale(s, known)),
        ];
    }

    private static IEnumerable<NaiveConversion> Customer(List<PlantedSale> sales) =>
        sales.Count == 0 ? [] : [new NaiveConversion("customer", sales.Min(s => s.At), 0, null)];

    private static NaiveConversion Sale(PlantedSale sale, long known) =>
        new(sale.Kind, sale.At, sale.Net(known), sale.Profit is { } profit ? profit - (sale.Value - sale.Net(known)) : null);
}
