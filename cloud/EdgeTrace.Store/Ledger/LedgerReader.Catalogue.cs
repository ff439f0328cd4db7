namespace EdgeTrace.Store.Ledger;

/// <summary>What went through a door or was done by people in a quarter of an hour, at one place.</summary>
/// <param name="Kind">in or out by a door; else the word of a stock event.</param>
public sealed record MovedQuarter(string Place, long AtUs, string Kind, int Times);

/// <summary>A scanner's label reads in a stretch of time.</summary>
public sealed record ScannerCount(string Scanner, int Scans, int Unread);

public sealed partial class LedgerReader
{
    const long QuarterUs = 15 * 60 * 1_000_000L;

    /// <summary>How many of each product there should be where, as somebody last said it.</summary>
    public IReadOnlyList<ParLevel> Pars() => Ask(c => c.Rows("""
        SELECT product, place, valid_from_us, par FROM par_levels p
        WHERE par IS NOT NULL AND valid_from_us = (SELECT max(valid_from_us) FROM par_levels q WHERE q.product = p.product AND q.place = p.place) ORDER BY product, place
        """, r => new ParLevel(r.GetString(0), r.GetString(1), r.GetInt64(2), (int?)r.LongOrNull(3))));

    /// <summary>Items that nobody can find, or that left without a reason.</summary>
    public IReadOnlyList<StockItemRow> StockGone(int max) => Ask(c => c.Rows(
        $"SELECT {StockColumns} WHERE s.status IN ('missing', 'left', 'stolen') ORDER BY s.key LIMIT $1", StockItemOf, max));

    /// <summary>What went in and out of a place by its doors in [from, to), by quarter of an hour: every zone's days begin at such a quarter. What was declared wrong is left out.</summary>
    public IReadOnlyList<MovedQuarter> MovedByDoors(string place, long fromUs, long toUs) => Ask(c => c.Rows($"""
        SELECT at_us / {QuarterUs} * {QuarterUs}, kind, count(*) FROM (
            SELECT id, at_us, 'in' AS kind FROM movements WHERE to_location = $1 AND at_us >= $2 AND at_us < $3
            UNION ALL SELECT id, at_us, 'out' FROM movements WHERE from_location = $1 AND at_us >= $2 AND at_us < $3) m
        WHERE NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'movement' AND w.fact = m.id) GROUP BY 1, 2
        """, r => new MovedQuarter(place, r.GetInt64(0), r.GetString(1), r.GetInt32(2)), place, fromUs, toUs));

    /// <summary>What people did to stock in places in [from, to), likewise.</summary>
    public IReadOnlyList<MovedQuarter> MovedByPeople(long fromUs, long toUs) => Ask(c => c.Rows($"""
        SELECT place, at_us / {QuarterUs} * {QuarterUs}, kind, count(*) FROM stock_events e
        WHERE at_us >= $1 AND at_us < $2 AND place IS NOT NULL AND kind IN ('received', 'stored', 'picked', 'returned')
            AND NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'event' AND w.fact = e.id) GROUP BY 1, 2, 3
        """, r => new MovedQuarter(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt32(3)), fromUs, toUs));

    /// <summary>Passages of an EPC that somebody has declared wrong, by the visit's id.</summary>
    public IReadOnlyDictionary<string, Declaration> WrongMovements(string epc) => Ask(c => c.Rows("""
        SELECT w.fact, w.actor, w.reason, w.at_us FROM declared_wrong w JOIN visits v ON v.id = w.fact WHERE w.kind = 'movement' AND v.epc = $1
        """, r => new Declaration("movement", r.GetString(0), epc, r.GetString(1), r.GetString(2), r.GetInt64(3)), epc)).ToDictionary(wrong => wrong.Fact);

    /// <summary>Lots of a product, or with a number.</summary>
    public IReadOnlyList<LotRow> Lots(string? product, string? number, int max) => Ask(c => c.Rows(
        "SELECT key, product, lot FROM stock_lots WHERE ($1 IS NULL OR product = $1) AND ($2 IS NULL OR lot = $2) ORDER BY expiry, key LIMIT $3", r => new LotRow(r.GetString(0), r.StringOrNull(1), r.StringOrNull(2)), product, number, max));

    /// <summary>How often each scanner read a label, and how often what came could not be used.</summary>
    public IReadOnlyList<ScannerCount> ScannerCounts(long fromUs, long toUs) => Ask(c => c.Rows(
        "SELECT scanner, count(*), sum(error IS NOT NULL) FROM scans WHERE at_us >= $1 AND at_us < $2 GROUP BY scanner ORDER BY scanner", r => new ScannerCount(r.GetString(0), r.GetInt32(1), r.GetInt32(2)), fromUs, toUs));
}

/// <summary>A Lot by what it is called.</summary>
public sealed record LotRow(string Key, string? Product, string? Number);
