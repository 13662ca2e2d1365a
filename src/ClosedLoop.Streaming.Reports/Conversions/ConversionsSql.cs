using System.Globalization;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>
/// The SQL of the report <c>conversions</c>: each conversion as it stands now, with the last ad click of the same person before it, and with
/// what the ledger first said of its value.
/// </summary>
public static class ConversionsSql
{
    public static WarehouseQuery Of(ConversionsRequest request, ReportsOptions options)
    {
        var period = request.Scope.Period;
        var parameters = new Dictionary<string, string>(period.Parameters)
        {
            ["site"] = request.Scope.Site.Id, ["kinds"] = string.Join(',', request.Of),
            ["clicks_from"] = ReportPeriod.Text(period.FromUtc.AddDays(-ConversionsRequest.ClickDaysMax)),
            ["click_days"] = ConversionsRequest.ClickDaysMax.ToString(CultureInfo.InvariantCulture),
        };
        if (request.IsGoogle) parameters["network"] = "Google Ads";
        foreach (var (name, value) in request.Scope.Where) parameters["f_" + name] = value;
        return new WarehouseQuery(Text(request, options.ConversionsMax + 1)) { Parameters = parameters, Limits = options.Limits(options.ConversionsMax + 1) };
    }

    private static string Text(ConversionsRequest request, int limit) => $"WITH\n{SqlPieces.Links(asKnown: false)},\n{Done},\n{Clicks(request)},\n{Ledger}\n" + $$"""
        SELECT d.conversion_id, d.kind, formatDateTime(d.occurred_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS at, formatDateTime(d.occurred_at, '%Y-%m-%d %H:%i:%S', {zone:String}) AS local_at,
            d.revenue, d.currency, if(e.profit_known = 1, d.gross_profit, NULL) AS profit, d.order_id, d.deal_id, d.is_new, d.person,
            if(is_brought, c.click_id, '') AS click, if(is_brought, c.network, '') AS click_network,
            multiIf(NOT is_brought, '', k.click_kind != '', k.click_kind, c.network = 'Google Ads', 'gclid', '') AS click_kind,
            if(is_brought, formatDateTime(c.click_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC'), '') AS clicked_at,
            if(is_brought, c.channel, '') AS click_channel, if(is_brought, c.source, '') AS click_source, if(is_brought, c.medium, '') AS click_medium, if(is_brought, c.campaign, '') AS click_campaign,
            e.first_revenue, if(toUnixTimestamp64Milli(e.corrected_at) = 0, '', formatDateTime(e.corrected_at, '%Y-%m-%d %H:%i:%S', {zone:String})) AS corrected,
            c.click_id != '' AND c.click_at >= d.occurred_at - INTERVAL {click_days:UInt16} DAY AS is_brought
        FROM done AS d
        ASOF LEFT JOIN clicks AS c ON d.person = c.person AND d.occurred_at >= c.click_at
        LEFT ANY JOIN ledger AS e ON d.conversion_id = e.conversion_id
        LEFT ANY JOIN kinds_of_click AS k ON c.click_id = k.mkt_clickid
        WHERE 1{{Conditions(request)}}
        ORDER BY d.occurred_at, d.conversion_id
        LIMIT {{limit.ToString(CultureInfo.InvariantCulture)}}
        """;

    // Conversions as they stand, with their person.
    private static string Done => $$"""
        done AS
        (
            SELECT c.*, multiIf(l.lead_id != '', l.lead_id, c.lead_id != '', c.lead_id, c.visitor_id) AS person
            FROM
            (
                SELECT conversion_id, kind, occurred_at, revenue, gross_profit, currency, order_id, deal_id, is_new, visitor_id, lead_id
                FROM closedloop.conversions_current
                WHERE site = {site:String} AND has(splitByChar(',', {kinds:String}), kind) AND {{SqlPieces.Within("occurred_at")}}
            ) AS c
            LEFT ANY JOIN links AS l ON c.visitor_id = l.visitor_id
        )
        """;

    // Touches that an ad's click began.
    private static string Clicks(ConversionsRequest request) => $$"""
        clicks AS
        (
            SELECT t.*, multiIf(l.lead_id != '', l.lead_id, t.visitor_id != '', t.visitor_id, t.lead_id) AS person
            FROM
            (
                SELECT occurred_at AS click_at, click_id, network, channel, source, medium, campaign, visitor_id, lead_id
                FROM closedloop.touches FINAL
                WHERE site = {site:String} AND deleted = 0 AND click_id != '' AND occurred_at >= {clicks_from:DateTime64(3, 'UTC')}
                    AND occurred_at < {until:DateTime64(3, 'UTC')}{{(request.IsGoogle ? " AND network = {network:String}" : "")}}
            ) AS t
            LEFT ANY JOIN links AS l ON t.visitor_id = l.visitor_id
        )
        """;

    // By which parameter Google's click came; and what the ledger said when it first knew.
    private static string Ledger => $$"""
        kinds_of_click AS
        (
            SELECT mkt_clickid, any(multiIf(extractURLParameter(page_url, 'gbraid') = mkt_clickid, 'gbraid', extractURLParameter(page_url, 'wbraid') = mkt_clickid, 'wbraid', '')) AS click_kind
            FROM closedloop.events
            WHERE site = {site:String} AND mkt_network = 'Google Ads' AND mkt_clickid != '' AND derived_tstamp >= {clicks_from:DateTime64(3, 'UTC')} AND derived_tstamp < {until:DateTime64(3, 'UTC')}
            GROUP BY mkt_clickid
        ),
        ledger AS
        (
            SELECT conversion_id, sumIf(posted, told_at = first_told) AS first_revenue, maxIf(told_at, told_at > first_told) AS corrected_at, max(known) AS profit_known
            FROM
            (
                SELECT conversion_id, amount * sign AS posted, greatest(posted_at, occurred_at) AS told_at, profit_known AS known,
                    min(told_at) OVER (PARTITION BY conversion_id) AS first_told
                FROM closedloop.credits
                WHERE site = {site:String} AND model = 'first_touch' AND {{SqlPieces.Within("occurred_at")}}
            )
            GROUP BY conversion_id
        )
        """;

    private static string Conditions(ConversionsRequest request)
    {
        var where = request.Scope.Where;
        var text = "";
        // A sale that was given back whole is none for an ad network; a stage has no value at all.
        if (request.Format == ConversionsRequest.GoogleAds) text += " AND is_brought AND (d.kind NOT IN ('order', 'deal') OR d.revenue > 0)";
        if (request.Format == ConversionsRequest.GoogleAdjustments) text += " AND is_brought AND e.first_revenue > 0 AND e.first_revenue != d.revenue";
        foreach (var filter in where.Keys.Where(f => f is "channel" or "source" or "campaign")) text += $" AND click_{filter} = {{f_{filter}:String}}";
        if (where.ContainsKey("segment")) text += " AND d." + SqlPieces.InSegment;
        var ofSession = string.Concat(where.Keys.Where(f => f is "device" or "country").Select(f => $" AND {(f == "device" ? "device_class" : f)} = {{f_{f}:String}}"));
        if (ofSession.Length == 0) return text;
        return text + $$"""
             AND d.person IN (SELECT if(l.lead_id != '', l.lead_id, s.actor)
            FROM (SELECT if(visitor_id = '', lead_id, visitor_id) AS actor FROM closedloop.sessions FINAL WHERE site = {site:String} AND deleted = 0{{ofSession}}) AS s
            LEFT ANY JOIN links AS l ON s.actor = l.visitor_id)
            """;
    }
}
