using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>
/// What an event says about where its Item is and when it was last seen. A function of the event alone, so that a replay, which has the events and not the
/// claims, comes to the same: whoever appends an event adds these with it.
/// </summary>
static class StockClaims
{
    public static void Add(LedgerCommit commit, StockEvent e)
    {
        if (e.Detail.Quantity is not null) return;
        var d = e.Detail;
        // What was concluded was not seen; and of what was not found nobody can say that it was.
        if (d.Inferred || e.Kind is EventKind.Missed or EventKind.Stolen) return;
        commit.Sightings.Add(new(e.Subject, d.Epc, e.AtUs, e.ReadPoint ?? e.Place ?? "stock", d.Product, d.Serial, d.Lot));
        // What is in a patient, or in the bin, is in no place any more.
        if (e.Place is not null || e.Kind is EventKind.Implanted or EventKind.Explanted or EventKind.Used or EventKind.Wasted)
            commit.Locations.Add(new(e.Subject, e.Place, e.Kind is EventKind.Counted ? "count" : "scan", e.AtUs, e.ReadPoint ?? e.Place ?? "stock", e.AtUs, 1, e.Id));
    }

    /// <summary>Whether it placed its Item.</summary>
    public static bool Places(StockEvent e) => e is { Place: not null, Detail: { Quantity: null, Inferred: false } } && e.Kind is not (EventKind.Missed or EventKind.Stolen);

    /// <summary>Where a thing is instead of where a fact that was declared wrong had placed it: just after that one, so that it outdoes that and nothing newer.</summary>
    /// <param name="atUs">Event time of the fact.</param>
    public static void Add(LedgerCommit commit, Declaration wrong, long atUs) =>
        commit.Locations.Add(new(wrong.Subject, wrong.Place, "declared", atUs + 1, "declared", atUs + 1, 1, wrong.Fact));
}
