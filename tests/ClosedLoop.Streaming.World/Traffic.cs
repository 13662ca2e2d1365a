using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.World;

/// <summary>A generated hit. <see cref="At"/> is when it happened; the collector's time is given when it is sent.</summary>
/// <param name="Visitor">The browser; empty for what is said of a person.</param>
/// <param name="Person">The person's e-mail hash.</param>
public sealed record Sent(Hit Hit, string Name, string Visitor, string Person, long At, string Seed)
{
    public byte[] Record(long received) => Hit.Received(received).Record(Seed);

    /// <summary>The same event sent again: a new hit of the door with the sender's id of the old one.</summary>
    public Sent Again(string seed) => this with { Seed = seed };
}

/// <summary>
/// Random but plausible traffic from one seed: browsers with visits, gaps around the half hour, all kinds of sources, forms, orders, refunds,
/// deals, scores, contacts, traits, bots. Every browser belongs to one person for good; several may belong to the same.
/// </summary>
public sealed class Traffic(int seed, int visitors, int people, long from, long span)
{
    private static readonly long[] Gaps = [0, 1, 5_000, 60_000, 29 * 60_000, 1_800_000, 1_800_001, 3_600_000, 5 * 3_600_000, 26 * 3_600_000];
    private readonly Random _random = new(seed);
    private readonly long[] _clocks = new long[visitors];
    private readonly List<(string Person, string Order)> _orders = [];
    private readonly List<(string Person, string Deal)> _deals = [];
    private int _ordinal;

    public Random Random => _random;

    /// <summary>Orders that somebody bought with a key.</summary>
    public IReadOnlyList<(string Person, string Order)> Orders => _orders;

    public Sent Next()
    {
        var visitor = _random.Next(visitors);
        ref var clock = ref _clocks[visitor];
        clock += Gaps[_random.Next(Gaps.Length)];
        if (clock < from || clock > from + span) clock = from + _random.NextInt64(span);
        var person = $"a{visitor % people}";
        var what = _random.Next(100);
        var seedText = $"hit {seed} {_ordinal++}";
        if (what < 80)
        {
            var (name, hit) = ByBrowser(what, $"v{visitor}", person, clock);
            return new Sent(WithId(hit), name, $"v{visitor}", person, clock, seedText);
        }
        var (said, about) = AboutPerson(what, person, clock);
        return new Sent(WithId(about), said, "", person, clock, seedText);
    }

    private Hit WithId(Hit hit) => _random.Next(10) < 7 ? hit.With(Field.EventId, $"id {_ordinal}") : hit;

    private (string, Hit) ByBrowser(int what, string visitor, string person, long at) => what switch
    {
        < 50 => ("page_view", Sources.Choose(_random, Hit.Page(visitor, at, $"/{(char)('a' + _random.Next(6))}"))),
        < 55 => ("click", Hit.Of("click", visitor, at).Campaign("news", "email", $"k{_random.Next(3)}").With(Field.LinkSlug, "slug").With(Field.Referrer, "https://shop.example/")),
        < 60 => ("form_submit", Hit.Of("form_submit", visitor, at).With(Field.Form, _random.Next(2) == 0 ? "contact" : "newsletter").Email(person)),
        < 65 => ("add_to_cart", Hit.Of("add_to_cart", visitor, at).With(Field.Categories, _random.Next(2) == 0 ? "tents" : "stoves\u001ftents")),
        < 70 => ("purchase", Purchase(Hit.Of("purchase", visitor, at), person)),
        < 72 => ("purchase", Hit.Of("purchase", visitor, at).With(Field.OrderId, $"U-{_ordinal}").With(Field.Revenue, 10 * Money.Unit)),
        < 75 => ("downloaded", Hit.Of("downloaded", visitor, at).With(Field.PageUrl, "https://shop.example/files")),
        < 77 => ("identify", Hit.Of("identify", visitor, at).With(Field.Traits, $$"""{"city":"c{{_random.Next(3)}}"}""")),
        _ => ("page_view", Hit.Page(visitor, at).With(Field.BotClass, "crawler")),
    };

    private (string, Hit) AboutPerson(int what, string person, long at)
    {
        var identifier = "e:" + person;
        return what switch
        {
            < 84 => ("purchase", Purchase(Hit.About("purchase", identifier, at), person)),
            < 87 => ("refund", Refund(identifier, person, at)),
            < 90 => ("stage_changed", Stage(Hit.About("stage_changed", identifier, at))),
            < 93 => ("contacted", Hit.About("contacted", identifier, at).With(Field.ContactChannel, "phone").With(Field.Direction, "out")),
            < 96 => ("satisfaction_scored", Hit.About("satisfaction_scored", identifier, at).With(Field.Score, (long)_random.Next(11))),
            _ => Deal(identifier, at),
        };
    }

    private Hit Purchase(Hit hit, string person)
    {
        var order = $"O-{_ordinal}";
        _orders.Add((person, order));
        return hit.Money(order, _random.Next(1, 20_000) / 100m);
    }

    private Hit Refund(string identifier, string person, long at)
    {
        var own = _orders.Where(o => o.Person == person).ToList();
        var order = own.Count == 0 ? "O-none" : own[_random.Next(own.Count)].Order;
        return Hit.About("refund", identifier, at).Money(order, _random.Next(1, 5_000) / 100m);
    }

    private Hit Stage(Hit hit) => _random.Next(4) switch
    {
        0 => hit.With(Field.Stage, "mql"),
        1 => hit.With(Field.Stage, "sql"),
        2 => hit.With(Field.Stage, "customer"),
        _ => hit.With(Field.Stage, "lead").With(Field.Reason, "not now"),
    };

    // Each deal is opened and ended once: a second end would be a repetition.
    private (string, Hit) Deal(string identifier, long at)
    {
        var open = _deals.FindIndex(d => d.Person == identifier);
        var name = open < 0 || _random.Next(3) == 0 ? "deal_opened" : _random.Next(2) == 0 ? "deal_won" : "deal_lost";
        if (name == "deal_opened") _deals.Add((identifier, $"D-{_ordinal}"));
        var deal = name == "deal_opened" ? _deals[^1].Deal : _deals[open].Deal;
        if (name != "deal_opened") _deals.RemoveAt(open);
        var hit = Hit.About(name, identifier, at).Flag(EventFlags.Verified).With(Field.DealId, deal);
        return (name, name == "deal_won" ? hit.With(Field.Revenue, _random.Next(1, 100) * Money.Unit) : hit.With(Field.Amount, 5 * Money.Unit));
    }
}
