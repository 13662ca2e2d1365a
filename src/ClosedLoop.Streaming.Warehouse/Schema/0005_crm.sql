-- Why an event that was understood had no effect, as first known: step_back_without_reason.
ALTER TABLE closedloop.events ADD COLUMN IF NOT EXISTS noted LowCardinality(String) COMMENT 'why the event had no effect' AFTER reason;
