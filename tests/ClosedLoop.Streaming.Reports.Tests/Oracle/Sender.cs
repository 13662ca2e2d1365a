using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>Says planted journeys as the doors would, in order of arrival; one in twenty is said twice.</summary>
internal static class Sender
{
    public static IEnumerable<byte[]> Records(IReadOnlyList<PlantedPerson> people, string site, int seed)
    {
        var random = new Random(seed);
        var sent = people.SelectMany(person => Hits(person)).SelectMany(hit => random.Next(20) == 0
            ? [hit, hit with { Arrives = hit.Arrives + random.NextInt64(Planter.Day), Seed = hit.Seed + " again" }] : new[] { hit });
        return sent.OrderBy(hit => hit.Arrives).ThenBy(hit => hit.Seed, StringComparer.Ordinal).Select(hit => hit.Hit.On(site).Received(hit.Arrives).Record(site + hit.Seed)).ToList();
    }

    private static IEnumerable<Arrival> Hits(PlantedPerson person)
    {
        var ordinal = 0;
        Arrival Of(Hit hit, long arrives)
        {
            var name = $"{person.Name} {ordinal++}";
            return new Arrival(hit.With(Field.EventId, name), arrives, name);
        }
        foreach (var session in person.Sessions)
        {
            foreach (var view in session.Views) yield return Of(View(session, view), view.Arrives);
            if (session.Form is { } form)
                yield return Of(Hit.Of("form_submit", session.Visitor, form.At).With(Field.Form, "contact").Email(person.Name).With(Field.DeviceClass, session.Device).With(Field.Country, session.Country), form.Arrives);
        }
        foreach (var merge in person.Merges)
        {
            yield return Of(Merge(merge, "visitors_merged", merge.At), merge.At);
            if (merge.UndoneAt is { } undone) yield return Of(Merge(merge, "visitors_unmerged", undone), undone);
        }
        var identifier = "e:" + person.Name;
        foreach (var (at, arrives) in person.Named.Where(n => person.Sessions.All(s => s.Form?.At != n.At))) yield return Of(Hit.About("identify", identifier, at), arrives);
        foreach (var stage in person.Stages) yield return Of(Hit.About("stage_changed", identifier, stage.At).With(Field.Stage, stage.Stage), stage.Arrives);
        foreach (var sale in person.Sales)
        {
            yield return Of(Sale(sale, identifier), sale.Arrives);
            foreach (var (amount, at, arrives) in sale.Refunds)
                yield return Of(Money(Hit.About("refund", identifier, at), sale, amount), arrives);
        }
    }

    private static Hit Merge(PlantedMerge merge, string name, long at) => Hit.Of(name, merge.One, at).With(Field.OtherVisitorId, merge.Other).With(Field.Reason, "the same person").Flag(EventFlags.Verified);

    private static Hit View(PlantedSession session, PlantedView view)
    {
        var first = view == session.Views[0];
        var hit = Hit.Page(session.Visitor, view.At, view.Page, first ? session.Source.Referrer : "https://shop.example/before").With(Field.DeviceClass, session.Device).With(Field.Country, session.Country);
        return first && session.Source.Utm is { } utm ? hit.Campaign(utm.Source, utm.Medium, utm.Campaign) : hit;
    }

    private static Hit Sale(PlantedSale sale, string identifier)
    {
        var name = sale.Kind == "order" ? "purchase" : "deal_won";
        var hit = Money(sale.Visitor.Length > 0 ? Hit.Of(name, sale.Visitor, sale.At) : Hit.About(name, identifier, sale.At), sale, sale.Value);
        return sale.Profit is { } profit ? hit.With(Field.GrossProfit, profit) : hit;
    }

    private static Hit Money(Hit hit, PlantedSale sale, long amount) => hit.Flag(EventFlags.Verified).With(sale.Kind == "order" ? Field.OrderId : Field.DealId, sale.Name)
        .With(Field.Revenue, amount).With(Field.Currency, "EUR");

    private sealed record Arrival(Hit Hit, long Arrives, string Seed);
}
