namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/gateways</c>: the boxes at the edge, by name.</summary>
public sealed record GatewaysView(IReadOnlyList<GatewayView> Gateways);

/// <summary>One gateway as it last said and was last heard.</summary>
/// <param name="Where">Asset number, room and port as far as the site model knows them, in one line; may be empty.</param>
/// <param name="State">online, offline or never-heard.</param>
/// <param name="Since">Of that state; null when nobody knows.</param>
/// <param name="Connection">Ordinal of this connection within the boot.</param>
/// <param name="Clock">ntp, rtc, holdover, relative, or unknown until it has said.</param>
/// <param name="ClockErrorMs">The bound its kernel gives; null = none known.</param>
/// <param name="Link">The state of its link to the broker by its own word; empty until it has said.</param>
/// <param name="Outbox">Null until the gateway has said how it is since this server started.</param>
/// <param name="Devices">How many devices it has; <paramref name="Fine"/> of them are fine.</param>
/// <param name="Subject">What planned work for all of it takes as subject.</param>
public sealed record GatewayView(
    string Id, string Name, string Where, Severity Severity, string State, string Reason, DateTimeOffset? Since, DateTimeOffset? LastHeard,
    string Version, string Boot, long Connection, string Clock, double? ClockErrorMs, string Link, OutboxView? Outbox, int Devices, int Fine, string Subject, PlannedWorkView? Planned);

/// <summary>What waits at the edge and how long there is room for more.</summary>
/// <param name="At">When the gateway said so.</param>
/// <param name="BytesPerHour">What it seals at the present rate; null while that is not known.</param>
/// <param name="HoursLeft">How long it could go on with no link before reads are thinned; null while that is not known.</param>
/// <param name="FallsBehind">More and more batches wait for the acknowledgement.</param>
public sealed record OutboxView(
    DateTimeOffset At, long UnackedBatches, long Bytes, long BudgetBytes, long DiskFreeBytes, double? BytesPerHour, double? HoursLeft, bool FallsBehind,
    long Reads, long Outboxed, long DroppedByPolicy, long ResentBatches);

/// <summary><c>GET /api/v1/gateways/{id}</c>: a gateway with its devices and streams.</summary>
public sealed record GatewayDetail(GatewayView Gateway, IReadOnlyList<DeviceView> Devices, IReadOnlyList<StreamView> Streams);

/// <summary>A device of a gateway in people's words.</summary>
/// <param name="What">What is so, to be followed by a time; empty when fine or unknown.</param>
public sealed record DeviceView(string Id, string Kind, string Name, string Where, Severity Severity, string State, string What, string Reason, DateTimeOffset Since, PlannedWorkView? Planned);
