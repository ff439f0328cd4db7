namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/theatre/list?place=&amp;day=</c>: a theatre's cases of a local day, in their order. No name of a patient is in it.</summary>
/// <param name="Place">Null: the site has no theatre of this id; choose one of <paramref name="Rooms"/>.</param>
/// <param name="Scanners">Whose scans in the live feed are made in this room.</param>
public sealed record TheatreDay(string? Place, string? PlaceName, DateOnly Day, IReadOnlyList<TheatreRoom> Rooms, IReadOnlyList<string> Scanners, IReadOnlyList<CaseView> Cases);

public sealed record TheatreRoom(string Id, string Name);

/// <summary>One operation on one side of one patient.</summary>
/// <param name="Side">The side of the consent: left or right; null where the operation has none.</param>
/// <param name="Patient">A pseudonym: <c>GET /api/v1/theatre/cases/{id}/patient</c> says whose.</param>
/// <param name="State">listed, open (its wristband was scanned), closed or cancelled.</param>
/// <param name="Wristband">What the newest scan of a wristband came to.</param>
/// <param name="Entries">Every scan and act with what each check said then, the newest first.</param>
public sealed record CaseView(
    string Id, string Number, string Place, DateTimeOffset PlannedFor, string? Side, string Procedure, string? ProcedureCode, string? Clinician, string Patient, string State,
    CheckView? Wristband, IReadOnlyList<ComponentView> Components, IReadOnlyList<CaseEntryView> Entries);

/// <param name="Scan">The scan it was last judged by: what an act names it by.</param>
/// <param name="Step">stopped, scanned, opened, implanted, wasted or explanted.</param>
/// <param name="Colour">green, amber or red: the worst of its checks.</param>
/// <param name="Witness">The second person, where two were needed.</param>
public sealed record ComponentView(
    string Scan, string Key, ItemName Name, string? Kind, string? Lot, string? Serial, DateOnly? Expiry, string Step, string Colour, IReadOnlyList<CheckView> Checks, string? Witness, string? Reason, DateTimeOffset At);

/// <param name="Number">1 to 9, in the order in which they are made; 0: the scan itself.</param>
/// <param name="Colour">green, amber, red, or not-made: nobody could make this check.</param>
/// <param name="Code">A lower-case word for each way a check can end.</param>
public sealed record CheckView(int Number, string Name, string Colour, string Code, string Says);

/// <param name="Kind">wristband, staff, component, opened, implanted, wasted, explanted, put-back, closed, cancelled or other.</param>
/// <param name="Offline">It was told afterwards, when the link was back.</param>
public sealed record CaseEntryView(string Id, string Kind, ItemName? Name, DateTimeOffset At, string Actor, string? Witness, string? Reason, bool Offline, string Colour, IReadOnlyList<CheckView> Checks);

/// <summary>Who a pseudonym is. Every look at it is audited.</summary>
public sealed record PatientView(string Patient, string? NhsNumber, string Family, string Given, DateOnly? Born, string? Postcode);

/// <summary>The body of <c>POST /api/v1/theatre/cases</c>.</summary>
/// <param name="Id">A UUID drawn by the terminal; sent twice, the case is there once.</param>
public sealed record CaseNotice(
    string? Id, string? Number, string? Place, DateTimeOffset? PlannedFor, string? Side, string? Procedure, string? ProcedureCode, string? Clinician, string? NhsNumber, string? Family, string? Given, DateOnly? Born, string? Postcode);

/// <summary>What became of an import: how many lines are cases now, how many were before, and what is wrong with each that is none.</summary>
public sealed record CaseImport(int Added, int Already, IReadOnlyList<string> Errors);

/// <summary>The body of <c>POST /api/v1/theatre/scans</c>: anything that was scanned in a theatre.</summary>
/// <param name="Id">A UUID drawn by the terminal before it first sends; sent twice, the scan is there once and gets the same answer.</param>
/// <param name="Code">As the scanner sent it; null where <paramref name="Scan"/> names a scan of the live feed, or where the label of <paramref name="After"/> is judged again.</param>
/// <param name="Case">Null: the case whose wristband was scanned last in this place.</param>
/// <param name="After">The scan before, when it may be another code of the same label.</param>
/// <param name="NoSerial">A person has looked: the label has no serial.</param>
/// <param name="Offline">It waited in the terminal without a link.</param>
public sealed record TheatreScan(string? Id, string? Place, string? Code, string? Scan = null, string? Case = null, string? After = null, DateTimeOffset? At = null, bool NoSerial = false, bool Offline = false);

/// <summary>The body of <c>POST /api/v1/theatre/acts</c>: what was done with a scanned component, or with the case.</summary>
/// <param name="Kind">opened, implanted, wasted, explanted, put-back; closed, cancelled of the case.</param>
/// <param name="Scan">The component's scan; null for an act on the case.</param>
/// <param name="SealWhole">Of opened: whether seal and indicator were looked at and are right.</param>
/// <param name="Reason">Needed where something red is overridden, and of wasted, explanted and cancelled.</param>
/// <param name="Second">The second person's badge as scanned; needed where something red is overridden.</param>
/// <param name="Offline">It was done without a link: what has happened is kept, whatever the checks say of it afterwards.</param>
public sealed record TheatreAct(
    string? Id, string? Kind, string? Case = null, string? Scan = null, bool? SealWhole = null, string? Reason = null, string? Second = null, DateTimeOffset? At = null, bool Offline = false);

/// <summary>The answer to a scan or an act.</summary>
/// <param name="Kind">wristband, staff, component, an act's kind, or other.</param>
/// <param name="Outcome">done, already (it was sent before), or stopped (nothing was done: something red stands against it, and two people may say why all the same).</param>
/// <param name="Colour">green, amber or red.</param>
/// <param name="Says">The sentence that matters most.</param>
/// <param name="Wants">What to scan next of the same label; null: nothing.</param>
public sealed record TheatreAnswer(string Id, string Kind, string Outcome, string Colour, string Says, ItemName? Name, IReadOnlyList<CheckView> Checks, string? Wants, CaseView? Case);
