namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Exits = """
        -- What may leave. Neither a ticket nor its end is ever edited; that a thing has left on it is a row of exits.
        CREATE TABLE exit_tickets (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, portal TEXT, from_us INTEGER NOT NULL, until_us INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX exit_tickets_by_end ON exit_tickets (until_us);
        CREATE TABLE exit_ticket_things (item TEXT NOT NULL, ticket TEXT NOT NULL, PRIMARY KEY (item, ticket)) WITHOUT ROWID;
        CREATE INDEX exit_ticket_things_by_ticket ON exit_ticket_things (ticket);
        CREATE TABLE exit_tickets_ended (id TEXT PRIMARY KEY, at_us INTEGER NOT NULL, actor TEXT NOT NULL) WITHOUT ROWID;
        -- What was concluded from each passage out of an exit, by deterministic id, with what it was concluded from. The first answer stands.
        CREATE TABLE exits (
            id TEXT PRIMARY KEY, visit TEXT NOT NULL, portal TEXT NOT NULL, item TEXT NOT NULL, epc TEXT NOT NULL, at_us INTEGER NOT NULL, outcome TEXT NOT NULL, says TEXT NOT NULL,
            ticket TEXT, ticket_thing TEXT, reads INTEGER NOT NULL, reads_inside INTEGER NOT NULL, reads_outside INTEGER NOT NULL, peak_centi_dbm INTEGER NOT NULL, confidence REAL NOT NULL,
            recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX exits_by_time ON exits (at_us);
        CREATE INDEX exits_by_item ON exits (item, at_us);
        CREATE INDEX exits_by_ticket ON exits (ticket, ticket_thing) WHERE ticket IS NOT NULL;
        CREATE INDEX exits_that_ask ON exits (at_us, id) WHERE outcome IN ('reserved', 'unticketed');
        CREATE TABLE exit_answers (exit TEXT PRIMARY KEY, answer TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at_us INTEGER NOT NULL) WITHOUT ROWID;
        -- Added up with the cursor, so that nothing is counted twice; day is whole days since 1970 UTC.
        CREATE TABLE exit_counts (portal TEXT NOT NULL, day INTEGER NOT NULL, outcome TEXT NOT NULL, visits INTEGER NOT NULL, PRIMARY KEY (portal, day, outcome)) WITHOUT ROWID;
        CREATE TABLE exit_strays (portal TEXT NOT NULL, item TEXT NOT NULL, epc TEXT NOT NULL, since_us INTEGER NOT NULL, last_us INTEGER NOT NULL, PRIMARY KEY (portal, item)) WITHOUT ROWID;
        -- How far the visits have been followed: a number of visits.seq, which the log's positions in applied are not.
        CREATE TABLE exit_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
        -- A stock-take: what should have been there when it began, kept as it was believed then.
        CREATE TABLE counts (id TEXT PRIMARY KEY, place TEXT NOT NULL, started_us INTEGER NOT NULL, actor TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX counts_by_time ON counts (started_us);
        CREATE TABLE count_expected (count TEXT NOT NULL, thing TEXT NOT NULL, pieces INTEGER NOT NULL, pence INTEGER, PRIMARY KEY (count, thing)) WITHOUT ROWID;
        CREATE TABLE counts_closed (id TEXT PRIMARY KEY, at_us INTEGER NOT NULL, actor TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX stock_items_gone ON stock_items (status) WHERE status IN ('missing', 'left', 'stolen');
        """;
}
