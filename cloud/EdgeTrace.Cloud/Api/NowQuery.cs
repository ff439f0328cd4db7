using EdgeTrace.Api;
using EdgeTrace.Cloud.Exits;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Recalls;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Api;

/// <summary><c>/api/v1/now</c>: the state of the site, from committed facts and the boards the projections keep.</summary>
sealed class NowQuery(
    SiteModel site, LedgerReader ledger, PointBoard points, EquipmentBoard equipment, AlarmViews alarms, FeedViews feed, ExitQuery exits, FaultQuery faults, RecallBoard recalls, TimeProvider time)
{
    const int MovementsMax = 50;
    const int ScansMax = 20;
    const int SparkMinutes = 30;

    /// <summary>A gateway seals samples every second or so and says a point is silent itself; three readings missed are worth a word at once.</summary>
    const int MissedMax = 3;

    static readonly TimeSpan AgeMin = TimeSpan.FromSeconds(15);

    public NowView Now()
    {
        // The cursor first: what happens while we look comes again in the feed, and folding it in twice changes nothing.
        var cursor = ledger.FeedHead();
        return new(
            new(site.Trust.Name, site.Site.Id, site.Site.Name, site.TimeZone.Id), time.GetUtcNow(), cursor,
            [.. alarms.Open(), .. exits.Alarms()], Places(),
            [.. ledger.NewestFeed(FeedKind.Movement, MovementsMax).Select(feed.Movement)],
            Points(), equipment.Views(),
            [.. ledger.NewestFeed(FeedKind.Scan, ScansMax).Select(feed.Scan)], faults.Faults(), recalls.Uncontained());
    }

    public IReadOnlyList<PlaceView> Places() => [.. site.Locations.Where(l => l.Kind != "outside").Select(Place)];

    public PlaceView Place(Location place)
    {
        var nowUs = time.NowUs();
        var counts = ledger.Counts(place.Id, MidnightUs());
        var minuteUs = 60_000_000L;
        var sinceUs = nowUs / minuteUs * minuteUs - (SparkMinutes - 1) * minuteUs;
        var moves = new int[SparkMinutes];
        foreach (var (minute, count) in ledger.MovesPerMinute(place.Id, sinceUs))
            if (minute is >= 0 and < SparkMinutes) moves[minute] = count;
        return new(place.Id, place.Name, place.Kind, counts.Items, counts.InSince, counts.OutSince, moves, counts.LastMoveUs is { } at ? EventTime.FromUs(at) : null);
    }

    public IReadOnlyList<PointView> Points() => [.. site.Points.OrderBy(p => p.Id, StringComparer.Ordinal).Select(Point)];

    PointView Point(Point point)
    {
        var status = points[point.Id];
        var limits = PointRules.ClassOf(point);
        var (state, reason) = Judge(point, status);
        return new(
            point.Id, point.Name, site.Location(point.Location)?.Name, limits.Name, limits.Low, limits.High, status.Celsius,
            status.AtUs is { } at ? EventTime.FromUs(at) : null, point.Every.TotalSeconds, state, reason, status.Recent);
    }

    /// <summary>An alarm stays an alarm when the line goes quiet; anything better is no longer known.</summary>
    (Severity, string) Judge(Point point, PointStatus status)
    {
        if (status.State == Severity.Alarm || status.AtUs is not { } atUs) return (status.State, status.Reason);
        if (equipment.IsSilent(point.Gateway)) return (Severity.Unknown, $"Gateway {point.Gateway} is silent; last known value.");
        var age = time.GetUtcNow() - EventTime.FromUs(atUs);
        var old = point.Every * MissedMax > AgeMin ? point.Every * MissedMax : AgeMin;
        return age > old ? (Severity.Unknown, $"No reading for {Words.Ago(age)}; last known value.") : (status.State, status.Reason);
    }

    long MidnightUs()
    {
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), site.TimeZone);
        var midnight = local.Date;
        return EventTime.ToUs(new DateTimeOffset(midnight, site.TimeZone.GetUtcOffset(midnight)));
    }
}
