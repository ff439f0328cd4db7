namespace EdgeTrace.Api;

/// <summary>The body of <c>POST /api/v1/recalls/preview</c> and of <c>POST /api/v1/recalls</c>: what is wanted back.</summary>
/// <param name="Id">A UUID that the page draws before it first sends: pressed twice, it is one recall.</param>
/// <param name="Reference">Of the notice: the maker's FSN, NatPSA or CAS number.</param>
/// <param name="Product">A GTIN, or + with LIC and PCN of a HIBC.</param>
public sealed record RecallDraft(string? Id, string? Reference, string? Product)
{
    /// <summary>By their whole number; empty: every lot.</summary>
    public IReadOnlyList<string>? Lots { get; init; }

    /// <summary>From and to, both included; null: not limited so.</summary>
    public string? SerialFrom { get; init; }
    public string? SerialTo { get; init; }
    public DateOnly? ExpiryFrom { get; init; }
    public DateOnly? ExpiryTo { get; init; }
    public DateOnly? MadeFrom { get; init; }
    public DateOnly? MadeTo { get; init; }

    /// <summary>What the notice wants of people, in its own words.</summary>
    public string? Said { get; init; }
}

/// <summary><c>GET /api/v1/recalls/understand?code=</c>: what of a notice a scan or some typed words already say.</summary>
/// <param name="Products">One when it is clear; several when words fit several; none with <paramref name="Error"/>.</param>
public sealed record RecallSubject(IReadOnlyList<RecallProduct> Products, string? Lot, string? Serial, DateOnly? Expiry, string? Error);

public sealed record RecallProduct(string Key, string Name, string Manufacturer);

/// <summary>Everything a notice names, by where one has to look for it.</summary>
/// <param name="MayBeMeant">Pieces, of all there are to look for, of which not everything is known that the notice asks about.</param>
/// <param name="Unheld">Pieces that are to be held and for which no hold has been written: they came after the press, and may not be used all the same.</param>
/// <param name="Unknown">Nobody knows where: missing, taken, or never placed.</param>
/// <param name="Gone">Used up or thrown away.</param>
/// <param name="More">There is more than can be shown; held all the same.</param>
/// <param name="TookMs">How long it took to find, ms.</param>
public sealed record RecallFound(
    int Pieces, int MayBeMeant, int Unheld, IReadOnlyList<RecallPlaceView> Places, IReadOnlyList<RecallThing> OnTheirWay, IReadOnlyList<RecallThing> Unknown, IReadOnlyList<RecallImplant> InPatients,
    IReadOnlyList<RecallThing> Gone, bool More, double TookMs);

/// <summary>A place that has to look.</summary>
/// <param name="Named">Pieces known there or on their way there.</param>
/// <param name="Answer">The newest; null: nobody there has answered.</param>
/// <param name="Answered">False: nobody has, or more has come to be known there since.</param>
public sealed record RecallPlaceView(string Place, string Name, int Named, int MayBeMeant, IReadOnlyList<RecallThing> Things, bool Answered, RecallAnswerView? Answer);

public sealed record RecallAnswerView(string By, DateTimeOffset At, int Found, int Named, string Note);

/// <param name="Sure">False: it may be meant; not everything is known of it that the notice asks about.</param>
/// <param name="Held">Whether this notice's hold has been written for it.</param>
/// <param name="To">Of what is on its way: where it is meant to arrive.</param>
public sealed record RecallThing(
    string Key, ItemName Name, string? Lot, string? Serial, DateOnly? Expiry, string Status, int Pieces, bool Sure, bool Held, string? Place, string? PlaceName, DateTimeOffset? Since, string? To);

/// <summary>One that is or was in somebody.</summary>
/// <param name="Patient">The pseudonym; null: nobody has said whom.</param>
/// <param name="What">implanted, explanted or used.</param>
public sealed record RecallImplant(string Key, ItemName Name, string? Lot, string? Serial, string? Patient, string? Case, string? Side, string What, DateTimeOffset At, int Pieces, bool Sure);

/// <summary>A line of <c>GET /api/v1/recalls</c>, and what Now says of a recall that is not contained.</summary>
/// <param name="Places">That must answer, and how many have.</param>
/// <param name="Contained">When the last place answered; null: not yet.</param>
public sealed record RecallBrief(
    string Id, string Reference, string Product, string ProductName, string Scope, DateTimeOffset Opened, string By, int Places, int Answered, DateTimeOffset? Contained, DateTimeOffset? Closed);

public sealed record RecallList(DateTimeOffset At, IReadOnlyList<RecallBrief> Recalls);

/// <summary><c>GET /api/v1/recalls/{id}</c>.</summary>
public sealed record RecallView(RecallBrief Brief, RecallDraft Notice, RecallFound Found, RecallClosedView? Closed);

public sealed record RecallClosedView(string By, DateTimeOffset At, string Reason, bool Released);

/// <summary>The body of <c>POST /api/v1/recalls/{id}/answers</c>: somebody has looked in a place.</summary>
/// <param name="Found">How many of those named there were found and put apart.</param>
public sealed record RecallAnswerGiven(string? Place, int? Found, string? Note = null);

/// <summary>The body of <c>POST /api/v1/recalls/{id}/release</c>: this thing was looked at and is not meant.</summary>
/// <param name="Act">A UUID the page draws: sent twice, it is done once.</param>
public sealed record RecallReleased(string? Act, string? Key, string? Reason);

/// <summary>The body of <c>POST /api/v1/recalls/{id}/close</c>.</summary>
/// <param name="Release">True: the notice was withdrawn, and what it held may be used again. False: everything was dealt with, and what is still on hold stays so.</param>
public sealed record RecallClosing(string? Reason, bool Release);
