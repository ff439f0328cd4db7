using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Reads the batch log in order and hands each batch to its zone's loop:
/// <code>
///   batch log ──► pump ──┬─► loop 1 (zones by hash) ─┐
///   heartbeats ─────────►├─► …                       ├─► LedgerWriter: facts + positions, one commit
///                        └─► loop N (N = cores) ─────┘
/// </code>
/// Every few seconds a checkpoint goes through all loops; once all have it, nothing older is ever replayed. While it is more than a page behind, scans,
/// samples and alarms overtake: their zones hear nothing else, so that each still gets its own batches in order, and an alarm does not wait for a backlog of reads.
/// </summary>
sealed partial class ProjectionPump : BackgroundService
{
    const int PageMax = 256;

    /// <summary>Batches given ahead of their turn and remembered until it comes; a day of ten-second samples from ten fridges. With more, the rest waits for its turn.</summary>
    const int AheadMax = 100_000;

    /// <summary>What a crash costs to replay, against one snapshot write each.</summary>
    static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long a promise may wait to be heard: a tenth of the second an alarm has.</summary>
    static readonly TimeSpan PromiseEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Between looks at a log that cannot be read.</summary>
    static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(5);

    readonly BatchLog _log;
    readonly LedgerWriter _writer;
    readonly LedgerReader _ledger;
    readonly ZoneFactory _zones;
    readonly IStreamPromises _promises;
    readonly TimeProvider _time;
    readonly ILogger<ProjectionPump> _logger;
    readonly ZoneLoop[] _loops;
    readonly Dictionary<ZoneId, ZonePosition> _durable;
    readonly Dictionary<(string, string), StreamPromise> _given = [];
    readonly long _floor;
    readonly HashSet<long> _ahead = [];
    long _aheadUpto;
    long _position;
    volatile string _unreadable = "";
    Task _checkpoint = Task.CompletedTask;

    public ProjectionPump(
        BatchLog log, LedgerWriter writer, LedgerReader ledger, ZoneFactory zones, IStreamPromises promises, TimeProvider time, ILoggerFactory loggers, int? loops = null)
    {
        (_log, _writer, _ledger, _zones, _promises, _time) = (log, writer, ledger, zones, promises, time);
        _logger = loggers.CreateLogger<ProjectionPump>();
        _floor = _position = ledger.Checkpoint();
        _durable = ledger.Zones().ToDictionary(z => z.Zone, z => z.Position);
        _loops = [.. Enumerable.Range(1, loops ?? Environment.ProcessorCount).Select(n => new ZoneLoop(n, Open, writer, time, loggers.CreateLogger<ZoneLoop>()))];
    }

    /// <summary>Every batch up to here is applied, with its facts durable.</summary>
    public long Applied
    {
        get
        {
            // The position first: what is handed out after it was read can only make this too small.
            var position = Interlocked.Read(ref _position);
            return Math.Min(position, _loops.Min(l => l.Done));
        }
    }

    public int OpenVisits => _loops.Sum(l => l.Open);
    public string Stuck => _unreadable.Length > 0 ? _unreadable : _loops.Select(l => l.Stuck).FirstOrDefault(s => s.Length > 0) ?? "";
    public IReadOnlyList<(ZoneId Zone, ZoneState State, string Fault)> Faults => [.. _loops.SelectMany(l => l.Faults)];

