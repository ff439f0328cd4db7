using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Store.Log;

/// <summary>
/// Every batch the cloud has acknowledged, in one order, with how far each stream is: what projections are made from
/// (DESIGN.md, corridor 2 and 4). One process writes; one committer groups what waits into one durable transaction.
/// </summary>
public sealed partial class BatchLog : IAsyncDisposable
{
    /// <summary>What waits for the committer; beyond it the asking side waits, which is the back-pressure.</summary>
    const int WaitingMax = 256;
    const int WaitingBytesMax = 32 << 20;

    /// <summary>One commit: large enough that an fsync (0.3 ms here) is shared, small enough that an ack is not late.</summary>
    const int GroupWritesMax = 512;
    const int GroupBytesMax = 8 << 20;

    /// <summary>Enough to see what a stranger sent; more would let him fill the disk.</summary>
    public const int QuarantineBodyBytesMax = 64 << 10;
    public const int QuarantineMax = 10_000;
    public const int SecurityEventsMax = 10_000;

    /// <summary>One slice of deletion: what it adds to the commit of what arrives stays below what a full group costs.</summary>
    public const int TrimRowsMax = 256;
    public const int TrimBytesMax = 4 << 20;

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly string _path;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly FileStream _owner;
    readonly SqliteConnection _connection;
    readonly BatchLogReader _reader;
    readonly RecentBatches _recent = new();
    readonly Channel<LogWrite> _waiting = Channel.CreateBounded<LogWrite>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    readonly CancellationTokenSource _stop = new();
    readonly Task _committer;
    TaskCompletionSource _grown = NewSignal();
    TaskCompletionSource _moved = NewSignal();
    long _waitingBytes;
    long _head;
    long _bytesMax;

    BatchLog(string folder, long bytesMax, TimeProvider time, ILogger logger, FileStream owner, SqliteConnection connection)
    {
        (_path, _time, _logger, _owner, _connection, _bytesMax) = (LogFile.Path(folder), time, logger, owner, connection, bytesMax);
        _reader = BatchLogReader.Open(folder);
        _head = _reader.Head;
        _committer = Task.Run(CommitAsync);
    }

    /// <summary>Position of the newest durable batch; 0 when there is none.</summary>
    public long Head => Volatile.Read(ref _head);

    public LogState State { get; private set; } = LogState.Fine;

    /// <summary>The size the log may not pass, 0 = none but the disk's. Full is a state, not an error; it may be raised while running.</summary>
    public long BytesMax
    {
        get => Volatile.Read(ref _bytesMax);
        set => Volatile.Write(ref _bytesMax, value);
    }

    /// <summary>Reads what is durable; also usable after the log's own methods say it is full.</summary>
    public BatchLogReader Reader => _reader;

    /// <summary>Opens the log in <paramref name="folder"/>, making it when there is none.</summary>
    /// <exception cref="LogUnusableException">Damaged, newer, somebody else's, or in use by another process; the message says what to do.</exception>
    public static BatchLog Open(string folder, TimeProvider time, ILogger<BatchLog> logger, long bytesMax = 0)
    {
        var owner = Own(folder);
        try
        {
            return new(folder, bytesMax, time, logger, owner, LogFile.OpenToWrite(folder));
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>
    /// True when there is room for another write; false, at once, while the log cannot be written, so that who asks can go on
    /// with what needs no log instead of waiting behind a full disk.
    /// </summary>
    public async ValueTask<bool> IsReadyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved);
            if (!State.IsFine) return false;
            if (_waiting.Reader.Count < WaitingMax && Interlocked.Read(ref _waitingBytes) < WaitingBytesMax) return true;
            await moved.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits for room, then returns a task that completes with the batch's position once it is durable.</summary>
    /// <param name="durable">Called by the committer once the batch is durable, in the order of the log; must be quick and not throw.</param>
    /// <exception cref="OperationCanceledException">The log was closed first (also the inner task).</exception>
    public ValueTask<Task<long>> AdmitAsync(NewBatch batch, Action? durable = null, CancellationToken cancellation = default) =>
        AdmitAsync(new BatchWrite(batch, durable), cancellation);

    /// <summary>Appends a batch; completes with its position when it is durable.</summary>
    public async Task<long> AppendAsync(NewBatch batch, CancellationToken cancellation = default) => await await AdmitAsync(batch, null, cancellation);

    /// <summary>Records that part of a stream will never come and moves the stream beyond it.</summary>
    public ValueTask<Task<long>> AdmitAsync(LoggedGap gap, Action? durable = null, CancellationToken cancellation = default) =>
        AdmitAsync(new SkipWrite(gap, durable), cancellation);

    /// <summary>Keeps a message that has no usable envelope; the newest <see cref="QuarantineMax"/> are kept.</summary>
    public ValueTask<Task<long>> QuarantineAsync(string topic, string cause, ReadOnlyMemory<byte> body, CancellationToken cancellation = default) =>
        AdmitAsync(new QuarantineWrite(topic, cause, body, NowUs), cancellation);

    public ValueTask<Task<long>> RecordAsync(SecurityEvent happened, CancellationToken cancellation = default) => AdmitAsync(new SecurityWrite(happened), cancellation);

    public ValueTask<Task<long>> RememberAsync(GatewayRow gateway, Action? durable = null, CancellationToken cancellation = default) =>
        AdmitAsync(new GatewayWrite(gateway, durable), cancellation);

    /// <summary>
    /// Deletes a slice of the oldest batches, in a commit that it shares with whatever is arriving; the newest batch always stays.
    /// </summary>
    /// <param name="upto">Nothing beyond this position.</param>
    /// <param name="beforeUs">Nothing that was logged at this time or later.</param>
    /// <returns>How many; 0 when none is that old.</returns>
    public async Task<long> TrimAsync(long upto, long beforeUs, CancellationToken cancellation = default) => await await AdmitAsync(new TrimWrite(upto, beforeUs), cancellation);

    /// <inheritdoc cref="BatchLogReader.Read"/>
    public IReadOnlyList<LoggedBatch> Read(long after, int max) => after >= Head ? [] : _recent.Read(after, max) ?? _reader.Read(after, max);

    /// <summary>Every (gateway, stream, epoch) with how far it is logged.</summary>
    public IReadOnlyList<StreamUpto> Streams() => _reader.Streams();

    /// <summary>Completes when <see cref="Head"/> is beyond <paramref name="position"/>.</summary>
    public async Task WaitBeyondAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            var grown = Volatile.Read(ref _grown);
            if (Head > position) return;
            await grown.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Commits what was admitted, unless the disk refuses, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        if (!State.IsFine) await _stop.CancelAsync();
        await _committer;
        _stop.Dispose();
        _reader.Dispose();
        await _connection.DisposeAsync();
        await _owner.DisposeAsync();
    }

