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

    /// <summary>Batches beyond <paramref name="after"/>, oldest first; empty only at the head.</summary>
    public IReadOnlyList<LoggedBatch> Read(long after, int max)
    {
        var batches = new List<LoggedBatch>();
        var bytes = 0;
        foreach (var batch in Query("""
            SELECT position, gateway, stream, epoch, sequence, received_us, cause, body FROM batch JOIN stream_epoch ON stream_epoch.id = stream_epoch
            WHERE position > $after ORDER BY position LIMIT $max
            """, ReadBatch, ("$after", after), ("$max", max)))
        {
            batches.Add(batch);
            if ((bytes += batch.Body.Length) >= ReadBytesMax) break;
        }
        return batches;
    }

    /// <summary>The logged batch with this identity, or null.</summary>
    public (uint BodyCrc, bool Quarantined)? Find(BatchId id)
    {
        foreach (var found in Query("""
            SELECT body_crc, cause IS NOT NULL FROM batch JOIN stream_epoch ON stream_epoch.id = stream_epoch
            WHERE gateway = $gateway AND stream = $stream AND epoch = $epoch AND sequence = $sequence
            """, row => ((uint)row.GetInt64(0), row.GetBoolean(1)),
            ("$gateway", id.Gateway), ("$stream", id.Stream), ("$epoch", unchecked((long)id.Epoch)), ("$sequence", (long)id.Sequence)))
            return found;
        return null;
    }

    /// <summary>Every (gateway, stream, epoch) the log knows, oldest epoch first.</summary>
    public IReadOnlyList<StreamUpto> Streams() => [.. Query(
        "SELECT gateway, stream, epoch, upto, batches, readings, last_received_us FROM stream_epoch ORDER BY id",
        row => new StreamUpto(
            row.GetString(0), row.GetString(1), unchecked((ulong)row.GetInt64(2)), (ulong)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)))];

    public IReadOnlyList<LoggedGap> Gaps() => [.. Query(
        "SELECT gateway, stream, epoch, from_sequence, to_sequence, cause, recorded_us FROM gap JOIN stream_epoch ON stream_epoch.id = stream_epoch ORDER BY gap.id",
        row => new LoggedGap(
            row.GetString(0), row.GetString(1), unchecked((ulong)row.GetInt64(2)), (ulong)row.GetInt64(3), (ulong)row.GetInt64(4), row.GetString(5), row.GetInt64(6)))];

    /// <summary>What had no usable envelope, newest first.</summary>
    public IReadOnlyList<Quarantined> Quarantine(int max) => [.. Query(
        "SELECT id, received_us, topic, cause, body, length FROM quarantine ORDER BY id DESC LIMIT $max",
        row => new Quarantined(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetFieldValue<byte[]>(4), row.GetInt64(5)), ("$max", max))];

    /// <summary>Security events, the last repeated first.</summary>
    public IReadOnlyList<SecurityEvent> SecurityEvents(int max) => [.. Query(
        "SELECT kind, gateway, subject, detail, first_us, last_us, count FROM security_event ORDER BY last_us DESC, id DESC LIMIT $max",
        row => new SecurityEvent(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), ("$max", max))];

    public IReadOnlyList<GatewayRow> Gateways() => [.. Query(
        "SELECT gateway, trust, site, birth, state, last_heard_us FROM gateway ORDER BY gateway",
        row => new GatewayRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4), row.GetInt64(5)))];

    public void Dispose()
    {
        SqliteConnection.ClearPool(_first);
        _first.Dispose();
    }

    static LoggedBatch ReadBatch(SqliteDataReader row) => new(
        row.GetInt64(0), new(row.GetString(1), row.GetString(2), unchecked((ulong)row.GetInt64(3)), (ulong)row.GetInt64(4)),
        row.GetInt64(5), row.IsDBNull(6) ? null : row.GetString(6), row.GetFieldValue<byte[]>(7));

    IEnumerable<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        using var connection = LogFile.OpenToRead(_folder);
        using var command = connection.CreateCommand();
        // Every statement is a constant of this file.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return read(rows);
    }
}
