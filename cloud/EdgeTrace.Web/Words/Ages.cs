namespace EdgeTrace.Web.Words;

/// <summary>How long, and how long ago, in the largest unit that still says enough.</summary>
static class Ages
{
    public static string Long(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "less than 1\u00a0s",
        { TotalSeconds: < 120 } => $"{(int)span.TotalSeconds}\u00a0s",
        { TotalMinutes: < 120 } => $"{(int)span.TotalMinutes}\u00a0min",
        { TotalHours: < 48 } => $"{(int)span.TotalHours}\u00a0h",
        _ => $"{Figures.Count((long)span.TotalDays)}\u00a0days",
    };

    public static string Ago(TimeSpan age) => age.TotalSeconds < 1 ? "just now" : $"{Long(age)} ago";

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => Ago(now - at);

    /// <summary>Older than it should be: three times its rhythm and a little, so that one late sample is no drama.</summary>
    public static bool IsStale(DateTimeOffset at, double everySeconds, DateTimeOffset now) =>
        (now - at).TotalSeconds > Math.Max(5, 3 * everySeconds + 2);
}
