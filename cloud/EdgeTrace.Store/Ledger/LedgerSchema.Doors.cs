namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Doors = """
        -- What a door told of what came in through it, by deterministic id; answered as an alarm is, in alarms. door_cursor is a number of visits.seq.
        CREATE TABLE door_findings (
            id TEXT PRIMARY KEY, visit TEXT NOT NULL, portal TEXT NOT NULL, item TEXT NOT NULL, epc TEXT NOT NULL, location TEXT NOT NULL, at_us INTEGER NOT NULL, outcome TEXT NOT NULL, says TEXT NOT NULL,
            recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX door_findings_by_time ON door_findings (at_us);
        CREATE INDEX door_findings_by_item ON door_findings (item, outcome);
        CREATE TABLE door_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
        """;
}
