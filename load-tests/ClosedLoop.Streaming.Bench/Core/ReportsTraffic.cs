using System.Globalization;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>
/// A month and a half of a site, made by the engine itself: browsers with sessions, a tenth of which were told again with a newer version,
/// page views, leads that link a third of the browsers (some two of them), and the ledger of their conversions under all models.
/// </summary>
internal static class ReportsTraffic
{
    public const string From = "2026-10-01", To = "2026-11-14";
    private const int Seconds = 45 * 86_400;
    private const string Start = "toDateTime64('2026-10-01 00:00:00', 3, 'UTC')";
    private const string Channels = "['Direct', 'Paid Search', 'Organic Search', 'Email', 'Referral', 'Organic Social', 'Display', 'AI Assistants', 'Paid Social', 'Affiliates']";
    private const string AnyMonth = " SETTINGS max_partitions_per_insert_block = 0, throw_on_max_partitions_per_insert_block = 0";

    public static int Leads(int events) => events / 25;

    public static IEnumerable<string> Statements(int events)
    {
        string N(int n) => n.ToString(CultureInfo.InvariantCulture);
        var (visitors, leads, sessions) = (events / 7, Leads(events), events * 3 / 10);
        yield return $"""
            INSERT INTO closedloop.events (site, visitor_id, hit_id, event, channel, collector_tstamp, derived_tstamp, page_urlpath, log_offset)
            SELECT 'demo', lower(hex(sipHash128('v', cityHash64(number) % {N(visitors)}))), lower(hex(sipHash128('h', number))), if(number % 20 = 0, 'click', 'page_view'), 'Direct',
                {Start} + number * 7919 % {N(Seconds)} AS at, at, concat('/page/', toString(toUInt32(sqrt(cityHash64(number, 9) % 250000)))), number
            FROM numbers({N(events)}){AnyMonth}
            """;
        yield return $"""
            INSERT INTO closedloop.sessions (site, visitor_id, session_id, recorded_at, session_start, session_end, page_views, hits, engaged, channel, source, medium, campaign, refr_medium, device_class, country, version)
            SELECT 'demo', lower(hex(sipHash128('v', cityHash64(number, 5) % {N(visitors)}))), lower(hex(sipHash128('s', number))), {Start} + number * 7919 % {N(Seconds)} AS at, at, at, 3, 3, number % 3 = 0,
                {Channels}[1 + cityHash64(number) % 10], concat('source ', toString(cityHash64(number, 1) % 40)), 'x', concat('campaign ', toString(cityHash64(number, 2) % 300)),
                if(number % 4 = 0, '', 'search'), ['desktop', 'mobile'][1 + number % 2], ['DE', 'UA', 'PL'][1 + number % 3], 1
            FROM numbers({N(sessions)}){AnyMonth}
            """;
        yield return $"""
            INSERT INTO closedloop.sessions SELECT * REPLACE (version + 1 AS version, 1 AS engaged, if(cityHash64(session_id, 1) % 20 = 0, 1, 0) AS deleted)
            FROM closedloop.sessions WHERE cityHash64(session_id) % 10 = 0{AnyMonth}
            """;
        yield return $"""
            INSERT INTO closedloop.lead_links (site, visitor_id, lead_id, fact_id, recorded_at, linked_at, version)
            SELECT 'demo', lower(hex(sipHash128('v', number * 2))), lower(hex(sipHash128('l', number % {N(leads)}))), '', {Start} + number % 4000000 AS at, at, 1 FROM numbers({N(leads * 5 / 4)})
            """;
        yield return $"""
            INSERT INTO closedloop.credits (site, lead_id, conversion_id, conversion_kind, model, touch_id, touch_at, channel, source, campaign, amount, share, currency, sign, occurred_at, posted_at)
            SELECT 'demo', lower(hex(sipHash128('l', intDiv(number, 3)))), lower(hex(sipHash128('c', number))), ['lead', 'customer', 'order'][1 + number % 3], m.1,
                lower(hex(sipHash128('t', number, m.2))), {Start} + number * 31 % 2000000, {Channels}[1 + cityHash64(number, m.2) % 10], concat('source ', toString(cityHash64(number, m.2, 1) % 40)),
                concat('campaign ', toString(cityHash64(number, m.2, 2) % 300)), if(number % 3 = 2, 10, 0), if(m.3, 500000, 1000000), 'EUR', 1, {Start} + 2000000 + number * 37 % 1800000 AS at, at
            FROM numbers({N(leads * 3)})
            ARRAY JOIN [('first_touch', 1, 0), ('last_touch', 2, 0), ('last_non_direct', 2, 0), ('linear', 1, 1), ('linear', 2, 1), ('position_based', 1, 1), ('position_based', 2, 1), ('time_decay', 1, 1), ('time_decay', 2, 1)] AS m
            {AnyMonth}
            """;
        yield return $"""
            INSERT INTO closedloop.costs (site, date, source, medium, campaign, channel, amount, impressions, clicks, version)
            SELECT 'demo', toDate('2026-10-01') + number % 45, concat('source ', toString(number % 40)), 'cpc', concat('campaign ', toString(number % 300)), 'Paid Search', 10, 1000, 20, 1 FROM numbers(13500){AnyMonth}
            """;
    }
}
