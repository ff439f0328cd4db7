using EdgeTrace.Stock;

namespace EdgeTrace.Store.Ledger;

/// <summary>An EPC's stay in a portal's field, as the ledger keeps it.</summary>
public sealed record VisitFact(
    string Id, string Portal, string Epc, long FirstUs, long LastUs, long Count, int Reads, int ReadsInside, int ReadsOutside,
    int PeakCentiDbm, int PeakAntenna, string Direction, string Side, double Confidence,
    string? ContinuesFrom = null, bool Continues = false, bool Truncated = false, bool Late = false);

/// <summary>An Item went from one Location to another. Its id is its visit's.</summary>
public sealed record MovementFact(string Id, string Item, long AtUs, string Portal, string? From, string? To, double Confidence);

/// <summary>A barcode as read and as understood.</summary>
/// <param name="Item">The key of the Item it names, when it names one single thing.</param>
public sealed record ScanFact(
    string Id, string Scanner, long AtUs, ReadOnlyMemory<byte> Raw, string Framing, string Understood, string? Item, string? Error, string? Location);

/// <summary>One spell of a rule being broken at a point, as the cloud judges it.</summary>
/// <param name="RaisedUs">Event time of the sample (or of the silence) that completed the rule; null while it only builds up.</param>
/// <param name="Limits">The limits in force, as JSON: they may be changed later, the episode not.</param>
public sealed record EpisodeFact(
    string Id, string Point, string Rule, long StartUs, long? RaisedUs, long? EndedUs, int? PeakMilliCelsius, string Limits);

/// <summary>What the gateway itself decided, with no network; joins the cloud's episode by id.</summary>
public sealed record LocalEpisodeFact(string Id, string Point, string Rule, long StartUs, long RaisedUs, long? EndedUs, int PeakMilliCelsius);

/// <summary>That an Item was read somewhere, whether or not it moved; the greatest (time, place) is kept.</summary>
/// <param name="Item">The same for a label and a tag of one thing (Identity's ItemKey); a foreign tag's EPC.</param>
/// <param name="Epc">The EPC it was read by, if it was.</param>
public sealed record Sighting(string Item, string? Epc, long AtUs, string Where, string? Gtin = null, string? Serial = null, string? Lot = null);

/// <summary>That a tag's chip answered with an Item's number at a portal, as far as one batch tells.</summary>
/// <param name="Tid">Hex, upper case.</param>
/// <param name="LastUs">Its first read of the newest minute.</param>
public sealed record ChipFact(string Item, string Tid, long FirstUs, long LastUs, string At);

/// <summary>A claim of where an Item is; the greatest (time, source, start) wins, so that a late batch cannot move it back.</summary>
/// <param name="Source">The portal or scanner.</param>
/// <param name="Basis">passage, scan, count or inferred.</param>
public sealed record LocationClaim(string Item, string? Location, string Basis, long AtUs, string Source, long StartUs, double Confidence, string Fact);

/// <summary>The named state of a gateway, reader, scanner, probe or link.</summary>
public sealed record EquipmentState(string Id, string Gateway, string Kind, string Name, string State, string Reason, string Remedy, long SinceUs);

/// <summary>A row to leave the house with its fact: written only where (kind, fact, phase) is new.</summary>
public sealed record OutgoingFact(string Kind, string Fact, string Phase, long EventUs, string Json);

/// <summary>A batch a projection could not use, kept with its cause.</summary>
public sealed record QuarantinedBatch(string Projection, string Zone, string Batch, long Position, string Cause);

/// <summary>A person answering an alarm.</summary>
public sealed record Acknowledgement(string Alarm, string Actor, string Reason, long AtUs);

/// <summary>A person says that they will be working on something.</summary>
/// <param name="Subject">A device <c>{gateway}/{kind}/{name}</c>, a gateway <c>{gateway}/gateway/{gateway}</c> with all below it, or a door <c>portal/{portal}</c>.</param>
public sealed record PlannedWork(string Id, string Subject, string Actor, string Reason, long FromUs, long UntilUs);

/// <summary>Planned work is over before its time.</summary>
public sealed record PlannedWorkEnd(string Id, string Actor, string Reason, long AtUs);

/// <summary>What somebody did or saw, written with what they did.</summary>
/// <param name="Action">A verb, as acknowledge or sign-in.</param>
public sealed record AuditEntry(long AtUs, string Actor, string Action, string Subject, string Detail);

/// <summary>A person says that a fact is not so. It stays, is shown as wrong, and no longer counts.</summary>
/// <param name="Kind">event (of stock) or movement.</param>
/// <param name="Subject">The Item or Lot it was about.</param>
/// <param name="Place">Where the thing is, if the fact had placed it; null: the fact had not, or nobody knows.</param>
public sealed record Declaration(string Kind, string Fact, string Subject, string Actor, string Reason, long AtUs, string? Place = null);

/// <summary>Where a portal's reads of a time are in the log.</summary>
public sealed record ReadBatchPlace(string Portal, long Position, long FirstUs, long LastUs);

/// <summary>A trade item as somebody entered it.</summary>
/// <param name="ValidFromUs">What happened before keeps the name it had.</param>
public sealed record ProductFact(Product Product, long ValidFromUs);

/// <summary>How many of a product there should be in a place.</summary>
/// <param name="Par">Null: nobody wants to be told any more.</param>
public sealed record ParLevel(string Product, string Place, long ValidFromUs, int? Par);
