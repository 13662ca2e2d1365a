-- Events: one row per stored event, as first known. Columns carry Snowplow's names.
CREATE TABLE IF NOT EXISTS closedloop.events
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    hit_id String COMMENT 'the collector''s own id of the hit' CODEC(ZSTD(1)),
    event_id String COMMENT 'the sender''s id, or the hit''s' CODEC(ZSTD(1)),
    event LowCardinality(String),
    channel LowCardinality(String),
    collector_tstamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    derived_tstamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    etl_tstamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    dvce_created_tstamp DateTime64(3, 'UTC') COMMENT '1970 when not given' CODEC(Delta, ZSTD(1)),
    dvce_sent_tstamp DateTime64(3, 'UTC') COMMENT '1970 when not given' CODEC(Delta, ZSTD(1)),
    page_url String CODEC(ZSTD(1)),
    page_urlhost LowCardinality(String),
    page_urlpath String CODEC(ZSTD(1)),
    page_urlquery String CODEC(ZSTD(1)),
    refr_medium LowCardinality(String),
    refr_source LowCardinality(String),
    refr_term String CODEC(ZSTD(1)),
    mkt_medium LowCardinality(String),
    mkt_source LowCardinality(String),
    mkt_campaign LowCardinality(String),
    mkt_term String CODEC(ZSTD(1)),
    mkt_content String CODEC(ZSTD(1)),
    mkt_clickid String CODEC(ZSTD(1)),
    mkt_network LowCardinality(String),
    mkt_id String CODEC(ZSTD(1)),
    page_title String CODEC(ZSTD(1)),
    page_referrer String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    network_userid String CODEC(ZSTD(1)),
    domain_userid String CODEC(ZSTD(1)),
    useragent String CODEC(ZSTD(1)),
    user_ipaddress String CODEC(ZSTD(1)),
    br_lang LowCardinality(String),
    os_timezone LowCardinality(String),
    platform LowCardinality(String),
    v_tracker LowCardinality(String),
    door LowCardinality(String),
    bot_class LowCardinality(String),
    device_class LowCardinality(String),
    country LowCardinality(String),
    consent LowCardinality(String),
    link_slug LowCardinality(String),
    link_channel LowCardinality(String),
    heard_from LowCardinality(String),
    form LowCardinality(String),
    order_id String CODEC(ZSTD(1)),
    deal_id String CODEC(ZSTD(1)),
    deal_stage LowCardinality(String),
    stage LowCardinality(String),
    reason LowCardinality(String),
    currency LowCardinality(String),
    coupon LowCardinality(String),
    categories String COMMENT 'joined by U+001F, most valuable first' CODEC(ZSTD(1)),
    contact_channel LowCardinality(String),
    direction LowCardinality(String),
    question String CODEC(ZSTD(1)),
    answer String CODEC(ZSTD(1)),
    external_id String CODEC(ZSTD(1)),
    properties String COMMENT 'JSON as sent' CODEC(ZSTD(1)),
    revenue Decimal(18, 4) CODEC(ZSTD(1)),
    gross_profit Decimal(18, 4) CODEC(ZSTD(1)),
    discount Decimal(18, 4) CODEC(ZSTD(1)),
    amount Decimal(18, 4) CODEC(ZSTD(1)),
    verified UInt8 COMMENT '1: came with a key, or the site trusts public money',
    flags UInt32 CODEC(ZSTD(1)),
    score Int16 COMMENT '-1 when not given',
    log_partition UInt16 CODEC(ZSTD(1)),
    log_offset UInt64 CODEC(Delta, ZSTD(1)),
    batch UInt64 COMMENT 'which batch brought the row' CODEC(ZSTD(1)),
    event_fingerprint UInt64 ALIAS xxHash64(site, visitor_id, event, page_url, page_referrer, useragent, properties)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(derived_tstamp)
ORDER BY (site, toDate(derived_tstamp), visitor_id, derived_tstamp)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.sessions
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    session_start DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    session_end DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    page_views UInt32 CODEC(ZSTD(1)),
    hits UInt32 CODEC(ZSTD(1)),
    engaged UInt8,
    entry_page String CODEC(ZSTD(1)),
    exit_page String CODEC(ZSTD(1)),
    channel LowCardinality(String),
    source LowCardinality(String),
    medium LowCardinality(String),
    campaign LowCardinality(String),
    term String CODEC(ZSTD(1)),
    content String CODEC(ZSTD(1)),
    refr_medium LowCardinality(String),
    refr_source LowCardinality(String),
    click_id String CODEC(ZSTD(1)),
    network LowCardinality(String),
    device_class LowCardinality(String),
    country LowCardinality(String),
    bot_class LowCardinality(String),
    version UInt64 CODEC(ZSTD(1)),
    deleted UInt8,
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(session_start)
ORDER BY (site, session_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.touches
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    touch_id String CODEC(ZSTD(1)),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    channel LowCardinality(String),
    source LowCardinality(String),
    medium LowCardinality(String),
    campaign LowCardinality(String),
    term String CODEC(ZSTD(1)),
    content String CODEC(ZSTD(1)),
    click_id String CODEC(ZSTD(1)),
    network LowCardinality(String),
    evidence LowCardinality(String),
    version UInt64 CODEC(ZSTD(1)),
    deleted UInt8,
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (site, touch_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Small, and the versions of one link may lie months apart: no partitions.
CREATE TABLE IF NOT EXISTS closedloop.lead_links
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    identifier String COMMENT 'e:, p: keyed hash, x: external id' CODEC(ZSTD(1)),
    evidence LowCardinality(String),
    linked_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    deleted UInt8,
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (site, visitor_id, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
