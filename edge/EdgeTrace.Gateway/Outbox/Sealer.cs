using System.Threading.Channels;
using EdgeTrace.Contract;
using Microsoft.Extensions.Hosting;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>
/// The outbox's beat: gathers what devices added, seals it, and commits everything in one group: every tick, or at once for scans and
/// alarms. Hands out one writer per stream.
/// </summary>
sealed class Sealer(DurableOutbox outbox, OutboxOptions options, TimeProvider time) : BackgroundService
{
    /// <summary>Devices of one gateway; far beyond what its links could carry.</summary>
    const int StreamsMax = 1024;

    readonly Lock _gate = new();
    readonly Dictionary<string, StreamWriter> _writers = [];
    TimeQuality _quality = TimeQuality.Rtc;   // until somebody has asked the kernel
    readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly ulong _seenBefore = outbox.ReadsBefore;
    long _resent;

    public DurableOutbox Outbox { get; } = outbox;

    public ReadStream Reads(string portal) => Writer(StreamName.Reads(portal), () => new ReadStream(this, portal));
    public ScanStream Scans(string scanner) => Writer(StreamName.Scans(scanner), () => new ScanStream(this, scanner));
    public SampleStream Samples(string point) => Writer(StreamName.Samples(point), () => new SampleStream(this, point));
    public AlarmStream Alarms(string point) => Writer(StreamName.Alarms(point), () => new AlarmStream(this, point));
    public HealthStream Health() => Writer(StreamName.Health, () => new HealthStream(this));

    T Writer<T>(string stream, Func<T> create) where T : StreamWriter
    {
        if (!StreamName.IsValid(stream)) throw new ArgumentException($"'{stream}' is no stream: a name is [a-z0-9-]{{1,40}}.");
        lock (_gate)
        {
            if (_writers.TryGetValue(stream, out var known)) return (T)known;
            if (_writers.Count >= StreamsMax) throw new ArgumentException($"A gateway has at most {StreamsMax} streams.");
            var made = create();
            made.SetTimeQuality(_quality, 0);
            _writers.Add(stream, made);
            return made;
        }
    }

    /// <summary>How far this box's clock can be trusted from now on; every stream's headers say it. The bound of its error is not known (0).</summary>
    public void SetTimeQuality(TimeQuality quality)
    {
        StreamWriter[] writers;
        lock (_gate)
        {
            if (quality == _quality) return;
            _quality = quality;
            writers = [.. _writers.Values];
        }
        foreach (var writer in writers) writer.SetTimeQuality(quality, 0);
    }

    /// <summary>Asks for a commit before the next tick.</summary>
    public void CommitSoon() => _wanted.Writer.TryWrite(true);

    /// <summary>Seals everything added so far and commits; false when the disk refuses.</summary>
    public bool SealAll()
    {
        StreamWriter[] writers;
        lock (_gate) writers = [.. _writers.Values];
        foreach (var writer in writers) writer.Seal();
        return Outbox.Commit();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Outbox.CommitWanted += CommitSoon;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                SealAll();
            }
        }
        finally
        {
            Outbox.CommitWanted -= CommitSoon;
        }
    }

    async Task WaitAsync(CancellationToken token)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(token);
        var tick = Task.Delay(options.SealReadsAfter, time, early.Token);
        var wanted = _wanted.Reader.WaitToReadAsync(early.Token).AsTask();
        await Task.WhenAny(tick, wanted);
        _wanted.Reader.TryRead(out _);
        await early.CancelAsync();
    }

    /// <summary>Counts since the outbox was made: reads = outboxed + dropped by policy + lost and named + not yet sealed.</summary>
    public Counters Counters()
    {
        ulong outboxed = 0, dropped = 0, unacked = 0;
        foreach (var stream in Outbox.Summaries())
        {
            unacked += (ulong)stream.UnackedBatches;
            if (!stream.Stream.StartsWith("reads/", StringComparison.Ordinal)) continue;
            outboxed += stream.SealedReadings;
            dropped += stream.DroppedReadings;
        }
        lock (_gate)
        {
            ulong seen = 0;
            foreach (var writer in _writers.Values)
                if (writer is ReadStream reads) seen += reads.ReadsSeen;
            return new()
            {
                Reads = _seenBefore + seen, Outboxed = outboxed, DroppedByPolicy = dropped, UnackedBatches = unacked,
                ResentBatches = (ulong)Interlocked.Read(ref _resent), OutboxBytes = (ulong)Outbox.DiskBytes, DiskFreeBytes = (ulong)Outbox.DiskFreeBytes,
                OutboxBudgetBytes = (ulong)options.DiskBudgetBytes, SealedBytes = (ulong)Outbox.SealedBytes,
            };
        }
    }

    /// <summary>Where each portal's reads went since the process started.</summary>
    public IReadOnlyList<ReadBalance> Balances()
    {
        ReadStream[] streams;
        lock (_gate) streams = [.. _writers.Values.OfType<ReadStream>()];
        return [.. streams.Select(stream => stream.Balance())];
    }

    /// <summary>The uplink sent a batch again.</summary>
    public void CountResent() => Interlocked.Increment(ref _resent);
}
