using EdgeTrace.Contract;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Log;

/// <summary>One thing asked of the committer; completed when it is durable.</summary>
/// <remarks>
/// <see cref="Apply"/> may run again after a failed commit, so it keeps its result to itself until <see cref="Complete"/>.
/// </remarks>
/// <param name="durable">Called by the committer itself, in the order of the log.</param>
abstract class LogWrite(Action? durable)
{
    readonly TaskCompletionSource<long> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _result;
    Exception? _refused;

    public Task<long> Durable => _durable.Task;
    public virtual int Bytes => 0;

    /// <summary>The batch as it is in the log, once <see cref="Apply"/> has put it there; null where nothing is to be read.</summary>
    public virtual LoggedBatch? Logged => null;

    /// <summary>Where <see cref="Apply"/> put it; null when it refused.</summary>
    protected long? Position => _refused is null ? _result : null;

    public void Apply(LogTransaction transaction)
    {
        _refused = null;
        try
        {
            _result = Write(transaction);
        }
        catch (OutOfSequenceException error)
        {
            _refused = error;
        }
    }

    public void Complete()
    {
        if (_refused is not null)
        {
            _durable.TrySetException(_refused);
            return;
        }
        durable?.Invoke();
        _durable.TrySetResult(_result);
    }

    public void Abandon() => _durable.TrySetCanceled();

    protected abstract long Write(LogTransaction transaction);
}

/// <summary>Two writers think they own one stream, or one skipped ahead: the log refuses rather than keep a hole or a twin.</summary>
public sealed class OutOfSequenceException(BatchId id, ulong upto)
    : InvalidOperationException($"{id} cannot be logged: the log has this stream up to {upto}.");

sealed class BatchWrite(NewBatch batch, Action? durable) : LogWrite(durable)
{
    public override int Bytes => batch.Body.Length;
    public override LoggedBatch? Logged => Position is { } position ? new(position, batch.Id, batch.ReceivedUs, batch.QuarantineCause, batch.Body) : null;

    protected override long Write(LogTransaction transaction) => transaction.Append(batch);
}

sealed class SkipWrite(LoggedGap gap, Action? durable) : LogWrite(durable)
{
    protected override long Write(LogTransaction transaction) => transaction.Skip(gap);
}

sealed class TrimWrite(long upto, long beforeUs) : LogWrite(null)
{
    protected override long Write(LogTransaction transaction) => transaction.Trim(upto, beforeUs);
}

sealed class QuarantineWrite(string topic, string cause, ReadOnlyMemory<byte> body, long receivedUs) : LogWrite(null)
{
    readonly byte[] _kept = body[..Math.Min(body.Length, BatchLog.QuarantineBodyBytesMax)].ToArray();

    public override int Bytes => _kept.Length;

    protected override long Write(LogTransaction transaction)
    {
        transaction.Run("INSERT INTO quarantine (received_us, topic, cause, length, body) VALUES ($received, $topic, $cause, $length, $body)",
            ("$received", receivedUs), ("$topic", topic), ("$cause", cause), ("$length", body.Length), ("$body", _kept));
        transaction.Run("DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - $max", ("$max", BatchLog.QuarantineMax));
        return 0;
    }
}

sealed class SecurityWrite(SecurityEvent happened) : LogWrite(null)
{
    protected override long Write(LogTransaction transaction)
    {
        transaction.Run("""
            INSERT INTO security_event (kind, gateway, subject, detail, first_us, last_us, count) VALUES ($kind, $gateway, $subject, $detail, $first, $last, $count)
            ON CONFLICT (kind, gateway, subject) DO UPDATE SET last_us = excluded.last_us, detail = excluded.detail, count = count + excluded.count
            """, ("$kind", happened.Kind), ("$gateway", happened.Gateway), ("$subject", happened.Subject), ("$detail", happened.Detail),
            ("$first", happened.FirstUs), ("$last", happened.LastUs), ("$count", happened.Count));
        transaction.Run("DELETE FROM security_event WHERE id <= (SELECT max(id) FROM security_event) - $max", ("$max", BatchLog.SecurityEventsMax));
        return 0;
    }
}

sealed class GatewayWrite(GatewayRow gateway, Action? durable) : LogWrite(durable)
{
    public override int Bytes => gateway.Birth.Length + gateway.State.Length;

    protected override long Write(LogTransaction transaction)
    {
        transaction.Run("""
            INSERT INTO gateway (gateway, trust, site, birth, state, last_heard_us) VALUES ($gateway, $trust, $site, $birth, $state, $heard)
            ON CONFLICT (gateway) DO UPDATE SET trust = excluded.trust, site = excluded.site, birth = excluded.birth, state = excluded.state, last_heard_us = excluded.last_heard_us
            """, ("$gateway", gateway.Gateway), ("$trust", gateway.Trust), ("$site", gateway.Site),
            ("$birth", gateway.Birth.ToArray()), ("$state", gateway.State.ToArray()), ("$heard", gateway.LastHeardUs));
        return 0;
    }
}

