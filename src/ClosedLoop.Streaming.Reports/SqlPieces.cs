namespace ClosedLoop.Streaming.Reports;

/// <summary>Pieces of SQL that several reports use. Their text depends only on the shape of the question; every value is a parameter.</summary>
internal static class SqlPieces
{
    /// <summary>Which browser belongs to which lead: the last word on each browser, as known until a moment or now.</summary>
    public static string Links(bool asKnown) => $$"""
        links AS
        (
            SELECT visitor_id, last.1 AS lead_id
            FROM
            (
                SELECT visitor_id, argMax((lead_id, deleted), (version, recorded_at, fact_id)) AS last
                FROM closedloop.lead_links
                WHERE site = {site:String}{{(asKnown ? " AND recorded_at < {known:DateTime64(3, 'UTC')}" : "")}}
                GROUP BY visitor_id
            )
            WHERE last.1 != '' AND last.2 = 0
        )
        """;

    /// <summary>Condition on a person: a member of the segment now.</summary>
    public const string InSegment = "person IN (SELECT person FROM closedloop.segment_members WHERE site = {site:String} AND segment = {f_segment:String})";

    /// <summary>A condition on the time, bound by the period: from inclusive, until exclusive.</summary>
    public static string Within(string at) => $"{at} >= {{from:DateTime64(3, 'UTC')}} AND {at} < {{until:DateTime64(3, 'UTC')}}";

    /// <summary>The day, week (from Monday) or month that a moment falls into, in the zone; of dates, as they are.</summary>
    public static string Bucket(string? interval, string at, bool isDate = false)
    {
        var local = isDate ? at : $"toTimeZone({at}, {{zone:String}})";
        return interval switch
        {
            "day" => isDate ? $"toString({at})" : $"toString(toDate({local}))",
            "week" => $"toString(toStartOfWeek({local}, 1))",
            "month" => $"toString(toStartOfMonth({local}))",
            _ => "''",
        };
    }
}
