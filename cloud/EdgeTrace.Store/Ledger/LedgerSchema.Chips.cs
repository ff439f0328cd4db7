namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Chips = """
        -- Which chips (TIDs) answered with an Item's number, folded so that neither order nor batches can be seen: the very first read, and the first of the newest minute.
        CREATE TABLE tag_chips (
            item TEXT NOT NULL, tid TEXT NOT NULL, first_us INTEGER NOT NULL, first_at TEXT NOT NULL, last_us INTEGER NOT NULL, last_at TEXT NOT NULL, PRIMARY KEY (item, tid)) WITHOUT ROWID;
        -- The Items of the books that are on hold because two tags carry their number, and since when.
        CREATE TABLE two_tags (item TEXT PRIMARY KEY, since_us INTEGER NOT NULL) WITHOUT ROWID;
        """;
}
