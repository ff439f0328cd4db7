using System.Diagnostics.Metrics;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Telemetry;

/// <summary>
/// What the gateway's parts already count, as instruments that look when they are asked. Where the reads went balances in every scrape:
/// reads = outboxed + dropped + lost + pending (DESIGN.md, corridor 7). Events of outbox and uplink are counted by <see cref="OutboxMeter"/> on a meter of the same name.
/// </summary>
sealed class GatewayMeter : IDisposable
{
    readonly Meter _meter = new(OutboxMeter.Name);

    public GatewayMeter(Sealer sealer, OutboxOptions budget, HealthBoard health, TimeProvider time)
    {
        var outbox = sealer.Outbox;
        var balances = new Moment<IReadOnlyList<ReadBalance>>(sealer.Balances, time);
        var streams = new Moment<IReadOnlyList<StreamSummary>>(outbox.Summaries, time);

        Reads("edgetrace_gateway_reads", "Reads that came from the readers, since the process started.", read => read.Seen);
        Reads("edgetrace_gateway_reads_outboxed", "Reads that are durable in the outbox.", read => read.Outboxed);
        Reads("edgetrace_gateway_reads_dropped", "Reads counted and not kept, by the EPC policy.", read => read.Dropped);
        Reads("edgetrace_gateway_reads_lost", "Reads that came too late or found no room; each is named in its stream's next header.", read => read.Lost);
        _meter.CreateObservableGauge("edgetrace_gateway_reads_pending", () => balances.Now().Select(read => new Measurement<long>((long)read.Pending, Tag("portal", read.Portal))), "{read}", "Reads taken and not yet durable; more than a second's worth means that the disk refuses.");

        _meter.CreateObservableGauge("edgetrace_outbox_unacknowledged", () => streams.Now().Select(stream => new Measurement<long>(stream.UnackedBatches, Tag("stream", stream.Stream))), "{batch}", "Batches the cloud has not acknowledged.");
        _meter.CreateObservableGauge("edgetrace_outbox_size", () => outbox.DiskBytes, "By", "What the outbox takes on disk.");
        _meter.CreateObservableGauge("edgetrace_outbox_budget", () => budget.DiskBudgetBytes, "By", "What the outbox may take before reads are thinned.");
        _meter.CreateObservableGauge("edgetrace_disk_free", () => outbox.DiskFreeBytes, "By", "Free on the outbox's disk.");

        _meter.CreateObservableGauge("edgetrace_device_fine", () => health.All().Select(device => new Measurement<int>(device.State == DeviceCondition.Fine ? 1 : 0, Tag("kind", device.Kind), Tag("name", device.Name))), null, "1 when the reader, antenna, scanner, probe, link or outbox is fine; its sentence is in the log and on the page.");
        _meter.CreateObservableGauge("edgetrace_clock_synchronised", () => KernelClock.Quality() == Contract.TimeQuality.Ntp ? 1 : 0, null, "1 while NTP keeps this box's clock.");
        _meter.CreateObservableGauge("edgetrace_process_memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");

        void Reads(string name, string description, Func<ReadBalance, ulong> part) => _meter.CreateObservableCounter(
            name, () => balances.Now().Select(read => new Measurement<long>((long)part(read), Tag("portal", read.Portal))), "{read}", description);
    }

    public void Dispose() => _meter.Dispose();

    static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

/// <summary>One look for all instruments of one scrape, so that what belongs together was seen together.</summary>
sealed class Moment<T>(Func<T> look, TimeProvider time)
    where T : class
{
    /// <summary>Longer than a collection takes, far shorter than the pause between two.</summary>
    static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(200);

    readonly Lock _gate = new();
    T? _seen;
    long _at;

    public T Now()
    {
        lock (_gate)
        {
            if (_seen is not null && time.GetElapsedTime(_at) < Lasts) return _seen;
            (_seen, _at) = (look(), time.GetTimestamp());
            return _seen;
        }
    }
}
