namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Glances = """
        -- What lists and counts ask of a state, beside it as columns: the Stock page looks at every thing there is and must not read the whole of each. recalls is how many of holds are a recall's;
        -- before_missed is said of what is missing; cleared is NULL where there is none.
        ALTER TABLE stock_items ADD COLUMN epc TEXT;
        ALTER TABLE stock_items ADD COLUMN pence INTEGER;
        ALTER TABLE stock_items ADD COLUMN since_us INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE stock_items ADD COLUMN before_missed TEXT;
        ALTER TABLE stock_items ADD COLUMN destination TEXT;
        ALTER TABLE stock_items ADD COLUMN recalls INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE stock_items ADD COLUMN cleared TEXT;
        UPDATE stock_items SET epc = state ->> 'epc', pence = state ->> 'pence', since_us = coalesce(state ->> 'sinceUs', 0), destination = state ->> 'destination',
            before_missed = CASE WHEN status = 'missing' THEN state ->> 'beforeMissed' END,
            recalls = (SELECT count(*) FROM json_each(state, '$.holds') WHERE value ->> 'reason' = 'recall'), cleared = nullif(state -> 'cleared', '[]');
        ALTER TABLE stock_lots ADD COLUMN pence INTEGER;
        ALTER TABLE stock_lots ADD COLUMN recalls INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE stock_lots ADD COLUMN cleared TEXT;
        UPDATE stock_lots SET pence = state ->> 'pence', recalls = (SELECT count(*) FROM json_each(state, '$.holds') WHERE value ->> 'reason' = 'recall'), cleared = nullif(state -> 'cleared', '[]');
        -- Of what is not gone for good, everything that a glance asks: years of what was implanted and used up are not looked through.
        CREATE INDEX stock_items_there ON stock_items (
            product, expiry, key, epc, lot, serial, made, status, holds, recalls, since_us, before_missed, destination, case_id, container, pence, cleared)
            WHERE status NOT IN ('opened', 'implanted', 'explanted', 'used', 'wasted');
        CREATE INDEX stock_items_by_expiry ON stock_items (expiry) WHERE status NOT IN ('opened', 'implanted', 'explanted', 'used', 'wasted');
        """;
}
