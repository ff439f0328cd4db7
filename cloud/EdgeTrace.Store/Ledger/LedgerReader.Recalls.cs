using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>A notice as it was opened, and whether it has been closed.</summary>
public sealed record RecallRow(RecallOpened Opened, RecallClosed? Closed);

/// <summary>An Item that a door or a scanner has seen and nobody has booked in.</summary>
public sealed record UnbookedRow(ItemRow Item, LocatedItem? At);

public sealed partial class LedgerReader
{
    const string RecallColumns = """
        n.notice, n.said, n.at_us, n.actor, c.reason, c.released, c.actor, c.at_us FROM recall_notices n LEFT JOIN recalls_closed c ON c.id = n.id
        """;

    /// <summary>Notices, the newest first.</summary>
    public IReadOnlyList<RecallRow> Recalls(int max) => Ask(c => c.Rows($"SELECT {RecallColumns} ORDER BY n.at_us DESC, n.id LIMIT $1", RecallOf, max));

    public IReadOnlyList<RecallRow> OpenRecalls() => Ask(c => c.Rows($"SELECT {RecallColumns} WHERE c.id IS NULL ORDER BY n.at_us, n.id", RecallOf));

    public RecallRow? Recall(string id) => Ask(c => c.Rows($"SELECT {RecallColumns} WHERE n.id = $1", RecallOf, id)).FirstOrDefault();

    public IReadOnlyList<RecallPlace> RecallPlaces(string notice) => Ask(c => c.Rows(
        "SELECT notice, place, named FROM recall_places WHERE notice = $1", r => new RecallPlace(r.GetString(0), r.GetString(1), r.GetInt32(2)), notice));

    /// <summary>Every answer that was given, the oldest first.</summary>
    public IReadOnlyList<RecallAnswer> RecallAnswers(string notice) => Ask(c => c.Rows(
        "SELECT notice, place, found, named, note, actor, at_us FROM recall_answers WHERE notice = $1 ORDER BY at_us",
        r => new RecallAnswer(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetInt64(6)), notice));

    /// <summary>Items of products that are of one of these lots or of no known lot; of every lot where none is given.</summary>
    public IReadOnlyList<StockItemRow> RecallItems(IReadOnlyList<string> products, IReadOnlyList<string> lots, int max) => Ask(c => (IReadOnlyList<StockItemRow>)[.. products.SelectMany(product => lots.Count == 0
        ? c.Rows($"SELECT {StockColumns} WHERE s.product = $1 LIMIT $2", StockItemOf, product, max)
        : lots.Distinct().Cast<string?>().Append(null).SelectMany(lot => c.Rows($"SELECT {StockColumns} WHERE s.product = $1 AND s.lot IS $2 LIMIT $3", StockItemOf, product, lot, max))).Take(max)]);

    /// <summary>Lots of products.</summary>
    public IReadOnlyList<LotState> RecallLots(IReadOnlyList<string> products, int max) => Ask(c => (IReadOnlyList<LotState>)[.. products.SelectMany(product =>
        c.Rows("SELECT state FROM stock_lots WHERE product = $1 LIMIT $2", r => StockJson.Lot(r.GetString(0)), product, max)).Take(max)]);

    /// <summary>Things of products that were seen and are not in the books.</summary>
    public IReadOnlyList<UnbookedRow> Unbooked(IReadOnlyList<string> products, int max) => Ask(c => (IReadOnlyList<UnbookedRow>)[.. products.SelectMany(product => c.Rows("""
        SELECT i.key, i.epc, i.gtin, i.serial, i.lot, i.seen_us, i.seen_at, l.item, l.location, l.basis, l.at_us, l.source, l.confidence, l.fact FROM items i LEFT JOIN item_locations l ON l.item = i.key
        WHERE i.gtin = $1 AND NOT EXISTS (SELECT 1 FROM stock_items s WHERE s.key = i.key) LIMIT $2
        """, UnbookedOf, product, max)).Take(max)]);

    /// <summary>What was done to patients with things, each thing's oldest first: implanted, explanted, used; nothing that was declared wrong.</summary>
    public IReadOnlyList<StockEvent> PatientEventsOf(IEnumerable<string> subjects) => Ask(c =>
    {
        // Prepared once: a notice of one product can name thousands.
        using var events = new SqliteStatement(c, $"{StockRows.EventsThatCount} AND e.kind IN ('implanted', 'explanted', 'used') ORDER BY e.at_us, e.id", 1);
        return (IReadOnlyList<StockEvent>)[.. subjects.SelectMany(subject => events.Rows(null, StockRows.EventOf, subject))];
    });

    static RecallRow RecallOf(SqliteDataReader r)
    {
        var notice = StockJson.Notice(r.GetString(0));
        return new(new(notice, r.GetString(1), r.GetInt64(2), r.GetString(3)), r.IsDBNull(4) ? null : new(notice.Id, r.GetString(4), r.GetBoolean(5), r.GetString(6), r.GetInt64(7)));
    }

    static UnbookedRow UnbookedOf(SqliteDataReader r)
    {
        var item = ItemOf(r, 0)!;
        return new(item, r.IsDBNull(7) ? null : new(r.GetString(7), r.StringOrNull(8), r.GetString(9), r.GetInt64(10), r.GetString(11), r.GetDouble(12), r.GetString(13), item));
    }
}
