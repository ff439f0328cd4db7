using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>A stock event as it was recorded, and whether it still counts.</summary>
/// <param name="Wrong">Who declared it wrong, and why.</param>
public sealed record RecordedEvent(long Seq, StockEvent Event, long RecordedUs, Declaration? Wrong);

/// <summary>An Item as the books have it, and where it is.</summary>
/// <param name="At">Where, on what basis; null when no door, scan or person has placed it.</param>
/// <param name="SeenUs">The newest sign of it anywhere.</param>
public sealed record StockItemRow(ItemState Item, LocatedItem? At, long? SeenUs)
{
    /// <summary>The Item with what its newest sign undoes.</summary>
    public ItemState Now => SeenUs is { } seen ? Item.Seen(seen, At?.Location) : Item;

    public StockGlance Glance => new(Item.Key, Item.Product is null ? Item.Epc : null, Item.Product, Item.Lot, Item.Serial, Item.Made, Now.Standing, At?.Location, 1, Item.Pence, Item.Cleared);
}

/// <summary>What a Lot has in one place.</summary>
public sealed record StockPiecesRow(LotState Lot, string Place, int Pieces)
{
    public StockGlance Glance => new(Lot.Key, null, Lot.Product, Lot.Number, null, null, Lot.Standing, Place, Pieces, Lot.Pence * Pieces, Lot.Cleared);
}

public sealed partial class LedgerReader
{
    const string StockColumns = """
        s.state, l.item, l.location, l.basis, l.at_us, l.source, l.confidence, l.fact, i.key, i.epc, i.gtin, i.serial, i.lot, i.seen_us, i.seen_at,
        c.item, c.location, c.basis, c.at_us, c.source, c.confidence, c.fact
        FROM stock_items s LEFT JOIN item_locations l ON l.item = s.key LEFT JOIN items i ON i.key = s.key LEFT JOIN item_locations c ON c.item = s.container
        """;

    public StockItemRow? StockItem(string key) => Ask(c => c.Rows($"SELECT {StockColumns} WHERE s.key = $1", StockItemOf, key)).FirstOrDefault();

    /// <summary>Items of a product, of one lot of it where that is given.</summary>
    public IReadOnlyList<StockItemRow> StockOfProduct(string product, string? lot, int max) => Ask(c => c.Rows(
        $"SELECT {StockColumns} WHERE s.product = $1 AND ($2 IS NULL OR s.lot = $2) ORDER BY s.expiry, s.key LIMIT $3", StockItemOf, product, lot, max));

    /// <summary>Items that are in a place, by themselves or in a container that is there; those of one product where it is given.</summary>
    public IReadOnlyList<StockItemRow> StockIn(string place, int max, string? product = null) => [.. Ask(c => c.Rows($"""
        SELECT {StockColumns} WHERE s.key IN (
            SELECT item FROM item_locations WHERE location = $1 UNION SELECT p.key FROM item_locations b JOIN stock_items p ON p.container = b.item WHERE b.location = $1)
            AND ($3 IS NULL OR s.product = $3)
        ORDER BY s.product, s.expiry, s.key LIMIT $2
        """, StockItemOf, place, max, product)).Where(row => row.At?.Location == place)];

    /// <summary>Every Item that is not gone for good, in the order of its key.</summary>
    public IReadOnlyList<StockItemRow> StockThere(int max) => Ask(c => c.Rows($"SELECT {StockColumns} WHERE {NotGone} ORDER BY s.key LIMIT $1", StockItemOf, max));

    public IReadOnlyList<StockItemRow> StockOfPatient(string patient) => Ask(c => c.Rows($"SELECT {StockColumns} WHERE s.patient = $1 ORDER BY s.key", StockItemOf, patient));
    public IReadOnlyList<StockItemRow> StockOfCase(string caseId) => Ask(c => c.Rows($"SELECT {StockColumns} WHERE s.case_id = $1 ORDER BY s.key", StockItemOf, caseId));
    public IReadOnlyList<StockItemRow> StockInContainer(string container) => Ask(c => c.Rows($"SELECT {StockColumns} WHERE s.container = $1 ORDER BY s.key", StockItemOf, container));
    public IReadOnlyList<StockItemRow> StockHeld(int max) => Ask(c => c.Rows($"SELECT {StockColumns} WHERE s.holds > 0 ORDER BY s.key LIMIT $1", StockItemOf, max));

