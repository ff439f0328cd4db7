namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/exits</c>: what has gone out of the building and must be answered, what may leave, and how far each door can be believed.</summary>
/// <param name="Open">What somebody must answer, the newest first.</param>
/// <param name="Settled">What was concluded in the last days and needs no answer, or has one.</param>
/// <param name="More">There are more open ones than are listed.</param>
public sealed record ExitsView(
    DateTimeOffset At, int Days, IReadOnlyList<ExitView> Open, IReadOnlyList<ExitView> Settled, IReadOnlyList<ExitDoorView> Doors, IReadOnlyList<TicketView> Tickets, IReadOnlyList<StrayView> Strays, bool More);

/// <summary>What an exit concluded from one passage.</summary>
/// <param name="State">amber, red, answered, or settled where nobody was asked.</param>
/// <param name="Outcome">ticketed, reserved, unticketed, uncontrolled, written-off, stray or faint.</param>
/// <param name="Late">It was read while the gateway could not reach the cloud: no beacon was lit for it.</param>
/// <param name="RedAt">When it turns or turned red; null: it does not.</param>
public sealed record ExitView(
    string Id, string State, string Outcome, Severity Severity, DateTimeOffset At, DateTimeOffset RecordedAt, bool Late, ItemName Item, string Portal, string PortalName, string Sentence, string Remedy,
    DateTimeOffset? RedAt, int Reads, int ReadsInside, int ReadsOutside, double PeakRssiDbm, double Confidence, IReadOnlyList<AntennaEvidence> Antennas, string? Ticket, ExitAnswerView? Answer);

/// <param name="Answer">false, allowed, returned, gone or stolen.</param>
public sealed record ExitAnswerView(string Answer, string Reason, string By, DateTimeOffset At);

/// <summary>An exit with what it concluded in the last <see cref="ExitsView.Days"/> days.</summary>
/// <param name="Alarms">Passages somebody was asked about; <paramref name="False"/> of them were none.</param>
/// <param name="FalseShare">False of those answered; null while none is.</param>
/// <param name="NotCounted">Heard near it, too weakly or on one side only.</param>
/// <param name="Beacon">fine, or what is wrong with it; null: its gateway has said nothing of a beacon.</param>
public sealed record ExitDoorView(
    string Id, string Name, string InsideName, string OutsideName, long Ticketed, long Noted, int Alarms, int Answered, int False, double? FalseShare, long NotCounted, long Unknown, string? Beacon, string? BeaconSays);

/// <summary>What somebody lets leave.</summary>
/// <param name="Kind">issue, loan, repair, transfer, waste or discharge.</param>
/// <param name="State">ahead, open, used, expired or ended.</param>
public sealed record TicketView(
    string Id, string Kind, string State, string? Portal, string? PortalName, DateTimeOffset From, DateTimeOffset Until, string By, string Reason, IReadOnlyList<TicketThingView> Things);

/// <param name="LeftAt">When it left on this ticket.</param>
public sealed record TicketThingView(ItemName Item, DateTimeOffset? LeftAt);

/// <summary>Something that lies near an exit: what is heard of it there is not counted.</summary>
public sealed record StrayView(ItemName Item, string Portal, string PortalName, DateTimeOffset Since, DateTimeOffset Last);

/// <summary>The body of <c>POST /api/v1/exits/{id}/answer</c>. The first answer stands.</summary>
/// <param name="Answer">false: it never left; allowed: it left with a reason that nobody had entered; returned: somebody brought it back; gone: it is still looked for; stolen.</param>
public sealed record AnswerExit(string? Answer, string? Reason);

/// <summary>The body of <c>POST /api/v1/exits/tickets</c>. Sent twice with one <paramref name="Id"/>, it is there once.</summary>
/// <param name="Id">A UUID that the terminal draws before it first sends.</param>
/// <param name="Things">Codes as they were scanned or typed.</param>
/// <param name="Portal">Null: any exit.</param>
/// <param name="From">Null: now.</param>
public sealed record NewTicket(string? Id, string? Kind, IReadOnlyList<string>? Things, DateTimeOffset? Until, string? Reason, string? Portal = null, DateTimeOffset? From = null);

/// <summary>What became of a new ticket: the ticket, or why each code could not be used.</summary>
public sealed record TicketOutcome(TicketView? Ticket, IReadOnlyList<LineOutcome> Lines);
