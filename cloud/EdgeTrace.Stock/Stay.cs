namespace EdgeTrace.Stock;

/// <summary>A thing was somewhere from one time to another, µs since 1970 UTC.</summary>
/// <param name="UntilUs"><see cref="long.MaxValue"/>: it is still there.</param>
public readonly record struct Stay(long FromUs, long UntilUs)
{
    /// <summary>
    /// When a thing was in one of some places during a stretch of time, by everything that placed it: it is where it was last placed until it is placed again.
    /// </summary>
    /// <param name="placed">When and where, the oldest first; null: in no place any more.</param>
    public static IReadOnlyList<Stay> In(IReadOnlyList<(long AtUs, string? Place)> placed, IReadOnlyCollection<string> places, long fromUs, long untilUs)
    {
        var stays = new List<Stay>();
        for (var n = 0; n < placed.Count; n++)
        {
            if (placed[n].Place is not { } place || !places.Contains(place)) continue;
            var (from, until) = (Math.Max(placed[n].AtUs, fromUs), Math.Min(n + 1 < placed.Count ? placed[n + 1].AtUs : long.MaxValue, untilUs));
            if (from >= until) continue;
            if (stays.Count > 0 && stays[^1].UntilUs == from) stays[^1] = stays[^1] with { UntilUs = until };
            else stays.Add(new(from, until));
        }
        return stays;
    }
}