    /// <summary>Whether an Item of the books is on hold because two tags carry its number.</summary>
    public bool HasTwoTags(string item) => Ask(c => c.Scalar("SELECT 1 FROM two_tags WHERE item = $1", item)) is not null;

    /// <summary>The chips that doors read with an Item's number, the first first.</summary>
    public IReadOnlyList<Chip> Chips(string item) => Ask(c => c.Rows(ChipStatements.OfItem, ChipStatements.ChipOf, item));

    /// <summary>Items of the books that are on hold because two tags carry their number, the newest first.</summary>
    public IReadOnlyList<StockItemRow> StockWithTwoTags(int max) =>
        [.. Ask(c => c.Rows("SELECT item FROM two_tags ORDER BY since_us DESC, item LIMIT $1", r => r.GetString(0), max)).Select(StockItem).OfType<StockItemRow>()];

    public LotState? StockLot(string key) => Ask(c => c.Rows("SELECT state FROM stock_lots WHERE key = $1", r => StockJson.Lot(r.GetString(0)), key)).FirstOrDefault();

    /// <summary>Lots with what they have where: all of them, or those of one place, of one product, or that may be used until a day at most.</summary>
    public IReadOnlyList<StockPiecesRow> StockPieces(string? place, int max, string? product = null, DateOnly? until = null) => Ask(c => c.Rows("""
        SELECT l.state, p.place, p.pieces FROM stock_pieces p JOIN stock_lots l ON l.key = p.lot
        WHERE ($1 IS NULL OR p.place = $1) AND ($3 IS NULL OR l.product = $3) AND ($4 IS NULL OR l.expiry <= $4) ORDER BY l.product, l.expiry, l.key, p.place LIMIT $2
        """, r => new StockPiecesRow(StockJson.Lot(r.GetString(0)), r.GetString(1), r.GetInt32(2)), place, max, product, StockRows.Day(until)));

    /// <summary>Events of an Item or a Lot, newest first, those declared wrong among them.</summary>
    public IReadOnlyList<RecordedEvent> StockEventsOf(string subject, long beforeUs, int max) => Ask(c => c.Rows($"""
        SELECT {StockRows.EventColumns}, e.seq, e.recorded_us, w.actor, w.reason, w.at_us FROM stock_events e LEFT JOIN declared_wrong w ON w.kind = 'event' AND w.fact = e.id
        WHERE e.subject = $1 AND e.at_us < $2 ORDER BY e.at_us DESC, e.seq DESC LIMIT $3
        """, RecordedOf, subject, beforeUs, max));

    /// <summary>Events in the order they were recorded, for whoever follows with a cursor.</summary>
    public IReadOnlyList<RecordedEvent> StockEventsAfter(long seq, int max) => Ask(c => c.Rows($"""
        SELECT {StockRows.EventColumns}, e.seq, e.recorded_us, w.actor, w.reason, w.at_us FROM stock_events e LEFT JOIN declared_wrong w ON w.kind = 'event' AND w.fact = e.id
        WHERE e.seq > $1 ORDER BY e.seq LIMIT $2
        """, RecordedOf, seq, max));

    public RecordedEvent? StockEvent(string id) => Ask(c => c.Rows($"""
        SELECT {StockRows.EventColumns}, e.seq, e.recorded_us, w.actor, w.reason, w.at_us FROM stock_events e LEFT JOIN declared_wrong w ON w.kind = 'event' AND w.fact = e.id WHERE e.id = $1
        """, RecordedOf, id)).FirstOrDefault();

    /// <summary>Events of one kind in a stretch of event time, newest first: what reports add up.</summary>
    public IReadOnlyList<RecordedEvent> StockEvents(EventKind kind, long fromUs, long toUs, int max) => Ask(c => c.Rows($"""
        SELECT {StockRows.EventColumns}, e.seq, e.recorded_us, w.actor, w.reason, w.at_us FROM stock_events e LEFT JOIN declared_wrong w ON w.kind = 'event' AND w.fact = e.id
        WHERE e.kind = $1 AND e.at_us >= $2 AND e.at_us < $3 ORDER BY e.at_us DESC LIMIT $4
        """, RecordedOf, kind.Word(), fromUs, toUs, max));

