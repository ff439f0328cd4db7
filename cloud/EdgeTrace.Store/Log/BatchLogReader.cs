using System.IO.Hashing;
using EdgeTrace.Contract;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Log;

/// <summary>Reads a batch log, also one that another process is writing. Safe to use from several threads.</summary>
public sealed class BatchLogReader : IDisposable
{
    /// <summary>A page of batches never holds more than this in memory, however many were asked for.</summary>
    public const int ReadBytesMax = 8 << 20;

    readonly string _folder;
    readonly SqliteConnection _first;

    BatchLogReader(string folder, SqliteConnection first) => (_folder, _first) = (folder, first);

    /// <summary>Opens the log in <paramref name="folder"/> for reading.</summary>
    /// <exception cref="LogUnusableException">There is none, or it cannot be read; the message says what to do.</exception>
    public static BatchLogReader Open(string folder) => new(folder, LogFile.OpenToRead(folder));

    /// <summary>The position of the newest durable batch; 0 when there is none.</summary>
    public long Head
    {
        get
        {
            using var connection = LogFile.OpenToRead(_folder);
            return LogFile.Scalar(connection, "SELECT coalesce(max(position), 0) FROM batch");
        }
    }

    /// <summary>
    /// Batches beyond <paramref name="after"/>, oldest first; empty only at the head. A body the disk has changed since is named by its cause.
    /// </summary>
    /// <exception cref="LogUnusableException">A page of the file cannot be read.</exception>
    public IReadOnlyList<LoggedBatch> Read(long after, int max)
    {
        var batches = ReadPage(after, max);
        // Positions have no gaps but before the oldest, which retention moves on, also while this reads: where one is missing, the disk lost a page.
        var expected = batches is [var first, ..] && first.Position > after + 1 && Ends().Oldest >= first.Position ? first.Position : after + 1;
        foreach (var batch in batches)
            if (batch.Position != expected++) throw LogFile.Damaged(_folder, $"position {expected - 1} is missing");
        // What was logged just after the page was read is there now; what is still missing is lost.
        if (batches.Count == 0 && max > 0 && Ends() is var ends && ends.Newest > after && (batches = ReadPage(after, max)).Count == 0)
            throw LogFile.Damaged(_folder, $"positions {after + 1} to {ends.Newest} are missing");
        return batches;
    }

    /// <summary>The oldest batch that is kept, and when it was logged (µs since 1970, the cloud's clock); null when there is none.</summary>
    public (long Position, long ReceivedUs)? Oldest() =>
        Query("SELECT position, received_us FROM batch ORDER BY position LIMIT 1", row => (row.GetInt64(0), row.GetInt64(1))) is [var oldest] ? oldest : null;

    List<LoggedBatch> ReadPage(long after, int max)
    {
        var bytes = 0;
        return Query("""
            SELECT position, gateway, stream, epoch, sequence, received_us, cause, body, body_crc FROM batch LEFT JOIN stream_epoch ON stream_epoch.id = stream_epoch
            WHERE position > $after ORDER BY position LIMIT $max
            """, ReadBatch, batch => (bytes += batch.Body.Length) >= ReadBytesMax, ("$after", after), ("$max", max));
    }

    /// <summary>
    /// Batches of scans, samples and alarms beyond <paramref name="after"/> and up to <paramref name="upto"/>, oldest first: what a backlog of reads must
    /// not hold up. Bodies of reads between them are not touched.
    /// </summary>
    /// <exception cref="LogUnusableException">A page of the file cannot be read.</exception>
    public IReadOnlyList<LoggedBatch> ReadUrgent(long after, long upto, int max)
    {
        var bytes = 0;
        return Query("""
            SELECT position, gateway, stream, epoch, sequence, received_us, cause, body, body_crc FROM batch JOIN stream_epoch ON stream_epoch.id = stream_epoch
            WHERE position > $after AND position <= $upto AND (stream GLOB 'alarms/*' OR stream GLOB 'scans/*' OR stream GLOB 'samples/*') ORDER BY position LIMIT $max
            """, ReadBatch, batch => (bytes += batch.Body.Length) >= ReadBytesMax, ("$after", after), ("$upto", upto), ("$max", max));
    }

