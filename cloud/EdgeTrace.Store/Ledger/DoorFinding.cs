namespace EdgeTrace.Store.Ledger;

/// <summary>What a door told of a thing that came in through it.</summary>
/// <param name="Outcome">expired, recalled, held or tag-differs.</param>
/// <param name="Says">The middle of a sentence: "it expired on 2026-11-20".</param>
public sealed record DoorFinding(string Id, string Visit, string Portal, string Item, string Epc, string Location, long AtUs, string Outcome, string Says);

public sealed record DoorFindingRow(DoorFinding Finding, Acknowledgement? Answer);
