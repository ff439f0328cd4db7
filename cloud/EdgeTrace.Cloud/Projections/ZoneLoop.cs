using System.Threading.Channels;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Projections;

/// <summary>One of N loops: takes what has gathered, lets the zones apply it, and commits facts and positions together before it takes more.</summary>
sealed partial class ZoneLoop(int number, Func<ZoneId, ZoneOwner> open, LedgerWriter ledger, TimeProvider time, ILogger<ZoneLoop> logger)
{
    /// <summary>Works waiting; a full loop makes the pump wait, and so the log's reader, and nobody else.</summary>
    const int WaitingMax = 256;

    /// <summary>Works between two commits: enough to share a flush, few enough that an alarm is told within it.</summary>
    const int GroupMax = 64;

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly Channel<ZoneWork> _waiting = Channel.CreateBounded<ZoneWork>(new BoundedChannelOptions(WaitingMax)
    {
        FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true,
    });
    readonly Dictionary<ZoneId, ZoneOwner> _zones = [];
    long _queued;
    long _done;

    /// <summary>Every batch given to this loop up to here is durable in the ledger; <see cref="long.MaxValue"/> while it has none to do.</summary>
    public long Done => Interlocked.Read(ref _done) is var done && done == Interlocked.Read(ref _queued) ? long.MaxValue : done;

    /// <summary>Why nothing moves; empty when it does.</summary>
    public string Stuck { get; private set; } = "";

    /// <summary>Newest fault of each zone that has one.</summary>
    public IReadOnlyList<(ZoneId Zone, ZoneState State, string Fault)> Faults { get; private set; } = [];

    /// <summary>Visits that only wait for their stream's promise.</summary>
    public int Open { get; private set; }

    public async ValueTask GiveAsync(ZoneWork work, CancellationToken token)
    {
        await _waiting.Writer.WriteAsync(work, token);
        if (work.Batch is { } batch) Interlocked.Exchange(ref _queued, batch.Position);
    }

    /// <summary>Gives only what costs nothing to lose: the next promise says it again.</summary>
    public bool TryGive(ZoneWork work) => _waiting.Writer.TryWrite(work);

    public void Complete() => _waiting.Writer.TryComplete();

    public async Task RunAsync(CancellationToken token)
    {
        var group = new List<ZoneWork>();
        while (await _waiting.Reader.WaitToReadAsync(token))
        {
            while (group.Count < GroupMax && _waiting.Reader.TryRead(out var work))
            {
                group.Add(work);
                if (work.Checkpoint is not null) break;
            }
            await WorkAsync(group, token);
            group.Clear();
        }
    }

    async Task WorkAsync(List<ZoneWork> group, CancellationToken token)
    {
        var touched = new HashSet<ZoneOwner>();
        foreach (var work in group)
        {
            if (work.Checkpoint is { } checkpoint)
                foreach (var owner in _zones.Values)
                {
                    owner.Checkpoint(checkpoint.Position);
                    touched.Add(owner);
                }
            else if (await OwnerAsync(work.Zone, token) is { } owner)
            {
                Do(work, owner);
                touched.Add(owner);
            }
        }
        await Task.WhenAll(touched.Select(owner => CommitAsync(owner, token)));
        Open = _zones.Values.Sum(z => z.Open);
        Faults = [.. _zones.Values.Where(z => z.Fault.Length > 0).Select(z => (z.Id, z.State, z.Fault))];
        foreach (var work in group)
        {
            if (work.Batch is { } batch) Interlocked.Exchange(ref _done, batch.Position);
            // A zone that stands still has not applied what came since: the log must not be thought done with, nor deleted, beyond where it stopped.
            work.Checkpoint?.Done.TrySetResult(_zones.Values.All(z => !z.Taken));
        }
    }

    void Do(ZoneWork work, ZoneOwner owner)
    {
        using var span = work.Batch is { } traced ? CloudTrace.Project(traced.Id, owner.Id.ToString()) : null;
        try
        {
            if (work.Batch is { } batch) owner.Apply(batch, work.Route);
            else owner.Advance(work.Promise);
        }
        catch (Exception thrown)
        {
            owner.StandStill(thrown);
            LogStandsStill(owner.Id.ToString(), thrown);
        }
    }

    async Task<ZoneOwner> OwnerAsync(ZoneId zone, CancellationToken token)
    {
        while (true)
        {
            try
            {
                if (_zones.TryGetValue(zone, out var owner)) return owner;
                return _zones[zone] = open(zone);
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                await WaitAsync(error.Message, token);
            }
        }
    }

    async Task CommitAsync(ZoneOwner owner, CancellationToken token)
    {
        if (owner.Seal() is not { } commit)
        {
            owner.Committed(new(""));
            return;
        }
        while (true)
        {
            try
            {
                await ledger.CommitAsync(commit, token);
                if (Stuck.Length > 0) LogGoesOn(number);
                Stuck = "";
                owner.Committed(commit);
                return;
            }
            catch (ZoneTakenException taken)
            {
                owner.LoseTo(taken);
                LogTaken(taken.Message);
                return;
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                await WaitAsync(error.Message, token);
            }
        }
    }

    async Task WaitAsync(string reason, CancellationToken token)
    {
        if (Stuck.Length == 0) LogStuck(number, reason);
        Stuck = $"The ledger cannot be written: {reason}";
        await Task.Delay(RetryDelay, time, token);
    }

    [LoggerMessage(4101, LogLevel.Error, "Loop {Loop} waits because the ledger refuses: {Reason}; trying again every second")]
    partial void LogStuck(int loop, string reason);

    [LoggerMessage(4102, LogLevel.Information, "Loop {Loop} goes on: the ledger takes writes again")]
    partial void LogGoesOn(int loop);

    [LoggerMessage(4106, LogLevel.Error, "Zone {Zone} stands still until the cloud is started again; all others go on")]
    partial void LogStandsStill(string zone, Exception thrown);

    [LoggerMessage(4103, LogLevel.Error, "{Reason}")]
    partial void LogTaken(string reason);
}

/// <summary>One thing for a loop to do: a batch, a promise, or a checkpoint of all its zones.</summary>
readonly record struct ZoneWork(ZoneId Zone, LoggedBatch? Batch, ZoneFactory.Route Route, StreamPromise Promise, CheckpointWork? Checkpoint)
{
    public static ZoneWork Of(LoggedBatch batch, ZoneFactory.Route route) => new(route.Zone, batch, route, default, null);
    public static ZoneWork Of(ZoneId zone, StreamPromise promise) => new(zone, null, default, promise, null);
    public static ZoneWork Of(CheckpointWork checkpoint) => new(default, null, default, default, checkpoint);
}

/// <summary>Asks every zone of a loop for its open state after everything up to a position.</summary>
/// <param name="Done">True when all of it is durable; false when a zone stands still.</param>
sealed record CheckpointWork(long Position, TaskCompletionSource<bool> Done);
