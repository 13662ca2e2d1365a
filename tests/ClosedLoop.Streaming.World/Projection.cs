using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.World;

/// <summary>
/// A person's memory as text in one canonical form: what must be the same whatever order the hits came in. Left out are bytes that only say how
/// the memory is laid out: numbers of pages and sources, where a hit is folded, which ids are remembered.
/// </summary>
public static class Projection
{
    private static readonly TextMeasure[] Texts = Enum.GetValues<TextMeasure>();
    private static readonly NumberMeasure[] Numbers = Enum.GetValues<NumberMeasure>();
    private static readonly TimeMeasure[] Times = Enum.GetValues<TimeMeasure>();

    public static string Of(Person person)
    {
        var text = new StringBuilder();
        foreach (var measure in Numbers) text.Append(Line($"{measure} {(person.TryNumber(measure, out var value) ? value : double.NaN):R}"));
        foreach (var measure in Times) text.Append(Line($"{measure} {person.MomentOf(measure)}"));
        foreach (var measure in Texts) text.Append(Line($"{measure} {Text(person.TextOf(measure))}"));
        text.Append(Line($"cart {person.CartOpen} consented {person.Consented} id {Text(person.ExternalId)}"));
        text.AppendJoin('\n', person.Parts.Select(Of).Order(StringComparer.Ordinal));
        return text.ToString();
    }

    /// <summary>One part: sessions, journey, forms, orders, deals, steps of the stage, traits, said sources.</summary>
    public static string Of(History part)
    {
        var text = new StringBuilder();
        foreach (var s in part.Sessions.Span)
            text.Append(Line($"session {s.Start}–{s.End} {s.Key:x} pages {s.PageViews} hits {s.Hits} {Source(part, s.Source)} {Page(part, s.Entry)} → {Page(part, s.Exit)} {s.Engaged}"));
        foreach (var step in Journey(part)) text.Append(Line($"step {step}"));
        Sorted(text, part.Forms.Span, f => $"form {Text(part[f.Name])} {f.At}");
        Sorted(text, part.ContactChannels.Span, c => $"contact {Text(part[c.Name])} {c.Count} {c.LastAt}");
        Sorted(text, part.Categories.Span, c => $"category {Text(part[c.Name])} {c.Count} {c.LastAt}");
        Sorted(text, part.Traits.Span, t => $"trait {Text(part[t.Name])} = {Text(part[t.Value])} {t.At}");
        Sorted(text, part.Pages.Span, p => $"page {Text(part[p])}");
        foreach (var o in part.Orders.Span) text.Append(Line($"order {Text(part[o.OrderId])} {o.At} {o.Revenue} −{o.Refunded} {o.ProfitBack} {o.Day} {o.Flags}"));
        foreach (var known in new Person().Of(part).AllDeals().ToArray())
            text.Append(Line($"deal {Text(part[known.Deal.DealId])} {known.Deal.At} {known.Deal.State} {(known.Deal.State == DealState.Won ? known.Deal.Net : 0)}"));
        foreach (var s in part.Said.Span) text.Append(Line($"said {s.At} {Source(part, s.Source)} {s.Evidence}"));
        text.Append(Line($"dropped {part.SessionsDropped} capped {part.Capped}"));
        return text.ToString();
    }

    /// <summary>The last steps, oldest first: moment, event, page.</summary>
    public static IReadOnlyList<string> Journey(History part)
    {
        var steps = new List<Memo>();
        foreach (var memo in part.OldSteps.Span) steps.Add(memo);
        foreach (var memo in part.Recent.Span) steps.Add(memo);
        return [.. steps.TakeLast(Limits.JourneyStepsMax).Select(m => $"{m.At} {Text(part.NameText(m.Name))} {Text(part.PageText(m.Page))}")];
    }

    private static void Sorted<T>(StringBuilder text, ReadOnlySpan<T> items, Func<T, string> line)
    {
        var lines = new List<string>();
        foreach (var item in items) lines.Add(line(item));
        lines.Sort(StringComparer.Ordinal);
        foreach (var one in lines) text.Append(Line($"{one}"));
    }

    private static string Source(History part, short source)
    {
        if (source < 0) return "Direct";
        var s = part.Sources[source];
        return $"{Text(part[s.Channel])}/{Text(part[s.Source])}/{Text(part[s.Medium])}/{Text(part[s.Campaign])}/{Text(part[s.ClickId])}";
    }

    private static string Page(History part, short page) => Text(part.PageText(page));

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture) + "\n";
}
