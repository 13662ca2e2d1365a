-- When the touch was that a row names (1970 when unattributed, or not told), so that the days from the first touch to a sale are in the
-- ledger itself; and whether the gross profit beside an amount is known, because 0 and unknown are not the same.
ALTER TABLE closedloop.credits ADD COLUMN IF NOT EXISTS touch_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) AFTER touch_id;
ALTER TABLE closedloop.credits ADD COLUMN IF NOT EXISTS profit_known UInt8 AFTER gross_profit;
