using System.Diagnostics.Metrics;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>What ingest counts. Balanced: received = appended + redelivered + rejected + held + dropped (DESIGN.md, corridor 7).</summary>
public sealed class IngestMeter
{
    public const string Name = "EdgeTrace.Cloud";

    readonly Counter<long> _received, _appended, _redelivered, _rejected, _dropped;
    long _receivedTotal, _appendedTotal, _quarantinedTotal, _redeliveredTotal, _rejectedTotal, _droppedTotal, _heldNow;

    public IngestMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _received = meter.CreateCounter<long>("edgetrace_ingest_received", "{batch}", "Messages on streams.");
        _appended = meter.CreateCounter<long>("edgetrace_ingest_appended", "{batch}", "To the log, quarantined ones included.");
        _redelivered = meter.CreateCounter<long>("edgetrace_ingest_redelivered", "{batch}", "Dropped by identity.");
        _rejected = meter.CreateCounter<long>("edgetrace_ingest_rejected", "{batch}", "No usable envelope, or the number of another batch.");
        _dropped = meter.CreateCounter<long>("edgetrace_ingest_dropped", "{batch}", "Too far ahead, or the log cannot be written: the gateway sends it again.");
        SecurityEvents = meter.CreateCounter<long>("edgetrace_security_events", "{event}", "Denied or contradictory.");
        meter.CreateObservableGauge("edgetrace_ingest_held", () => Interlocked.Read(ref _heldNow), "{batch}", "Early, waiting for the ones before.");
    }

    internal Counter<long> SecurityEvents { get; }

    public IngestCounts Counts => new(
        Interlocked.Read(ref _receivedTotal), Interlocked.Read(ref _appendedTotal), Interlocked.Read(ref _redeliveredTotal), Interlocked.Read(ref _rejectedTotal),
        Interlocked.Read(ref _heldNow), Interlocked.Read(ref _droppedTotal), Interlocked.Read(ref _quarantinedTotal));

    internal void Received() => Count(_received, ref _receivedTotal);

    internal void Appended(bool quarantined)
    {
        Count(_appended, ref _appendedTotal);
        if (quarantined) Interlocked.Increment(ref _quarantinedTotal);
    }

    internal void Redelivered() => Count(_redelivered, ref _redeliveredTotal);
    internal void Rejected() => Count(_rejected, ref _rejectedTotal);
    internal void Dropped() => Count(_dropped, ref _droppedTotal);
    internal void Held(int now) => Interlocked.Exchange(ref _heldNow, now);

    static void Count(Counter<long> counter, ref long total)
    {
        counter.Add(1);
        Interlocked.Increment(ref total);
    }
}

/// <summary>Totals since the process started; held is now.</summary>
/// <param name="Quarantined">Of the appended, those whose body nobody could read.</param>
public sealed record IngestCounts(long Received, long Appended, long Redelivered, long Rejected, long Held, long Dropped, long Quarantined)
{
    public bool Balance => Received == Appended + Redelivered + Rejected + Held + Dropped;
}
