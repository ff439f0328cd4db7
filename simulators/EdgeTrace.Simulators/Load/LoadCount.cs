using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeTrace.Simulators.Load;

/// <summary>What a load counts between the end of its warm-up and the end of its sending. Safe from any thread.</summary>
sealed class LoadCount
{
    /// <summary>Latencies by tenths of a millisecond, up to a minute; longer ones count as one.</summary>
    const int LatenciesMax = 600_000;
    static readonly TimeSpan LatencyUnit = TimeSpan.FromMicroseconds(100);

    readonly Lock _lock = new();
    readonly int[] _latencies = new int[LatenciesMax];
    bool _counting;
    long _reads, _batches, _sent, _wireBytes, _bodyBytes, _resent, _rejected, _refused;

    public void Begin()
    {
        lock (_lock) _counting = true;
    }

    public void End()
    {
        lock (_lock) _counting = false;
    }

    public void Sent(int wire, int body)
    {
        lock (_lock)
        {
            if (!_counting) return;
            _sent++;
            _wireBytes += wire;
            _bodyBytes += body;
        }
    }

    public void Acknowledged(int reads, TimeSpan after)
    {
        lock (_lock)
        {
            if (!_counting) return;
            _batches++;
            _reads += reads;
            _latencies[Math.Min(after.Ticks / LatencyUnit.Ticks, LatenciesMax - 1)]++;
        }
    }

    // What must not happen counts from the first moment to the last.
    public void Resent() => Interlocked.Increment(ref _resent);
    public void Rejected(int batches) => Interlocked.Add(ref _rejected, batches);
    public void Refused() => Interlocked.Increment(ref _refused);

    public LoadSummary Summary(TimeSpan counted, TimeSpan cpu, int unacked, int batch)
    {
        lock (_lock)
            return new(
                _reads / counted.TotalSeconds, _reads, _batches, counted.TotalSeconds, _sent == 0 ? 0 : (double)_wireBytes / _sent / batch, _sent == 0 ? 0 : (double)_bodyBytes / _sent / batch,
                Percentile(0.50), Percentile(0.99), cpu.TotalSeconds, _resent, _rejected, _refused, unacked);
    }

    double Percentile(double share)
    {
        var (left, at) = ((long)Math.Ceiling(share * _batches), 0);
        while (at < LatenciesMax - 1 && (left -= _latencies[at]) > 0) at++;
        return _batches == 0 ? 0 : (at + 1) * LatencyUnit.TotalMilliseconds;
    }
}

/// <summary>What a load measured.</summary>
/// <param name="ReadsPerSecond">Committed by the cloud and acknowledged to the gateway.</param>
/// <param name="WireBytesPerRead">PUBLISH packets whole, without TCP.</param>
/// <param name="BodyBytesPerRead">Header and columns.</param>
/// <param name="CpuSeconds">The load's own, user and system, in the counted time.</param>
/// <param name="Refused">Publishes the broker answered with an error.</param>
sealed record LoadSummary(
    double ReadsPerSecond, long Reads, long Batches, double Seconds, double WireBytesPerRead, double BodyBytesPerRead, double AckP50Ms, double AckP99Ms, double CpuSeconds,
    long Resent, long Rejected, long Refused, int Unacked)
{
    public double CpuNsPerRead => Reads == 0 ? 0 : CpuSeconds * 1e9 / Reads;

    public string ToJson() => new JsonObject
    {
        ["readsPerSecond"] = Math.Round(ReadsPerSecond), ["reads"] = Reads, ["batches"] = Batches, ["seconds"] = Math.Round(Seconds, 3),
        ["wireBytesPerRead"] = Math.Round(WireBytesPerRead, 2), ["bodyBytesPerRead"] = Math.Round(BodyBytesPerRead, 2),
        ["ackP50Ms"] = AckP50Ms, ["ackP99Ms"] = AckP99Ms, ["cpuSeconds"] = Math.Round(CpuSeconds, 3), ["cpuNsPerRead"] = Math.Round(CpuNsPerRead, 1),
        ["resent"] = Resent, ["rejected"] = Rejected, ["refused"] = Refused, ["unacked"] = Unacked,
    }.ToJsonString();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {ReadsPerSecond:N0} reads/s committed and acknowledged ({Reads:N0} reads in {Batches:N0} batches, {Seconds:0.0} s)
        {WireBytesPerRead:0.00} bytes a read on the wire, {BodyBytesPerRead:0.00} of them the batch itself
        batch to acknowledgement: p50 {AckP50Ms:0.0} ms, p99 {AckP99Ms:0.0} ms
        the load's own CPU: {CpuSeconds:0.00} s, {CpuNsPerRead:0.0} ns a read
        sent again {Resent}, rejected {Rejected}, refused by the broker {Refused}, unacknowledged at the end {Unacked}
        """);
}
