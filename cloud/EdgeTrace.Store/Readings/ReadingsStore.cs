using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>One value of a point as the time-series store keeps it.</summary>
/// <param name="Ns">µs·1000 + ordinal among equal µs of its batch: writing it again overwrites itself and nothing else.</param>
/// <param name="Kind">temperature, door or mains.</param>
/// <param name="MilliCelsius">Null for a faulty temperature and for the other kinds.</param>
/// <param name="Fault">Why there is no value; empty when there is one.</param>
public sealed record StoredSample(string Point, string Kind, long Ns, int? MilliCelsius, bool? On, string Fault)
{
    /// <summary>Rounded toward the past, so that a sample is in the minute it happened in.</summary>
    public long Us => Ns >= 0 ? Ns / 1000 : (Ns - 999) / 1000;
}

/// <summary>One point a Visit: the reads of a portal, deduplicated. The EPC is a field, never a tag.</summary>
public sealed record StoredVisit(string Portal, long Ns, string Epc, long FirstUs, long LastUs, long Count, int PeakCentiDbm, string Direction, string Visit);

/// <summary>Samples of one stretch of time.</summary>
public sealed record SampleBucketRow(int Bucket, int? MinMilli, double? MeanMilli, int? MaxMilli, int Count);

/// <summary>How far this store has come in the batch log and in the ledger's visits.</summary>
public readonly record struct ReadingsCursor(long Log, long Visits);

/// <summary>What this store holds, and from when on; 0 = from the beginning.</summary>
/// <param name="PastRetention">Samples and visits that came when their time had been deleted already: counted, not kept.</param>
public sealed record ReadingsKept(long Samples, long Visits, long SamplesFromUs, long MinutesFromUs, long VisitsFromUs, long PastRetention);

/// <summary>
/// The time series, in <c>readings.db</c>: a projection with its own cursors, so that its slowness delays nothing else.
/// Values and cursors commit together. One writer; any number of readers.
/// </summary>
public sealed partial class ReadingsStore : IReadingsStore, IDisposable
{
    readonly string _path;
    readonly SqliteConnection _connection;
    readonly SampleWriter _samples;
    readonly SqliteStatement _visit, _move, _keep, _trimSamples, _trimMinutes, _trimVisits, _size, _forgetSizes;
    readonly List<SqliteStatement> _statements = [];
    readonly Lock _gate = new();