    long NowUs => _time.GetUtcNow().ToUnixTimeMicroseconds();

    /// <summary>Two processes on one log would each think they own its streams.</summary>
    static FileStream Own(string folder)
    {
        var path = Path.Combine(folder, "log.lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LogUnusableException($"{folder} cannot be written by this user: give it to the account that runs the cloud, or choose another Cloud.DataDirectory.", error);
        }
        catch (IOException error)
        {
            throw new LogUnusableException($"{path} cannot be locked ({error.Message}): is another edgetrace-cloud running on this Cloud.DataDirectory? Stop it first.", error);
        }
    }

    async ValueTask<Task<long>> AdmitAsync(LogWrite write, CancellationToken cancellation)
    {
        try
        {
            await _waiting.Writer.WriteAsync(write, cancellation);
            Interlocked.Add(ref _waitingBytes, write.Bytes);
            return write.Durable;
        }
        catch (ChannelClosedException closed)
        {
            throw new OperationCanceledException("The batch log is closed.", closed);
        }
    }

    async Task CommitAsync()
    {
        var group = new List<LogWrite>(GroupWritesMax);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                var bytes = 0;
                while (group.Count < GroupWritesMax && bytes < GroupBytesMax && _waiting.Reader.TryRead(out var write))
                {
                    group.Add(write);
                    bytes += write.Bytes;
                }
                await CommitUntilDurableAsync(group);
                group.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Closing while the disk refuses: nothing of this was acknowledged, so the gateways still have it.
        }
        catch (Exception error)
        {
            // A bug of ours; better a log that says it has stopped than one that seems to wait.
            SetState(LogState.CannotWrite(_path, error.Message));
            LogStopped(error);
        }
        finally
        {
            _waiting.Writer.TryComplete();
            foreach (var write in group) write.Abandon();
            while (_waiting.Reader.TryRead(out var write)) write.Abandon();
        }
    }

    /// <summary>The world being down is a state, not an error to those who wait: they go on waiting, unacknowledged.</summary>
    async Task CommitUntilDurableAsync(List<LogWrite> group)
    {
        while (!TryCommit(group)) await Task.Delay(RetryDelay, _time, _stop.Token);
        foreach (var write in group)
        {
            Interlocked.Add(ref _waitingBytes, -write.Bytes);
            write.Complete();
        }
        Signal(ref _moved);
    }

    bool TryCommit(List<LogWrite> group)
    {
        try
        {
            ApplyBytesMax();
            using var transaction = new LogTransaction(_connection, _head);
            foreach (var write in group) write.Apply(transaction);
            transaction.Commit();
            SetState(LogState.Fine);
            _recent.ForgetUpto(transaction.Trimmed);
            if (transaction.Head != _head)
            {
                foreach (var write in group)
                    if (write.Logged is { } logged) _recent.Add(logged);
                Volatile.Write(ref _head, transaction.Head);
                Signal(ref _grown);
            }
            return true;
        }
        catch (SqliteException error)
        {
            SetState(LogFile.StateOf(_path, error));
            return false;
        }
    }

    void ApplyBytesMax()
    {
        // SQLite's own largest count of pages stands for "none".
        var pages = BytesMax == 0 ? 4294967294 : Math.Max(1, BytesMax / LogFile.Scalar(_connection, "PRAGMA page_size"));
        LogFile.Scalar(_connection, $"PRAGMA max_page_count={pages}");
    }

    void SetState(LogState state)
    {
        if (state == State) return;
        State = state;
        Signal(ref _moved);
        if (state.IsFine) LogWritable(_path);
        else LogUnwritable(state.Name, state.Reason, state.Remedy);
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    static void Signal(ref TaskCompletionSource signal) => Interlocked.Exchange(ref signal, NewSignal()).TrySetResult();

    [LoggerMessage(4001, LogLevel.Error, "{State}: {Reason} {Remedy}")]
    partial void LogUnwritable(string state, string reason, string remedy);

    [LoggerMessage(4002, LogLevel.Information, "The batch log {Path} takes writes again")]
    partial void LogWritable(string path);

    [LoggerMessage(4003, LogLevel.Critical, "The batch log's committer stopped; nothing more is acknowledged until a restart")]
    partial void LogStopped(Exception error);
}

public static class UnixMicroseconds
{
    /// <summary>Microseconds since 1970-01-01T00:00:00Z, as everything on the wire counts them.</summary>
    public static long ToUnixTimeMicroseconds(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
