-- Which event moved the deal: deal_opened, deal_moved, deal_won, deal_lost.
ALTER TABLE closedloop.deals ADD COLUMN IF NOT EXISTS event LowCardinality(String) AFTER deal_id;
