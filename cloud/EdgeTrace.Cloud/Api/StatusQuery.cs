using System.Globalization;
using System.Reflection;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary><c>/api/v1/status</c>: how far each part has come, and what does not move.</summary>
sealed class StatusQuery(
    BatchLog log, LedgerReader ledger, LedgerWriter writer, ProjectionPump pump, ReadingsStore store, ReadingsProjection readings, ReadingsElsewhere elsewhere,
    CompletenessProjection completeness, IStreamPromises promises, TimeProvider time)
{
    /// <summary>A hundred of them are beyond the 99th percentile; more would be read again at every look.</summary>
    const int DelaysMax = 10_000;

    readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public StatusView Status()
    {
        var head = log.Head;
        return new(
            Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "", _startedAt, head, Math.Min(pump.Applied, Math.Min(readings.Position, completeness.Position)), writer.FeedHead,
            Streams(), [.. Projections(head)], Counters());
    }

    public IReadOnlyList<StreamView> Streams()
    {
        var promised = promises.Current().ToDictionary(p => (p.Gateway, p.Stream));
        // The log lists epochs oldest first; a stream is where its newest one is, and counts them all.
        return [.. log.Streams().GroupBy(s => (s.Gateway, s.Stream)).Select(epochs =>
        {
            var newest = epochs.Last();
            var promise = promised.TryGetValue(epochs.Key, out var told) && told.Epoch == newest.Epoch ? told : (StreamPromise?)null;
            return new StreamView(
                newest.Gateway, newest.Stream, newest.Epoch.ToString("x16", CultureInfo.InvariantCulture), (long)newest.Upto,
                promise is { NextSequence: > 0 } p ? Math.Max((long)newest.Upto, (long)p.NextSequence - 1) : (long)newest.Upto,
                epochs.Sum(e => e.Batches), epochs.Sum(e => e.Readings), promise is { ThroughUs: > 0 } t ? EventTime.FromUs(t.ThroughUs) : null, EventTime.FromUs(newest.LastReceivedUs));
        }).OrderBy(s => s.Gateway, StringComparer.Ordinal).ThenBy(s => s.Stream, StringComparer.Ordinal)];
    }

    /// <summary>Each projection, each readings store, and each zone that something has become of.</summary>
    public IReadOnlyList<ProjectionView> Projections() => [.. Projections(log.Head)];

    IEnumerable<ProjectionView> Projections(long head)
    {
        var applied = pump.Applied;
        yield return new("ledger", applied, head - applied, pump.Stuck.Length > 0 ? "waiting" : applied == head ? "current" : "catching up", pump.Stuck);
        foreach (var (zone, state, fault) in pump.Faults) yield return new(zone.ToString(), applied, 0, state.Word(), fault);
        yield return new("completeness", completeness.Position, head - completeness.Position, completeness.Stuck.Length > 0 ? "waiting" : completeness.Position == head ? "current" : "catching up", completeness.Stuck);
        yield return Readings(readings, head);
        foreach (var store in elsewhere.All) yield return Readings(store, head);
    }

    static ProjectionView Readings(ReadingsProjection readings, long head)
    {
        var (position, (state, since), missing) = (readings.Position, readings.Now, readings.Missing);
        var lag = Math.Max(0, head - position);
        if (!state.IsFine) return new(readings.Name, position, lag, state.Name, state.Reason + ".", state.Remedy, since);
        if (missing.Length > 0) return new(readings.Name, position, lag, ProjectionView.Incomplete, missing, "edgetrace-cloud stores lists what it refused, and can write it again; deploy/README.md says how.");
        return new(readings.Name, position, lag, lag == 0 ? "current" : "catching up", "");
    }

    Dictionary<string, long> Counters()
    {
        var counters = new Dictionary<string, long>(ledger.Totals());
        foreach (var (name, value) in store.Totals()) counters[name] = value;
        var delays = ledger.FeedDelays(FeedKind.Movement, DelaysMax);
        counters["readToFeedP50Ms"] = Percentile(delays, 0.50);
        counters["readToFeedP99Ms"] = Percentile(delays, 0.99);
        var alarms = ledger.FeedDelays(FeedKind.Alarm, DelaysMax);
        counters["alarmToFeedP99Ms"] = Percentile(alarms, 0.99);
        counters["openVisits"] = pump.OpenVisits;
        counters["rssMiB"] = Environment.WorkingSet >> 20;
        return counters;
    }

    static long Percentile(IReadOnlyList<double> ascending, double share) =>
        ascending.Count == 0 ? 0 : (long)ascending[Math.Min(ascending.Count - 1, (int)Math.Ceiling(share * ascending.Count) - 1)];
}
