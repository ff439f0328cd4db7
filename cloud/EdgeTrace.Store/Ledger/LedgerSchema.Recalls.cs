namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Recalls = """
        -- What is wanted back: never edited, closed by a row of its own. notice is the whole as JSON. recall_places: where it was found when it was opened, so that a place from
        -- which everything has been carried away still has to answer. An answer may be given again; the newest counts.
        CREATE TABLE recall_notices (
            id TEXT PRIMARY KEY, reference TEXT NOT NULL, product TEXT NOT NULL, notice TEXT NOT NULL, said TEXT NOT NULL, at_us INTEGER NOT NULL, actor TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE recall_places (notice TEXT NOT NULL, place TEXT NOT NULL, named INTEGER NOT NULL, PRIMARY KEY (notice, place)) WITHOUT ROWID;
        CREATE TABLE recall_answers (
            notice TEXT NOT NULL, place TEXT NOT NULL, at_us INTEGER NOT NULL, actor TEXT NOT NULL, found INTEGER NOT NULL, named INTEGER NOT NULL, note TEXT NOT NULL,
            PRIMARY KEY (notice, place, at_us)) WITHOUT ROWID;
        CREATE TABLE recalls_closed (id TEXT PRIMARY KEY, at_us INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, released INTEGER NOT NULL) WITHOUT ROWID;
        -- Where a thing is of which somebody declared that it was placed wrongly: else a replay could not know it.
        ALTER TABLE declared_wrong ADD COLUMN place TEXT;
        """;
}
