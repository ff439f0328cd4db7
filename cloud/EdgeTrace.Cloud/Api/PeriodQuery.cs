using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.ColdChain;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Api;

/// <summary><c>/api/v1/points/{id}/period</c>: limits, figures, alarms, doors and mains of a stretch of a point's record.</summary>
sealed class PeriodQuery(SiteModel site, ReadingsStore store, SampleReader samples, LedgerReader ledger, TimeProvider time)
{
    /// <summary>A page of alarms somebody would read; a point with more in one period has one trouble, not five hundred.</summary>
    const int EpisodesMax = 500;

    /// <summary>As many openings as a wide screen has columns to show them in.</summary>
    const int SpansMax = 1000;

    /// <summary>What is asked for when nothing is.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    static readonly TimeSpan SpanMax = TimeSpan.FromDays(3660);

    public PointPeriod? Of(string id, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (site.PointHistory(id) is not { Count: > 0 } history) return null;
        var now = time.GetUtcNow();
        var end = to ?? now;
        var start = from ?? end - Usual;
        if (end - start > SpanMax) start = end - SpanMax;
        // What is still to come is neither seen nor missed.
        if (end > now) end = now > start ? now : start;
        var (startUs, endUs) = (EventTime.ToUs(start), EventTime.ToUs(end));
        var settings = Settings(history, start, end);
        var extent = samples.Extent(id);
        var episodes = ledger.EpisodesOf(id, startUs, endUs, EpisodesMax + 1);
        return new(
            id, start, end, extent is { } known ? EventTime.FromUs(known.FirstUs) : null, extent is { } newest ? EventTime.FromUs(newest.LastUs) : null,
            settings, Figures(id, history, startUs, endUs, extent?.FirstUs), [.. episodes.Take(EpisodesMax).Select(Episode)], episodes.Count > EpisodesMax,
            Held(id, "door", on: true, startUs, endUs), Held(id, "mains", on: false, startUs, endUs));
    }

    PeriodFigures Figures(string id, IReadOnlyList<Point> history, long startUs, long endUs, long? beginsUs)
    {
        var limits = PeriodSamples.Steps(history);
        var fold = new PeriodFold(limits, startUs, endUs, time.NowUs());
        var width = new PeriodSamples(samples, store.Kept).Fill(fold, id, limits, startUs, endUs);
        var sums = fold.End();
        var (lowest, highest) = (Exactly(id, sums.Lowest, width), Exactly(id, sums.Highest, width));
        var recordUs = beginsUs is { } begins ? Math.Max(0, endUs - Math.Max(startUs, begins)) : 0;
        var (kinetic, refusal) = Kinetic(history, sums, startUs, endUs, recordUs);
        var some = sums.Readings > 0;
        return new(
            some ? sums.Lowest.Milli / 1000.0 : null, some ? EventTime.FromUs(lowest) : null, some ? sums.MeanMilli / 1000 : null,
            some ? sums.Highest.Milli / 1000.0 : null, some ? EventTime.FromUs(highest) : null,
            sums.InUs / 1e6, sums.AboveUs / 1e6, sums.BelowUs / 1e6, Math.Max(0, recordUs - sums.SeenUs) / 1e6,
            sums.Readings, sums.Faulty, recordUs == 0 ? 0 : PeriodFold.Expected(limits, endUs - recordUs, endUs), kinetic, refusal, Method(limits, width));
    }

    /// <summary>When in the minute or hour it was so.</summary>
    long Exactly(string id, (int Milli, long AtUs) extreme, TimeSpan width)
    {
        if (width == TimeSpan.Zero || extreme.AtUs == 0) return extreme.AtUs;
        var readings = samples.Readings(id, extreme.AtUs, extreme.AtUs + (long)width.TotalMicroseconds);
        return readings.FirstOrDefault(r => r.Count > 0 && r.LowestMilli == extreme.Milli) is { Count: > 0 } found ? found.TimeUs : extreme.AtUs;
    }

    static (double?, string) Kinetic(IReadOnlyList<Point> history, PeriodSums sums, long startUs, long endUs, long recordUs)
    {
        var inForce = history.Where((point, i) => (i == 0 || point.ValidFromUs < endUs) && (i + 1 == history.Count || history[i + 1].ValidFromUs > startUs)).ToList();
        var storage = PointRules.ClassOf(inForce[^1]);
        if (inForce.Any(point => point.Class != inForce[^1].Class)) return (null, "the storage class changed in this period: choose one before or after the change");
        var result = MeanKineticTemperature.Evaluate(PeriodFold.Weighted(sums), recordUs == 0 ? 0 : Math.Min(1, sums.SeenUs / (double)recordUs), storage);
        return (result.Celsius, result.Refusal switch
        {
            MktRefusal.NoSamples => "there is no reading",
            MktRefusal.FrozenClass => "it says nothing of frozen stock",
            MktRefusal.CoverageTooLow => string.Create(CultureInfo.InvariantCulture, $"only {Math.Floor(result.Coverage * 100):0} % of the time was seen, and 90 % is needed"),
            MktRefusal.TooCold => $"it must not excuse cold, and the lowest was {Words.Celsius(result.Lowest)}",
            _ => "",
        });
    }

    static string Method(IReadOnlyList<LimitStep> limits, TimeSpan width)
    {
        var gap = Words.Ago(TimeSpan.FromMicroseconds(limits[^1].GapUs));
        return $"Each reading holds until the next, at most {gap}; a longer silence is a gap. "
            + (width == TimeSpan.Zero ? "" : $"Readings are taken by the {(width < TimeSpan.FromHours(1) ? "minute" : "hour")} where nothing happened, one by one around limits and gaps. ")
            + "Mean kinetic temperature: ΔH/R = 10 000 K, each temperature weighed by how long it held"
            + (width == TimeSpan.Zero ? "." : ", rounded towards the warm.");
    }

    PointEpisode Episode(EpisodeRow row) => new(
        AlarmViews.Of(site, row), EventTime.FromUs(row.RaisedUs ?? row.GatewayRaisedUs ?? row.StartUs),
        row.Acknowledged is { } answer ? EventTime.FromUs(answer.AtUs) : null, row.Acknowledged?.Reason);

    List<PointSetting> Settings(IReadOnlyList<Point> history, DateTimeOffset start, DateTimeOffset end)
    {
        var settings = new List<PointSetting>();
        for (var i = 0; i < history.Count; i++)
        {
            var from = i == 0 ? start : Later(start, EventTime.FromUs(history[i].ValidFromUs));
            var to = i + 1 < history.Count && EventTime.FromUs(history[i + 1].ValidFromUs) is var next && next < end ? next : end;
            if (from >= to && !(i + 1 == history.Count && settings.Count == 0)) continue;
            var storage = PointRules.ClassOf(history[i]);
            var asOf = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(to, site.TimeZone).Date);
            settings.Add(new(
                from, to, storage.Name, double.IsFinite(storage.Low) ? storage.Low : null, double.IsFinite(storage.High) ? storage.High : null,
                history[i].Every.TotalSeconds, storage.SilenceAfter.TotalSeconds, ProbeWords.Of(history[i].Probe, asOf)));
        }
        return settings;
    }

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>Null where the state never spoke. <paramref name="on"/> is what counts: a door that is open, mains that are not there.</summary>
    HeldState? Held(string id, string kind, bool on, long startUs, long endUs)
    {
        var changes = samples.Changes(id, kind, startUs, endUs);
        return changes.Count == 0 ? null : HeldFold.Of(changes, on, startUs, endUs, SpansMax);
    }
}
