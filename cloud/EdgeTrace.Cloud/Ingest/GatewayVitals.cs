using EdgeTrace.Contract;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>How a gateway's box is by its own word, with what can be said of the last ten minutes.</summary>
/// <param name="AtUs">The cloud's clock when it was said.</param>
/// <param name="Clock">As the kernel of the box judges its clock now.</param>
/// <param name="ClockErrorUs">The kernel's bound on the error; 0 = none known.</param>
public sealed record GatewayVitals(long AtUs, string Boot, Counters Counters, TimeQuality Clock, long ClockErrorUs)
{
    /// <summary>At one in ten seconds: ten minutes, long enough to even out a shift change.</summary>
    const int LooksMax = 60;

    /// <summary>More than a minute's batches of a small gateway's streams.</summary>
    const long BehindMin = 100;

    IReadOnlyList<(long AtUs, ulong SealedBytes, ulong Unacked)> Looks { get; init; } = [];

    public static GatewayVitals After(GatewayVitals? before, string boot, Counters counters, TimeQuality clock, long clockErrorUs, long nowUs)
    {
        // Another boot counts anew.
        var looks = before is { } known && known.Boot == boot ? known.Looks.TakeLast(LooksMax - 1) : [];
        return new(nowUs, boot, counters, clock, clockErrorUs) { Looks = [.. looks, (nowUs, counters.SealedBytes, counters.UnackedBatches)] };
    }

    /// <summary>Bytes sealed per hour; null until two looks are apart.</summary>
    public double? BytesPerHour =>
        Looks is [var first, .., var last] && last.AtUs > first.AtUs && last.SealedBytes >= first.SealedBytes ? (last.SealedBytes - first.SealedBytes) * 3.6e9 / (last.AtUs - first.AtUs) : null;

    /// <summary>How long the box could go on with no link before reads are thinned, at the present rate; null while that is not known.</summary>
    public double? HoursLeft => BytesPerHour is > 0 and var rate
        ? Math.Min((double)Counters.OutboxBudgetBytes - Math.Min(Counters.OutboxBytes, Counters.OutboxBudgetBytes), Counters.DiskFreeBytes) / rate : null;

    /// <summary>More and more batches wait for the cloud's acknowledgement.</summary>
    public bool FallsBehind => Counters.UnackedBatches >= BehindMin && Looks is [var first, .., var last] && last.Unacked > first.Unacked;
}
