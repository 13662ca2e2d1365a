using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.World;

/// <summary>What says who is one person, beside the traffic: identifiers given together, browsers merged and unmerged, refunds that name only an order.</summary>
public sealed class Meetings(Traffic traffic, int visitors, int people, long from, long span)
{
    private readonly List<(string, string)> _merged = [];
    private int _ordinal;

    private Random Random => traffic.Random;

    /// <param name="undone">Every merge is undone later on.</param>
    public IEnumerable<Sent> Some(int count, bool undone = false)
    {
        for (var i = 0; i < count; i++)
        {
            var at = from + Random.NextInt64(span);
            var what = undone ? 2 : Random.Next(6);
            if (what < 2) yield return Given(at);
            else if (what < 5 && !undone) yield return Merge(at, Random.Next(3) > 0);
            else if (undone)
            {
                var merge = Merge(at, true);
                yield return merge;
                yield return Said("visitors_unmerged", merge.Visitor, _merged[^1].Item2, at + 1 + Random.NextInt64(span));
            }
            else if (traffic.Orders.Count > 0) yield return Refund(at);
        }
    }

    /// <summary>A form that another person sends on a browser.</summary>
    public Sent Borrowed(string visitor, string person, long at) =>
        new(WithId(Hit.Of("form_submit", visitor, at).With(Field.Form, "contact").Email(person)), "form_submit", visitor, person, at, Seed());

    private Sent Given(long at)
    {
        var person = $"a{Random.Next(people)}";
        var id = $"{Random.Next(people + 1)}";
        var what = Random.Next(5);
        var hit = what switch
        {
            0 => Hit.About("identify", "e:" + person, at).With(Field.ExternalId, id),
            1 => Hit.About("contacted", "x:" + id, at).With(Field.Phone, "p" + id).With(Field.ContactChannel, "phone").With(Field.Direction, "in"),
            2 => Hit.About("purchase", "x:" + id, at).Money($"X-{traffic.Random.Next()}", Random.Next(1, 9_000) / 100m),
            3 => Hit.About("satisfaction_scored", "p:p" + id, at).With(Field.Score, (long)Random.Next(11)),
            _ => Known(Random.Next(visitors), at),
        };
        return new Sent(WithId(hit), "given", what == 4 ? "v" : "", person, at, Seed());
    }

    // One account per browser: a second one would be a second person, who is told apart in the order of arrival.
    private static Hit Known(int visitor, long at) => Hit.Of("identify", $"v{visitor}", at).With(Field.ExternalId, $"of{visitor}");

    private Sent Merge(long at, bool isMerged)
    {
        // Sometimes one that nobody has seen.
        var (one, other) = ($"v{Random.Next(visitors)}", $"v{Random.Next(visitors + 1)}");
        if (one == other) other = "unseen";
        if (!isMerged && _merged.Count > 0 && Random.Next(4) > 0) (other, one) = _merged[Random.Next(_merged.Count)];
        if (isMerged) _merged.Add((one, other));
        return Said(isMerged ? "visitors_merged" : "visitors_unmerged", one, other, at);
    }

    private Sent Said(string name, string one, string other, long at) =>
        new(WithId(Hit.Of(name, one, at).With(Field.OtherVisitorId, other).With(Field.Reason, "said so")), name, one, other, at, Seed());

    private Sent Refund(long at)
    {
        var (person, order) = traffic.Orders[Random.Next(traffic.Orders.Count)];
        return new Sent(WithId(Hit.About("refund", "o:" + order, at).Money(order, Random.Next(1, 5_000) / 100m)), "refund", "", person, at, Seed());
    }

    private Hit WithId(Hit hit) => Random.Next(10) < 7 ? hit.With(Field.EventId, $"met {_ordinal}") : hit;

    private string Seed() => $"met {traffic.Random.Next()} {_ordinal++}";
}
