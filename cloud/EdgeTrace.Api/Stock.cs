namespace EdgeTrace.Api;

/// <summary>The body of <c>POST /api/v1/stock/acts</c>: what somebody does in one go. Sent twice with one <paramref name="Id"/>, it is done once.</summary>
/// <param name="Id">A UUID that the terminal draws before it first sends: a scan that waited in a dead Wi-Fi is sent with the same.</param>
/// <param name="Kind">opening, received, stored, reserved, freed, picked, issued, arrived, returned, inspected, counted, missed, found, stolen, packed, unpacked, used, wasted, held, released, owned.</param>
public sealed record StockAct(string Id, string Kind, IReadOnlyList<StockLine> Lines)
{
    /// <summary>When it was done; null: now. At most a week ago, for a terminal that was cut off; never ahead.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>A Location, by its id.</summary>
    public string? Place { get; init; }

    /// <summary>Of what is issued: where it is meant to arrive.</summary>
    public string? Destination { get; init; }
    public string? Terminal { get; init; }
    public string? Reason { get; init; }
    public string? Order { get; init; }
    public string? DespatchAdvice { get; init; }
    public string? Case { get; init; }
    public string? Owner { get; init; }
    public string? Container { get; init; }
    public string? Witness { get; init; }
}

/// <summary>One thing of an act.</summary>
/// <param name="Code">Whatever was scanned or typed: a barcode as it came, an EPC, an item's key.</param>
/// <param name="Quantity">Pieces of a Lot, for what has no number of its own.</param>
/// <param name="More">Further codes of the same label, where it has several.</param>
/// <param name="Hold">Of a release: the hold.</param>
/// <param name="Tid">The tag's own number; of a release of the hold two-tags: of the tag that is right, or of all that are, a blank between two.</param>
/// <param name="Scan">The scan of the feed that it came by.</param>
/// <param name="HoldReason">Of a hold: cold-chain, recall, expired, damaged, missing, unverified, registry-query, short-dated.</param>
public sealed record StockLine(string Code, int? Quantity = null, string? From = null, IReadOnlyList<string>? More = null, string? Hold = null, string? HoldReason = null, string? Epc = null, string? Tid = null, string? Scan = null);

/// <summary>What became of an act, line by line.</summary>
public sealed record ActOutcome(string Act, IReadOnlyList<LineOutcome> Lines);

/// <param name="Outcome">done, already, or refused.</param>
/// <param name="Says">Sentences a person can act on; empty: it is done and there is nothing to say.</param>
public sealed record LineOutcome(string Code, string? Key, ItemName? Name, string Outcome, IReadOnlyList<VerdictView> Says);

public sealed record VerdictView(string Code, string Says, bool Stops);

/// <summary>An Item or a Lot as the books have it: what stands against using it is in <paramref name="Against"/>; empty: it is available.</summary>
/// <param name="Status">unbooked, received, in-stock, reserved, in-transit, returned, missing, left, stolen, opened, implanted, explanted, used, wasted; of a Lot: lot.</param>
public sealed record StockView(
    string Key, ItemName Name, string? Product, string? Lot, string? Serial, DateOnly? Expiry, int? DaysLeft, string Status, bool Available, IReadOnlyList<string> Against, string? Location, string? LocationName,
    string? Basis, DateTimeOffset? Since, int Pieces, long? Pence, string? Owner, string? Case, IReadOnlyList<HoldView> Holds, IReadOnlyList<string> Findings);

/// <param name="Note">Why; of an excursion how long it was and how far it went, as it is known now.</param>
/// <param name="Notice">The recall notice, or the cold-chain episode, that it was raised by.</param>
/// <param name="Point">Of an excursion: the point whose record is the evidence.</param>
public sealed record HoldView(string Id, string Reason, string By, DateTimeOffset Since, string? Note, string? Notice, string? Point = null);

/// <summary><c>GET /api/v1/stock?place=&amp;product=</c>: what there is by product and place.</summary>
public sealed record StockPage(DateTimeOffset At, IReadOnlyList<StockGroup> Groups, bool More);

/// <param name="Soonest">The earliest expiry among what is available.</param>
/// <param name="Par">How many there should be; null: nobody has said.</param>
/// <param name="Pence">What all the pieces cost.</param>
/// <param name="Things">Empty when only the counts were asked for.</param>
/// <param name="DaysLeft">Until the soonest expiry, by the site's day.</param>
/// <param name="Short">How many are wanting of the par; what lies in the place's bins counts.</param>
public sealed record StockGroup(
    string? Product, string Name, string? Location, string LocationName, int Pieces, int Available, int Expired, int Held, int Recalled, DateOnly? Soonest, int? Par, long? Pence, IReadOnlyList<StockView> Things, string? Category = null, int? DaysLeft = null, int Short = 0);

/// <summary><c>GET /api/v1/stock/story/{key}</c>: what people and rules have done to a thing, newest first.</summary>
public sealed record StockStory(StockView Thing, IReadOnlyList<StockEntry> Entries, bool More);

/// <param name="Wrong">Set: somebody has declared it wrong; it is shown struck through and does not count.</param>
public sealed record StockEntry(string Id, string Kind, DateTimeOffset At, DateTimeOffset RecordedAt, string? Place, string? PlaceName, string Actor, string Sentence, string Act, WrongView? Wrong);

public sealed record WrongView(string Actor, string Reason, DateTimeOffset At);

/// <summary>The body of <c>POST /api/v1/stock/events/{id}/declare-wrong</c> and of <c>…/movements/{id}/declare-wrong</c>.</summary>
/// <param name="Place">Where it really is, of something that was placed wrongly; null: where it was before.</param>
public sealed record WrongNotice(string? Reason, string? Place = null);
