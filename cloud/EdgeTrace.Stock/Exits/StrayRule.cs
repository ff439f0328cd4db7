namespace EdgeTrace.Stock.Exits;

/// <summary>A stay in a door's field that was no passage. µs since 1970 UTC.</summary>
public readonly record struct NearVisit(long FirstUs, long LastUs);

/// <summary>What lies near a door is heard again and again without going through it: a fridge beside it, a shelf behind its wall.</summary>
public static class StrayRule
{
    /// <summary>How far back it is looked: a shelf that was cleared yesterday is forgotten today.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Nobody stands in a door for so long.</summary>
    public static readonly TimeSpan DwellMin = TimeSpan.FromMinutes(10);

    /// <summary>Staff pass a door with the same thing twice or three times a shift; a stray flickers.</summary>
    public const int VisitsMin = 5;

    /// <param name="near">Its stays at this door in the <see cref="Window"/> before.</param>
    public static bool LiesNear(IReadOnlyCollection<NearVisit> near) =>
        near.Count >= VisitsMin || near.Sum(visit => visit.LastUs - visit.FirstUs) >= DwellMin.Ticks / TimeSpan.TicksPerMicrosecond;
}
