using EdgeTrace.Stock.Theatre;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>
/// What a component's scan says about where its Item is. A function of the entry alone, checks included, so that a replay, which has the entries and not the
/// claims, comes to the same.
/// </summary>
static class TheatreClaims
{
    public static void Add(LedgerCommit commit, CaseEntry entry)
    {
        if (entry is not { Kind: CaseEntryKind.Component, Subject: { } key, Label: { } label }) return;
        commit.Sightings.Add(new(key, label.Epc, entry.AtUs, entry.Place, label.Product, label.Serial, label.Lot));
        // What is scanned here is here; but for a label that was kept of something that is in a patient, or in the bin.
        if (label.Quantity is null && !entry.Checks.Any(check => check.Code == ImplantChecks.UsedBefore))
            commit.Locations.Add(new(key, entry.Place, "scan", entry.AtUs, entry.Place, entry.AtUs, 1, entry.Id));
    }
}
