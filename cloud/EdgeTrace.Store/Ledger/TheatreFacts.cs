using EdgeTrace.Stock;
using EdgeTrace.Stock.Theatre;

namespace EdgeTrace.Store.Ledger;

/// <summary>Who a pseudonym is, as entered at a time.</summary>
/// <param name="Pseudonym">A random UUID: nothing about the patient can be computed from it.</param>
public sealed record PatientRow(string Pseudonym, long ValidFromUs, string? NhsNumber, string Family, string Given, DateOnly? Born, string? Postcode, string Actor);

/// <summary>A case as it was entered.</summary>
public sealed record CaseRow(string Id, string Number, string Place, long PlannedUs, string? Side, string Procedure, string? ProcedureCode, string? Clinician, string Patient, string Actor);

/// <summary>What happened in a case: a scan, with what its checks said, or an act.</summary>
/// <param name="Id">Drawn by the terminal, so that what is sent twice is there once.</param>
/// <param name="Case">Null: no case was open.</param>
/// <param name="Subject">The Item's or the Lot's key; of a scan of staff what the badge said.</param>
/// <param name="Offline">It was told afterwards, when the link was back.</param>
/// <param name="Label">What the component's label said; never of a wristband.</param>
/// <param name="Instead">The scan that this one replaces: another code of the same label.</param>
public sealed record CaseEntry(
    string Id, string? Case, string Place, CaseEntryKind Kind, string? Subject, long AtUs, bool Offline, Colour Colour, EventDetail? Label, string? Instead, string? Reason, string? Witness, string Actor)
{
    public IReadOnlyList<CheckOutcome> Checks { get; init; } = [];
}

public enum CaseEntryKind
{
    Wristband,
    Staff,
    Component,
    Opened,
    Implanted,
    Wasted,
    Explanted,

    /// <summary>A scanned component goes back unopened.</summary>
    PutBack,
    Closed,

    /// <summary>The case will not be done, or was entered wrongly.</summary>
    Cancelled,

    /// <summary>A code that is none of these.</summary>
    Other,
}

public static class CaseEntryKinds
{
    public static string Word(this CaseEntryKind kind) => kind == CaseEntryKind.PutBack ? "put-back" : kind.ToString().ToLowerInvariant();

    internal static CaseEntryKind Read(string word) => Enum.Parse<CaseEntryKind>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
