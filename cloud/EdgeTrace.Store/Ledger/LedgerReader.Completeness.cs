using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

public sealed partial class LedgerReader
{
    /// <summary>What came in the hours that begin in [from, to), by hour.</summary>
    public IReadOnlyList<ReceivedHour> Received(long fromUs, long toUs) => Ask(c => c.Rows(
        "SELECT hour_us, gateway, stream, placed, readings, faults, batches, minutes FROM received WHERE hour_us >= $1 AND hour_us < $2 ORDER BY hour_us, gateway, stream",
        r => new ReceivedHour(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetBoolean(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7)), fromUs, toUs));

    /// <summary>
    /// Losses that touch [from, to), earliest first. Those with a count are added up by quarter of an hour: a reader that is late all day tells one a
    /// second, and every zone's hours and days begin at such a quarter.
    /// </summary>
    public IReadOnlyList<LossFact> Losses(long fromUs, long toUs, int max) => Ask(c => c.Rows("""
        SELECT gateway, stream, epoch, min(sequence), ordinal, max(to_sequence), cause, sum(readings), min(from_us) AS first_us, max(to_us), detail FROM losses
        WHERE to_us >= $1 AND from_us < $2
        GROUP BY gateway, stream, cause, detail, epoch, CASE WHEN readings IS NULL OR to_us - from_us > 900000000 THEN sequence END, CASE WHEN readings IS NULL THEN ordinal END, from_us / 900000000
        ORDER BY first_us, gateway, stream, epoch, min(sequence), ordinal LIMIT $3
        """, LossOf, fromUs, toUs, max));

    public IReadOnlyList<StreamMark> StreamMarks() => Ask(c => c.Rows(
        "SELECT gateway, stream, epoch, sequence, read_sequence, heard_us, through_us, since_us FROM stream_marks",
        r => new StreamMark(r.GetString(0), r.GetString(1), unchecked((ulong)r.GetInt64(2)), (ulong)r.GetInt64(3), (ulong)r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7))));

    /// <summary>Losses that touch [from, to), added up by cause and clipped to it.</summary>
    public IReadOnlyList<LossTotal> LossTotals(long fromUs = long.MinValue, long toUs = long.MaxValue) => Ask(c => c.Rows("""
        SELECT cause, count(*), coalesce(sum(readings), 0), sum(readings IS NULL), sum(min(to_us, $2) - max(from_us, $1)) FROM losses
        WHERE to_us >= $1 AND from_us < $2 GROUP BY cause ORDER BY cause
        """, r => new LossTotal(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), fromUs, toUs));

    static LossFact LossOf(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), unchecked((ulong)r.GetInt64(2)), (ulong)r.GetInt64(3), r.GetInt32(4), (ulong)r.GetInt64(5), r.GetString(6), r.LongOrNull(7),
        r.GetInt64(8), r.GetInt64(9), r.GetString(10));
}
