using System.Globalization;

namespace EdgeTrace.Web.Words;

/// <summary>Instants in the site's own zone: <c>14:02</c> today, <c>Sat 21 Nov 14:02</c> otherwise.</summary>
sealed class SiteClock(string zoneId)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone) ? zone : TimeZoneInfo.Utc;

    public string Minutes(DateTimeOffset at, DateTimeOffset now) => Format(at, now, "HH:mm");

    public string Seconds(DateTimeOffset at, DateTimeOffset now) => Format(at, now, "HH:mm:ss");

    /// <summary>The bare time of day, for a list that says its day elsewhere.</summary>
    public string TimeOfDay(DateTimeOffset at) => Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public string Day(DateTimeOffset at) => Local(at).ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    public bool IsToday(DateTimeOffset at, DateTimeOffset now) => Local(at).Date == Local(now).Date;

    /// <summary>Said beside the clock when the viewer's own clock would mislead; empty otherwise.</summary>
    public string ZoneWords(DateTimeOffset now, TimeZoneInfo viewer) =>
        viewer.GetUtcOffset(now) == Zone.GetUtcOffset(now) ? "" : zoneId.Split('/')[^1].Replace('_', ' ') + " time";

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    string Format(DateTimeOffset at, DateTimeOffset now, string time)
    {
        var local = Local(at);
        var today = Local(now);
        var day = local.Date == today.Date ? "" : local.Year == today.Year ? "ddd d MMM " : "ddd d MMM yyyy ";
        return local.ToString(day + time, CultureInfo.InvariantCulture);
    }
}
