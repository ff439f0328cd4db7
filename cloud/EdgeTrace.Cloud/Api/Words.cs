using System.Globalization;

namespace EdgeTrace.Cloud.Api;

/// <summary>Numbers and spans of time as people say them (shared UI words: one decimal, units always).</summary>
static class Words
{
    public static string Celsius(double value) => value.ToString("0.0", CultureInfo.InvariantCulture).Replace('-', '−') + " °C";

    public static string Ago(TimeSpan age) => age switch
    {
        { TotalSeconds: < 90 } => $"{(int)age.TotalSeconds} s",
        { TotalMinutes: < 90 } => $"{(int)age.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} days",
    };
}
