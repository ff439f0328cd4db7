namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Excursions = """
        -- How far the feed and the events of stock (by seq) have been looked through for what an excursion has met.
        CREATE TABLE excursion_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), feed INTEGER NOT NULL, seq INTEGER NOT NULL);
        -- Where an Item was, door by door.
        CREATE INDEX movements_by_item ON movements (item, at_us);
        """;
}