    /// <summary>The event time by which a batch is placed in the site model; 0 where nobody can read it.</summary>
    public static long EventTimeOf(LoggedBatch logged)
    {
        if (logged.QuarantineCause is not null) return 0;
        try
        {
            return Batch.Parser.ParseFrom(logged.Body.Span).Header?.LastUs ?? 0;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            // The zone will meet the same bytes and quarantine them with their cause.
            return 0;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopLoops = new CancellationTokenSource();
        var running = Task.WhenAll(_loops.Select(l => Task.Run(() => l.RunAsync(stopLoops.Token), CancellationToken.None)));
        try
        {
            await PumpAsync(running, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what is in the loops is finished below, what is in the log will still be there.
        }
        await StopAsync(running, stopLoops);
    }

    async Task PumpAsync(Task running, CancellationToken token)
    {
        var nextCheckpoint = _time.GetTimestamp();
        while (!token.IsCancellationRequested)
        {
            if (ReadOn(() => _log.Read(_position, PageMax)) is not { } page)
            {
                await Task.Delay(RetryEvery, _time, token);
                continue;
            }
            foreach (var logged in page)
            {
                if (!_ahead.Remove(logged.Position)) await GiveAsync(logged, _zones.RouteOf(logged.Id, EventTimeOf(logged)), ahead: false, token);
                Interlocked.Exchange(ref _position, logged.Position);
            }
            if (_log.Head - _position > PageMax) await GiveAheadAsync(token);
            GivePromises();
            if (_checkpoint.IsCompleted && _time.GetElapsedTime(nextCheckpoint) >= CheckpointEvery)
            {
                nextCheckpoint = _time.GetTimestamp();
                _checkpoint = await BeginCheckpointAsync(token);
            }
            if (running.IsFaulted) await running;
            if (page.Count == 0) await WaitAsync(token);
        }
    }

    ValueTask GiveAsync(LoggedBatch logged, ZoneFactory.Route route, bool ahead, CancellationToken token) => LoopOf(route.Zone).GiveAsync(ZoneWork.Of(logged, route, ahead), token);

    /// <summary>Gives what is urgent between here and the head. A stray one is told by its gateway's zone, in order with all else of that gateway, and waits.</summary>
    async Task GiveAheadAsync(CancellationToken token)
    {
        _aheadUpto = Math.Max(_aheadUpto, _position);
        for (var head = _log.Head; _aheadUpto < head && _ahead.Count < AheadMax;)
        {
            if (ReadOn(() => _log.Reader.ReadUrgent(_aheadUpto, head, PageMax)) is not { } page) return;
            foreach (var logged in page)
            {
                var route = _zones.RouteOf(logged.Id, EventTimeOf(logged));
                if (route.Stray is not null) continue;
                await GiveAsync(logged, route, ahead: true, token);
                _ahead.Add(logged.Position);
            }
            _aheadUpto = page is [.., var last] ? last.Position : head;
        }
    }

    // A log with a hole in it stops the projections, who say so; what arrives is still logged and acknowledged.
    IReadOnlyList<LoggedBatch>? ReadOn(Func<IReadOnlyList<LoggedBatch>> read)
    {
        try
        {
            var page = read();
            _unreadable = "";
            return page;
        }
        catch (LogUnusableException damaged)
        {
            if (_unreadable != damaged.Message) LogUnreadable(damaged.Message);
            _unreadable = damaged.Message;
            return null;
        }
    }

    async Task WaitAsync(CancellationToken token)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAny(_log.WaitBeyondAsync(_position, either.Token), Task.Delay(PromiseEvery, _time, either.Token));
        await either.CancelAsync();
        token.ThrowIfCancellationRequested();
    }

    void GivePromises()
    {
        foreach (var promise in _promises.Current())
        {
            if (_given.GetValueOrDefault((promise.Gateway, promise.Stream)) == promise) continue;
            var route = _zones.RouteOf(new(promise.Gateway, promise.Stream, promise.Epoch, 0), promise.ThroughUs);
            if (route.Stray is not null) continue;
            if (LoopOf(route.Zone).TryGive(ZoneWork.Of(route.Zone, promise))) _given[(promise.Gateway, promise.Stream)] = promise;
        }
    }

    /// <summary>Sends a checkpoint through all loops; the task it returns is done when nothing up to here need ever be replayed.</summary>
    async Task<Task> BeginCheckpointAsync(CancellationToken token)
    {
        var position = _position;
        var asked = new List<Task<bool>>();
        foreach (var loop in _loops)
        {
            var work = new CheckpointWork(position, new(TaskCreationOptions.RunContinuationsAsynchronously));
            await loop.GiveAsync(ZoneWork.Of(work), token);
            asked.Add(work.Done.Task);
        }
        return EndCheckpointAsync(asked, position);
    }

    async Task EndCheckpointAsync(IEnumerable<Task<bool>> asked, long position)
    {
        if ((await Task.WhenAll(asked)).Contains(false)) return;
        try
        {
            await _writer.CommitAsync(new("system:projections") { Checkpoint = position });
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or IOException)
        {
            LogNoCheckpoint(error.Message);
        }
    }

    async Task StopAsync(Task running, CancellationTokenSource stopLoops)
    {
        stopLoops.CancelAfter(StopMax);
        try
        {
            await _checkpoint.WaitAsync(stopLoops.Token);
            await await BeginCheckpointAsync(stopLoops.Token);
            foreach (var loop in _loops) loop.Complete();
            await running;
        }
        catch (OperationCanceledException)
        {
            LogStoppedEarly(StopMax);
        }
    }

    /// <summary>A service manager waits 30 s by default; a ledger that refuses for so long is replayed into at the next start.</summary>
    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    ZoneOwner Open(ZoneId zone) => new(zone, _zones, _ledger, _log.Read, _durable.GetValueOrDefault(zone, ZonePosition.None), _floor);

    /// <summary>By the zone's name, the same in every run; string.GetHashCode is not.</summary>
    ZoneLoop LoopOf(ZoneId zone)
    {
        var hash = 2166136261u;
        foreach (var letter in zone.Projection) hash = (hash ^ letter) * 16777619;
        foreach (var letter in zone.Zone) hash = (hash ^ letter) * 16777619;
        return _loops[hash % (uint)_loops.Length];
    }

    [LoggerMessage(4108, LogLevel.Error, "Projections stand still: {Reason}")]
    partial void LogUnreadable(string reason);

    [LoggerMessage(4104, LogLevel.Warning, "No checkpoint was written, so a restart would replay more: {Reason}")]
    partial void LogNoCheckpoint(string reason);

    [LoggerMessage(4105, LogLevel.Warning, "Projections were stopped after {Waited} before all was written; the next start replays it from the log")]
    partial void LogStoppedEarly(TimeSpan waited);
}

/// <summary>What gateways have promised of their streams by heartbeat; live from ingest, or none in a replay.</summary>
interface IStreamPromises
{
    IReadOnlyList<StreamPromise> Current();
}
