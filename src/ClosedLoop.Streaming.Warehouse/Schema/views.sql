-- Views hold no data: they are made anew when this file changes.

-- The highest version of a session is current. A session's id names its first hit, so all its versions have one start and lie in one
-- month: a condition on the time leaves out whole sessions and never only their last version, and FINAL costs a fifth of asking for the
-- highest version by hand.
CREATE OR REPLACE VIEW closedloop.sessions_current AS
SELECT * EXCEPT (fact_id, batch, deleted)
FROM closedloop.sessions FINAL
WHERE deleted = 0;

CREATE OR REPLACE VIEW closedloop.touches_current AS
SELECT * EXCEPT (fact_id, batch, deleted)
FROM closedloop.touches FINAL
WHERE deleted = 0;

-- Not FINAL: when a conversion happened may be told anew, and a condition on the time would leave out the month that holds the newer
-- version and bring the older one back.
CREATE OR REPLACE VIEW closedloop.conversions_current AS
SELECT * EXCEPT (fact_id, batch, deleted)
FROM closedloop.conversions
WHERE deleted = 0
  AND (site, conversion_id, version) IN (SELECT site, conversion_id, max(version) FROM closedloop.conversions GROUP BY site, conversion_id)
LIMIT 1 BY site, conversion_id;

-- A visitor belongs to the lead that its last link names; a deleted last link belongs to none.
CREATE OR REPLACE VIEW closedloop.lead_links_current AS
SELECT site, visitor_id, last.1 AS lead_id, last.2 AS identifier, last.3 AS evidence, last.4 AS linked_at, last.5 AS version, joined_at
FROM
(
    SELECT site, visitor_id, argMax((lead_id, identifier, evidence, linked_at, version, deleted), (version, recorded_at, fact_id)) AS last,
        min(recorded_at) AS joined_at
    FROM closedloop.lead_links
    GROUP BY site, visitor_id
)
WHERE last.6 = 0 AND last.1 != '';

-- A lead that another one names now: whatever stands under it is that person's.
CREATE OR REPLACE VIEW closedloop.lead_aliases_current AS
SELECT site, lead_id, last.1 AS person, last.2 AS identifier, last.3 AS version, joined_at
FROM
(
    SELECT site, lead_id, argMax((person, identifier, version, deleted), (version, recorded_at, fact_id)) AS last, min(recorded_at) AS joined_at
    FROM closedloop.lead_aliases
    GROUP BY site, lead_id
)
WHERE last.4 = 0;

-- visitor → person: the lead where known, else the visitor.
CREATE OR REPLACE VIEW closedloop.people AS
SELECT v.site AS site, v.visitor_id AS visitor_id, l.lead_id AS lead_id, if(l.lead_id = '', v.visitor_id, l.lead_id) AS person
FROM (SELECT DISTINCT site, visitor_id FROM closedloop.events WHERE visitor_id != '') AS v
LEFT JOIN closedloop.lead_links_current AS l ON v.site = l.site AND v.visitor_id = l.visitor_id;

CREATE OR REPLACE VIEW closedloop.deals_current AS
SELECT site, deal_id, visitor_id, lead_id, deal_stage, amount, currency, reason, occurred_at, version
FROM closedloop.deals
ORDER BY version DESC, recorded_at DESC, fact_id DESC
LIMIT 1 BY site, deal_id;

CREATE OR REPLACE VIEW closedloop.costs_current AS
SELECT * EXCEPT (fact_id, batch)
FROM closedloop.costs FINAL
WHERE deleted = 0;

-- Who is in which segment now: the last change per person and group (or, without a group, per person and segment). A browser that
-- belongs to a lead is judged with the lead, and a lead with the one that names the person. Whoever made a person of somebody that was
-- nobody before hands its segments on without a change: until the person's own first change, what the first to join was in still holds.
CREATE OR REPLACE VIEW closedloop.segment_members AS
SELECT site, visitor_id, if(is_lead, person, '') AS lead_id, person, segment, segment_group, changed_at AS since, rule_version
FROM
(
    SELECT c.*
    FROM
    (
        SELECT s.site AS site, s.visitor_id AS visitor_id, s.segment AS segment, s.segment_group AS segment_group, s.change AS change,
            s.changed_at AS changed_at, s.rule_version AS rule_version, s.sequence AS sequence, s.recorded_at AS recorded_at,
            s.lead_id != '' OR l.lead_id != '' AS is_lead,
            multiIf(a.lead_id != '', a.person, s.lead_id != '', s.lead_id, l.lead_id != '', l.lead_id, s.visitor_id) AS person,
            multiIf(a.lead_id != '', a.joined_at, s.lead_id = '' AND l.lead_id != '', l.joined_at, toDateTime64(0, 3, 'UTC')) AS joined_at
        FROM closedloop.segment_changes AS s
        LEFT JOIN closedloop.lead_aliases_current AS a ON s.site = a.site AND s.lead_id = a.lead_id
        LEFT JOIN closedloop.lead_links_current AS l ON s.site = l.site AND s.visitor_id = l.visitor_id
        WHERE NOT (a.lead_id != '' AND a.person = '')
    ) AS c
    LEFT JOIN
    (
        SELECT site, lead_id, min(recorded_at) AS first_at, 1 AS has_own
        FROM closedloop.segment_changes
        WHERE lead_id != ''
        GROUP BY site, lead_id
    ) AS o ON c.site = o.site AND c.person = o.lead_id
    WHERE c.joined_at = toDateTime64(0, 3, 'UTC') OR o.has_own = 0 OR o.first_at >= c.joined_at
    ORDER BY c.joined_at, c.sequence DESC, c.recorded_at DESC, c.change
    LIMIT 1 BY c.site, c.person, if(c.segment_group = '', c.segment, c.segment_group)
)
WHERE change = 'entered';

CREATE OR REPLACE VIEW closedloop.channel_sessions AS
SELECT
    s.site AS site,
    toDate(s.session_start) AS day,
    s.channel AS channel,
    count() AS sessions,
    countIf(s.engaged = 1) AS engaged_sessions,
    sum(s.page_views) AS page_views,
    uniqExact(if(l.lead_id = '', s.visitor_id, l.lead_id)) AS visitors
FROM closedloop.sessions_current AS s
LEFT JOIN closedloop.lead_links_current AS l ON s.site = l.site AND s.visitor_id = l.visitor_id
GROUP BY site, day, channel;

-- What each conversion's credit amounts to after all reversals.
CREATE OR REPLACE VIEW closedloop.credits_net AS
SELECT site, model, conversion_id, conversion_kind, touch_id, channel, source, medium, campaign, currency,
    sum(amount * sign) AS amount, sum(toInt64(share) * sign) / 1000000 AS share, max(occurred_at) AS occurred_at
FROM closedloop.credits
GROUP BY site, model, conversion_id, conversion_kind, touch_id, channel, source, medium, campaign, currency
HAVING amount != 0 OR share != 0;

CREATE OR REPLACE VIEW closedloop.totals_daily AS
SELECT site, toDate(counted_at) AS day, event, door, reason, count() AS hits
FROM closedloop.totals
GROUP BY site, day, event, door, reason;
