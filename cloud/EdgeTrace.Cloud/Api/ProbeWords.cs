using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Api;

/// <summary>How a probe's certificate stands on a day, and what to do about it.</summary>
static class ProbeWords
{
    /// <summary>Time to send an instrument away and have another in its place.</summary>
    const int SoonDays = 30;

    public static ProbeView? Of(Probe? probe, DateOnly today)
    {
        if (probe is null) return null;
        var (state, reason) = Judge(probe, today);
        return new(probe.Serial, probe.Certificate, probe.CalibratedAt, probe.CalibratedUntil, state, reason);
    }

    static (Severity, string) Judge(Probe probe, DateOnly today)
    {
        if (probe.CalibratedUntil is not { } until) return (Severity.Note, "The site model does not say until when the probe is calibrated: add calibratedUntil from its certificate.");
        var left = until.DayNumber - today.DayNumber;
        var day = until.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return left switch
        {
            < 0 => (Severity.Warning, $"The calibration ran out on {day}: readings since then are not traceable. Have the probe calibrated or put a calibrated one in its place."),
            0 => (Severity.Warning, "The calibration runs out today. Have the probe calibrated or put a calibrated one in its place."),
            <= SoonDays => (Severity.Note, $"The calibration runs out on {day}, in {left} day{(left == 1 ? "" : "s")}. Arrange the next one."),
            _ => (Severity.Fine, ""),
        };
    }
}
