using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>What is deleted when its time is over; hours are kept.</summary>
public enum ReadingsTable
{
    Samples,
    Minutes,
    Visits,
}

/// <summary>One point, or one portal, in one table: what is deleted from at a time.</summary>
/// <param name="Kind">Of samples: temperature, door or mains.</param>
public readonly record struct ReadingsSeries(ReadingsTable Table, string Word, string Kind = "");

/// <summary>How large a store was.</summary>
/// <param name="Store">The file's name without .db.</param>
public readonly record struct StoreSize(string Store, long AtUs, long Bytes);

public sealed partial class ReadingsStore
{
    /// <summary>One slice of deletion: some 5 ms of the writer, which the projection waits for.</summary>
    public const int TrimRowsMax = 2000;

    /// <summary>
    /// From when on readings are kept, in whole hours, so that no hour and no minute is ever summed again from half its samples. It only moves
    /// forward: what is deleted stays deleted. What comes for an earlier time from here on is counted and not kept.
    /// </summary>
    public void KeepFrom(long samplesUs, long minutesUs, long visitsUs)
    {
        lock (_gate)
        {
            var kept = Kept with
            {
                SamplesFromUs = Math.Max(Kept.SamplesFromUs, SampleLevel.Hours.Down(samplesUs)),
                MinutesFromUs = Math.Max(Kept.MinutesFromUs, SampleLevel.Hours.Down(Math.Min(minutesUs, samplesUs))),
                VisitsFromUs = Math.Max(Kept.VisitsFromUs, SampleLevel.Hours.Down(visitsUs)),
            };
            if (kept == Kept) return;
            using var transaction = _connection.BeginTransaction();
            Keep(transaction, kept);
            transaction.Commit();
            Kept = kept;
        }
    }

    /// <summary>Whatever has rows from before its time. One look a point, however many rows there are.</summary>
    public IReadOnlyList<ReadingsSeries> PastRetention() => Ask(c => (List<ReadingsSeries>)
    [
        .. Past(c, new(ReadingsTable.Samples, "", "temperature"), "samples", "point", "kind = $2 AND ns < $1"),
        .. Past(c, new(ReadingsTable.Samples, "", "door"), "samples", "point", "kind = $2 AND ns < $1"),
        .. Past(c, new(ReadingsTable.Samples, "", "mains"), "samples", "point", "kind = $2 AND ns < $1"),
        .. Past(c, new(ReadingsTable.Minutes, ""), "sample_minutes", "point", "at < $1"),
        .. Past(c, new(ReadingsTable.Visits, ""), "visits", "portal", "ns < $1"),
    ]);

    /// <summary>Deletes the oldest slice of a series' rows from before its time, and returns how many.</summary>
    public int Trim(ReadingsSeries series)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var statement = series.Table switch { ReadingsTable.Samples => _trimSamples, ReadingsTable.Minutes => _trimMinutes, _ => _trimVisits };
            var deleted = statement.Run(transaction, series.Word, series.Kind, Before(series.Table), TrimRowsMax);
            var kept = series.Table switch
            {
                ReadingsTable.Samples => Kept with { Samples = Kept.Samples - deleted },
                ReadingsTable.Visits => Kept with { Visits = Kept.Visits - deleted },
                _ => Kept,
            };
            if (kept != Kept) Keep(transaction, kept);
            transaction.Commit();
            Kept = kept;
            return deleted;
        }
    }

    /// <summary>
    /// The cursor, once a power cut can no longer take it back. Commits of this file are not synced one by one, which is right as long as the log
    /// still has what they came from; before that is deleted, they are.
    /// </summary>
    public ReadingsCursor MakeDurable()
    {
        lock (_gate)
        {
            // A checkpoint syncs the write-ahead log first, also where a reader keeps it from copying everything.
            _connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            return Cursor;
        }
    }

    /// <summary>Remembers how large the stores are now, and forgets what is older than <paramref name="forgetUs"/>.</summary>
    public void Remember(IEnumerable<StoreSize> sizes, long forgetUs)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var size in sizes) _size.Run(transaction, size.Store, size.AtUs, size.Bytes);
            _forgetSizes.Run(transaction, forgetUs);
            transaction.Commit();
        }
    }

    List<ReadingsSeries> Past(SqliteConnection connection, ReadingsSeries series, string table, string word, string old) => connection.Rows($"""
        WITH RECURSIVE words (word) AS (
            SELECT min({word}) FROM {table} UNION ALL SELECT (SELECT min({word}) FROM {table} WHERE {word} > words.word) FROM words WHERE word IS NOT NULL)
        SELECT word FROM words WHERE word IS NOT NULL AND EXISTS (SELECT 1 FROM {table} t WHERE t.{word} = words.word AND {old})
        """, r => series with { Word = r.GetString(0) }, Before(series.Table), series.Kind);

    long Before(ReadingsTable table) => table switch
    {
        ReadingsTable.Samples => Kept.SamplesFromUs * 1000,
        ReadingsTable.Minutes => SampleLevel.Minutes.NumberOf(Kept.MinutesFromUs),
        _ => Kept.VisitsFromUs * 1000,
    };
}