    (long Oldest, long Newest) Ends() =>
        Query("SELECT coalesce(min(position), 0), coalesce(max(position), 0) FROM batch", row => (row.GetInt64(0), row.GetInt64(1)))[0];

    /// <summary>The logged batch with this identity, or null.</summary>
    public (uint BodyCrc, bool Quarantined)? Find(BatchId id)
    {
        var found = Query("""
            SELECT body_crc, cause IS NOT NULL FROM batch JOIN stream_epoch ON stream_epoch.id = stream_epoch
            WHERE gateway = $gateway AND stream = $stream AND epoch = $epoch AND sequence = $sequence
            """, row => ((uint)row.GetInt64(0), row.GetBoolean(1)), null,
            ("$gateway", id.Gateway), ("$stream", id.Stream), ("$epoch", unchecked((long)id.Epoch)), ("$sequence", (long)id.Sequence));
        return found is [var first, ..] ? first : null;
    }

    /// <summary>Every (gateway, stream, epoch) the log knows, oldest epoch first.</summary>
    public IReadOnlyList<StreamUpto> Streams() => Query(
        "SELECT gateway, stream, epoch, upto, batches, readings, last_received_us FROM stream_epoch ORDER BY id",
        row => new StreamUpto(
            row.GetString(0), row.GetString(1), unchecked((ulong)row.GetInt64(2)), (ulong)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)));

    public IReadOnlyList<LoggedGap> Gaps() => Query(
        "SELECT gateway, stream, epoch, from_sequence, to_sequence, cause, recorded_us FROM gap JOIN stream_epoch ON stream_epoch.id = stream_epoch ORDER BY gap.id",
        row => new LoggedGap(
            row.GetString(0), row.GetString(1), unchecked((ulong)row.GetInt64(2)), (ulong)row.GetInt64(3), (ulong)row.GetInt64(4), row.GetString(5), row.GetInt64(6)));

    /// <summary>What had no usable envelope, newest first.</summary>
    public IReadOnlyList<Quarantined> Quarantine(int max) => Query(
        "SELECT id, received_us, topic, cause, body, length FROM quarantine ORDER BY id DESC LIMIT $max",
        row => new Quarantined(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetFieldValue<byte[]>(4), row.GetInt64(5)), null, ("$max", max));

    /// <summary>Security events, the last repeated first.</summary>
    public IReadOnlyList<SecurityEvent> SecurityEvents(int max) => Query(
        "SELECT kind, gateway, subject, detail, first_us, last_us, count FROM security_event ORDER BY last_us DESC, id DESC LIMIT $max",
        row => new SecurityEvent(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), null, ("$max", max));

    public IReadOnlyList<GatewayRow> Gateways() => Query(
        "SELECT gateway, trust, site, birth, state, last_heard_us FROM gateway ORDER BY gateway",
        row => new GatewayRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4), row.GetInt64(5)));

    public void Dispose()
    {
        SqliteConnection.ClearPool(_first);
        _first.Dispose();
    }

    static LoggedBatch ReadBatch(SqliteDataReader row)
    {
        var body = row.GetFieldValue<byte[]>(7);
        var cause = row.IsDBNull(6) ? null : row.GetString(6);
        if (cause is null && Crc32.HashToUInt32(body) != row.GetInt64(8)) cause = "its bytes in the log no longer match their checksum: the disk has changed them";
        return new(row.GetInt64(0), new(row.GetString(1), row.GetString(2), unchecked((ulong)row.GetInt64(3)), (ulong)row.GetInt64(4)), row.GetInt64(5), cause, body);
    }

    List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, Predicate<T>? enough = null, params (string Name, object Value)[] parameters)
    {
        var found = new List<T>();
        try
        {
            using var connection = LogFile.OpenToRead(_folder);
            using var command = connection.CreateCommand();
            // Every statement is a constant of this file.
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                found.Add(read(rows));
                if (enough?.Invoke(found[^1]) is true) break;
            }
            return found;
        }
        catch (Exception damaged) when (damaged is SqliteException { SqliteErrorCode: not (LogFile.Busy or LogFile.Locked or LogFile.IoError or LogFile.CannotOpen) } or InvalidOperationException or InvalidCastException)
        {
            // A null or a text where a number must be is damage that SQLite itself does not see.
            throw LogFile.Damaged(_folder, damaged.Message, damaged);
        }
    }
}
