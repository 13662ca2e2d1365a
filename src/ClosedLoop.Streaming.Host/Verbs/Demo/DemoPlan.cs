using System.Globalization;

namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>
/// The whole traffic of a demo, decided before anything is sent: from seed, number of visitors, days and "now" alone. Nothing is planned
/// near the moments at which a rule of the default segments would change its answer while the demo runs.
/// </summary>
internal sealed class DemoPlan
{
    public const int VisitorsMax = 100_000, DaysMax = 1_000;
    private const int LiveMax = 20;
    private static readonly string[] Pages = ["/", "/tents", "/tents/alpine", "/stoves", "/backpacks", "/pricing", "/blog/first-trip", "/contact"];
    private readonly DemoDice _dice;
    private readonly DateTimeOffset _now;
    private readonly int _days;
    private readonly string _seed;

    public DemoPlan(int visitors, int days, ulong seed, DateTimeOffset now)
    {
        _dice = new DemoDice(seed);
        _seed = seed.ToString(CultureInfo.InvariantCulture);
        _days = days;
        // Whole seconds: what is written as text comes back the same.
        _now = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var live = Math.Min(LiveMax, visitors / 50);
        for (var i = 0; i < visitors - live; i++) People.Add(Plan(new DemoPerson(i, _seed)));
        for (var i = visitors - live; i < visitors; i++) People.Add(Live(new DemoPerson(i, _seed) { IsLive = true }));
        foreach (var channel in DemoChannel.All.Where(c => c.Medium is not null))
            for (var day = 0; day < days; day++)
                Costs.Add(new DemoCost(channel, DateOnly.FromDateTime(_now.UtcDateTime).AddDays(-day), _dice.Between(100, 4_000) / 100m, _dice.Between(200, 5_000), _dice.Between(1, 200)));
    }

    /// <summary>Names the campaigns of this plan.</summary>
    public string Seed => _seed;

    public List<DemoCost> Costs { get; } = [];

    public List<DemoPerson> People { get; } = [];

    private DemoPerson Plan(DemoPerson person)
    {
        var first = DemoChannel.First(_dice);
        var count = _dice.Percent(55) ? 1 : _dice.Between(2, 5);
        var at = Moment(_dice.Int(_days * 24 * 60));
        person.IsLate = _dice.Percent(10);
        var becomesLead = _dice.Percent(first.LeadPercent);
        var leadVisit = becomesLead ? _dice.Int(count) : -1;
        var twoBrowsers = becomesLead && leadVisit < count - 1 && _dice.Percent(15);
        for (var i = 0; i < count && at < _now.AddHours(-2); i++)
        {
            var onPhone = twoBrowsers && i == count - 1 && person.IsLead;
            var hasForm = i == leadVisit || onPhone;
            var visit = Visit(onPhone ? person.SecondBrowser : person.FirstBrowser, i == 0 ? first : DemoChannel.Later(_dice), at, hasForm);
            person.Visits.Add(visit);
            if (i == leadVisit) person.LeadAt = visit.FormAt;
            at = Away(visit.Views[^1].At.AddMinutes(_dice.Between(180, 60 * 24 * 6)));
        }
        if (person.IsLead) Sell(person, first);
        return person;
    }

    // Somebody of this very minute, who comes by the pixel and the form with a cookie of their own.
    private DemoPerson Live(DemoPerson person)
    {
        var mail = DemoChannel.All.First(c => c.Name == "Email");
        person.Visits.Add(new DemoVisit("", mail, _now, [(_now, "/"), (_now, "/tents"), (_now, "/pricing")], _now));
        person.LeadAt = _now;
        return person;
    }

    private DemoVisit Visit(string browser, DemoChannel channel, DateTimeOffset start, bool hasForm)
    {
        var views = new List<(DateTimeOffset, string)> { (start, Pages[_dice.Int(Pages.Length)]) };
        for (var more = _dice.Percent(35) ? 0 : _dice.Between(1, 5); more > 0; more--)
            views.Add((views[^1].Item1.AddSeconds(_dice.Between(15, 240)), Pages[_dice.Int(Pages.Length)]));
        return new DemoVisit(browser, channel, start, views, hasForm ? views[^1].Item1.AddSeconds(_dice.Between(20, 120)) : null);
    }

    private void Sell(DemoPerson person, DemoChannel first)
    {
        var from = person.LeadAt!.Value;
        person.Form = _dice.Percent(60) ? "contact" : "newsletter";
        if (_dice.Percent(30)) person.MqlAt = After(from, 60, 60 * 24 * 3);
        if (_dice.Percent(12)) person.DealOpenedAt = After(from, 120, 60 * 24 * 4);
        if (person.DealOpenedAt is { } opened) Decide(person, opened);
        if (!_dice.Percent(first.BuyPercent)) return;
        var orders = _dice.Percent(60) ? 1 : _dice.Between(2, 5);
        DateTimeOffset? at = from;
        for (var i = 0; i < orders; i++)
        {
            at = After(at.Value, 45, 60 * 24 * 7);
            if (at is null) break;
            var revenue = _dice.Between(first.OrderLow * 100, first.OrderHigh * 100) / 100m;
            var refund = _dice.Percent(8) ? Math.Round(revenue * _dice.Between(10, 60) / 100m, 2) : 0m;
            person.Orders.Add(new DemoOrder($"D{_seed}-{person.Number}-{i}", at.Value, revenue, refund));
        }
        if (person.Orders.Count == 0 || !_dice.Percent(40)) return;
        person.Score = _dice.Between(0, 10);
        person.ScoreAt = After(person.Orders[^1].At, 60, 60 * 24);
        if (person.ScoreAt is null) person.Score = -1;
    }

    // Of ten deals four are lost and three won, some of these with money given back; the rest is open.
    private void Decide(DemoPerson person, DateTimeOffset opened)
    {
        var (fate, at) = (_dice.Int(10), After(opened, 60, 60 * 24 * 3));
        if (fate < 4) person.DealLostAt = at;
        if (fate is < 4 or >= 7) return;
        person.DealWonAt = at;
        person.DealRevenue = at is null ? 0 : _dice.Between(20_000, 500_000) / 100m;
        person.DealRefund = _dice.Percent(20) ? Math.Round(person.DealRevenue * _dice.Between(5, 50) / 100m, 2) : 0m;
    }

    // Null when it would not have happened yet.
    private DateTimeOffset? After(DateTimeOffset from, int minutesLow, int minutesHigh)
    {
        var at = Away(from.AddMinutes(_dice.Between(minutesLow, minutesHigh)));
        return at < _now.AddHours(-1) ? at : null;
    }

    private DateTimeOffset Moment(int minutesAgo) => Away(_now.AddHours(-3).AddMinutes(-minutesAgo));

    // The default rules look 30, 60 and 365 days back; a demo must not begin on one side of that and end on the other.
    private DateTimeOffset Away(DateTimeOffset at)
    {
        foreach (var edge in (ReadOnlySpan<int>)[30, 60, 365])
            if (Math.Abs((_now.AddDays(-edge) - at).TotalHours) < 6) return _now.AddDays(-edge).AddHours(6);
        return at;
    }
}