    ReadingsStore(string path, SqliteConnection connection)
    {
        (_path, _connection) = (path, connection);
        Cursor = connection.Rows("SELECT log, visits FROM cursor", r => new ReadingsCursor(r.GetInt64(0), r.GetInt64(1)))[0];
        Kept = connection.Rows("SELECT samples, visits, samples_from_us, minutes_from_us, visits_from_us, past_retention FROM kept",
            r => new ReadingsKept(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5)))[0];
        _samples = new(connection);
        _visit = Prepare("INSERT INTO visits VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (portal, ns, visit) DO NOTHING", 9);
        _move = Prepare("UPDATE cursor SET log = $1, visits = $2", 2);
        _keep = Prepare("UPDATE kept SET samples = $1, visits = $2, samples_from_us = $3, minutes_from_us = $4, visits_from_us = $5, past_retention = $6", 6);
        _trimSamples = Prepare("""
            DELETE FROM samples WHERE point = $1 AND kind = $2 AND ns <= (
                SELECT max(ns) FROM (SELECT ns FROM samples WHERE point = $1 AND kind = $2 AND ns < $3 ORDER BY ns LIMIT $4))
            """, 4);
        _trimMinutes = Prepare("DELETE FROM sample_minutes WHERE point = $1 AND $2 = '' AND at <= (SELECT max(at) FROM (SELECT at FROM sample_minutes WHERE point = $1 AND at < $3 ORDER BY at LIMIT $4))", 4);
        _trimVisits = Prepare("DELETE FROM visits WHERE portal = $1 AND $2 = '' AND ns <= (SELECT max(ns) FROM (SELECT ns FROM visits WHERE portal = $1 AND ns < $3 ORDER BY ns LIMIT $4))", 4);
        _size = Prepare("INSERT OR REPLACE INTO store_sizes VALUES ($1, $2, $3)", 3);
        _forgetSizes = Prepare("DELETE FROM store_sizes WHERE at_us < $1", 1);
    }

    public string FilePath => _path;

    public string Name => "";

    /// <summary>The log has the reads, and the ledger their visits: nothing here asks for them.</summary>
    public ReadDetail Detail => ReadDetail.None;

    public string Missing => "";

    /// <summary>What has been written durably.</summary>
    public ReadingsCursor Cursor { get; private set; }

    public ReadingsKept Kept { get; private set; }

    public static ReadingsStore Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var connection = SqliteFile.OpenForWriting(path);
        try
        {
            // What is lost here is made again from the log, so this file need not wait for the disk at every commit.
            connection.Execute("PRAGMA synchronous = NORMAL");
            ReadingsSchema.Ensure(connection);
            return new(path, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public Task<StoreState> WriteAsync(ReadingsPage page, CancellationToken cancellation)
    {
        try
        {
            Write(page.Samples, page.Visits, page.To);
            return Task.FromResult(StoreState.Fine);
        }
        catch (Exception error) when (error is SqliteException or IOException)
        {
            return Task.FromResult(new StoreState("waiting", $"The readings store refuses: {error.Message}", "Look at the disk of Cloud.DataDirectory, and at who else holds readings.db."));
        }
    }

    /// <summary>Writes values and moves the cursor, together.</summary>
    public void Write(IReadOnlyList<StoredSample> samples, IReadOnlyList<StoredVisit> visits, ReadingsCursor cursor)
    {
        lock (_gate)
        {
            // A minute whose samples have been deleted can no longer be summed again: what comes for it now is too late.
            var samplesInTime = samples.Where(s => s.Us >= Kept.SamplesFromUs).ToList();
            var visitsInTime = visits.Where(v => v.Ns / 1000 >= Kept.VisitsFromUs).ToList();
            using var transaction = _connection.BeginTransaction();
            var kept = Kept with
            {
                Samples = Kept.Samples + _samples.Write(transaction, samplesInTime),
                Visits = Kept.Visits + visitsInTime.Sum(v => _visit.Run(transaction, v.Portal, v.Ns, v.Epc, v.FirstUs, v.LastUs, v.Count, v.PeakCentiDbm, v.Direction, v.Visit)),
                PastRetention = Kept.PastRetention + samples.Count - samplesInTime.Count + visits.Count - visitsInTime.Count,
            };
            _move.Run(transaction, cursor.Log, cursor.Visits);
            Keep(transaction, kept);
            transaction.Commit();
            (Cursor, Kept) = (cursor, kept);
        }
    }

    /// <summary>
    /// Cuts a period into at most <paramref name="max"/> buckets of at least <paramref name="atLeastUs"/>. Those of a minute and more are whole
    /// minutes, those of an hour and more whole hours, and begin with one: then <see cref="Buckets"/> need not look at the full rate.
    /// Where that is deleted, none is narrower than what is left.
    /// </summary>
    public BucketPlan Plan(long fromUs, long toUs, int max, long atLeastUs)
    {
        var atLeast = Math.Max((toUs - fromUs + max - 1) / max, atLeastUs);
        if (fromUs < Kept.MinutesFromUs || atLeast >= SampleLevel.Hours.WidthUs) return Planned(SampleLevel.Hours);
        if (fromUs < Kept.SamplesFromUs || atLeast >= SampleLevel.Minutes.WidthUs) return Planned(SampleLevel.Minutes);
        return new(fromUs, toUs, atLeast);

        BucketPlan Planned(SampleLevel level)
        {
            var (start, end) = (level.Down(fromUs), level.Up(toUs));
            return new(start, end, Math.Max(level.Up((end - start + max - 1) / max), level.Up(atLeast)));
        }
    }

    /// <summary>Temperatures of a point in buckets of equal length; buckets with neither value nor fault are left out.</summary>
    public IReadOnlyList<SampleBucketRow> Buckets(string point, long fromUs, long toUs, long bucketUs) => Ask(c => SampleLevel.For(fromUs, toUs, bucketUs) is { } level
        ? c.Rows($"""
            SELECT (at * {level.WidthUs} - $2) / $4, min(lowest), sum(sum) * 1.0 / sum(count), max(highest), sum(count) FROM {level.Table}
            WHERE point = $1 AND at >= $2 / {level.WidthUs} AND at < $3 / {level.WidthUs} GROUP BY 1 ORDER BY 1
            """, BucketOf, point, fromUs, toUs, bucketUs)
        : c.Rows("""
            SELECT (ns / 1000 - $2) / $4, min(milli_celsius), sum(milli_celsius) * 1.0 / count(milli_celsius), max(milli_celsius), count(milli_celsius) FROM samples
            WHERE point = $1 AND kind = 'temperature' AND ns >= $2 * 1000 AND ns < $3 * 1000 GROUP BY 1 ORDER BY 1
            """, BucketOf, point, fromUs, toUs, bucketUs));

    /// <summary>The newest temperatures of a point, oldest first, faults included.</summary>
    public IReadOnlyList<StoredSample> Newest(string point, int max)
    {
        var newest = Ask(c => c.Rows(
            "SELECT point, kind, ns, milli_celsius, state, fault FROM samples WHERE point = $1 AND kind = 'temperature' ORDER BY ns DESC LIMIT $2",
            r => new StoredSample(r.GetString(0), r.GetString(1), r.GetInt64(2), (int?)r.LongOrNull(3), r.IsDBNull(4) ? null : r.GetBoolean(4), r.GetString(5)), point, max));
        newest.Reverse();
        return newest;
    }

    public IReadOnlyDictionary<string, long> Totals() => new Dictionary<string, long>
    {
        ["samplesStored"] = Kept.Samples,
        ["visitsStored"] = Kept.Visits,
        ["readingsPastRetention"] = Kept.PastRetention,
    };

    void Keep(SqliteTransaction transaction, ReadingsKept kept) =>
        _keep.Run(transaction, kept.Samples, kept.Visits, kept.SamplesFromUs, kept.MinutesFromUs, kept.VisitsFromUs, kept.PastRetention);

    static SampleBucketRow BucketOf(SqliteDataReader r) =>
        new(r.GetInt32(0), (int?)r.LongOrNull(1), r.IsDBNull(2) ? null : r.GetDouble(2), (int?)r.LongOrNull(3), r.GetInt32(4));

    SqliteStatement Prepare(string sql, int parameters)
    {
        var statement = new SqliteStatement(_connection, sql, parameters);
        _statements.Add(statement);
        return statement;
    }

    T Ask<T>(Func<SqliteConnection, T> question)
    {
        using var connection = SqliteFile.OpenForReading(_path);
        return question(connection);
    }

    public void Dispose()
    {
        _samples.Dispose();
        foreach (var statement in _statements) statement.Dispose();
        _connection.Dispose();
    }
}
