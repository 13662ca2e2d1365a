-- Leads of one person: an identifier's lead belongs to the person that another lead names. Rows of the ledger, of sessions and of events
-- keep the lead under which they were written; this says whose they are now. Small: no partitions.
CREATE TABLE IF NOT EXISTS closedloop.lead_aliases
(
    site LowCardinality(String),
    visitor_id String CODEC(ZSTD(1)),
    lead_id String CODEC(ZSTD(1)),
    fact_id String CODEC(ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    identifier String COMMENT 'e:, p: keyed hash, x: external id, v: a merged browser that nobody has named' CODEC(ZSTD(1)),
    person String COMMENT 'lead that names the person; empty: nobody is left under this lead' CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    deleted UInt8 COMMENT '1: stands for itself again',
    batch UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (site, lead_id, version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
