using System.Collections.Frozen;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>A question as the report answers it, and as somebody would who knows the tables and has no other question to answer.</summary>
internal sealed record ReportsQuestion(string Name, Func<Task> Ours, Func<Task> ByHand);

/// <summary>The questions of B7b with their hand-written opponents.</summary>
internal static class ReportsQuestions
{
    private const string Period = "site=demo&timezone=UTC&from=" + ReportsTraffic.From + "&to=" + ReportsTraffic.To;
    private static readonly ReportsOptions Options = new() { QueryTimeMax = TimeSpan.FromMinutes(5) };

    public static IEnumerable<ReportsQuestion> All(IWarehouse warehouse)
    {
        yield return Channels(warehouse, "channels", "model=last_non_direct", ByHandChannels("channel", "last_non_direct"));
        yield return Channels(warehouse, "channels by campaign, linear", "model=linear&by=campaign", ByHandChannels("campaign", "linear"));
        yield return Paths(warehouse, "paths of pages", "", ByHandPages("nodes"));
        yield return Paths(warehouse, "paths of pages from a start", "start=/page/3*", ByHandPages("arraySlice(nodes, arrayFirstIndex(n -> startsWith(n, '/page/3'), nodes))", "arrayExists(n -> startsWith(n, '/page/3'), nodes)"));
        yield return Paths(warehouse, "paths of channels", "of=channel", ByHandChannelPaths);
    }

    private static ReportsQuestion Channels(IWarehouse warehouse, string name, string query, string byHand) => new(name,
        async () => (await new ChannelsReport(warehouse, Options, TimeProvider.System).AnswerAsync(ChannelsRequest.Read(Query(query), Site(), Now, Options), default)).Json(),
        () => AskAsync(warehouse, byHand));

    private static ReportsQuestion Paths(IWarehouse warehouse, string name, string query, string byHand) => new(name,
        async () => (await new PathsReport(warehouse, Options, TimeProvider.System).AnswerAsync(PathsRequest.Read(Query(query), Site(), Now, Options), default)).Json(),
        () => AskAsync(warehouse, byHand));

    private static Task AskAsync(IWarehouse warehouse, string sql) =>
        warehouse.RowsAsync(new WarehouseQuery(sql) { Limits = QueryLimits.Default with { ExecutionTimeMax = TimeSpan.FromMinutes(5), MemoryBytesMax = 1L << 30 } }, default);

    private static DateTimeOffset Now => new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery($"{Period}&{query}"));

    private static SettingsSnapshot Site()
    {
        var site = new Site { Id = "demo" };
        return new SettingsSnapshot
        {
            Sites = new Dictionary<string, Site> { ["demo"] = site }.ToFrozenDictionary(StringComparer.Ordinal),
            SitesByName = new Dictionary<string, Site> { ["demo"] = site }.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    private const string Links = "SELECT visitor_id, argMax(lead_id, version) AS lead FROM closedloop.lead_links WHERE site = 'demo' GROUP BY visitor_id";

    private static string Within(string at) => $"{at} >= '2026-10-01' AND {at} < '2026-11-15'";

    private static string ByHandChannels(string by, string model) => $"""
        SELECT * FROM
        (
            SELECT {by} AS name, uniqExact(if(l.lead != '', l.lead, s.visitor_id)) AS visitors, count() AS sessions, countIf(engaged = 1) AS engaged, countIf(refr_medium = '') AS lost
            FROM closedloop.sessions AS s FINAL LEFT ANY JOIN ({Links}) AS l ON s.visitor_id = l.visitor_id
            WHERE site = 'demo' AND deleted = 0 AND {Within("session_start")}
            GROUP BY name WITH TOTALS
        ) AS v
        FULL JOIN
        (
            SELECT {by} AS name, sumIf(share * sign, conversion_kind = 'lead') AS leads, sumIf(share * sign, conversion_kind = 'mql') AS mqls, sumIf(share * sign, conversion_kind = 'sql') AS sqls,
                sumIf(share * sign, conversion_kind = 'customer') AS customers, sumIf(share * sign, conversion_kind IN ('order', 'deal')) AS conversions,
                sumIf(amount * sign, conversion_kind IN ('order', 'deal')) AS revenue, sumIf(gross_profit * sign, conversion_kind IN ('order', 'deal')) AS profit,
                sumIf(share * sign * dateDiff('second', f.first_at, occurred_at) / 1e6, conversion_kind = 'customer') AS lag
            FROM closedloop.credits AS c
            LEFT ANY JOIN (SELECT conversion_id, argMax(touch_at, posted_at) AS first_at FROM closedloop.credits
                WHERE site = 'demo' AND model = 'first_touch' AND conversion_kind = 'customer' AND {Within("occurred_at")} GROUP BY conversion_id) AS f ON c.conversion_id = f.conversion_id
            WHERE site = 'demo' AND model = '{model}' AND {Within("occurred_at")}
            GROUP BY name WITH TOTALS
        ) AS c ON v.name = c.name
        FULL JOIN (SELECT {by} AS name, sum(amount) AS cost, sum(impressions) AS impressions, sum(clicks) AS clicks FROM closedloop.costs FINAL WHERE site = 'demo' AND {Within("date")} GROUP BY name) AS k ON v.name = k.name
        ORDER BY sessions DESC
        """;

    private static string ByHandPages(string cut, string where = "1") => Flows(cut, where, $"""
        SELECT if(l.lead != '', l.lead, e.visitor_id) AS person, arrayCompact(arrayMap(x -> x.3, arraySort(groupArray((derived_tstamp, log_offset, page_urlpath))))) AS nodes
        FROM closedloop.events AS e LEFT ANY JOIN ({Links}) AS l ON e.visitor_id = l.visitor_id
        WHERE site = 'demo' AND event = 'page_view' AND bot_class = '' AND e.visitor_id != '' AND {Within("derived_tstamp")}
        GROUP BY person
        """);

    private static string ByHandChannelPaths => Flows("nodes", "1", $"""
        SELECT if(l.lead != '', l.lead, s.visitor_id) AS person, arrayCompact(arrayMap(x -> x.2, arraySort(groupArray((session_start, toString(channel)))))) AS nodes
        FROM closedloop.sessions AS s FINAL LEFT ANY JOIN ({Links}) AS l ON s.visitor_id = l.visitor_id
        WHERE site = 'demo' AND deleted = 0 AND {Within("session_start")}
        GROUP BY person
        """);

    private static string Flows(string cut, string where, string walks) => $"""
        SELECT step, if(a_rank > 10, '(other)', a) AS here, multiIf(b = '', '(exit)', b_rank > 10, '(other)', b) AS next, sum(n) AS visitors
        FROM
        (
            SELECT step, a, b, n, dense_rank() OVER (PARTITION BY step ORDER BY a_total DESC, a) AS a_rank, dense_rank() OVER (PARTITION BY step ORDER BY b = '', b_total DESC, b) AS b_rank
            FROM
            (
                SELECT *, sum(n) OVER (PARTITION BY step, a) AS a_total, sum(n) OVER (PARTITION BY step, b) AS b_total
                FROM
                (
                    SELECT step, path[step] AS a, path[step + 1] AS b, count() AS n
                    FROM (SELECT arraySlice({cut}, 1, 6) AS path FROM ({walks}) WHERE {where})
                    ARRAY JOIN range(1, least(length(path), 5) + 1) AS step
                    GROUP BY step, a, b
                )
            )
        )
        GROUP BY step, here, next
        ORDER BY step, visitors DESC
        """;
}
