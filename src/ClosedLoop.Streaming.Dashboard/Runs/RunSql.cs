namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// The questions of a run. It stands on the ledger alone: the rows of <c>linear</c> say which touches a conversion's path has, on every
/// browser of the person and inside the lookback, exactly as the engine saw them.
/// </summary>
internal static class RunSql
{
    private const string Goal = "multiIf(conversion_kind IN ('order', 'deal'), 'sale', conversion_kind)";

    // Of the period; and older ones whose value or path was corrected since a run credited them.
    private const string Chosen = """
        SELECT conversion_id FROM closedloop.credits
        WHERE site = {site:String} AND model IN ('linear', 'markov', 'shapley')
        GROUP BY conversion_id
        HAVING (argMax(occurred_at, posted_at) >= {from:DateTime64(3, 'UTC')} AND argMax(occurred_at, posted_at) < {until:DateTime64(3, 'UTC')})
            OR (countIf(model = 'markov') > 0 AND (sumIf(amount * sign, model = 'markov') != sumIf(amount * sign, model = 'linear')
                OR sumIf(toInt64(share) * sign, model = 'markov') != sumIf(toInt64(share) * sign, model = 'linear')))
            OR (countIf(model = 'shapley') > 0 AND (sumIf(amount * sign, model = 'shapley') != sumIf(amount * sign, model = 'linear')
                OR sumIf(toInt64(share) * sign, model = 'shapley') != sumIf(toInt64(share) * sign, model = 'linear')))
        """;

    public const string Count = "SELECT toString(count()) FROM (" + Chosen + ")";

    /// <summary>The ledger of one bucket of conversions, net.</summary>
    public const string Lines = """
        SELECT conversion_id, model, touch_id, channel, source, medium, campaign, toString(sum(amount * sign)) AS n_amount, toString(sum(toInt64(share) * sign)) AS n_share,
            toString(sum(gross_profit * sign)) AS n_profit, toString(sum(toInt64(profit_known) * sign)) AS n_known, toString(toUnixTimestamp64Milli(max(touch_at))) AS n_touch,
            any(conversion_kind) AS n_kind, toString(toUnixTimestamp64Milli(argMax(occurred_at, posted_at))) AS n_at,
            argMax(visitor_id, posted_at) AS n_visitor, argMax(lead_id, posted_at) AS n_lead, any(currency) AS n_currency
        FROM closedloop.credits
        WHERE site = {site:String} AND model IN ('linear', 'markov', 'shapley') AND cityHash64(conversion_id) % {buckets:UInt32} = {bucket:UInt32}
            AND conversion_id IN (
        """ + Chosen + """
        )
        GROUP BY conversion_id, model, touch_id, channel, source, medium, campaign
        HAVING sum(toInt64(share) * sign) != 0 OR sum(amount * sign) != 0 OR sum(gross_profit * sign) != 0
        ORDER BY conversion_id, model, max(touch_at), touch_id
        """;

    /// <summary>Ways that led to a goal in the period.</summary>
    public const string Ways = """
        SELECT goal, path, toString(count()) FROM
        (
            SELECT conversion_id, any(n_goal) AS goal, arrayCompact(arrayMap(x -> x.3, arraySort(groupArray(4096)((n_touch, touch_id, channel))))) AS path
            FROM
            (
                SELECT conversion_id, touch_id, channel, any(
        """ + Goal + """
        ) AS n_goal, max(touch_at) AS n_touch, argMax(occurred_at, posted_at) AS n_at
                FROM closedloop.credits
                WHERE site = {site:String} AND model = 'linear' AND touch_id != ''
                GROUP BY conversion_id, touch_id, channel, source, medium, campaign
                HAVING sum(toInt64(share) * sign) != 0 AND n_at >= {from:DateTime64(3, 'UTC')} AND n_at < {until:DateTime64(3, 'UTC')}
            )
            GROUP BY conversion_id
        )
        GROUP BY goal, path
        ORDER BY goal, path
        LIMIT {ways:UInt32}
        """;

    /// <summary>Ways of people with a touch in the period, with the goals that they reached in it: towards every other goal the way led to nothing.</summary>
    public const string PeoplesWays = """
        WITH links AS
        (
            SELECT visitor_id, lead_id FROM closedloop.lead_links_current WHERE site = {site:String}
            UNION ALL SELECT lead_id AS visitor_id, person AS lead_id FROM closedloop.lead_aliases_current WHERE site = {site:String} AND person != ''
        )
        SELECT goals, path, toString(count()) FROM
        (
            SELECT person, arrayCompact(arrayMap(x -> x.3, arraySort(groupArray(4096)((at, touch_id, channel))))) AS path
            FROM
            (
                SELECT t.occurred_at AS at, t.touch_id AS touch_id, t.channel AS channel,
                    multiIf(l.lead_id != '', l.lead_id, t.visitor_id != '', t.visitor_id, t.lead_id) AS person
                FROM (SELECT * FROM closedloop.touches_current WHERE site = {site:String} AND occurred_at >= {from:DateTime64(3, 'UTC')} AND occurred_at < {until:DateTime64(3, 'UTC')}) AS t
                LEFT ANY JOIN links AS l ON if(t.visitor_id = '', t.lead_id, t.visitor_id) = l.visitor_id
            )
            GROUP BY person
        ) AS ways
        LEFT ANY JOIN
        (
            SELECT person, arraySort(groupUniqArray(goal)) AS goals
            FROM
            (
                SELECT multiIf(c.kind IN ('order', 'deal'), 'sale', c.kind) AS goal,
                    multiIf(l.lead_id != '', l.lead_id, c.visitor_id != '' AND c.lead_id = '', c.visitor_id, c.lead_id) AS person
                FROM (SELECT * FROM closedloop.conversions_current WHERE site = {site:String} AND occurred_at >= {from:DateTime64(3, 'UTC')} AND occurred_at < {until:DateTime64(3, 'UTC')}) AS c
                LEFT ANY JOIN links AS l ON if(c.visitor_id = '', c.lead_id, c.visitor_id) = l.visitor_id
            )
            GROUP BY person
        ) AS reached ON ways.person = reached.person
        GROUP BY goals, path
        ORDER BY goals, path
        LIMIT {ways:UInt32}
        """;

    public const string Runs = """
        SELECT run_id, site, model, toString(from_date), toString(to_date), toString(lookback_days), toString(conversions), toString(null_paths), toString(postings),
            toString(toUnixTimestamp64Milli(posted_at))
        FROM closedloop.credit_runs
        WHERE ({site:String} = '' OR site = {site:String}) AND ({run:String} = '' OR run_id = {run:String})
        ORDER BY posted_at DESC, site, model
        LIMIT {limit:UInt32}
        """;

    public const string Effects = """
        SELECT run_id, model, goal, channel, toString(effect), toString(credited), toString(paths)
        FROM closedloop.credit_run_effects
        WHERE ({site:String} = '' OR site = {site:String}) AND run_id IN splitByChar(',', {runs:String})
        ORDER BY run_id, model, goal, credited DESC, channel
        """;
}
