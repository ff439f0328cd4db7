namespace EdgeTrace.Store.Readings;

/// <summary>One width of roll-up. Minutes make a month fast and are what is kept longest in detail; hours make a year and a decade fast.</summary>
readonly record struct SampleLevel(string Table, long WidthUs)
{
    public static readonly SampleLevel Minutes = new("sample_minutes", 60_000_000);
    public static readonly SampleLevel Hours = new("sample_hours", 3_600_000_000);

    /// <summary>The widest level that gives the full rate's own answer for these buckets; null where only the full rate has it.</summary>
    public static SampleLevel? For(long fromUs, long toUs, long bucketUs) =>
        Hours.Divides(fromUs, toUs, bucketUs) ? Hours : Minutes.Divides(fromUs, toUs, bucketUs) ? Minutes : null;

    /// <summary>The number of the stretch that a time is in, counted from 1970.</summary>
    public long NumberOf(long us) => Math.DivRem(us, WidthUs) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    public long Up(long us) => Down(us + WidthUs - 1);

    public long Down(long us) => NumberOf(us) * WidthUs;

    bool Divides(long fromUs, long toUs, long bucketUs) => fromUs % WidthUs == 0 && toUs % WidthUs == 0 && bucketUs % WidthUs == 0;
}

/// <summary>A period cut into buckets of one length, the first beginning at <paramref name="StartUs"/>.</summary>
/// <param name="EndUs">Nothing from here on is in the last bucket, which may be longer.</param>
public readonly record struct BucketPlan(long StartUs, long EndUs, long BucketUs)
{
    public int Count => (int)((EndUs - StartUs + BucketUs - 1) / BucketUs);
}
