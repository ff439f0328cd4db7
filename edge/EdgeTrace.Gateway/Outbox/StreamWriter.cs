using EdgeTrace.Contract;
using EdgeTrace.Gateway.Telemetry;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>
/// Where a device puts its readings until they are sealed. Adding never waits and never throws for a full disk: what cannot be kept is
/// counted and named in the next batch's header. Thread-safe.
/// </summary>
abstract class StreamWriter(Sealer sealer, string stream)
{
    /// <summary>Distinct causes waiting for the next header; more are folded into the last.</summary>
    const int LossesMax = 16;

    readonly List<Loss> _losses = [];
    long _promisedUs = long.MinValue;
    long _firstUs = long.MaxValue;
    long _lastUs = long.MinValue;
    TimeQuality _quality = TimeQuality.Rtc;
    long _errorUs;

    protected Lock Gate { get; } = new();
    public string Stream { get; } = stream;

    /// <summary>How far the clock could be trusted for what is added from now on.</summary>
    public void SetTimeQuality(TimeQuality quality, long errorUs)
    {
        lock (Gate)
        {
            if (quality != _quality && Count > 0) SealNow();   // one batch, one quality
            (_quality, _errorUs) = (quality, errorUs);
        }
    }

    /// <summary>The watermark: nothing older than <paramref name="throughUs"/> will be added.</summary>
    public void Promise(long throughUs)
    {
        lock (Gate) _promisedUs = Math.Max(_promisedUs, throughUs);
    }

    /// <summary>The device could not tell us: a blind interval, said in the next batch's header.</summary>
    public void AddBlind(long fromUs, long toUs, string detail)
    {
        lock (Gate) AddLoss(LossCause.Blind, 0, fromUs, toUs, detail);
    }

    /// <summary>Seals what was added; true when something was.</summary>
    internal bool Seal()
    {
        lock (Gate) return SealNow();
    }

    protected abstract int Count { get; }

    /// <summary>Builds the body from what was added; called with <see cref="Gate"/> held.</summary>
    protected abstract void Fill(Batch batch);

    /// <summary>What was added is sealed: begin anew.</summary>
    protected abstract void Clear();

    protected virtual uint Readings => (uint)Count;
    protected virtual ulong Dropped => 0;

    /// <summary>Whether time may be added: false, counted as LATE, when it is older than what was promised.</summary>
    protected bool InTime(long timeUs)
    {
        if (timeUs >= _promisedUs) return true;
        AddLoss(LossCause.Late, 1, timeUs, timeUs, "older than the watermark already promised");
        return false;
    }

    protected void Widen(long firstUs, long lastUs) => (_firstUs, _lastUs) = (Math.Min(_firstUs, firstUs), Math.Max(_lastUs, lastUs));

    protected void LoseFull(long timeUs) => AddLoss(LossCause.Full, 1, timeUs, timeUs, "the disk refused the outbox");

    protected bool SealNow()
    {
        if (Count == 0 && _losses.Count == 0 && !sealer.Outbox.HasPendingLosses(Stream))
        {
            if (_promisedUs != long.MinValue) sealer.Outbox.Promise(Stream, _promisedUs);
            return false;
        }
        if (!sealer.Outbox.TakesMore(Stream)) return false;
        using var span = GatewayTrace.Seal(Stream);
        var empty = _firstUs == long.MaxValue;
        var batch = new Batch
        {
            Header = new() { FirstUs = empty ? 0 : _firstUs, LastUs = empty ? 0 : _lastUs, TimeQuality = _quality, TimeErrorUs = _errorUs },
        };
        Fill(batch);
        var readings = Readings;
        if (sealer.Outbox.Seal(Stream, batch, readings, Dropped, _promisedUs == long.MinValue ? 0 : _promisedUs, _losses) is null) return false;
        GatewayTrace.Sealed(span, batch.Header);
        OutboxMeter.Sealed.Add(readings, new KeyValuePair<string, object?>("stream", Stream));
        Clear();
        _losses.Clear();
        (_firstUs, _lastUs) = (long.MaxValue, long.MinValue);
        return true;
    }

    protected void CommitAtOnce() => sealer.CommitSoon();

    void AddLoss(LossCause cause, ulong readings, long fromUs, long toUs, string detail)
    {
        if (readings > 0) OutboxMeter.Lost.Add((long)readings, new("stream", Stream), new("cause", cause.ToString()));
        var same = _losses.Find(loss => loss.Cause == cause && (cause != LossCause.Blind || _losses.Count >= LossesMax));
        if (same is null)
        {
            _losses.Add(new() { Cause = cause, Readings = readings, FromUs = fromUs, ToUs = toUs, Detail = detail });
            return;
        }
        same.Readings += readings;
        (same.FromUs, same.ToUs) = (Math.Min(same.FromUs, fromUs), Math.Max(same.ToUs, toUs));
    }
}

/// <summary>A stream whose readings are messages.</summary>
/// <param name="waitingMax">While the disk refuses; beyond it the newest are lost, and said so.</param>
abstract class MessageStream<T>(Sealer sealer, string stream, int waitingMax, bool atOnce) : StreamWriter(sealer, stream)
{
    /// <summary>Per batch, far below any broker's packet limit.</summary>
    const int BatchMax = 1024;

    protected List<T> Waiting { get; } = [];

    protected bool Add(T reading, long timeUs)
    {
        lock (Gate)
        {
            if (Waiting.Count >= BatchMax) SealNow();
            if (Waiting.Count >= waitingMax)
            {
                LoseFull(timeUs);
                return false;
            }
            Waiting.Add(reading);
            Widen(timeUs, timeUs);
        }
        if (atOnce) CommitAtOnce();
        return true;
    }

    protected override int Count => Waiting.Count;
    protected override void Clear() => Waiting.Clear();
}

/// <summary>The barcodes of one scanner; sealed at once.</summary>
sealed class ScanStream(Sealer sealer, string scanner) : MessageStream<Scan>(sealer, StreamName.Scans(scanner), 4096, atOnce: true)
{
    public bool Add(Scan scan) => Add(scan, scan.TimeUs);
    protected override void Fill(Batch batch) => batch.Scans = new() { Scans = { Waiting } };
}

/// <summary>The values of one point.</summary>
sealed class SampleStream(Sealer sealer, string point) : MessageStream<Sample>(sealer, StreamName.Samples(point), 16_384, atOnce: false)
{
    public bool Add(Sample sample) => Add(sample, sample.TimeUs);
    protected override void Fill(Batch batch) => batch.Samples = new() { Samples = { Waiting } };
}

/// <summary>What the gateway itself decided about one point; sealed at once, never thinned.</summary>
sealed class AlarmStream(Sealer sealer, string point) : MessageStream<LocalAlarm>(sealer, StreamName.Alarms(point), 4096, atOnce: true)
{
    public bool Add(LocalAlarm alarm) => Add(alarm, alarm.RaisedUs);
    protected override void Fill(Batch batch) => batch.Alarms = new() { Alarms = { Waiting } };
}

/// <summary>Changes of device states, with the counters in force when they are sealed.</summary>
sealed class HealthStream(Sealer sealer) : MessageStream<DeviceState>(sealer, StreamName.Health, 4096, atOnce: false)
{
    readonly Sealer _sealer = sealer;

    public bool Add(DeviceState state) => Add(state, state.SinceUs);
    protected override void Fill(Batch batch) => batch.Health = new() { States = { Waiting }, Counters = _sealer.Counters() };
}
