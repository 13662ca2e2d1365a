using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>
/// The SQL of the report <c>channels</c>. Its text depends only on the shape of the question (interval, by, which filters); everything
/// that somebody wrote is a parameter.
/// </summary>
public static class ChannelsSql
{
    /// <param name="request">The question.</param>
    /// <param name="period">Its period, or the one before.</param>
    /// <param name="total">One row over all names: people count once however many channels brought them.</param>
    public static WarehouseQuery Of(ReportRequest request, ReportPeriod period, bool total, int rowsMax)
    {
        var parameters = new Dictionary<string, string>(period.Parameters) { ["site"] = request.Site.Id, ["model"] = ModelNames.Of(request.Model) };
        foreach (var (name, value) in request.Where) parameters["f_" + name] = value;
        var limits = QueryLimits.Default with { ResultRowsMax = rowsMax };
        return new WarehouseQuery(Text(request, total)) { Parameters = parameters, Limits = limits };
    }

    private static string Text(ReportRequest request, bool total)
    {
        var bucket = Bucket(request.Interval, total);
        var name = total ? "''" : Dimension(request.By);
        return People + $$"""

            SELECT bucket, name, sum(n_visitors) AS visitors, sum(n_sessions) AS sessions, sum(n_engaged_sessions) AS engaged_sessions,
                round(sum(n_leads), 4) AS leads, round(sum(n_mqls), 4) AS mqls, round(sum(n_sqls), 4) AS sqls, round(sum(n_customers), 4) AS customers,
                round(sum(n_conversions), 4) AS conversions, sum(n_revenue) AS revenue,
                if(sum(n_customers) > 0, round(sum(customer_days) / sum(n_customers), 4), NULL) AS days_to_customer
            FROM
            (
                SELECT {{bucket("at")}} AS bucket, {{name}} AS name, uniqExact(person) AS n_visitors, count() AS n_sessions, countIf(engaged = 1) AS n_engaged_sessions,
                    0. AS n_leads, 0. AS n_mqls, 0. AS n_sqls, 0. AS n_customers, 0. AS n_conversions, toDecimal128(0, 4) AS n_revenue, 0. AS customer_days
                FROM visits
                WHERE at >= {from:DateTime64(3, 'UTC')} AND at < {until:DateTime64(3, 'UTC')}{{Where(request, "visits")}}
                GROUP BY bucket, name
                UNION ALL
                SELECT {{bucket(When(request))}} AS bucket, {{name}} AS name, 0, 0, 0,
                    sumIf(share, kind = 'lead'), sumIf(share, kind = 'mql'), sumIf(share, kind = 'sql'), sumIf(share, kind = 'customer'),
                    sumIf(share, kind IN ('order', 'deal')), sumIf(toDecimal128(amount, 4), kind IN ('order', 'deal')),
                    sumIf(share * greatest(0, dateDiff('second', acquired_at, occurred_at)) / 86400, kind = 'customer')
                FROM conversions
                WHERE {{When(request)}} >= {from:DateTime64(3, 'UTC')} AND {{When(request)}} < {until:DateTime64(3, 'UTC')}{{Where(request, "conversions")}}
                GROUP BY bucket, name
            )
            GROUP BY bucket, name
            HAVING sessions > 0 OR leads != 0 OR mqls != 0 OR sqls != 0 OR customers != 0 OR conversions != 0 OR revenue != 0
            ORDER BY bucket, sessions DESC, revenue DESC, name
            """;
    }

    // Who visited, when each person was first met, and what every conversion owes to which touch.
    private const string People = """
        WITH
            links AS (SELECT visitor_id, lead_id FROM closedloop.lead_links_current WHERE site = {site:String}),
            visits AS
            (
                SELECT s.session_start AS at, s.channel AS channel, s.source AS source, s.campaign AS campaign, s.engaged AS engaged,
                    s.device_class AS device, s.country AS country,
                    multiIf(l.lead_id != '', l.lead_id, s.visitor_id != '', s.visitor_id, s.lead_id) AS person
                FROM (SELECT * FROM closedloop.sessions_current WHERE site = {site:String}) AS s
                LEFT JOIN links AS l ON s.visitor_id = l.visitor_id
            ),
            acquired AS (SELECT person, min(at) AS first_at FROM visits GROUP BY person),
            credited AS
            (
                SELECT c.conversion_kind AS kind, c.channel AS channel, c.source AS source, c.campaign AS campaign,
                    toFloat64(c.share) * c.sign / 1000000 AS share, c.amount * c.sign AS amount, c.occurred_at AS occurred_at,
                    multiIf(l.lead_id != '', l.lead_id, c.visitor_id != '' AND c.lead_id = '', c.visitor_id, c.lead_id) AS person
                FROM (SELECT * FROM closedloop.credits WHERE site = {site:String} AND model = {model:String}) AS c
                LEFT JOIN links AS l ON c.visitor_id = l.visitor_id
            ),
            conversions AS
            (
                SELECT c.*, a.first_at AS first_at, if(a.person = '', c.occurred_at, a.first_at) AS acquired_at
                FROM credited AS c LEFT JOIN acquired AS a ON c.person = a.person
            )
        """;

    private static string When(ReportRequest request) => request.ByAcquisition ? "acquired_at" : "occurred_at";

    private static Func<string, string> Bucket(string? interval, bool total) => total && interval is null || interval is null
        ? _ => "''"
        : at => interval switch
        {
            "day" => $"toString(toDate({at}, {{zone:String}}))",
            "week" => $"toString(toStartOfWeek(toTimeZone({at}, {{zone:String}}), 1))",
            _ => $"toString(toStartOfMonth(toTimeZone({at}, {{zone:String}})))",
        };

    // What no touch explains has a channel of its own and no source.
    private static string Dimension(string by) => by switch
    {
        "source" => "if(channel = '(unattributed)', channel, if(source = '', '(direct)', source))",
        "campaign" => "if(channel = '(unattributed)', channel, if(campaign = '', '(none)', campaign))",
        _ => "channel",
    };

    private static string Where(ReportRequest request, string of)
    {
        var where = "";
        foreach (var filter in request.Where.Keys)
            where += filter switch
            {
                "segment" => " AND person IN (SELECT person FROM closedloop.segment_members WHERE site = {site:String} AND segment = {f_segment:String})",
                "device" or "country" when of == "conversions" => $" AND person IN (SELECT person FROM visits WHERE {filter} = {{f_{filter}:String}})",
                _ => $" AND {filter} = {{f_{filter}:String}}",
            };
        return where;
    }
}