    /// <summary>Whether an act is in the books already: it was sent twice.</summary>
    public IReadOnlyList<RecordedEvent> StockEventsOfAct(string act) => Ask(c => c.Rows($"""
        SELECT {StockRows.EventColumns}, e.seq, e.recorded_us, w.actor, w.reason, w.at_us FROM stock_events e LEFT JOIN declared_wrong w ON w.kind = 'event' AND w.fact = e.id WHERE e.act = $1 ORDER BY e.seq
        """, RecordedOf, act));

    /// <summary>How far in the feed the scans of desks that do something have been done.</summary>
    public long ScanDesk() => Ask(c => (long)c.Scalar("SELECT cursor FROM scan_desk")!);

    /// <summary>Scans in the order they came into the feed, from beyond a cursor on.</summary>
    public IReadOnlyList<(long Cursor, ScanRow Scan)> ScansAfter(long cursor, int max) => Ask(c => c.Rows("""
        SELECT s.id, s.scanner, s.at_us, s.raw, s.understood, s.item, s.error, s.location, s.recorded_us, f.cursor
        FROM feed f JOIN scans s ON s.id = f.fact WHERE f.kind = 'scan' AND f.cursor > $1 ORDER BY f.cursor LIMIT $2
        """, r => (r.GetInt64(9), ScanOf(r)), cursor, max));

    /// <summary>Everything that was ever declared wrong.</summary>
    public IReadOnlyList<Declaration> Declarations() => Ask(c => c.Rows("""
        SELECT w.kind, w.fact, coalesce(e.subject, m.item, ''), w.actor, w.reason, w.at_us, w.place FROM declared_wrong w
        LEFT JOIN stock_events e ON w.kind = 'event' AND e.id = w.fact LEFT JOIN movements m ON w.kind = 'movement' AND m.id = w.fact ORDER BY w.kind, w.fact
        """, r => new Declaration(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt64(5), r.StringOrNull(6))));

    /// <summary>The Item that a passage moved.</summary>
    public string? MovementItem(string id) => Ask(c => (string?)c.Scalar("SELECT item FROM movements WHERE id = $1", id));

    /// <summary>Where a door or a person had placed an Item before a time; null: nowhere.</summary>
    public string? PlaceBefore(string item, long atUs) => Ask(c => (string?)c.Scalar("""
        SELECT place FROM (
            SELECT to_location AS place, at_us FROM movements m WHERE item = $1 AND at_us < $2 AND to_location IS NOT NULL AND NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'movement' AND w.fact = m.id)
            UNION ALL SELECT place, at_us FROM stock_events e WHERE subject = $1 AND at_us < $2 AND place IS NOT NULL AND NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'event' AND w.fact = e.id)
            UNION ALL SELECT location, at_us FROM scans WHERE item = $1 AND at_us < $2 AND location IS NOT NULL)
        ORDER BY at_us DESC LIMIT 1
        """, item, atUs));

    /// <summary>Products as the catalogue last knew them.</summary>
    public IReadOnlyList<Product> Products() => Ask(c => c.Rows(
        "SELECT product FROM products p WHERE valid_from_us = (SELECT max(valid_from_us) FROM products q WHERE q.key = p.key)", r => StockJson.Product(r.GetString(0))));

    static StockItemRow StockItemOf(SqliteDataReader r)
    {
        LocatedItem? At(int column) => r.IsDBNull(column) ? null
            : new(r.GetString(column), r.StringOrNull(column + 1), r.GetString(column + 2), r.GetInt64(column + 3), r.GetString(column + 4), r.GetDouble(column + 5), r.GetString(column + 6), ItemOf(r, 8));
        var (own, container) = (At(1), At(15));
        // Nobody has seen it there, so it is concluded.
        var at = GoesWithContainer(own?.AtUs, container?.AtUs) ? container! with { Item = own?.Item ?? container.Item, Basis = "inferred" } : own;
        return new(StockJson.Item(r.GetString(0)), at, r.LongOrNull(13));
    }

    static RecordedEvent RecordedOf(SqliteDataReader r)
    {
        var e = StockRows.EventOf(r);
        return new(r.GetInt64(10), e, r.GetInt64(11), r.IsDBNull(12) ? null : new("event", e.Id, e.Subject, r.GetString(12), r.GetString(13), r.GetInt64(14)));
    }
}
