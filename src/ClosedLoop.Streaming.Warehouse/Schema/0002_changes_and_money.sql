CREATE TABLE IF NOT EXISTS closedloop.segment_changes
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    segment LowCardinality(String),
    previous LowCardinality(String),
    segment_group LowCardinality(String),
    change LowCardinality(String) COMMENT 'entered, left',
    rule_version UInt32 CODEC(ZSTD(1)),
    sequence UInt64 COMMENT 'grows per person' CODEC(ZSTD(1)),
    history UInt8,
    first_entry UInt8,
    cause_kind LowCardinality(String),
    cause_id String CODEC(ZSTD(1)),
    cause_event LowCardinality(String),
    cause_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    cause_page String CODEC(ZSTD(1)),
    stage LowCardinality(String),
    channel LowCardinality(String),
    external_id String CODEC(ZSTD(1)),
    first_touch String CODEC(ZSTD(1)),
    measures String CODEC(ZSTD(1)),
    experiments String CODEC(ZSTD(1)),
    changed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(changed_at)
ORDER BY (site, segment, changed_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.stage_changes
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    stage LowCardinality(String),
    previous_stage LowCardinality(String),
    reason LowCardinality(String),
    sequence UInt64 CODEC(ZSTD(1)),
    history UInt8,
    cause_kind LowCardinality(String),
    cause_id String CODEC(ZSTD(1)),
    cause_event LowCardinality(String),
    cause_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    cause_page String CODEC(ZSTD(1)),
    channel LowCardinality(String),
    changed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(changed_at)
ORDER BY (site, stage, changed_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.conversions
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    conversion_id String CODEC(ZSTD(1)),
    kind LowCardinality(String) COMMENT 'lead, mql, sql, customer, order, deal',
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    revenue Decimal(18, 4) CODEC(ZSTD(1)),
    gross_profit Decimal(18, 4) CODEC(ZSTD(1)),
    currency LowCardinality(String),
    order_id String CODEC(ZSTD(1)),
    deal_id String CODEC(ZSTD(1)),
    is_new UInt8 COMMENT '1: the first order or deal of the person',
    version UInt64 CODEC(ZSTD(1)),
    deleted UInt8,
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (site, conversion_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The ledger: a row is never changed, a reversal is a row with sign -1.
CREATE TABLE IF NOT EXISTS closedloop.credits
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    conversion_id String CODEC(ZSTD(1)),
    conversion_kind LowCardinality(String),
    model LowCardinality(String),
    touch_id String COMMENT 'empty: unattributed' CODEC(ZSTD(1)),
    channel LowCardinality(String),
    source LowCardinality(String),
    medium LowCardinality(String),
    campaign LowCardinality(String),
    amount Decimal(18, 4) CODEC(ZSTD(1)),
    share UInt32 COMMENT 'millionths of the conversion' CODEC(ZSTD(1)),
    currency LowCardinality(String),
    sign Int8,
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    posted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(posted_at)
ORDER BY (site, model, posted_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.deals
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    deal_id String CODEC(ZSTD(1)),
    deal_stage LowCardinality(String),
    amount Decimal(18, 4) CODEC(ZSTD(1)),
    currency LowCardinality(String),
    reason LowCardinality(String),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (site, deal_id, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.costs
(
    site LowCardinality(String),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    date Date,
    source LowCardinality(String),
    medium LowCardinality(String),
    campaign LowCardinality(String),
    currency LowCardinality(String),
    amount Decimal(18, 4) CODEC(ZSTD(1)),
    impressions UInt64 CODEC(ZSTD(1)),
    clicks UInt64 CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(date)
ORDER BY (site, date, source, medium, campaign)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
