namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>Plants journeys from one seed: several browsers, forms, stages, orders and deals with refunds, CRM words that come days late.</summary>
/// <param name="late">True: views arrive up to two days late and in any order.</param>
internal sealed class Planter(int seed, long from, int days, bool late, bool merges = false)
{
    public const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;
    private static readonly string[] Pages = ["/", "/tents", "/tents/alp", "/stoves", "/pricing", "/about", "/blog/1", "/blog/2", "/cart", "/thanks", "/100%_pure"];
    private static readonly string[] Devices = ["desktop", "mobile", "tablet"], Countries = ["DE", "UA", ""];

    private readonly Random _random = new(seed);

    public List<PlantedPerson> People(int count) => [.. Enumerable.Range(0, count).Select(Person)];

    private PlantedPerson Person(int number)
    {
        var name = $"p{number}";
        var sessions = new List<PlantedSession>();
        var isLead = _random.Next(3) == 0;
        var browsers = _random.Next(10) < 7 ? 1 : _random.Next(2, 4);
        for (var b = 0; b < browsers; b++) sessions.AddRange(Browser($"{name}b{b}", isLead && _random.Next(4) > 0));
        var named = sessions.Where(s => s.Form is not null).Select(s => s.Form!.Value).ToList();
        // Somebody whom only the CRM knows: nothing explains what they buy.
        if (isLead && named.Count == 0) named.Add(Told(Moment()));
        var sales = new List<PlantedSale>();
        var stages = new List<PlantedStage>();
        if (named.Count > 0) Sold(name, named.Min(n => n.At), sales, stages);
        else if (_random.Next(12) == 0) sales.Add(Anonymous(name, sessions));
        return new PlantedPerson(name, sessions, sales, stages, named, merges ? Merges(sessions) : []);
    }

    // Two browsers at a time, after everything else; every third merge is taken back.
    private List<PlantedMerge> Merges(List<PlantedSession> sessions)
    {
        var browsers = sessions.Select(s => s.Visitor).Distinct().ToList();
        if (browsers.Count < 2 || _random.Next(2) == 0) return [];
        var at = from + (days + 20) * Day + _random.NextInt64(Day);
        return [new PlantedMerge(browsers[0], browsers[1], at, _random.Next(3) == 0 ? at + Hour : null)];
    }

    private List<PlantedSession> Browser(string visitor, bool sendsForm)
    {
        var sessions = new List<PlantedSession>();
        var (device, country) = (Devices[_random.Next(3)], Countries[_random.Next(3)]);
        var at = Moment();
        var count = _random.Next(1, 5);
        var formIn = sendsForm ? _random.Next(count) : -1;
        for (var n = 0; n < count; n++)
        {
            var views = new List<PlantedView>();
            for (var v = _random.Next(1, 7); v > 0; v--)
            {
                views.Add(new PlantedView(at, Pages[Math.Min(_random.Next(Pages.Length), _random.Next(Pages.Length))], at + Delay()));
                at += 1 + _random.NextInt64(20 * Minute);
            }
            (long, long)? form = n == formIn ? (views[^1].At + 500, views[^1].At + 500 + Delay()) : null;
            sessions.Add(new PlantedSession(visitor, device, country, PlantedSource.All[_random.Next(PlantedSource.All.Count)], views, form));
            at = views[^1].At + 31 * Minute + _random.NextInt64(days * Day / 5);
        }
        return sessions;
    }

    private void Sold(string name, long since, List<PlantedSale> sales, List<PlantedStage> stages)
    {
        if (_random.Next(2) == 0) stages.Add(Stage("mql", since + 1 + _random.NextInt64(3 * Day)));
        if (stages.Count > 0 && _random.Next(2) == 0) stages.Add(Stage("sql", stages[^1].At + 1 + _random.NextInt64(3 * Day)));
        var at = since + 6 * Day;
        for (var n = _random.Next(3); n > 0; n--)
        {
            at += 1 + _random.NextInt64(10 * Day);
            var kind = _random.Next(3) == 0 ? "deal" : "order";
            var value = _random.NextInt64(1, 50_000) * 100;
            var (told, arrives) = Told(at);
            sales.Add(new PlantedSale(kind, $"{name}-{kind}{n}", told, arrives, value, kind == "order" && _random.Next(2) == 0 ? value / 200 * 100 : null, "", Refunds(at, value)));
        }
    }

    private PlantedSale Anonymous(string name, List<PlantedSession> sessions)
    {
        var session = sessions[_random.Next(sessions.Count)];
        var at = session.Views[^1].At + 700;
        return new PlantedSale("order", name + "-anonymous", at, at + Delay(), _random.NextInt64(1, 9_000) * 100, null, session.Visitor, []);
    }

    private List<(long, long, long)> Refunds(long at, long value)
    {
        var refunds = new List<(long, long, long)>();
        var left = value;
        for (var n = _random.Next(4) == 0 ? _random.Next(1, 3) : 0; n > 0; n--)
        {
            var part = _random.Next(3) == 0 ? left : left / 300 * 100;
            var (told, arrives) = Told(at + 1 + _random.NextInt64(20 * Day));
            if (part > 0) refunds.Add((part, told, arrives));
            left -= part;
        }
        return refunds;
    }

    private PlantedStage Stage(string stage, long at)
    {
        var (told, arrives) = Told(at);
        return new PlantedStage(stage, told, arrives);
    }

    // The CRM says most things at once, and some a week later.
    private (long At, long Arrives) Told(long at) => (at, at + (_random.Next(3) == 0 ? _random.NextInt64(7 * Day) : 0));

    private long Moment() => from + _random.NextInt64(days * Day);

    private long Delay() => late ? _random.NextInt64(2 * Day) : 0;
}
