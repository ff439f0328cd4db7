namespace EdgeTrace.Store.Ledger;

/// <summary>A row of the feed that may say where a thing was or that a point has an episode.</summary>
/// <param name="Fact">Of an alarm its episode.</param>
/// <param name="Item">Of a movement and of a scan: the Item; null where a scan names none.</param>
public sealed record FeedSign(long Cursor, string Kind, string Fact, string? Item);

public sealed partial class LedgerReader
{
    /// <summary>How far the feed and the events of stock have been looked through for what an excursion has met; null: never.</summary>
    public (long Feed, long Seq)? ExcursionCursor() => Ask(c => c.Rows("SELECT feed, seq FROM excursion_cursor", r => ((long Feed, long Seq)?)(r.GetInt64(0), r.GetInt64(1)))).FirstOrDefault();

    /// <summary>The trade item of an Item or a Lot; null: nobody has said.</summary>
    public string? ProductOf(string thing) => Ask(c => (string?)c.Scalar("""
        SELECT coalesce((SELECT product FROM stock_items WHERE key = $1), (SELECT product FROM stock_lots WHERE key = $1), (SELECT gtin FROM items WHERE key = $1))
        """, thing));

    /// <summary>Whether it is a quantity of a Lot, and no single thing.</summary>
    public bool IsLot(string thing) => Ask(c => StockRows.IsLot(c, thing));

    public long NewestStockEvent() => Ask(c => (long)(c.Scalar("SELECT max(seq) FROM stock_events") ?? 0L));

    public IReadOnlyList<FeedSign> SignsAfter(long cursor, int max) => Ask(c => c.Rows("""
        SELECT f.cursor, f.kind, f.fact, coalesce(m.item, s.item) FROM feed f LEFT JOIN movements m ON f.kind = 'movement' AND m.id = f.fact LEFT JOIN scans s ON f.kind = 'scan' AND s.id = f.fact
        WHERE f.cursor > $1 ORDER BY f.cursor LIMIT $2
        """, r => new FeedSign(r.GetInt64(0), r.GetString(1), r.GetString(2), r.StringOrNull(3)), cursor, max));

    /// <summary>Episodes that the cloud has raised and that were not over before a time, the oldest first.</summary>
    public IReadOnlyList<EpisodeRow> RaisedEpisodes(long sinceUs, int max) => Ask(c => c.Rows($"""
        SELECT {EpisodeColumns} WHERE e.raised_us IS NOT NULL AND e.limits IS NOT NULL AND (e.ended_us IS NULL OR e.ended_us >= $1) ORDER BY e.raised_us DESC LIMIT $2
        """, EpisodeOf, sinceUs, max));

    /// <summary>
    /// What may have been in a place since a time, with its product where that is known: what is there now by itself or in a container, and everything that was moved, scanned or
    /// handled since.
    /// </summary>
    public IReadOnlyList<(string Thing, string? Product)> MayHaveBeenIn(string place, long sinceUs) => Ask(c => c.Rows("""
        SELECT t.thing, coalesce(s.product, l.product, i.gtin) FROM (
            SELECT item AS thing FROM item_locations WHERE location = $1
            UNION SELECT p.key FROM item_locations b JOIN stock_items p ON p.container = b.item WHERE b.location = $1
            UNION SELECT item FROM movements WHERE from_location = $1 AND at_us >= $2
            UNION SELECT item FROM movements WHERE to_location = $1 AND at_us >= $2
            UNION SELECT item FROM scans WHERE at_us >= $2 AND item IS NOT NULL
            UNION SELECT subject FROM stock_events WHERE at_us >= $2
            UNION SELECT lot FROM stock_pieces WHERE place = $1) t
        LEFT JOIN stock_items s ON s.key = t.thing LEFT JOIN stock_lots l ON l.key = t.thing LEFT JOIN items i ON i.key = t.thing
        """, r => (r.GetString(0), r.StringOrNull(1)), place, sinceUs));

    /// <summary>When and where doors, scans and people have placed an Item, the oldest first; null: it is in no place any more. What goes with a container is where that is placed.</summary>
    public IReadOnlyList<(long AtUs, string? Place)> PlacesOf(string item) => Ask(c => (IReadOnlyList<(long AtUs, string? Place)>)c.Rows("""
        WITH packed (box, since_us) AS (
            SELECT s.container, (SELECT max(at_us) FROM stock_events e WHERE e.subject = $1 AND e.kind = 'packed') FROM stock_items s WHERE s.key = $1 AND s.container IS NOT NULL),
        who (item, since_us) AS (SELECT $1, -9223372036854775808 UNION ALL SELECT box, since_us FROM packed)
        SELECT at_us, place FROM (
            SELECT m.at_us, m.to_location AS place FROM who JOIN movements m ON m.item = who.item AND m.at_us >= who.since_us
                WHERE NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'movement' AND w.fact = m.id)
            UNION ALL SELECT e.at_us, e.place FROM who JOIN stock_events e ON e.subject = who.item AND e.at_us >= who.since_us
                WHERE (e.place IS NOT NULL AND e.kind NOT IN ('missed', 'stolen') OR e.kind IN ('implanted', 'explanted', 'used', 'wasted')) AND coalesce(e.detail ->> 'inferred', 0) = 0
                AND NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'event' AND w.fact = e.id)
            UNION ALL SELECT s.at_us, s.location FROM who JOIN scans s ON s.item = who.item AND s.at_us >= who.since_us WHERE s.location IS NOT NULL
            -- What a cabinet's antennas heard is no movement; the newest of it is where the Item is.
            UNION ALL SELECT l.at_us, l.location FROM who JOIN item_locations l ON l.item = who.item AND l.at_us >= who.since_us
            UNION ALL SELECT coalesce(m.at_us, e.at_us) + 1, w.place FROM declared_wrong w LEFT JOIN movements m ON w.kind = 'movement' AND m.id = w.fact LEFT JOIN stock_events e ON w.kind = 'event' AND e.id = w.fact
                WHERE w.place IS NOT NULL AND coalesce(m.item, e.subject) = $1)
        ORDER BY at_us
        """, r => (r.GetInt64(0), r.StringOrNull(1)), item));
}
