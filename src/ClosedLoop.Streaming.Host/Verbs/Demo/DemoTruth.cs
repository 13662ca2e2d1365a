using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>Figures of one channel under one model.</summary>
internal sealed class ChannelTruth
{
    public HashSet<int> People { get; } = [];
    public int Sessions { get; set; }
    public int EngagedSessions { get; set; }
    public int Leads { get; set; }
    public int Customers { get; set; }
    public int Conversions { get; set; }
    public decimal Revenue { get; set; }
    public decimal Cost { get; set; }
    public long Impressions { get; set; }
    public long Clicks { get; set; }
}

/// <summary>What reports must say about a plan, computed from the plan alone by the plainest means.</summary>
internal sealed class DemoTruth
{
    public static readonly string[] Models = ["first_touch", "last_touch", "last_non_direct"];
    private static readonly string[] Segments = ["cold", "warm", "in_progress", "active", "regular", "at_risk", "lapsed"];

    /// <summary>Model → channel → figures.</summary>
    public Dictionary<string, SortedDictionary<string, ChannelTruth>> Channels { get; } = Models.ToDictionary(m => m, _ => new SortedDictionary<string, ChannelTruth>(StringComparer.Ordinal));

    public Dictionary<string, int> Members { get; } = Segments.ToDictionary(s => s, _ => 0);

    public DemoTruth(DemoPlan plan, DateTimeOffset now)
    {
        foreach (var cost in plan.Costs)
            foreach (var model in Models)
            {
                var truth = Of(model, cost.Channel.Name);
                (truth.Cost, truth.Impressions, truth.Clicks) = (truth.Cost + cost.Amount, truth.Impressions + cost.Impressions, truth.Clicks + cost.Clicks);
            }
        foreach (var person in plan.People.Where(p => p.Visits.Count > 0))
        {
            foreach (var model in Models) Count(person, model);
            foreach (var segment in SegmentsOf(person, now)) Members[segment]++;
        }
    }

    private void Count(DemoPerson person, string model)
    {
        foreach (var visit in person.Visits)
        {
            var truth = Of(model, visit.Channel.Name);
            truth.People.Add(person.Number);
            truth.Sessions++;
            if (visit.Views.Count >= 2 || visit.FormAt is not null) truth.EngagedSessions++;
        }
        if (person.LeadAt is { } lead) Of(model, Credited(person, model, lead)).Leads++;
        if (person.CustomerAt is { } customer) Of(model, Credited(person, model, customer)).Customers++;
        if (person.DealWonAt is { } won) Sell(Of(model, Credited(person, model, won)), person.DealRevenue - person.DealRefund);
        foreach (var order in person.Orders)
            Sell(Of(model, Credited(person, model, order.At)), order.Revenue - order.Refund);
    }

    private static void Sell(ChannelTruth truth, decimal revenue)
    {
        truth.Conversions++;
        truth.Revenue += revenue;
    }

    /// <summary>All money, whichever model shares it out.</summary>
    public decimal Revenue => Channels[Models[0]].Values.Sum(c => c.Revenue);

    private static string Credited(DemoPerson person, string model, DateTimeOffset at)
    {
        var before = person.Visits.Where(v => v.Start <= at).OrderBy(v => v.Start).ToList();
        var within = before.Where(v => v.Start >= at.AddDays(-90)).ToList();
        var visit = model switch
        {
            "first_touch" => before.FirstOrDefault(),
            "last_touch" => within.LastOrDefault(),
            _ => within.LastOrDefault(v => !v.Channel.IsDirect) ?? within.LastOrDefault(),
        };
        return visit?.Channel.Name ?? "(unattributed)";
    }

    private static IEnumerable<string> SegmentsOf(DemoPerson person, DateTimeOffset now)
    {
        var days = person.Orders.Select(o => o.At.UtcDateTime.Date).Distinct().Count();
        var sinceOrder = person.Orders.Count == 0 ? double.PositiveInfinity : (now - person.Orders.Max(o => o.At)).TotalDays;
        var isUnhappy = person.Score is >= 0 and <= 6;
        var dealOpen = person.DealOpenedAt is not null && person.DealLostAt is null && person.DealWonAt is null;
        // An order or a won deal makes a customer, and a lost deal a lost lead, until sales says otherwise: neither is a qualified lead any more.
        var isQualified = person.MqlAt is { } mql && person.CustomerAt is null && !(person.DealLostAt > mql);
        var wroteLately = person.IsLead && person.Form == "contact" && (now - person.Visits.Max(v => v.FormAt)!.Value).TotalDays <= 30;
        if (days >= 3 && sinceOrder <= 60) yield return "regular";
        else if (person.Orders.Count >= 1 && sinceOrder <= 365 && !isUnhappy) yield return "active";
        else if (isQualified || dealOpen || wroteLately || isUnhappy) yield return "in_progress";
        else if ((person.PageViews >= 3 || person.Visits.Count >= 2) && (now - person.LastVisit).TotalDays <= 30) yield return "warm";
        else yield return "cold";
        if (person.Orders.Count >= 1 && isUnhappy) yield return "at_risk";
        if (person.Orders.Count >= 1 && sinceOrder > 365) yield return "lapsed";
    }

    private ChannelTruth Of(string model, string channel) =>
        Channels[model].TryGetValue(channel, out var truth) ? truth : Channels[model][channel] = new ChannelTruth();

    public JsonObject Json(DemoPlan plan, DemoTraffic traffic)
    {
        var channels = new JsonObject();
        foreach (var (model, byChannel) in Channels)
        {
            var rows = new JsonObject();
            foreach (var (channel, truth) in byChannel)
                rows[channel] = new JsonObject
                {
                    ["visitors"] = truth.People.Count, ["sessions"] = truth.Sessions, ["engaged_sessions"] = truth.EngagedSessions, ["leads"] = truth.Leads,
                    ["customers"] = truth.Customers, ["conversions"] = truth.Conversions, ["revenue"] = truth.Revenue,
                    ["cost"] = truth.Cost, ["impressions"] = truth.Impressions, ["clicks"] = truth.Clicks,
                };
            channels[model] = rows;
        }
        return new JsonObject
        {
            ["channels"] = channels,
            ["segments"] = new JsonObject(Members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)JsonValue.Create(m.Value)))),
            ["people"] = plan.People.Count(p => p.Visits.Count > 0),
            ["hits"] = new JsonObject { ["events"] = traffic.Events.Count, ["repeated"] = traffic.Repeated, ["refused"] = traffic.Wrong, ["bots"] = traffic.Bots },
        };
    }
}
