using System.Collections.Frozen;

namespace EdgeTrace.Stock;

/// <summary>What EPCIS 2.0 will need to say an event: its type, action, business step and dispositions, in CBV 2.0's words.</summary>
/// <param name="Type">ObjectEvent, AggregationEvent or AssociationEvent.</param>
/// <param name="Action">ADD, OBSERVE or DELETE.</param>
/// <param name="Disposition">Null where the event says nothing of it.</param>
/// <param name="Sets">The persistent disposition that holds from here on.</param>
/// <param name="Unsets">The one that no longer does.</param>
public sealed record Standard(string Type, string Action, string BizStep, string? Disposition, string? Sets = null, string? Unsets = null);

/// <summary>Each kind of event by its word in the ledger and by its words in the standards.</summary>
/// <remarks>CBV 2.0 §7.1 and §7.2; EPCIS 2.0 §7.4. There is no "quarantined" in CBV: a hold is step <c>holding</c> with disposition <c>unavailable</c>.</remarks>
public static class Vocabulary
{
    static readonly FrozenDictionary<EventKind, Standard> s_standards = new Dictionary<EventKind, Standard>
    {
        [EventKind.Opening] = new("ObjectEvent", "ADD", "stocking", "sellable_accessible"),
        [EventKind.Received] = new("ObjectEvent", "OBSERVE", "receiving", "in_progress"),
        [EventKind.Tagged] = new("ObjectEvent", "ADD", "commissioning", "active"),
        [EventKind.Stored] = new("ObjectEvent", "OBSERVE", "storing", "sellable_accessible"),
        [EventKind.Reserved] = new("ObjectEvent", "OBSERVE", "reserving", "reserved"),
        [EventKind.Freed] = new("ObjectEvent", "OBSERVE", "storing", "sellable_accessible"),
        [EventKind.Picked] = new("ObjectEvent", "OBSERVE", "picking", "reserved"),
        [EventKind.Issued] = new("ObjectEvent", "OBSERVE", "departing", "in_transit"),
        [EventKind.Arrived] = new("ObjectEvent", "OBSERVE", "arriving", "in_progress"),
        [EventKind.Returned] = new("ObjectEvent", "OBSERVE", "receiving", "returned"),
        [EventKind.Inspected] = new("ObjectEvent", "OBSERVE", "inspecting", "available"),
        [EventKind.Counted] = new("ObjectEvent", "OBSERVE", "cycle_counting", null),
        [EventKind.Missed] = new("ObjectEvent", "OBSERVE", "cycle_counting", "unknown"),
        [EventKind.Left] = new("ObjectEvent", "OBSERVE", "entering_exiting", "unknown"),
        [EventKind.Found] = new("ObjectEvent", "OBSERVE", "receiving", "in_progress"),
        [EventKind.Stolen] = new("ObjectEvent", "OBSERVE", "entering_exiting", "stolen"),
        [EventKind.Packed] = new("AggregationEvent", "ADD", "packing", "container_closed"),
        [EventKind.Unpacked] = new("AggregationEvent", "DELETE", "unpacking", "container_open"),
        [EventKind.Opened] = new("ObjectEvent", "OBSERVE", "unpacking", "in_progress"),
        // A hip that is in somebody still exists, and an explant must be able to follow: an association with a pseudonym, no deletion.
        [EventKind.Implanted] = new("AssociationEvent", "ADD", "installing", "active"),
        [EventKind.Explanted] = new("AssociationEvent", "DELETE", "removing", "inactive"),
        [EventKind.Used] = new("ObjectEvent", "DELETE", "dispensing", "dispensed"),
        [EventKind.Wasted] = new("ObjectEvent", "DELETE", "destroying", "destroyed"),
        [EventKind.Held] = new("ObjectEvent", "OBSERVE", "holding", "unavailable"),
        [EventKind.Released] = new("ObjectEvent", "OBSERVE", "inspecting", "available"),
        [EventKind.Owned] = new("ObjectEvent", "OBSERVE", "accepting", null),
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<string, EventKind> s_kinds = Enum.GetValues<EventKind>().ToFrozenDictionary(Word);

    public static string Word(this EventKind kind) => kind.ToString().ToLowerInvariant();

    public static bool TryRead(string word, out EventKind kind) => s_kinds.TryGetValue(word, out kind);

    /// <summary>How EPCIS says an event. A hold's reason decides which persistent disposition it sets, and its release unsets.</summary>
    public static Standard Of(EventKind kind, HoldReason? hold = null) => (kind, hold) switch
    {
        (EventKind.Held, HoldReason.Recall) => s_standards[kind] with { Disposition = "recalled", Sets = "recalled" },
        (EventKind.Held, HoldReason.Expired) => s_standards[kind] with { Disposition = "expired", Sets = "expired" },
        (EventKind.Held, HoldReason.Damaged) => s_standards[kind] with { Disposition = "damaged", Sets = "damaged" },
        (EventKind.Released, HoldReason.Recall) => s_standards[kind] with { Unsets = "recalled" },
        (EventKind.Released, HoldReason.Expired) => s_standards[kind] with { Unsets = "expired" },
        (EventKind.Released, HoldReason.Damaged) => s_standards[kind] with { Unsets = "damaged" },
        _ => s_standards[kind],
    };
}
