namespace ClosedLoop.Streaming.Reports;

/// <summary>What the report <c>paths</c> reads: what was <c>seen</c> of each browser, and which people are meant.</summary>
internal static class PathsTables
{
    /// <summary>One row per page view or session: actor (browser, or lead where there is none), moment in ms from the period's start, tie, node.</summary>
    public static string Seen(PathsRequest request) => request.Of == "page"
        ? $$"""
            seen AS
            (
                SELECT if(visitor_id = '', lead_id, visitor_id) AS actor, toUnixTimestamp64Milli(derived_tstamp) - toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS at,
                    log_offset AS tie, if(page_urlpath = '', '/', page_urlpath) AS node
                FROM closedloop.events
                PREWHERE event = 'page_view'
                WHERE site = {site:String} AND bot_class = '' AND {{SqlPieces.Within("derived_tstamp")}} AND actor != ''
            )
            """
        : $$"""
            seen AS
            (
                SELECT if(visitor_id = '', lead_id, visitor_id) AS actor, toUnixTimestamp64Milli(session_start) - toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS at,
                    cityHash64(session_id) % 0x1000000000000 AS tie, toString(channel) AS node
                FROM closedloop.sessions FINAL
                WHERE site = {site:String} AND deleted = 0 AND {{SqlPieces.Within("session_start")}} AND actor != ''
            )
            """;

    /// <summary>Filters choose people, not steps: a path with holes would be one that nobody took.</summary>
    public static string Having(PathsRequest request)
    {
        var conditions = new List<string>();
        var where = request.Scope.Where;
        if (where.ContainsKey("segment")) conditions.Add(SqlPieces.InSegment);
        var ofSession = where.Keys.Where(f => f != "segment").ToList();
        if (ofSession.Count > 0) conditions.Add($"person IN ({Visited(ofSession)})");
        if (request.Converted is not null) conditions.Add($"person {(request.Converted == "false" ? "NOT IN" : "IN")} ({Converted(request)})");
        return conditions.Count == 0 ? "" : "\n    HAVING " + string.Join(" AND ", conditions);
    }

    private static string Visited(IEnumerable<string> filters)
    {
        var conditions = string.Concat(filters.Select(f => $" AND {(f == "device" ? "device_class" : f)} = {{f_{f}:String}}"));
        return $$"""
            SELECT if(l.lead_id != '', l.lead_id, s.actor)
            FROM (SELECT if(visitor_id = '', lead_id, visitor_id) AS actor FROM closedloop.sessions FINAL WHERE site = {site:String} AND deleted = 0 AND {{SqlPieces.Within("session_start")}}{{conditions}}) AS s
            LEFT ANY JOIN links AS l ON s.actor = l.visitor_id
            """;
    }

    private static string Converted(PathsRequest request)
    {
        var kind = PathsSql.Kind(request) is null ? "kind IN ('order', 'deal')" : "kind = {kind:String}";
        return $$"""
            SELECT multiIf(l.lead_id != '', l.lead_id, c.lead_id != '', c.lead_id, c.visitor_id)
            FROM (SELECT visitor_id, lead_id FROM closedloop.conversions_current WHERE site = {site:String} AND {{kind}} AND {{SqlPieces.Within("occurred_at")}}) AS c
            LEFT ANY JOIN links AS l ON c.visitor_id = l.visitor_id
            """;
    }
}
