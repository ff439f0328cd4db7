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

    /// <summary>To the second below an hour, to the minute above, in hours however many: an inspector adds them up.</summary>
    public static string Exact(TimeSpan span)
    {
        if (span.TotalMinutes < 1)
            return $"{Math.Round(span.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)}\u00a0s";
        if (span.TotalHours < 1)
            return span.Seconds == 0 ? $"{span.Minutes}\u00a0min" : $"{span.Minutes}\u00a0min {span.Seconds}\u00a0s";
        var minutes = (long)Math.Round(span.TotalMinutes);
        return minutes % 60 == 0 ? $"{Figures.Count(minutes / 60)}\u00a0h" : $"{Figures.Count(minutes / 60)}\u00a0h {minutes % 60}\u00a0min";
    }

    public static string Ago(TimeSpan age) => age.TotalSeconds < 1 ? "just now" : $"{Long(age)} ago";

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => Ago(now - at);

    /// <summary>Older than it should be: three times its rhythm and a little, so that one late sample is no drama.</summary>
    public static bool IsStale(DateTimeOffset at, double everySeconds, DateTimeOffset now) =>
        (now - at).TotalSeconds > Math.Max(5, 3 * everySeconds + 2);
}
