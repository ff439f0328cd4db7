using EdgeTrace.Api;

namespace EdgeTrace.Web.Charts;

/// <summary>What a chart asks the server for when somebody looks closer, and how the answer is put into what is there already.</summary>
static class ChartWindow
{
    /// <summary>More would be drawn into the same columns of the screen.</summary>
    public const int ColumnsMax = 1400;

    /// <summary>Enough for the first picture, whose width nobody knows yet.</summary>
    public const int ColumnsUsual = 1000;

    /// <summary>A run of empty buckets is a gap when it is as long as three readings; shorter, a reading came a little late.</summary>
    const int MissedMax = 3;

    /// <summary>The visible stretch with half as much again on either side, so that a small move needs no waiting; null when the whole is visible.</summary>
    public static (DateTimeOffset From, DateTimeOffset To, int Buckets)? Closer(
        DateTimeOffset from, DateTimeOffset to, DateTimeOffset visibleFrom, DateTimeOffset visibleTo, int columns)
    {
        var visible = visibleTo - visibleFrom;
        if (visible * 1.25 >= to - from) return null;
        var (start, end) = (visibleFrom - visible / 2, visibleTo + visible / 2);
        return (start < from ? from : start, end > to ? to : end, 2 * Math.Clamp(columns, 200, ColumnsMax));
    }

    /// <summary>The overview with its middle replaced by what was looked at closer.</summary>
    public static IReadOnlyList<SampleBucket> Stitch(SampleSeries overview, SampleSeries? closer)
    {
        if (closer is not { Buckets.Count: > 0 }) return overview.Buckets;
        var (start, end) = (closer.Buckets[0].At, closer.Buckets[^1].At.AddSeconds(closer.BucketSeconds));
        return
        [
            .. overview.Buckets.Where(bucket => bucket.At.AddSeconds(overview.BucketSeconds) <= start),
            .. closer.Buckets,
            .. overview.Buckets.Where(bucket => bucket.At >= end),
        ];
    }

    /// <summary>What is drawn: without the empty buckets that are no gap. At the finest a bucket is one reading long, and none comes to the millisecond.</summary>
    public static IReadOnlyList<SampleBucket> Drawn(IReadOnlyList<SampleBucket> buckets, double everySeconds)
    {
        var drawn = new List<SampleBucket>(buckets.Count);
        for (var at = 0; at < buckets.Count; at++)
        {
            if (buckets[at].Mean is not null)
            {
                drawn.Add(buckets[at]);
                continue;
            }
            var end = at;
            while (end + 1 < buckets.Count && buckets[end + 1].Mean is null)
                end++;
            var next = end + 1 < buckets.Count ? buckets[end + 1].At : buckets[end].At;
            if ((next - buckets[at].At).TotalSeconds >= MissedMax * everySeconds)
                for (var empty = at; empty <= end; empty++)
                    drawn.Add(buckets[empty]);
            at = end;
        }
        return drawn;
    }
}
