namespace EdgeTrace.Web.Charts;

/// <summary>What chart.js is given to draw. Times are ms since 1970 UTC; it is told the site's zone and its offset at the period's end.</summary>
/// <param name="Key">Another key is another period: what was zoomed into is let go.</param>
/// <param name="Bucket">Seconds that one value stands for.</param>
/// <param name="Doors">Null: there is no door contact, and no lane for one.</param>
sealed record ChartPicture(
    string Key, string Name, string Zone, double Shift, double From, double To, double Begins, double Bucket,
    double[] At, double?[] Min, double?[] Mean, double?[] Max, ChartBand[] Limits, ChartEpisode[] Episodes, ChartSpan[]? Doors);

sealed record ChartBand(double From, double To, double? Low, double? High);

/// <param name="Shaded">The temperature itself was outside, so the time is shaded too.</param>
sealed record ChartEpisode(double From, double To, string Severity, bool Shaded, string Words);

sealed record ChartSpan(double From, double To);
