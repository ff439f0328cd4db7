using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary>
/// Feeds a period to its fold: reading by reading while there are few, else by the minute, and a long time by the hour. A minute or hour goes in whole
/// only where that gives the same times in and out of the limits; where a limit is crossed or changed, where readings are missing, and beside
/// such places, it is looked at closer. So a year of a good fridge is nine thousand rows and not three million.
/// </summary>
/// <param name="kept">The full rate and the minutes are kept from some time on.</param>
sealed class PeriodSamples(SampleReader samples, ReadingsKept kept)
{
    const long MinuteUs = 60_000_000;
    const long HourUs = 60 * MinuteUs;

    /// <summary>Two weeks at one reading every 10 s.</summary>
    const int ReadingsMax = 120_000;

    /// <summary>The USP's longest window is 30 days: those are looked at by the minute.</summary>
    const long ByTheMinuteMaxUs = 45 * 24 * HourUs;

    /// <summary>A week in which every minute crosses a limit. Beyond it a minute counts by its mean: the page would have to wait.</summary>
    const int CloserMax = 10_000;

    int _closer = CloserMax;

    /// <summary>What every model of a point is held to.</summary>
    public static IReadOnlyList<LimitStep> Steps(IReadOnlyList<Point> history) =>
    [
        .. PointRules.History(history).Select((limits, i) => new LimitStep(
            limits.ValidFromUs, PointRules.ClassOf(history[i]).Low * 1000, PointRules.ClassOf(history[i]).High * 1000,
            limits.GapMax.Ticks / TimeSpan.TicksPerMicrosecond, history[i].Every.Ticks / TimeSpan.TicksPerMicrosecond)),
    ];

    /// <summary>The width of what was looked at where nothing made a closer look necessary.</summary>
    public TimeSpan Fill(PeriodFold fold, string point, IReadOnlyList<LimitStep> limits, long fromUs, long toUs)
    {
        // A slow rhythm has as many minutes as readings.
        var few = PeriodFold.Expected(limits, fromUs, toUs) <= ReadingsMax || limits.Min(l => l.EveryUs) >= MinuteUs;
        if (few && fold.SinceUs >= kept.SamplesFromUs)
        {
            AddReadings(fold, point, fold.SinceUs, fold.UntilUs + 1);
            return TimeSpan.Zero;
        }
        var widthUs = toUs - fromUs > ByTheMinuteMaxUs ? HourUs : MinuteUs;
        FillBy(widthUs, fold, point, fromUs, toUs);
        return TimeSpan.FromMicroseconds(widthUs);
    }

    internal void FillBy(long widthUs, PeriodFold fold, string point, long fromUs, long toUs)
    {
        // The minutes, or hours, in which the period begins and ends are not all its own.
        var innerUs = Up(fromUs, widthUs);
        var outerUs = Math.Max(innerUs, Down(toUs, widthUs));
        AddReadings(fold, point, fold.SinceUs, innerUs);
        if (widthUs == HourUs) Add(fold, samples.Hours(point, innerUs, outerUs), HourUs, hours => AddMinutes(fold, point, hours));
        else Add(fold, samples.Minutes(point, innerUs, outerUs), MinuteUs, minutes => AddMinute(fold, point, minutes));
        AddReadings(fold, point, outerUs, fold.UntilUs + 1);
    }

    /// <summary>Puts whole stretches into the fold, and those that need it, in runs side by side, to <paramref name="closer"/>.</summary>
    static void Add(PeriodFold fold, IEnumerable<SampleStretch> stretches, long widthUs, Action<List<SampleStretch>> closer)
    {
        var run = new List<SampleStretch>();
        var (waiting, look) = ((SampleStretch?)null, true);
        foreach (var next in stretches)
        {
            if (next.Count == 0)
            {
                fold.Add(next);
                continue;
            }
            if (waiting is { } before)
            {
                var seam = next.TimeUs - before.TimeUs > widthUs || !fold.SameLimits(before, next);
                Settle(before, look || seam);
                // What follows a closer look begins with its first reading, not with its own beginning.
                look = seam || fold.NeedsCloserLook(before, widthUs) || fold.SideOf(next) != fold.SideOf(before);
            }
            look |= fold.NeedsCloserLook(next, widthUs);
            waiting = next;
        }
        if (waiting is { } last) Settle(last, closely: true);
        Flush();

        void Settle(SampleStretch stretch, bool closely)
        {
            if (run.Count > 0 && !(closely && run[^1].TimeUs + widthUs == stretch.TimeUs)) Flush();
            if (closely) run.Add(stretch);
            else fold.Add(stretch);
        }

        void Flush()
        {
            if (run.Count > 0) closer(run);
            run.Clear();
        }
    }

    /// <summary>Hours side by side, by the minute; as they are where the minutes are no longer kept.</summary>
    void AddMinutes(PeriodFold fold, string point, List<SampleStretch> hours)
    {
        var (fromUs, toUs) = (hours[0].TimeUs, hours[^1].TimeUs + HourUs);
        if (fromUs >= kept.MinutesFromUs) Add(fold, samples.Minutes(point, fromUs, toUs), MinuteUs, minutes => AddMinute(fold, point, minutes));
        else hours.ForEach(hour => fold.Add(hour));
    }

    /// <summary>Minutes side by side, reading by reading; as they are where the readings are no longer kept.</summary>
    void AddMinute(PeriodFold fold, string point, List<SampleStretch> minutes)
    {
        var (fromUs, toUs) = (minutes[0].TimeUs, minutes[^1].TimeUs + MinuteUs);
        if (fromUs >= kept.SamplesFromUs && (_closer -= minutes.Count) >= 0) foreach (var reading in samples.Readings(point, fromUs, toUs)) fold.Add(reading);
        else minutes.ForEach(minute => fold.Add(minute));
    }

    /// <summary>Reading by reading; by the minute where only that is kept.</summary>
    void AddReadings(PeriodFold fold, string point, long fromUs, long toUs)
    {
        if (fromUs >= kept.SamplesFromUs) foreach (var reading in samples.Readings(point, fromUs, toUs)) fold.Add(reading);
        else foreach (var minute in samples.Minutes(point, Down(fromUs, MinuteUs), Up(toUs, MinuteUs))) fold.Add(minute);
    }

    static long Down(long us, long widthUs) => us - (us % widthUs + widthUs) % widthUs;

    static long Up(long us, long widthUs) => Down(us + widthUs - 1, widthUs);
}
