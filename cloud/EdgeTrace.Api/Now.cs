namespace EdgeTrace.Api;

/// <summary>The five states a thing can be in, everywhere on the page. Unknown is not Fine.</summary>
public enum Severity
{
    Fine,
    Note,
    Warning,
    Alarm,
    Unknown,
}

/// <summary><c>GET /api/v1/now</c>: the state of one site, to be kept current from <c>/live?after={Cursor}</c>.</summary>
/// <param name="Cursor">The last feed event already folded in.</param>
/// <param name="Recalls">Those that are open and not contained.</param>
public sealed record NowView(
    SiteView Site, DateTimeOffset At, long Cursor,
    IReadOnlyList<AlarmView> Alarms, IReadOnlyList<PlaceView> Places, IReadOnlyList<MovementView> Movements,
    IReadOnlyList<PointView> Points, IReadOnlyList<EquipmentView> Equipment, IReadOnlyList<ScanView> Scans, FaultsView? Faults = null, IReadOnlyList<RecallBrief>? Recalls = null);

public sealed record SiteView(string Trust, string Id, string Name, string TimeZone);

/// <summary>A store-room, theatre or other Location with what is in it.</summary>
/// <param name="Items">Items whose latest known Location this is.</param>
/// <param name="InToday">Passages in since local midnight; the same for OutToday.</param>
/// <param name="MovesPerMinute">The last 30 minutes, oldest first, for a sparkline.</param>
public sealed record PlaceView(
    string Id, string Name, string Kind, int Items, int InToday, int OutToday, IReadOnlyList<int> MovesPerMinute, DateTimeOffset? LastMove);

/// <summary>An Item that crossed or passed a portal.</summary>
/// <param name="Direction">in, out, past or unknown.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="LatencyMs">From the last read of the visit to this row of the feed.</param>
public sealed record MovementView(
    string Id, DateTimeOffset At, ItemName Item, string Portal, string PortalName, string Direction,
    string? From, string? FromName, string? To, string? ToName, double Confidence, int Reads, double PeakRssiDbm, double LatencyMs);

/// <summary>How an Item is called. <paramref name="Name"/> is never empty: product name, else the EPC's own identity, else its hex.</summary>
/// <param name="Key">The EPC in hex: the path of its page.</param>
/// <param name="Detail">Serial, lot or size, for the second line; may be empty.</param>
public sealed record ItemName(string Key, string Name, string Detail);

/// <summary>A Point of the cold chain with its newest value.</summary>
/// <param name="Celsius">Null: never a value yet, or the probe is at fault (<paramref name="Reason"/> says so).</param>
/// <param name="Recent">The last minutes, oldest first, null = no value, for a sparkline.</param>
public sealed record PointView(
    string Id, string Name, string? Place, string ClassName, double Low, double High, double? Celsius, DateTimeOffset? At,
    double ExpectedEverySeconds, Severity State, string Reason, IReadOnlyList<double?> Recent);

/// <summary>The thing a person must answer.</summary>
/// <param name="Planned">Set when somebody is known to be at work there; a temperature alarm is labelled by it and never silenced.</param>
public sealed record AlarmView(
    string Id, string Kind, Severity Severity, string Subject, string SubjectName, string Sentence, string Remedy,
    DateTimeOffset Since, DateTimeOffset? Ended, double? Peak, bool Acknowledged, string? AcknowledgedBy, PlannedWorkView? Planned = null);

/// <summary>A gateway, reader, antenna, scanner, probe or link with its named state.</summary>
/// <param name="State">One word from the gateway's list, or offline / unknown where the gateway itself is silent.</param>
public sealed record EquipmentView(
    string Id, string Kind, string Name, string Gateway, Severity Severity, string State, string Reason, string Remedy, DateTimeOffset Since);

/// <summary>A barcode as read, with what it was understood to be.</summary>
public sealed record ScanView(string Id, DateTimeOffset At, string Scanner, string ScannerName, string Raw, string Understood, ItemName? Item, string? Error);
