namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Catalogue = """
        -- How many of a product there should be in a place, from a time on; the newest counts, and NULL takes it back.
        CREATE TABLE par_levels (product TEXT NOT NULL, place TEXT NOT NULL, valid_from_us INTEGER NOT NULL, par INTEGER, actor TEXT NOT NULL, PRIMARY KEY (product, place, valid_from_us)) WITHOUT ROWID;
        """;
}
