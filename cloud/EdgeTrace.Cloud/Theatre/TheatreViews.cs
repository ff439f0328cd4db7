using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock.Theatre;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>Cases, components and checks as people see them; never who the patient is.</summary>
sealed class TheatreViews(ItemNames names, CaseFold fold)
{
    public TheatreAnswer Answer(CaseEntry entry, string outcome, string? wants = null, string? says = null) => new(
        entry.Id, entry.Kind.Word(), outcome, entry.Colour.Word(), says ?? Sentence(entry), Name(entry), [.. entry.Checks.Select(View)], wants, entry.Case is { } id && fold.Of(id) is { } open ? View(open) : null);

    public CaseView View(OpenCase open) => new(
        open.Row.Id, open.Row.Number, open.Row.Place, EventTime.FromUs(open.Row.PlannedUs), open.Row.Side, open.Row.Procedure, open.Row.ProcedureCode, open.Case.Clinician, open.Row.Patient, open.State,
        open.Case.Wristband is { } wristband ? View(wristband) : null, [.. open.Components.Select(View)],
        [.. open.Entries.Reverse().Select(e => new CaseEntryView(e.Id, e.Kind.Word(), Name(e), EventTime.FromUs(e.AtUs), e.Actor, e.Witness, e.Reason, e.Offline, e.Colour.Word(), [.. e.Checks.Select(View)]))]);

    public static PatientView View(PatientRow p) => new(p.Pseudonym, p.NhsNumber, p.Family, p.Given, p.Born, p.Postcode);

    ComponentView View(Component c)
    {
        var (scan, label) = (c.Scan, c.Scan.Label!);
        return new(
            scan.Id, scan.Subject!, Name(scan)!, names.Products.Find(label.Product)?.Component, label.Lot, label.Serial, label.Expiry, c.Step.ToString().ToLowerInvariant(), c.Judged.Checks.Worst().Word(),
            [.. c.Judged.Checks.Select(View)], c.Judged.Witness, c.Act?.Reason ?? c.Judged.Reason, EventTime.FromUs((c.Act ?? scan).AtUs));
    }

    ItemName? Name(CaseEntry e) => e.Subject is not { } key || e.Label is not { } label ? null
        : label.Product is { } product ? names.Named(label.Epc ?? key, product, label.Serial, label.Lot) : new(label.Epc ?? key, label.Serial is { } serial ? $"Serial {serial}" : key, "");

    static CheckView View(CheckOutcome c) => new((int)c.Check, NameOf(c.Check), c.Colour.Word(), c.Code, c.Says);

    /// <summary>The worst sentence; of what is well, what comes next.</summary>
    static string Sentence(CaseEntry e)
    {
        var worst = e.Checks.Where(c => c.Code != ImplantChecks.SealNotAsked).OrderByDescending(c => c.Colour).ThenBy(c => c.Check).FirstOrDefault();
        return e.Kind switch
        {
            _ when worst is { Colour: not Colour.Green } => worst.Says,
            CaseEntryKind.Component when e.Checks.FirstOrDefault(c => c.Code == ImplantChecks.SealNotAsked) is { } seal => $"It may be opened. {seal.Says}",
            CaseEntryKind.Opened => "Opened. When it is in, mark it as implanted.",
            CaseEntryKind.Implanted => "Implanted and recorded.",
            CaseEntryKind.Wasted => "Wasted and recorded.",
            CaseEntryKind.Explanted => "Explanted and recorded.",
            CaseEntryKind.PutBack => "It goes back unopened.",
            CaseEntryKind.Closed => "The case is closed.",
            CaseEntryKind.Cancelled => "The case is cancelled.",
            _ => worst?.Says ?? "",
        };
    }

    static string NameOf(Check check) => check switch
    {
        Check.Scan => "Scan",
        Check.Patient => "Patient",
        Check.Side => "Side",
        Check.Fit => "Fit",
        Check.Expiry => "Use by",
        Check.Hold => "Holds and recalls",
        Check.Seal => "Seal",
        Check.Once => "Never used before",
        Check.Product => "Product",
        _ => "Lot and serial",
    };
}
