using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>One temperature sample, or a minute or an hour of them: what was lowest, mean and highest from <paramref name="TimeUs"/> on.</summary>
/// <param name="Count">Good temperatures; 0: only faulty samples, and no figures.</param>
/// <param name="WidthUs">0 for a single sample.</param>
public readonly record struct SampleStretch(long TimeUs, int LowestMilli, double MeanMilli, int HighestMilli, int Count, int Faults, long WidthUs = 0);

/// <summary>A door or mains input changed at this moment.</summary>
public readonly record struct StateChange(long TimeUs, bool On);

/// <summary>A point's record at its full rate and by the minute, for those who add it up or take it away.</summary>
public sealed class SampleReader(string path)
{
    /// <summary>Every temperature sample of [from, to) in order of time.</summary>
    public IReadOnlyList<SampleStretch> Readings(string point, long fromUs, long toUs) => Ask(c => c.Rows(
        "SELECT ns / 1000, milli_celsius FROM samples WHERE point = $1 AND kind = 'temperature' AND ns >= $2 * 1000 AND ns < $3 * 1000 ORDER BY ns",
        r => r.LongOrNull(1) is { } milli ? new SampleStretch(r.GetInt64(0), (int)milli, milli, (int)milli, 1, 0) : new(r.GetInt64(0), 0, 0, 0, 0, 1), point, fromUs, toUs));

    /// <summary>Every minute with a sample in it, in order of time; both ends are whole minutes.</summary>
    public IEnumerable<SampleStretch> Minutes(string point, long fromUs, long toUs) => Stretches(SampleLevel.Minutes, point, fromUs, toUs);

    /// <summary>Every hour with a sample in it, in order of time; both ends are whole hours.</summary>
    public IEnumerable<SampleStretch> Hours(string point, long fromUs, long toUs) => Stretches(SampleLevel.Hours, point, fromUs, toUs);

    IEnumerable<SampleStretch> Stretches(SampleLevel level, string point, long fromUs, long toUs)
    {
        // Read one by one: a year has half a million minutes.
        using var connection = SqliteFile.OpenForReading(path);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT at, lowest, sum, highest, count, faults FROM {level.Table} WHERE point = $1 AND at >= $2 AND at < $3 ORDER BY at";
        command.Parameters.AddWithValue("$1", point);
        command.Parameters.AddWithValue("$2", level.NumberOf(fromUs));
        command.Parameters.AddWithValue("$3", level.NumberOf(toUs));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var count = row.GetInt32(4);
            yield return count == 0
                ? new(row.GetInt64(0) * level.WidthUs, 0, 0, 0, 0, row.GetInt32(5), level.WidthUs)
                : new(row.GetInt64(0) * level.WidthUs, row.GetInt32(1), (double)row.GetInt64(2) / count, row.GetInt32(3), count, row.GetInt32(5), level.WidthUs);
        }
    }

    /// <summary>Temperature samples from a moment on, as many as fit a page; faults included.</summary>
    public IReadOnlyList<StoredSample> Page(string point, long fromNs, long toNs, int max) => Ask(c => c.Rows(
        "SELECT ns, milli_celsius, fault FROM samples WHERE point = $1 AND kind = 'temperature' AND ns >= $2 AND ns < $3 ORDER BY ns LIMIT $4",
        r => new StoredSample(point, "temperature", r.GetInt64(0), (int?)r.LongOrNull(1), null, r.GetString(2)), point, fromNs, toNs, max));

    /// <summary>When the record of a point begins and ends; null where it has none.</summary>
    public (long FirstUs, long LastUs)? Extent(string point) => Ask(c =>
    {
        var last = (long?)c.Scalar("SELECT max(ns) / 1000 FROM samples WHERE point = $1 AND kind = 'temperature'", point);
        var first = (long?)c.Scalar("SELECT min(ns) / 1000 FROM samples WHERE point = $1 AND kind = 'temperature'", point);
        // The minutes are kept longer than the samples they were made from.
        var minute = (long?)c.Scalar("SELECT min(at) FROM sample_minutes WHERE point = $1", point) * SampleLevel.Minutes.WidthUs;
        var newest = (long?)c.Scalar("SELECT max(at) FROM sample_minutes WHERE point = $1", point) * SampleLevel.Minutes.WidthUs;
        if (first is null && minute is null) return ((long, long)?)null;
        return (first is { } f && minute > f - SampleLevel.Minutes.WidthUs ? f : minute ?? first!.Value, last ?? newest!.Value);
    });

    /// <summary>The changes of a held state in [from, to), the one in force at <paramref name="fromUs"/> before them; empty where it never spoke.</summary>
    public IReadOnlyList<StateChange> Changes(string point, string kind, long fromUs, long toUs) => Ask(c =>
    {
        var before = c.Rows("SELECT ns / 1000, state FROM samples WHERE point = $1 AND kind = $2 AND ns < $3 * 1000 ORDER BY ns DESC LIMIT 1", ChangeOf, point, kind, fromUs);
        var changes = c.Rows("""
            SELECT at, state FROM (SELECT ns / 1000 AS at, state, lag(state) OVER (ORDER BY ns) AS was FROM samples WHERE point = $1 AND kind = $2 AND ns >= $3 * 1000 AND ns < $4 * 1000)
            WHERE was IS NULL OR state <> was ORDER BY at
            """, ChangeOf, point, kind, fromUs, toUs);
        return (IReadOnlyList<StateChange>)[.. before, .. changes];
    });

    static StateChange ChangeOf(SqliteDataReader row) => new(row.GetInt64(0), row.GetBoolean(1));

    T Ask<T>(Func<SqliteConnection, T> question)
    {
        using var connection = SqliteFile.OpenForReading(path);
        return question(connection);
    }
}
