using System.Diagnostics.Metrics;
using EdgeTrace.Cloud.Telemetry;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>What ingest counts. Balanced, also within one scrape: received = appended + redelivered + rejected + held + dropped (DESIGN.md, corridor 7).</summary>
public sealed class IngestMeter
{
    public const string Name = "EdgeTrace.Cloud";

    /// <summary>A batch between its arrival and its verdict makes the sum short by one; it is given so many turns to get there.</summary>
    const int LooksMax = 64;

    long _receivedTotal, _appendedTotal, _quarantinedTotal, _redeliveredTotal, _rejectedTotal, _droppedTotal, _heldNow;

    public IngestMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        var counts = new Moment<IngestCounts>(LookBalanced, TimeProvider.System);
        Counter("edgetrace_ingest_received", counted => counted.Received, "Messages on streams.");
        Counter("edgetrace_ingest_appended", counted => counted.Appended, "To the log, quarantined ones included.");
        Counter("edgetrace_ingest_redelivered", counted => counted.Redelivered, "Dropped by identity.");
        Counter("edgetrace_ingest_rejected", counted => counted.Rejected, "No usable envelope, or the number of another batch.");
        Counter("edgetrace_ingest_dropped", counted => counted.Dropped, "Too far ahead, damaged on the way, or the log cannot be written: the gateway sends it again.");
        Counter("edgetrace_ingest_quarantined", counted => counted.Quarantined, "Of the appended, those whose body nobody could read.");
        meter.CreateObservableGauge("edgetrace_ingest_held", () => counts.Now().Held, "{batch}", "Early, waiting for the ones before.");
        SecurityEvents = meter.CreateCounter<long>("edgetrace_security_events", "{event}", "Denied or contradictory.");

        void Counter(string name, Func<IngestCounts, long> part, string description) => meter.CreateObservableCounter(name, () => part(counts.Now()), "{batch}", description);
    }

    internal Counter<long> SecurityEvents { get; }

    public IngestCounts Counts => new(
        Interlocked.Read(ref _receivedTotal), Interlocked.Read(ref _appendedTotal), Interlocked.Read(ref _redeliveredTotal), Interlocked.Read(ref _rejectedTotal),
        Interlocked.Read(ref _heldNow), Interlocked.Read(ref _droppedTotal), Interlocked.Read(ref _quarantinedTotal));

    internal void Received() => Interlocked.Increment(ref _receivedTotal);

    internal void Appended(bool quarantined)
    {
        Interlocked.Increment(ref _appendedTotal);
        if (quarantined) Interlocked.Increment(ref _quarantinedTotal);
    }

    internal void Redelivered() => Interlocked.Increment(ref _redeliveredTotal);
    internal void Rejected() => Interlocked.Increment(ref _rejectedTotal);
    internal void Dropped() => Interlocked.Increment(ref _droppedTotal);
    internal void Held(int now) => Interlocked.Exchange(ref _heldNow, now);

    IngestCounts LookBalanced()
    {
        var counts = Counts;
        for (var look = 1; !counts.Balance && look < LooksMax; look++)
        {
            Thread.Yield();
            counts = Counts;
        }
        return counts;
    }
}

/// <summary>Totals since the process started; held is now.</summary>
/// <param name="Quarantined">Of the appended, those whose body nobody could read.</param>
public sealed record IngestCounts(long Received, long Appended, long Redelivered, long Rejected, long Held, long Dropped, long Quarantined)
{
    public bool Balance => Received == Appended + Redelivered + Rejected + Held + Dropped;
}
