using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock.Theatre;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>A component as its case has it: its newest scan, and how far it has come.</summary>
/// <param name="Act">The newest act on it; null: it was only scanned.</param>
/// <param name="Judged">The entry whose checks count: the scan, or the opening, where they were made once more.</param>
sealed record Component(CaseEntry Scan, Step Step, CaseEntry? Act, CaseEntry Judged);

/// <summary>What all the entries of a case come to.</summary>
sealed record OpenCase(CaseRow Row, TheatreCase Case, IReadOnlyList<Component> Components, string State, IReadOnlyList<CaseEntry> Entries)
{
    /// <summary>Nothing more is scanned for it.</summary>
    public bool IsOver => State is "closed" or "cancelled";

    public Component? ByScan(string scan) => Components.FirstOrDefault(c => c.Scan.Id == scan) ?? (Entries.FirstOrDefault(e => e.Id == scan) is { Subject: { } key } ? ByKey(key) : null);

    public Component? ByKey(string key) => Components.LastOrDefault(c => c.Scan.Subject == key);
}

/// <summary>Makes of a case's entries how it stands: no state is kept that the entries do not say.</summary>
sealed class CaseFold(LedgerReader ledger, ItemNames names)
{
    public OpenCase? Of(string id) => ledger.Case(id) is { } row ? Of(row) : null;

    public OpenCase Of(CaseRow row)
    {
        var entries = ledger.CaseEntries(row.Id);
        var components = Components(entries);
        var state = entries.LastOrDefault(e => e.Kind is CaseEntryKind.Closed or CaseEntryKind.Cancelled)?.Kind switch
        {
            CaseEntryKind.Closed => "closed",
            CaseEntryKind.Cancelled => "cancelled",
            _ => entries.Any(e => e.Kind == CaseEntryKind.Wristband) ? "open" : "listed",
        };
        var of = new TheatreCase(
            row.Id, row.Number, row.Patient, ledger.Patient(row.Patient)?.NhsNumber, row.Side, row.Procedure, row.ProcedureCode, entries.LastOrDefault(e => e.Kind == CaseEntryKind.Staff)?.Subject ?? row.Clinician, row.Place)
        {
            Wristband = entries.LastOrDefault(e => e.Kind == CaseEntryKind.Wristband)?.Checks.FirstOrDefault(c => c.Check == Check.Patient),
            Components = [.. components.Select(c => new CaseComponent(c.Scan.Subject!, names.Products.Find(c.Scan.Label?.Product), c.Step))],
        };
        return new(row, of, components, state, entries);
    }

    static List<Component> Components(IReadOnlyList<CaseEntry> entries)
    {
        var components = new List<Component>();
        foreach (var e in entries)
        {
            var at = e.Subject is null ? -1 : components.FindIndex(c => c.Scan.Subject == e.Subject && (e.Kind != CaseEntryKind.Component || c.Step is Step.Stopped or Step.Scanned));
            if (e.Kind == CaseEntryKind.Component && e.Subject is not null)
            {
                // One with a number of its own is there once; pieces of a Lot may come several times.
                if (e.Label?.Quantity is null && components.Any(c => c.Scan.Subject == e.Subject && c.Step > Step.Scanned)) continue;
                // Another code of the same label: what the first one named was not yet the whole of it.
                if (e.Instead is { } instead) components.RemoveAll(c => c.Scan.Id == instead && c.Step is Step.Stopped or Step.Scanned && c.Scan.Subject != e.Subject);
                // Judged again: what it then was is in the entries.
                if (at >= 0) components.RemoveAt(at);
                components.Add(new(e, e.Colour == Colour.Red ? Step.Stopped : Step.Scanned, null, e));
            }
            else if (at >= 0 && e.Kind == CaseEntryKind.PutBack) components.RemoveAt(at);
            else if (at >= 0 && StepOf(e.Kind) is { } step)
            {
                // Of several pieces of one Lot, the first that has not come so far.
                var which = components.FindIndex(c => c.Scan.Subject == e.Subject && c.Step < step);
                if (which >= 0) components[which] = components[which] with { Step = step, Act = e, Judged = e.Checks.Any(c => c.Check == Check.Seal) ? e : components[which].Judged };
            }
        }
        return components;
    }

    static Step? StepOf(CaseEntryKind kind) => kind switch
    {
        CaseEntryKind.Opened => Step.Opened,
        CaseEntryKind.Implanted => Step.Implanted,
        CaseEntryKind.Wasted => Step.Wasted,
        CaseEntryKind.Explanted => Step.Explanted,
        _ => null,
    };
}
