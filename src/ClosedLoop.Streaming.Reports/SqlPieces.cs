namespace ClosedLoop.Streaming.Reports;

/// <summary>Pieces of SQL that several reports use. Their text depends only on the shape of the question; every value is a parameter.</summary>
internal static class SqlPieces
{
    /// <summary>
    /// Which browser belongs to which lead, and which lead names another's person: the last word on each, as known until a moment or now.
    /// To be joined by <see cref="Whose"/>.
    /// </summary>
    public static string Links(bool asKnown) => $$"""
        links AS
        (
            SELECT visitor_id, last.1 AS lead_id
            FROM
            (
                SELECT visitor_id, argMax((lead_id, deleted), (version, recorded_at, fact_id)) AS last
                FROM closedloop.lead_links
                WHERE site = {site:String}{{Known(asKnown)}}
                GROUP BY visitor_id
                UNION ALL
                SELECT lead_id AS visitor_id, argMax((person, deleted), (version, recorded_at, fact_id)) AS last
                FROM closedloop.lead_aliases
                WHERE site = {site:String}{{Known(asKnown)}}
                GROUP BY lead_id
            )
            WHERE last.1 != '' AND last.2 = 0
        )
        """;

    private static string Known(bool asKnown) => asKnown ? " AND recorded_at < {known:DateTime64(3, 'UTC')}" : "";

    /// <summary>What a row is known by: its browser, or else its lead.</summary>
    public static string Whose(string row) => $"if({row}.visitor_id = '', {row}.lead_id, {row}.visitor_id)";

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
