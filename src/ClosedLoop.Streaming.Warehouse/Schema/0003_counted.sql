CREATE TABLE IF NOT EXISTS closedloop.refused_hits
(
    site LowCardinality(String),
    fact_id String CODEC(ZSTD(1)),
    hit_id String CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    door LowCardinality(String),
    reason LowCardinality(String),
    detail String CODEC(ZSTD(1)),
    payload String COMMENT 'at most 16 KiB of what came in' CODEC(ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site, reason, received_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Opted-out hits: counted, no id.
CREATE TABLE IF NOT EXISTS closedloop.totals
(
    site LowCardinality(String),
    fact_id String CODEC(ZSTD(1)),
    counted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    event LowCardinality(String),
    door LowCardinality(String),
    reason LowCardinality(String) COMMENT 'gpc, dnt, consent',
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(counted_at)
ORDER BY (site, counted_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS closedloop.erasures
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (site, recorded_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Facts that no table could take, with their place in the log.
CREATE TABLE IF NOT EXISTS closedloop.unreadable_facts
(
    log_partition UInt16,
    log_offset UInt64,
    reason LowCardinality(String),
    payload String COMMENT 'at most 16 KiB of the record' CODEC(ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (log_partition, log_offset)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
