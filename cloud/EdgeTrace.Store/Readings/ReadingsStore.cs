using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Readings;

/// <summary>One value of a point as the time-series store keeps it.</summary>
/// <param name="Ns">µs·1000 + ordinal among equal µs of its batch: writing it again overwrites itself and nothing else.</param>
/// <param name="Kind">temperature, door or mains.</param>
/// <param name="MilliCelsius">Null for a faulty temperature and for the other kinds.</param>
/// <param name="Fault">Why there is no value; empty when there is one.</param>
public sealed record StoredSample(string Point, string Kind, long Ns, int? MilliCelsius, bool? On, string Fault);

/// <summary>One point a Visit: the reads of a portal, deduplicated. The EPC is a field, never a tag.</summary>
public sealed record StoredVisit(string Portal, long Ns, string Epc, long FirstUs, long LastUs, long Count, int PeakCentiDbm, string Direction, string Visit);

/// <summary>Samples of one stretch of time.</summary>
public sealed record SampleBucketRow(int Bucket, int? MinMilli, double? MeanMilli, int? MaxMilli, int Count);

/// <summary>How far this store has come in the batch log and in the ledger's visits.</summary>
public readonly record struct ReadingsCursor(long Log, long Visits);

/// <summary>
/// The time series, in <c>readings.db</c>: a projection with its own cursors, so that its slowness delays nothing else.
/// Values and cursors commit together. One writer; any number of readers.
/// </summary>
public sealed class ReadingsStore : IDisposable
{
    const int Version = 1;
    const string Tables = """
        CREATE TABLE samples (
            point TEXT NOT NULL, kind TEXT NOT NULL, ns INTEGER NOT NULL, milli_celsius INTEGER, state INTEGER, fault TEXT NOT NULL,
            PRIMARY KEY (point, kind, ns)) WITHOUT ROWID;
        CREATE TABLE visits (
            portal TEXT NOT NULL, ns INTEGER NOT NULL, epc TEXT NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL,
            count INTEGER NOT NULL, peak_centi_dbm INTEGER NOT NULL, direction TEXT NOT NULL, visit TEXT NOT NULL, PRIMARY KEY (portal, ns, visit)) WITHOUT ROWID;
        CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), log INTEGER NOT NULL, visits INTEGER NOT NULL);
        INSERT INTO cursor VALUES (1, 0, 0);
        """;

    readonly string _path;
    readonly SqliteConnection _connection;

    ReadingsStore(string path, SqliteConnection connection)
    {
        (_path, _connection) = (path, connection);
        Cursor = connection.Rows("SELECT log, visits FROM cursor", r => new ReadingsCursor(r.GetInt64(0), r.GetInt64(1)))[0];
    }

    /// <summary>What has been written durably.</summary>
    public ReadingsCursor Cursor { get; private set; }

    public static ReadingsStore Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var connection = SqliteFile.OpenForWriting(path);
        try
        {
            // What is lost here is made again from the log, so this file need not wait for the disk at every commit.
            connection.Execute("PRAGMA synchronous = NORMAL");
            var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), null);
            if (version > Version) throw new InvalidDataException($"{path} has readings version {version}; this program knows {Version}. Run a newer edgetrace-cloud.");
            if (version == 0)
            {
                using var transaction = connection.BeginTransaction();
                connection.Execute(Tables);
                connection.Execute($"PRAGMA user_version = {Version}");
                transaction.Commit();
            }
            return new(path, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes values and moves the cursor, together.</summary>
    public void Write(IReadOnlyList<StoredSample> samples, IReadOnlyList<StoredVisit> visits, ReadingsCursor cursor)
    {
        using var transaction = _connection.BeginTransaction();
        using var sample = new SqliteStatement(_connection, "INSERT OR REPLACE INTO samples VALUES ($1, $2, $3, $4, $5, $6)", 6);
        using var visit = new SqliteStatement(_connection, "INSERT OR REPLACE INTO visits VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", 9);
        using var move = new SqliteStatement(_connection, "UPDATE cursor SET log = $1, visits = $2", 2);
        foreach (var s in samples) sample.Run(transaction, s.Point, s.Kind, s.Ns, s.MilliCelsius, s.On, s.Fault);
        foreach (var v in visits) visit.Run(transaction, v.Portal, v.Ns, v.Epc, v.FirstUs, v.LastUs, v.Count, v.PeakCentiDbm, v.Direction, v.Visit);
        move.Run(transaction, cursor.Log, cursor.Visits);
        transaction.Commit();
        Cursor = cursor;
    }

    /// <summary>Temperatures of a point in buckets of equal length; buckets with neither value nor fault are left out.</summary>
    public IReadOnlyList<SampleBucketRow> Buckets(string point, long fromUs, long toUs, long bucketUs) => Ask(c => c.Rows("""
        SELECT (ns / 1000 - $2) / $4, min(milli_celsius), avg(milli_celsius), max(milli_celsius), count(milli_celsius) FROM samples
        WHERE point = $1 AND kind = 'temperature' AND ns >= $2 * 1000 AND ns < $3 * 1000 GROUP BY 1 ORDER BY 1
        """, r => new SampleBucketRow(r.GetInt32(0), (int?)r.LongOrNull(1), r.IsDBNull(2) ? null : r.GetDouble(2), (int?)r.LongOrNull(3), r.GetInt32(4)),
        point, fromUs, toUs, bucketUs));

    /// <summary>The newest temperatures of a point, oldest first, faults included.</summary>
    public IReadOnlyList<StoredSample> Newest(string point, int max)
    {
        var newest = Ask(c => c.Rows(
            "SELECT point, kind, ns, milli_celsius, state, fault FROM samples WHERE point = $1 AND kind = 'temperature' ORDER BY ns DESC LIMIT $2",
            r => new StoredSample(r.GetString(0), r.GetString(1), r.GetInt64(2), (int?)r.LongOrNull(3), r.IsDBNull(4) ? null : r.GetBoolean(4), r.GetString(5)), point, max));
        newest.Reverse();
        return newest;
    }

    public IReadOnlyDictionary<string, long> Totals() => Ask(c => new Dictionary<string, long>
    {
        ["samplesStored"] = (long)c.Scalar("SELECT count(*) FROM samples")!,
        ["visitsStored"] = (long)c.Scalar("SELECT count(*) FROM visits")!,
    });

    T Ask<T>(Func<SqliteConnection, T> question)
    {
        using var connection = SqliteFile.OpenForReading(_path);
        return question(connection);
    }

    public void Dispose() => _connection.Dispose();
}
