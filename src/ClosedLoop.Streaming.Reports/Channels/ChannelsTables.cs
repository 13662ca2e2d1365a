namespace ClosedLoop.Streaming.Reports;

/// <summary>What the report reads, cut to the question: <c>visits</c> (sessions with their person), <c>credited</c> (the ledger), <c>spent</c> (costs).</summary>
internal static class ChannelsTables
{
    public static string Of(ChannelsRequest request)
    {
        var tables = new List<string> { SqlPieces.Links(request.AsKnownOn is not null), Visits(request) };
        if (NeedsPeople(request)) tables.Add(Devices(request));
        tables.Add(FirstTouches(request));
        tables.Add(Credited(request));
        if (ChannelsSql.KnowsCosts(request)) tables.Add(Spent(request));
        return "WITH\n" + string.Join(",\n", tables);
    }

    private static bool NeedsPeople(ChannelsRequest request) => request.Scope.Where.Keys.Any(f => f is "device" or "country");

    private static string Known(ChannelsRequest request, string at) => request.AsKnownOn is null ? "" : $" AND {at} < {{known:DateTime64(3, 'UTC')}}";

    // FINAL with a condition on the time is right here: all versions of a session have one start (Schema/views.sql).
    private static string Visits(ChannelsRequest request) => $$"""
        visits AS
        (
            SELECT s.at AS at, s.channel AS channel, s.source AS source, s.campaign AS campaign, s.engaged AS engaged, s.refr_medium AS refr_medium,
                multiIf(l.lead_id != '', l.lead_id, s.visitor_id != '', s.visitor_id, s.lead_id) AS person
            FROM
            (
                SELECT session_start AS at, channel, source, campaign, engaged, refr_medium, visitor_id, lead_id
                FROM closedloop.sessions FINAL
                WHERE site = {site:String} AND deleted = 0 AND {{SqlPieces.Within("session_start")}}{{Known(request, "session_start")}}{{Filters(request, visits: true)}}
            ) AS s
            LEFT ANY JOIN links AS l ON {{SqlPieces.Whose("s")}} = l.visitor_id
            {{(request.Scope.Where.ContainsKey("segment") ? "WHERE " + SqlPieces.InSegment : "")}}
        )
        """;

    // A conversion has no device and no country of its own: it counts for those that the person has visited with, whenever.
    private static string Devices(ChannelsRequest request) => $$"""
        devices AS
        (
            SELECT DISTINCT multiIf(l.lead_id != '', l.lead_id, s.visitor_id != '', s.visitor_id, s.lead_id) AS person
            FROM (SELECT visitor_id, lead_id FROM closedloop.sessions FINAL WHERE site = {site:String} AND deleted = 0{{OfDevice(request)}}) AS s
            LEFT ANY JOIN links AS l ON {{SqlPieces.Whose("s")}} = l.visitor_id
        )
        """;

    // The ledger itself says which touch was the first: of each conversion exactly one row stands under first_touch.
    private static string FirstTouches(ChannelsRequest request)
    {
        var which = request.ByAcquisition ? "" : $" AND conversion_kind = 'customer' AND {SqlPieces.Within("occurred_at")}";
        return $$"""
            first_touches AS
            (
                SELECT conversion_id, fromUnixTimestamp64Milli(sum(sign * toUnixTimestamp64Milli(touch_at)), 'UTC') AS first_at
                FROM closedloop.credits
                WHERE site = {site:String} AND model = 'first_touch'{{which}}{{Known(request, "posted_at")}}
                GROUP BY conversion_id
            )
            """;
    }

    private static string Credited(ChannelsRequest request)
    {
        var models = string.Join(", ", request.Models.Select((_, n) => $"{{model_{n + 1}:String}}"));
        var people = request.Scope.Where.Keys.Any(f => f is "segment" or "device" or "country");
        var conditions = new List<string>();
        if (request.Scope.Where.ContainsKey("segment")) conditions.Add(SqlPieces.InSegment);
        if (NeedsPeople(request)) conditions.Add("person IN (SELECT person FROM devices)");
        if (request.ByAcquisition) conditions.Add(SqlPieces.Within("acquired_at"));
        return $$"""
            credited AS
            (
                SELECT c.model AS model, c.conversion_kind AS kind, c.channel AS channel, c.source AS source, c.campaign AS campaign,
                    toInt64(c.share) * c.sign AS parts, c.amount * c.sign AS money, c.gross_profit * c.sign AS profit, c.profit_known AS profit_known,
                    c.occurred_at AS occurred_at, if(toUnixTimestamp64Milli(f.first_at) = 0, c.occurred_at, f.first_at) AS acquired_at,
                    greatest(0, toUnixTimestamp64Milli(occurred_at) - toUnixTimestamp64Milli(acquired_at)) AS ms_from_first_touch,
                    {{(request.ByAcquisition ? "acquired_at" : "occurred_at")}} AS counted_at{{(people ? ",\n            multiIf(l.lead_id != '', l.lead_id, c.lead_id != '', c.lead_id, c.visitor_id) AS person" : "")}}
                FROM
                (
                    SELECT * FROM closedloop.credits
                    WHERE site = {site:String} AND model IN ({{models}}){{(request.ByAcquisition ? "" : " AND " + SqlPieces.Within("occurred_at"))}}{{Known(request, "posted_at")}}{{Filters(request, visits: false)}}
                ) AS c
                LEFT ANY JOIN first_touches AS f ON c.conversion_id = f.conversion_id{{(people ? "\n        LEFT ANY JOIN links AS l ON " + SqlPieces.Whose("c") + " = l.visitor_id" : "")}}
                {{(conditions.Count > 0 ? "WHERE " + string.Join(" AND ", conditions) : "")}}
            )
            """;
    }

    private static string Spent(ChannelsRequest request) => $$"""
        spent AS
        (
            SELECT date, channel, source, campaign, amount, impressions, clicks
            FROM closedloop.costs_current
            WHERE site = {site:String} AND date >= {from_date:Date} AND date <= {to_date:Date}{{(request.AsKnownOn is null ? "" : " AND date <= toDate({known:DateTime64(3, 'UTC')} - 1, {zone:String})")}}{{Filters(request, visits: false)}}
        )
        """;

    // Names of columns and parameters are ours; the values are parameters.
    private static string Filters(ChannelsRequest request, bool visits)
    {
        var where = string.Concat(request.Scope.Where.Keys.Where(f => f is "channel" or "source" or "campaign").Select(f => $" AND {f} = {{f_{f}:String}}"));
        return visits ? where + OfDevice(request) : where;
    }

    private static string OfDevice(ChannelsRequest request) => string.Concat(request.Scope.Where.Keys.Where(f => f is "device" or "country")
        .Select(f => $" AND {(f == "device" ? "device_class" : f)} = {{f_{f}:String}}"));
}
