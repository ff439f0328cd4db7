using System.Collections.Concurrent;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>What is known of one gateway now.</summary>
/// <param name="Birth">The newest; null when only its state or batches were heard.</param>
/// <param name="Online">As the gateway or its Will said last.</param>
/// <param name="Reason">The Will's or the gateway's own sentence; may be empty.</param>
/// <param name="LastHeardUs">The cloud's clock when anything of it last arrived.</param>
public sealed record GatewayStatus(
    string Gateway, string Trust, string Site, Birth? Birth, bool Online, string Boot, uint Connection, string Reason, long OnlineSinceUs, long LastHeardUs)
{
    /// <summary>Devices as the last birth stated them; changes since are in the health stream.</summary>
    public IReadOnlyList<DeviceState> Devices => Birth?.States ?? (IReadOnlyList<DeviceState>)[];
}

/// <summary>
/// Every gateway ever heard, from births, states and Wills. Survives a restart by rows in the log's file. Reading is safe from
/// any thread; only ingest writes.
/// </summary>
public sealed class GatewayDirectory
{
    readonly ConcurrentDictionary<string, GatewayStatus> _gateways = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, GatewayVitals> _vitals = new(StringComparer.Ordinal);

    internal GatewayDirectory(IEnumerable<GatewayRow> remembered)
    {
        foreach (var row in remembered)
        {
            var birth = row.Birth.IsEmpty ? null : Birth.Parser.ParseFrom(row.Birth.Span);
            var state = row.State.IsEmpty ? null : GatewayState.Parser.ParseFrom(row.State.Span);
            _gateways[row.Gateway] = new(
                row.Gateway, row.Trust, row.Site, birth, state?.Online ?? false, state?.Boot ?? birth?.Boot ?? "", state?.Connection ?? birth?.Connection ?? 0,
                state?.Reason ?? "", state?.SentUs ?? 0, row.LastHeardUs);
        }
    }

    public IReadOnlyCollection<GatewayStatus> All => [.. _gateways.Values];

    public GatewayStatus? Find(string gateway) => _gateways.GetValueOrDefault(gateway);

    /// <summary>How the box was when it last said so since this process started; null when it has not.</summary>
    public GatewayVitals? Vitals(string gateway) => _vitals.GetValueOrDefault(gateway);

    /// <summary>Takes a birth; false when it is an older one of the same boot (a redelivery), which changes nothing.</summary>
    internal bool Take(GatewayTopics topics, Birth birth, long nowUs)
    {
        var before = Find(topics.Gateway);
        if (before is { Birth: { } known } && known.Boot == birth.Boot && known.Connection > birth.Connection) return false;
        _gateways[topics.Gateway] = new(
            topics.Gateway, topics.Trust, topics.Site, birth, true, birth.Boot, birth.Connection, "",
            before is { Online: true } && before.Boot == birth.Boot && before.Connection == birth.Connection ? before.OnlineSinceUs : nowUs, nowUs);
        return true;
    }

    /// <summary>
    /// Takes a state; false when it is of an older connection, or an offline of another boot: a Will that comes late must not
    /// put out a gateway that is back (DESIGN.md, The wire).
    /// </summary>
    internal bool Take(GatewayTopics topics, GatewayState state, long nowUs)
    {
        var before = Find(topics.Gateway);
        if (before is not null)
        {
            if (before.Boot == state.Boot && state.Connection < before.Connection) return false;
            if (before.Boot != state.Boot && before.Boot.Length > 0 && !state.Online) return false;
        }
        var since = before is not null && before.Online == state.Online && before.Boot == state.Boot ? before.OnlineSinceUs : nowUs;
        _gateways[topics.Gateway] = new(
            topics.Gateway, topics.Trust, topics.Site, before?.Birth, state.Online, state.Boot, state.Connection, state.Reason, since, nowUs);
        return true;
    }

    /// <summary>Keeps what a heartbeat says of the box; most say nothing of it.</summary>
    internal void Take(string gateway, Heartbeat beat, long nowUs)
    {
        if (beat.Counters is { } counters) _vitals[gateway] = GatewayVitals.After(Vitals(gateway), beat.Boot, counters, beat.TimeQuality, beat.TimeErrorUs, nowUs);
    }

    internal void Heard(GatewayTopics topics, long nowUs) => _gateways.AddOrUpdate(
        topics.Gateway,
        static (gateway, heard) => new(gateway, heard.topics.Trust, heard.topics.Site, null, false, "", 0, "", 0, heard.nowUs),
        static (_, before, heard) => before with { LastHeardUs = heard.nowUs }, (topics, nowUs));
}

/// <summary>How far a stream has come by its gateway's own word.</summary>
/// <param name="NextSequence">Everything up to <paramref name="ThroughUs"/> is in sequences below this.</param>
public readonly record struct StreamWatermark(string Gateway, string Stream, ulong Epoch, ulong NextSequence, long ThroughUs);

/// <summary>
/// The newest heartbeat's <c>through</c> of every stream: nothing older follows once <c>NextSequence − 1</c> of that epoch is
/// applied. It decides when a fact is emitted, never what it says (DESIGN.md, corridor 5). Safe from any thread.
/// </summary>
public sealed class StreamWatermarks
{
    readonly ConcurrentDictionary<(string Gateway, string Stream), StreamWatermark> _marks = new();
    readonly Dictionary<string, (string Boot, ulong Ordinal)> _newest = new(StringComparer.Ordinal);
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _version;

    /// <summary>Grows with every heartbeat taken.</summary>
    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyCollection<StreamWatermark> All => [.. _marks.Values];

    public bool TryGet(string gateway, string stream, out StreamWatermark watermark) => _marks.TryGetValue((gateway, stream), out watermark);

    /// <summary>Completes when <see cref="Version"/> is beyond <paramref name="version"/>.</summary>
    public async Task WaitBeyondAsync(long version, CancellationToken cancellation)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed);
            if (Version > version) return;
            await changed.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes a heartbeat unless it is an older one of the same boot. Only ingest calls this.</summary>
    internal void Take(string gateway, Heartbeat heartbeat)
    {
        if (_newest.TryGetValue(gateway, out var newest) && newest.Boot == heartbeat.Boot && heartbeat.Ordinal <= newest.Ordinal) return;
        _newest[gateway] = (heartbeat.Boot, heartbeat.Ordinal);
        foreach (var told in heartbeat.Streams)
        {
            if (!StreamName.IsValid(told.Stream) || told.Epoch == 0) continue;
            var mark = new StreamWatermark(gateway, told.Stream, told.Epoch, told.NextSequence, told.ThroughUs);
            // Within one epoch a watermark never goes back, whatever a gateway's clock does.
            if (_marks.TryGetValue((gateway, told.Stream), out var before) && before.Epoch == mark.Epoch && before.ThroughUs > mark.ThroughUs)
                mark = mark with { ThroughUs = before.ThroughUs };
            _marks[(gateway, told.Stream)] = mark;
        }
        Interlocked.Increment(ref _version);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
