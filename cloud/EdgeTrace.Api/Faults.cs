namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/faults</c>: what is wrong, newest first, one row a cause; also in <see cref="NowView"/> and, when it has changed, in the pulse.</summary>
/// <param name="Devices">Gateways, readers, antennas, scanners, probes, links and outboxes ever heard of.</param>
/// <param name="Fine">How many of them are.</param>
/// <param name="Faults">What needs somebody.</param>
/// <param name="Planned">What is wrong where somebody is known to be at work; it comes back to <paramref name="Faults"/> by itself when their time is over.</param>
/// <param name="Work">Planned work in force, whether or not anything is wrong there.</param>
/// <param name="Mended">What came and went in the last 24 h, the newest end first.</param>
public sealed record FaultsView(
    int Devices, int Fine, IReadOnlyList<FaultView> Faults, IReadOnlyList<FaultView> Planned, IReadOnlyList<PlannedWorkView> Work, IReadOnlyList<MendedView> Mended);

/// <summary>
/// One fault: what, where, since when, what it means for people, what to do. Read aloud it is
/// <c>{Name} ({Where}) {What} since 14:02. {Means} {Do}</c>, which is <paramref name="Sentence"/>.
/// </summary>
/// <param name="Id">The same as long as the fault stands.</param>
/// <param name="Kind">gateway, reader, antenna, scanner, probe, link, outbox, portal, point or stream; of the server itself: batch-log, ledger, projection, readings, broker, backup, disk, security or quarantine.</param>
/// <param name="State">One word (edge/README.md), or a short group of words of the cloud's own.</param>
/// <param name="Name">As people call it: "Reader Store 3 door".</param>
/// <param name="Gateway">The gateway it hangs on; null for the server's own.</param>
/// <param name="Where">Place, asset number, room and port as far as the site model knows them, in one line; may be empty.</param>
/// <param name="Since">Null: it was so before anybody looked.</param>
/// <param name="What">What is so, to be followed by a time: "has not answered".</param>
/// <param name="Said">What the device or the part itself gives as its reason; may be empty.</param>
/// <param name="Subjects">What work may be planned for from here, the smallest first; empty when it cannot be.</param>
/// <param name="Evidence">The page that shows more, relative to the page's root; may be empty.</param>
/// <param name="Children">What is unknown, or also at fault, only because of this.</param>
/// <param name="Planned">Set when somebody is known to be at work there.</param>
/// <param name="Alarm">Set when a person must answer it: a silent gateway with no work planned there.</param>
public sealed record FaultView(
    string Id, Severity Severity, string Kind, string State, string Name, string? Gateway, string? Place, string? Asset, string? Room, string? Port, string Where,
    DateTimeOffset? Since, string What, string Means, string Do, string Said, string Sentence, IReadOnlyList<PlanSubject> Subjects, string Evidence,
    IReadOnlyList<FaultChild> Children, PlannedWorkView? Planned, AlarmView? Alarm = null);

/// <summary>A device below a fault.</summary>
public sealed record FaultChild(string Id, string Kind, string Name, string State, string Where);

/// <summary>Something work can be planned for.</summary>
/// <param name="Id">What <c>POST /api/v1/planned-work</c> takes as subject: a device <c>gw-1/reader/store-3-reader</c>, a gateway with all below it <c>gw-1/gateway/gw-1</c>, a door <c>portal/store-3-door</c>.</param>
public sealed record PlanSubject(string Id, string Name);

/// <summary>Somebody said that they would be working on something.</summary>
public sealed record PlannedWorkView(string Id, string Subject, string Name, string By, string Reason, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A fault that came and went.</summary>
/// <param name="What">What was so: "has not answered".</param>
public sealed record MendedView(string Id, string Kind, string Name, string State, string What, DateTimeOffset From, DateTimeOffset To);

/// <summary><c>GET /api/v1/quarantine</c>: what was refused, what nobody could read, and what could not be used; the newest of each first.</summary>
public sealed record RefusedView(IReadOnlyList<SecurityEventView> Security, IReadOnlyList<QuarantinedMessage> Messages, IReadOnlyList<RefusedBatch> Batches);

/// <summary>Something that only a mistake or an attack explains; repetitions are counted.</summary>
/// <param name="Subject">What it was done to: a topic, a client id, a batch.</param>
public sealed record SecurityEventView(string Kind, string Gateway, string Subject, string Detail, DateTimeOffset First, DateTimeOffset Last, long Count);

/// <summary>A message without a usable envelope; its bytes are in the batch log.</summary>
/// <param name="Bytes">The length it had.</param>
public sealed record QuarantinedMessage(DateTimeOffset At, string Topic, string Cause, long Bytes);

/// <summary>A batch that a projection stepped over; its bytes are in the batch log at <paramref name="Position"/>.</summary>
public sealed record RefusedBatch(DateTimeOffset At, string Projection, string Zone, string Batch, long Position, string Cause);
