using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>The events of a plan as they are sent: in order of time, except that the late people's are shuffled within three days.</summary>
internal sealed class DemoTraffic
{
    private const string Site = "https://shop.example";
    private readonly List<(DateTimeOffset SendAt, JsonObject Event)> _events = [];
    private readonly string _site, _seed;

    public DemoTraffic(DemoPlan plan, string site, ulong seed)
    {
        (_site, _seed) = (site, plan.Seed);
        var dice = new DemoDice(seed ^ 0x5EED);
        foreach (var person in plan.People.Where(p => !p.IsLive)) Add(person, dice);
        var again = _events.Where(_ => dice.Int(100) == 0).Select(e => (e.SendAt.AddMinutes(1), (JsonObject)e.Event.DeepClone())).ToList();
        Repeated = again.Count;
        _events.AddRange(again);
        Events = [.. _events.OrderBy(e => e.SendAt).Select(e => e.Event)];
        AddWrong(plan);
    }

    public List<JsonObject> Events { get; }
    /// <summary>Sent a second time with the same id.</summary>
    public int Repeated { get; }
    /// <summary>Sent with a mistake; must be refused.</summary>
    public int Wrong { get; private set; }
    /// <summary>Hits of crawlers, sent to the pixel.</summary>
    public int Bots => 25;

    private void Add(DemoPerson person, DemoDice dice)
    {
        var part = 0;
        JsonObject Event(string name, DateTimeOffset at, string? browser = null, bool lead = false)
        {
            var e = new JsonObject
            {
                ["event"] = name, ["event_id"] = $"{person.FirstBrowser}-{part++}", ["site"] = _site,
                ["occurred_at"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            };
            if (browser is not null) e["visitor_id"] = browser;
            if (lead) e["lead"] = new JsonObject { ["email"] = person.Email };
            _events.Add((person.IsLate ? at.AddMinutes(dice.Int(60 * 70)) : at, e));
            return e;
        }
        JsonObject Make(string name, DateTimeOffset at, string? browser, bool lead) => Event(name, at, browser, lead);
        foreach (var visit in person.Visits) AddVisit(person, visit, Make);
        if (person.MqlAt is { } mql) Event("stage_changed", mql, lead: true)["stage"] = "mql";
        AddDeal(person, Make);
        foreach (var order in person.Orders)
        {
            Event("purchase", order.At, lead: true)["properties"] = Money("order_id", order.Id, order.Revenue);
            if (order.Refund > 0) Event("refund", order.At.AddMinutes(30), lead: true)["properties"] = Money("order_id", order.Id, order.Refund);
        }
        if (person.ScoreAt is { } scored) Event("satisfaction_scored", scored, lead: true)["score"] = person.Score;
    }

    private void AddVisit(DemoPerson person, DemoVisit visit, Func<string, DateTimeOffset, string?, bool, JsonObject> make)
    {
        var isFirst = true;
        foreach (var (at, page) in visit.Views)
        {
            var view = make("page_view", at, visit.Browser, false);
            view["url"] = Site + page;
            if (isFirst) visit.Channel.Mark(view, _seed);
            isFirst = false;
        }
        if (visit.FormAt is not { } sent) return;
        var form = make("form_submit", sent, visit.Browser, true);
        form["form"] = person.Form;
        form["url"] = Site + "/contact";
    }

    private static void AddDeal(DemoPerson person, Func<string, DateTimeOffset, string?, bool, JsonObject> make)
    {
        if (person.DealOpenedAt is not { } opened) return;
        var id = "deal-" + person.FirstBrowser;
        make("deal_opened", opened, null, true)["properties"] = new JsonObject { ["deal_id"] = id, ["deal_stage"] = "offer", ["amount"] = 500, ["currency"] = "EUR" };
        if (person.DealLostAt is { } lost) make("deal_lost", lost, null, true)["properties"] = new JsonObject { ["deal_id"] = id, ["reason"] = "price" };
        if (person.DealWonAt is not { } won) return;
        make("deal_won", won, null, true)["properties"] = Money("deal_id", id, person.DealRevenue);
        if (person.DealRefund > 0) make("refund", won.AddMinutes(20), null, true)["properties"] = Money("deal_id", id, person.DealRefund);
    }

    private static JsonObject Money(string idName, string id, decimal revenue) =>
        new() { [idName] = id, ["revenue"] = revenue, ["currency"] = "EUR" };

    private void AddWrong(DemoPlan plan)
    {
        Wrong = Math.Max(1, plan.People.Count / 200);
        for (var i = 0; i < Wrong; i++) Events.Add(new JsonObject { ["event"] = "purchase", ["site"] = _site, ["visitor_id"] = $"wrong-{i}", ["properties"] = new JsonObject { ["order_id"] = "" } });
    }
}
