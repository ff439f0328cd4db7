using EdgeTrace.Api;

namespace EdgeTrace.Web.Live;

/// <summary>The state of one site: a snapshot, and every feed event since folded into it. Newest first in each list of happenings.</summary>
sealed class SiteState(NowView snapshot)
{
    const int MovementsMax = 200; // more than anybody scrolls back here; the rest is on the item's page
    const int ScansMax = 50;
    const int AlarmsMax = 100;

    readonly Dictionary<string, int> _points = Index(snapshot.Points, point => point.Id);
    readonly Dictionary<string, int> _places = Index(snapshot.Places, place => place.Id);
    readonly List<PointView> _pointList = [.. snapshot.Points];
    readonly List<PlaceView> _placeList = [.. snapshot.Places];
    readonly List<MovementView> _movements = [.. snapshot.Movements.OrderByDescending(movement => movement.At).Take(MovementsMax)];
    readonly List<ScanView> _scans = [.. snapshot.Scans.OrderByDescending(scan => scan.At).Take(ScansMax)];
    readonly List<AlarmView> _alarms = [.. snapshot.Alarms.Where(Matters)];

    public SiteView Site => snapshot.Site;
    public long Cursor { get; private set; } = snapshot.Cursor;

    /// <summary>When the server last spoke, by its own clock.</summary>
    public DateTimeOffset At { get; private set; } = snapshot.At;

    /// <summary>Grows whenever the list of movements changes, so that a list need not be drawn again for nothing.</summary>
    public int MovementsVersion { get; private set; }

    public IReadOnlyList<PointView> Points => _pointList;
    public IReadOnlyList<PlaceView> Places => _placeList;
    public IReadOnlyList<MovementView> Movements => _movements;
    public IReadOnlyList<ScanView> Scans => _scans;

    /// <summary>What is wrong and what is planned; the server sends it whole whenever anything about it changes.</summary>
    public FaultsView Faults { get; private set; } = snapshot.Faults ?? new(0, 0, [], [], [], []);

    /// <summary>Recalls that are open and not contained, the oldest first; sent whole like the faults.</summary>
    public IReadOnlyList<RecallBrief> Recalls { get; private set; } = snapshot.Recalls ?? [];

    /// <summary>What somebody must still answer, or answered but is not over: worst first, then oldest.</summary>
    public IReadOnlyList<AlarmView> Alarms =>
        [.. _alarms.Concat(Faults.Faults.Select(fault => fault.Alarm).OfType<AlarmView>()).OrderBy(alarm => alarm.Acknowledged).ThenBy(alarm => alarm.Severity == Severity.Alarm ? 0 : 1).ThenBy(alarm => alarm.Since)];

    /// <summary>False when the event was already here: a feed may repeat itself after a reconnect.</summary>
    public bool Apply(FeedEvent news)
    {
        if (news.Pulse is { } pulse)
        {
            // A server that has only just begun pulses before it has looked at its clock.
            if (pulse.At > At)
                At = pulse.At;
            foreach (var point in pulse.Points)
                Put(_pointList, _points, point.Id, point);
            foreach (var place in pulse.Places)
                Put(_placeList, _places, place.Id, place);
            Faults = pulse.Faults ?? Faults;
            Recalls = pulse.Recalls ?? Recalls;
            return true;
        }
        if (news.Cursor <= Cursor)
            return false;
        Cursor = news.Cursor;
        if (news.Movement is { } movement)
        {
            Insert(_movements, movement, movement.At, other => other.At, MovementsMax);
            MovementsVersion++;
        }
        if (news.Scan is { } scan)
            Insert(_scans, scan, scan.At, other => other.At, ScansMax);
        if (news.Alarm is { } alarm)
        {
            _alarms.RemoveAll(other => other.Id == alarm.Id);
            if (Matters(alarm) && _alarms.Count < AlarmsMax)
                _alarms.Add(alarm);
        }
        return true;
    }

    // A silent gateway is told by its fault, which comes and goes with it.
    static bool Matters(AlarmView alarm) => alarm.Kind != "gateway-offline" && (alarm.Ended is null || !alarm.Acknowledged);

    // A backlog may bring an old movement late; it takes its place in time, not at the top.
    static void Insert<T>(List<T> list, T item, DateTimeOffset at, Func<T, DateTimeOffset> when, int max)
    {
        var place = list.FindIndex(other => when(other) <= at);
        list.Insert(place < 0 ? list.Count : place, item);
        if (list.Count > max)
            list.RemoveRange(max, list.Count - max);
    }

    static void Put<T>(List<T> list, Dictionary<string, int> index, string id, T item)
    {
        if (index.TryGetValue(id, out var at))
        {
            list[at] = item;
            return;
        }
        index[id] = list.Count;
        list.Add(item);
    }

    static Dictionary<string, int> Index<T>(IReadOnlyList<T> list, Func<T, string> id)
    {
        var index = new Dictionary<string, int>(list.Count);
        for (var at = 0; at < list.Count; at++)
            index[id(list[at])] = at;
        return index;
    }
}
