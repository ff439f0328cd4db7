namespace EdgeTrace.Cloud.Site;

/// <summary>Event time on the wire and in the stores is µs since 1970 UTC; people's side of the house speaks <see cref="DateTimeOffset"/>.</summary>
static class EventTime
{
    public static DateTimeOffset FromUs(long us) =>
        us <= MinUs ? DateTimeOffset.MinValue : us >= MaxUs ? DateTimeOffset.MaxValue : new(DateTime.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static long ToUs(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long NowUs(this TimeProvider time) => ToUs(time.GetUtcNow());

    static readonly long MinUs = ToUs(DateTimeOffset.MinValue);
    static readonly long MaxUs = ToUs(DateTimeOffset.MaxValue);
}
