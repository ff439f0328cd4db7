namespace EdgeTrace.Api;

/// <summary>
/// One event of <c>/live</c> (server-sent events) and of <c>GET /api/v1/feed?after=</c>. Exactly one of the members after
/// <paramref name="Kind"/> is set. Durable events carry a cursor and come again after a reconnect; <c>pulse</c> has none.
/// </summary>
/// <param name="Cursor">Grows by one a durable event; 0 on a pulse.</param>
/// <param name="Kind">movement, scan, alarm, equipment, exit (told as an <paramref name="Alarm"/>) or pulse.</param>
public sealed record FeedEvent(
    long Cursor, string Kind, DateTimeOffset RecordedAt,
    MovementView? Movement = null, ScanView? Scan = null, AlarmView? Alarm = null, EquipmentView? Equipment = null, Pulse? Pulse = null);

/// <summary>What changes too often to be history: every second, the points, places and faults that changed since the last one.</summary>
/// <param name="Faults">All of them, when anything about them has changed.</param>
/// <param name="Recalls">The same of the recalls that are not contained.</param>
public sealed record Pulse(DateTimeOffset At, IReadOnlyList<PointView> Points, IReadOnlyList<PlaceView> Places, FaultsView? Faults = null, IReadOnlyList<RecallBrief>? Recalls = null);

/// <summary>A page of the feed by cursor.</summary>
public sealed record FeedPage(IReadOnlyList<FeedEvent> Events, long Next);

/// <summary><c>GET /api/v1/status</c>: how far each part has come; what the demo and the doctor ask.</summary>
/// <param name="LogHead">Position of the newest durable batch.</param>
/// <param name="Applied">The position every projection has reached or passed.</param>
public sealed record StatusView(
    string Version, DateTimeOffset StartedAt, long LogHead, long Applied, long FeedHead,
    IReadOnlyList<StreamView> Streams, IReadOnlyList<ProjectionView> Projections, IReadOnlyDictionary<string, long> Counters);

/// <summary>One stream as the cloud knows it.</summary>
/// <param name="Upto">Highest sequence in the log of the newest epoch.</param>
/// <param name="Sealed">Highest sequence the gateway says it has sealed; equal to <paramref name="Upto"/> when nothing is outstanding.</param>
/// <param name="Through">The watermark.</param>
public sealed record StreamView(
    string Gateway, string Stream, string Epoch, long Upto, long Sealed, long Batches, long Readings, DateTimeOffset? Through, DateTimeOffset? LastReceived);

/// <summary>How far one projection is in the log, and what is in its way.</summary>
/// <param name="Lag">Batches in the log that it has not applied.</param>
/// <param name="State">current, catching up, or why it is neither: one or two lower-case words.</param>
/// <param name="Reason">A sentence; empty when nothing is wrong.</param>
/// <param name="Remedy">What to do; empty when nothing, or when it is the same for all of the kind.</param>
/// <param name="Since">Since when it is in the way.</param>
public sealed record ProjectionView(string Name, long Position, long Lag, string State, string Reason, string Remedy = "", DateTimeOffset? Since = null)
{
    /// <summary>Goes on, but will never have everything.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>Applies what comes.</summary>
    public bool IsMoving() => Reason.Length == 0 || State == Incomplete;
}
