using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>Hours and days as the site's own clock counts them. Remembers the hour it was last asked for; not thread-safe.</summary>
sealed class SiteHours(TimeZoneInfo zone)
{
    public const long HourUs = 3_600_000_000;
    public const long MinuteUs = 60_000_000;

    /// <summary>A day short of the calendar's ends, so that every zone can say it.</summary>
    static readonly long s_minUs = EventTime.ToUs(DateTimeOffset.MinValue.AddDays(1)), s_maxUs = EventTime.ToUs(DateTimeOffset.MaxValue.AddDays(-1));

    long _fromUs = long.MaxValue;

    /// <summary>When the hour began that an event time is in; whole hours of the wall clock, also where a zone is half an hour off.</summary>
    /// <exception cref="InvalidDataException">No calendar has such a time.</exception>
    public long HourOf(long atUs)
    {
        // Readings come in order of time, so that nearly all of them ask for the hour of the one before.
        if (atUs >= _fromUs && atUs - _fromUs < HourUs) return _fromUs;
        if (atUs < s_minUs || atUs > s_maxUs) throw new InvalidDataException($"Its time, {atUs} µs since 1970, is in no calendar.");
        return _fromUs = atUs - Modulo(atUs + OffsetUs(atUs), HourUs);
    }

    /// <summary>A local day in UTC: 23, 24 or 25 hours, from its first instant to that of the next.</summary>
    public (long FromUs, long ToUs) Day(DateOnly day) => (Begin(day), Begin(day.AddDays(1)));

    public DateOnly DayOf(long atUs) => DateOnly.FromDateTime(Local(atUs).DateTime);

    public DateTimeOffset Local(long atUs) => TimeZoneInfo.ConvertTime(EventTime.FromUs(atUs), zone);

    long Begin(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where the clocks go forward at midnight the day begins when there is a time again; where they go back, at the first of the two.
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return EventTime.ToUs(new DateTimeOffset(midnight, offset));
    }

    long OffsetUs(long atUs) => zone.GetUtcOffset(EventTime.FromUs(atUs)).Ticks / TimeSpan.TicksPerMicrosecond;

    static long Modulo(long value, long by) => (value % by + by) % by;
}