/// <summary>One group commit: bodies and stream positions together, or nothing.</summary>
sealed class LogTransaction : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SqliteTransaction _transaction;
    readonly Dictionary<(string, string, ulong), Epoch> _epochs = [];
    readonly SqliteCommand _insert;

    public LogTransaction(SqliteConnection connection, long head)
    {
        (_connection, Head) = (connection, head);
        _transaction = connection.BeginTransaction();
        _insert = Command("""
            INSERT INTO batch (position, stream_epoch, sequence, received_us, readings, body_crc, cause, body)
            VALUES ($position, $epoch, $sequence, $received, $readings, $crc, $cause, $body)
            """);
        foreach (var name in (ReadOnlySpan<string>)["$position", "$epoch", "$sequence", "$received", "$readings", "$crc", "$cause", "$body"])
            _insert.Parameters.Add(new() { ParameterName = name });
    }

    public long Head { get; private set; }

    /// <summary>Everything up to here has been deleted by this transaction; 0: nothing.</summary>
    public long Trimmed { get; private set; }

    /// <exception cref="OutOfSequenceException">It does not continue its stream.</exception>
    public long Append(NewBatch batch)
    {
        var epoch = EpochOf(batch.Id.Gateway, batch.Id.Stream, batch.Id.Epoch);
        if (batch.Id.Sequence != epoch.Upto + 1) throw new OutOfSequenceException(batch.Id, epoch.Upto);
        var body = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(batch.Body, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array : batch.Body.ToArray();
        ReadOnlySpan<object> values =
        [
            Head + 1, epoch.Id, (long)batch.Id.Sequence, batch.ReceivedUs, (long)batch.Readings, (long)batch.BodyCrc,
            (object?)batch.QuarantineCause ?? DBNull.Value, body,
        ];
        for (var i = 0; i < values.Length; i++) _insert.Parameters[i].Value = values[i];
        _insert.ExecuteNonQuery();
        Head++;
        epoch.Upto++;
        epoch.Batches++;
        epoch.Readings += batch.Readings;
        epoch.LastReceivedUs = batch.ReceivedUs;
        return Head;
    }

    /// <exception cref="OutOfSequenceException">The gap does not continue its stream.</exception>
    public long Skip(LoggedGap gap)
    {
        var epoch = EpochOf(gap.Gateway, gap.Stream, gap.Epoch);
        if (gap.FromSequence != epoch.Upto + 1) throw new OutOfSequenceException(new(gap.Gateway, gap.Stream, gap.Epoch, gap.FromSequence), epoch.Upto);
        Run("INSERT INTO gap (stream_epoch, from_sequence, to_sequence, cause, recorded_us) VALUES ($epoch, $from, $to, $cause, $recorded)",
            ("$epoch", epoch.Id), ("$from", (long)gap.FromSequence), ("$to", (long)gap.ToSequence), ("$cause", gap.Cause), ("$recorded", gap.RecordedUs));
        epoch.Upto = gap.ToSequence;
        epoch.LastReceivedUs = gap.RecordedUs;
        return Head;
    }

    /// <summary>Deletes from the oldest on, as far as it is that old, and within one slice's limits.</summary>
    public long Trim(long upto, long beforeUs)
    {
        var (rows, bytes, last) = (0L, 0L, 0L);
        using (var command = Command("SELECT position, received_us, length(body) FROM batch WHERE position <= $upto ORDER BY position LIMIT $rows"))
        {
            // The newest stays, for the log's head is where it ends.
            command.Parameters.AddWithValue("$upto", Math.Min(upto, Head - 1));
            command.Parameters.AddWithValue("$rows", BatchLog.TrimRowsMax);
            using var row = command.ExecuteReader();
            while (row.Read() && row.GetInt64(1) < beforeUs && (rows == 0 || bytes + row.GetInt64(2) <= BatchLog.TrimBytesMax))
            {
                rows++;
                bytes += row.GetInt64(2);
                last = row.GetInt64(0);
            }
        }
        if (rows > 0) Run("DELETE FROM batch WHERE position <= $last", ("$last", last));
        Trimmed = Math.Max(Trimmed, last);
        return rows;
    }

    public void Commit()
    {
        foreach (var epoch in _epochs.Values)
            Run("UPDATE stream_epoch SET upto = $upto, batches = $batches, readings = $readings, last_received_us = $last WHERE id = $id",
                ("$upto", (long)epoch.Upto), ("$batches", epoch.Batches), ("$readings", epoch.Readings), ("$last", epoch.LastReceivedUs), ("$id", epoch.Id));
        _transaction.Commit();
    }

    public void Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _transaction.Dispose();
    }

    Epoch EpochOf(string gateway, string stream, ulong epoch)
    {
        if (_epochs.TryGetValue((gateway, stream, epoch), out var known)) return known;
        known = Find(gateway, stream, epoch);
        if (known is null)
        {
            Run("INSERT INTO stream_epoch (gateway, stream, epoch, upto, batches, readings, last_received_us) VALUES ($gateway, $stream, $epoch, 0, 0, 0, 0)",
                ("$gateway", gateway), ("$stream", stream), ("$epoch", unchecked((long)epoch)));
            known = Find(gateway, stream, epoch)!;
        }
        return _epochs[(gateway, stream, epoch)] = known;
    }

    Epoch? Find(string gateway, string stream, ulong epoch)
    {
        using var command = Command("SELECT id, upto, batches, readings, last_received_us FROM stream_epoch WHERE gateway = $gateway AND stream = $stream AND epoch = $epoch");
        command.Parameters.AddWithValue("$gateway", gateway);
        command.Parameters.AddWithValue("$stream", stream);
        command.Parameters.AddWithValue("$epoch", unchecked((long)epoch));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new() { Id = row.GetInt64(0), Upto = (ulong)row.GetInt64(1), Batches = row.GetInt64(2), Readings = row.GetInt64(3), LastReceivedUs = row.GetInt64(4) }
            : null;
    }

    SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        // Every statement is a constant of this file.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    sealed class Epoch
    {
        public required long Id { get; init; }
        public ulong Upto { get; set; }
        public long Batches { get; set; }
        public long Readings { get; set; }
        public long LastReceivedUs { get; set; }
    }
}
