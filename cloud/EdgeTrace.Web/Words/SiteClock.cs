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

    /// <summary>With everything, for a record that is read on another day.</summary>
    public string Stamp(DateTimeOffset at) => Local(at).ToString("ddd d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>As a <c>datetime-local</c> field wants it.</summary>
    public string Field(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>
    /// The instant at which this site's clocks showed what a <c>datetime-local</c> field says; null when it says nothing. An hour that came twice is
    /// meant the first time, or the <paramref name="last"/>; one that was left out is meant as if it had not been.
    /// </summary>
    public DateTimeOffset? Instant(string? field, bool last)
    {
        if (!DateTime.TryParse(field, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        var offset = Zone.IsAmbiguousTime(local) ? last ? Zone.GetAmbiguousTimeOffsets(local).Min() : Zone.GetAmbiguousTimeOffsets(local).Max()
            : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

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
