using System.Globalization;
using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

public sealed partial class LedgerReader
{
    /// <summary>As the index <c>stock_items_there</c> has it, letter by letter: what is gone for good stays in the books for ever and is not looked through.</summary>
    const string NotGone = "s.status NOT IN ('opened', 'implanted', 'explanted', 'used', 'wasted')";

    // All of stock_items that is asked for is in the index.
    const string GlanceColumns = """
        s.key, s.product, s.lot, s.serial, s.made, s.status, s.expiry, s.holds, s.recalls, s.pence, s.cleared, l.location, c.at_us, c.location, l.at_us,
        s.epc, s.since_us, s.before_missed, s.destination, s.case_id, CASE WHEN s.status IN ('missing', 'in-transit') THEN (SELECT seen_us FROM items i WHERE i.key = s.key) END
        FROM stock_items s INDEXED BY stock_items_there LEFT JOIN item_locations l ON l.item = s.key LEFT JOIN item_locations c ON c.item = s.container
        """;

    /// <summary>Everything that is not gone for good, of one product or of all: Items, and what Lots have in places.</summary>
    /// <param name="whole">Whether of a product also lot, serial, making date and cleared notices are asked: what only a recall asks, of most products nobody does.</param>
    public IReadOnlyList<StockGlance> Glances(string? product, int max, Func<string, bool> whole) => Ask(c =>
    {
        StockGlance Of(SqliteDataReader r) => GlanceOf(r, whole);
        var things = product is null
            ? c.Rows($"SELECT {GlanceColumns} WHERE {NotGone} LIMIT $1", Of, max)
            : c.Rows($"SELECT {GlanceColumns} WHERE {NotGone} AND s.product = $1 ORDER BY s.expiry LIMIT $2", Of, product, max);
        things.AddRange(c.Rows("""
            SELECT l.key, l.product, l.lot, l.expiry, l.holds, l.recalls, l.pence, l.cleared, p.place, p.pieces FROM stock_lots l JOIN stock_pieces p ON p.lot = l.key WHERE $1 IS NULL OR l.product = $1 LIMIT $2
            """, PiecesGlanceOf, product, max - things.Count));
        return things;
    });

    /// <summary>Items that are not gone for good and may be used until a day or a day before it, what expires first before the others.</summary>
    public IReadOnlyList<StockItemRow> StockExpiring(DateOnly until, int max) => Ask(c => c.Rows(
        $"SELECT {StockColumns} WHERE {NotGone} AND s.expiry <= $1 ORDER BY s.expiry, s.key LIMIT $2", StockItemOf, StockRows.Day(until), max));

    /// <summary>Of most rows nothing beyond status, date and own place is read: a list of all there is has twenty thousand, and each column of each costs.</summary>
    static StockGlance GlanceOf(SqliteDataReader r, Func<string, bool> whole)
    {
        var (status, holds, recalls, product) = (ItemStatuses.Of(r.GetString(5)), r.GetInt32(7), r.GetInt32(8), r.StringOrNull(1));
        var place = r.StringOrNull(!r.IsDBNull(12) && GoesWithContainer(r.LongOrNull(14), r.GetInt64(12)) ? 13 : 11);
        var standing = new Standing(status, DayOf(r, 6), recalls > 0, holds > recalls);
        // Only what was missed or sent is changed by a sign of it.
        if (status is ItemStatus.Missing or ItemStatus.InTransit && r.LongOrNull(20) is { } seen)
            standing = (standing with { SinceUs = r.GetInt64(16), BeforeMissed = r.IsDBNull(17) ? default : ItemStatuses.Of(r.GetString(17)), Destination = r.StringOrNull(18), Kept = !r.IsDBNull(19) }).Seen(seen, place);
        return product is not null && !whole(product) ? new(r.GetString(0), null, product, null, null, null, standing, place, 1, r.LongOrNull(9), [])
            : new(r.GetString(0), product is null ? r.StringOrNull(15) : null, product, r.StringOrNull(2), r.StringOrNull(3), DayOf(r, 4), standing, place, 1, r.LongOrNull(9), Cleared(r, 10));
    }

    static StockGlance PiecesGlanceOf(SqliteDataReader r)
    {
        var (holds, recalls, pieces) = (r.GetInt32(4), r.GetInt32(5), r.GetInt32(9));
        return new(
            r.GetString(0), null, r.StringOrNull(1), r.StringOrNull(2), null, null, new(ItemStatus.InStock, DayOf(r, 3), recalls > 0, holds > recalls), r.GetString(8), pieces, r.LongOrNull(6) * pieces, Cleared(r, 7));
    }

    /// <summary>What is in a tray goes where the tray goes, once that has gone anywhere since.</summary>
    static bool GoesWithContainer(long? ownUs, long? containerUs) => containerUs is { } moved && moved > (ownUs ?? long.MinValue);

    static DateOnly? DayOf(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : DateOnly.ParseExact(r.GetString(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static IReadOnlyList<string> Cleared(SqliteDataReader r, int column) => r.IsDBNull(column) ? [] : StockJson.Notices(r.GetString(column));
}
