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

    /// <summary>Works between two commits: with 256 of a backlog's batches a third more visits are written than with 64 (measured), and an alarm still waits less than a second.</summary>
    const int GroupMax = 256;

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly Channel<ZoneWork> _waiting = Channel.CreateBounded<ZoneWork>(new BoundedChannelOptions(WaitingMax)
    {
        FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true,
    });
    readonly Dictionary<ZoneId, ZoneOwner> _zones = [];
    readonly Progress _inOrder = new(), _ahead = new();

    /// <summary>Every batch given to this loop up to here is durable in the ledger; <see cref="long.MaxValue"/> while it has none to do.</summary>
    public long Done => Math.Min(_inOrder.Done, _ahead.Done);

    /// <summary>Why nothing moves; empty when it does.</summary>
    public string Stuck { get; private set; } = "";

    /// <summary>Newest fault of each zone that has one.</summary>
    public IReadOnlyList<(ZoneId Zone, ZoneState State, string Fault)> Faults { get; private set; } = [];

    /// <summary>Visits that only wait for their stream's promise.</summary>
    public int Open { get; private set; }

    public async ValueTask GiveAsync(ZoneWork work, CancellationToken token)
    {
        await _waiting.Writer.WriteAsync(work, token);
        if (work.Batch is { } batch) ProgressOf(work).Given(batch.Position);
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
            if (work.Batch is { } batch) ProgressOf(work).Finished(batch.Position);
            // A zone that stands still has not applied what came since: the log must not be thought done with, nor deleted, beyond where it stopped.
            work.Checkpoint?.Done.TrySetResult(_zones.Values.All(z => !z.Taken));
        }
    }

    Progress ProgressOf(ZoneWork work) => work.Ahead ? _ahead : _inOrder;

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
/// <param name="Ahead">The batch overtakes older ones of other zones.</param>
readonly record struct ZoneWork(ZoneId Zone, LoggedBatch? Batch, ZoneFactory.Route Route, StreamPromise Promise, CheckpointWork? Checkpoint, bool Ahead = false)
{
    public static ZoneWork Of(LoggedBatch batch, ZoneFactory.Route route, bool ahead = false) => new(route.Zone, batch, route, default, null, ahead);
    public static ZoneWork Of(ZoneId zone, StreamPromise promise) => new(zone, null, default, promise, null);
    public static ZoneWork Of(CheckpointWork checkpoint) => new(default, null, default, default, checkpoint);
}

/// <summary>Asks every zone of a loop for its open state after everything up to a position.</summary>
/// <param name="Done">True when all of it is durable; false when a zone stands still.</param>
sealed record CheckpointWork(long Position, TaskCompletionSource<bool> Done);

/// <summary>How far a loop is with what it was given in ascending order. One gives, one finishes, any may ask.</summary>
sealed class Progress
{
    long _given;
    long _finished;

    /// <summary>Everything given up to here is finished; <see cref="long.MaxValue"/> while nothing is left to do.</summary>
    public long Done => Interlocked.Read(ref _finished) is var finished && finished == Interlocked.Read(ref _given) ? long.MaxValue : finished;

    public void Given(long position)
    {
        // After a pause the newest finished one lies far back; what was given in between was nothing.
        var before = Interlocked.Read(ref _given);
        Interlocked.CompareExchange(ref _finished, position - 1, before);
        Interlocked.Exchange(ref _given, position);
    }

    public void Finished(long position) => Interlocked.Exchange(ref _finished, position);
}
