using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary>A point's temperatures as min, mean and max per bucket, so that a year fits a screen; a bucket with nothing in it is a gap.</summary>
sealed class SampleQuery(SiteModel site, ReadingsStore readings, TimeProvider time)
{
    /// <summary>More buckets than the widest screen has pixels show nothing more.</summary>
    const int BucketsMax = 8000;

    static readonly TimeSpan Usual = TimeSpan.FromHours(1);
    static readonly TimeSpan SpanMax = TimeSpan.FromDays(3660);

    public SampleSeries? Of(string id, DateTimeOffset? from, DateTimeOffset? to, int max)
    {
        if (site.PointHistory(id) is not { Count: > 0 } history) return null;
        var end = to ?? time.GetUtcNow();
        var start = from ?? end - Usual;
        if (end - start > SpanMax) start = end - SpanMax;
        // A bucket no narrower than the point's own interval: else every second bucket would look like a gap.
        var plan = readings.Plan(EventTime.ToUs(start), EventTime.ToUs(end), Math.Clamp(max, 1, BucketsMax), history[^1].Every.Ticks / TimeSpan.TicksPerMicrosecond);
        var rows = readings.Buckets(id, plan.StartUs, plan.EndUs, plan.BucketUs).ToDictionary(r => r.Bucket);
        var buckets = new List<SampleBucket>(plan.Count);
        for (var i = 0; i < plan.Count; i++)
        {
            var row = rows.GetValueOrDefault(i);
            buckets.Add(new(EventTime.FromUs(plan.StartUs + i * plan.BucketUs), row?.MinMilli / 1000.0, row?.MeanMilli / 1000.0, row?.MaxMilli / 1000.0, row?.Count ?? 0));
        }
        return new(id, start, end, plan.BucketUs / 1e6, buckets);
    }
}
