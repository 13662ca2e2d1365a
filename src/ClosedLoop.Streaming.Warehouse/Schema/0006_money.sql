-- Costs: amount is in the site's currency; what was stated stands beside it. The channel is computed by the rules that compute a session's,
-- so that cost and sessions meet in one row. A stored link's own cost has its slug, so that it never replaces a stated row of the campaign.
ALTER TABLE closedloop.costs
    ADD COLUMN IF NOT EXISTS link LowCardinality(String) COMMENT 'slug of the stored link whose cost this is; empty: stated' AFTER campaign,
    MODIFY ORDER BY (site, date, source, medium, campaign, link);
ALTER TABLE closedloop.costs ADD COLUMN IF NOT EXISTS channel LowCardinality(String) AFTER link;
ALTER TABLE closedloop.costs ADD COLUMN IF NOT EXISTS original_amount Decimal(18, 4) COMMENT 'as stated' CODEC(ZSTD(1)) AFTER amount;
ALTER TABLE closedloop.costs ADD COLUMN IF NOT EXISTS original_currency LowCardinality(String) AFTER original_amount;
ALTER TABLE closedloop.costs ADD COLUMN IF NOT EXISTS rate Decimal(18, 9) COMMENT 'of the day; 1 in the site''s own currency' CODEC(ZSTD(1)) AFTER original_currency;
ALTER TABLE closedloop.costs ADD COLUMN IF NOT EXISTS deleted UInt8 AFTER version;
-- Money that came in another currency: what was said, and the rate of its day. 0 where nothing was converted.
ALTER TABLE closedloop.events ADD COLUMN IF NOT EXISTS original_currency LowCardinality(String) AFTER currency;
ALTER TABLE closedloop.events ADD COLUMN IF NOT EXISTS original_amount Decimal(18, 4) COMMENT 'revenue, or amount' CODEC(ZSTD(1)) AFTER amount;
ALTER TABLE closedloop.events ADD COLUMN IF NOT EXISTS rate Decimal(18, 9) COMMENT '0: nothing was converted' CODEC(ZSTD(1)) AFTER original_amount;
-- The ledger: the gross profit that a row carries beside its amount (0 where it is unknown; may be negative), and the run that posted it.
-- Rows of markov and shapley come from runs, which post differences like every other correction: summing amount * sign per conversion,
-- model and touch is right for every model, at any posted_at.
ALTER TABLE closedloop.credits ADD COLUMN IF NOT EXISTS gross_profit Decimal(18, 4) CODEC(ZSTD(1)) AFTER share;
ALTER TABLE closedloop.credits ADD COLUMN IF NOT EXISTS run_id String COMMENT 'credit_runs; empty: posted when it became known' CODEC(ZSTD(1)) AFTER gross_profit;
-- One row per run and model; it comes after the run's rows in credits.
CREATE TABLE IF NOT EXISTS closedloop.credit_runs
(
    site LowCardinality(String),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    run_id String CODEC(ZSTD(1)),
    model LowCardinality(String) COMMENT 'markov, shapley',
    from_date Date COMMENT 'first day of the conversions, in the site''s time zone',
    to_date Date COMMENT 'last day',
    lookback_days UInt32,
    conversions UInt64 COMMENT 'conversions of the period' CODEC(ZSTD(1)),
    null_paths UInt64 COMMENT 'people with touches and without a sale' CODEC(ZSTD(1)),
    postings UInt64 COMMENT 'rows that the run added to credits' CODEC(ZSTD(1)),
    posted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(posted_at)
ORDER BY (site, model, posted_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
-- Why: per run, model, goal and channel the removal effect (markov) or the Shapley value, and what the channel was credited with.
CREATE TABLE IF NOT EXISTS closedloop.credit_run_effects
(
    site LowCardinality(String),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    run_id String CODEC(ZSTD(1)),
    model LowCardinality(String),
    goal LowCardinality(String) COMMENT 'lead, mql, sql, customer, sale (orders and deals)',
    channel LowCardinality(String),
    effect Decimal(18, 9) CODEC(ZSTD(1)),
    credited Decimal(18, 9) COMMENT 'conversions' CODEC(ZSTD(1)),
    paths UInt64 COMMENT 'converting paths that hold the channel' CODEC(ZSTD(1)),
    posted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(posted_at)
ORDER BY (site, model, posted_at, goal, channel)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
