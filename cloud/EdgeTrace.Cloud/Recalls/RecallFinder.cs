using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>Something a notice names, as far as the recall has to deal with it.</summary>
/// <param name="Place">Where it is; of what is on its way, where it is meant to arrive; null: nobody knows.</param>
/// <param name="Unbooked">Set: a door has seen it and nobody has booked it in.</param>
sealed record NamedThing(string Key, ItemName Name, string? Product, string? Lot, string? Serial, DateOnly? Expiry, string Status, Whereabouts Where, string? Place, long? SinceUs, int Pieces, bool IsLot, bool Sure, bool Held, ItemRow? Unbooked = null)
{
    /// <summary>Whether there is anything to find and keep apart.</summary>
    public bool IsSought => Where is Whereabouts.Here or Whereabouts.OnItsWay or Whereabouts.Unknown;
}

/// <summary>Everything that one notice names.</summary>
/// <param name="More">There was more than <see cref="RecallFinder.RowsMax"/>.</param>
sealed record NamedThings(IReadOnlyList<NamedThing> Things, IReadOnlyList<RecallImplant> Implants, bool More, TimeSpan Took);

/// <summary>
/// Looks for what a notice names: in the books by product and lot, in Lots, and among what doors have seen and nobody has booked in. It reads the folded
/// states, whose number does not grow with the number of events.
/// </summary>
sealed class RecallFinder(ItemNames names, LedgerReader ledger, TimeProvider time)
{
    /// <summary>A hospital has a few thousand of one product at most; this many would take a minute to hold, and the page says that there is more.</summary>
    public const int RowsMax = 200_000;

    public NamedThings Find(RecallNotice notice)
    {
        var began = time.GetTimestamp();
        var (things, touched) = (new List<NamedThing>(), new Dictionary<string, NamedThing>());
        var keys = notice.ProductKeys().ToList();
        var items = ledger.RecallItems(keys, notice.Lots, RowsMax);
        var lots = ledger.RecallLots(keys, RowsMax);
        var unbooked = ledger.Unbooked(keys, RowsMax);
        foreach (var row in items)
            if (RecallBook.Names(notice, row.Item)) Add(notice, row, things, touched);
        foreach (var lot in lots)
            if (RecallBook.Names(notice, lot)) Add(notice, lot, things, touched);
        foreach (var seen in unbooked)
            if (notice.Names(seen.Item.Gtin, seen.Item.Lot, seen.Item.Serial, null, null)) things.Add(Of(notice, seen));
        return new(things, Implants(touched), items.Count >= RowsMax || lots.Count >= RowsMax || unbooked.Count >= RowsMax, time.GetElapsedTime(began));
    }

    void Add(RecallNotice notice, StockItemRow row, List<NamedThing> things, Dictionary<string, NamedThing> touched)
    {
        var item = row.Now;
        var where = WhereaboutsOf.Of(item.Status, row.At?.Location is not null);
        var sure = notice.IsSure(item.Lot, item.Serial, item.Expiry, item.Made);
        var thing = new NamedThing(
            item.Key, names.Named(item.Epc ?? item.Key, item.Product!, item.Serial, item.Lot), item.Product, item.Lot, item.Serial, item.Expiry, item.Status.Word(), where,
            where == Whereabouts.OnItsWay ? item.Destination : where == Whereabouts.Here ? row.At?.Location : null, row.At?.AtUs, 1, false, sure, IsHeld(item.Holds, notice));
        things.Add(thing);
        // What was in somebody matters also when it is not any more.
        if (item.Status is ItemStatus.Implanted or ItemStatus.Explanted or ItemStatus.Used || item.Patient is not null) touched[item.Key] = thing;
    }

    /// <summary>A Lot is one thing to hold and several to look for.</summary>
    void Add(RecallNotice notice, LotState lot, List<NamedThing> things, Dictionary<string, NamedThing> touched)
    {
        var sure = notice.IsSure(lot.Number, null, lot.Expiry, null);
        var name = names.Named(lot.Key, lot.Product!, null, lot.Number);
        var held = IsHeld(lot.Holds, notice);
        NamedThing In(Whereabouts where, string? place, int pieces) => new(lot.Key, name, lot.Product, lot.Number, null, lot.Expiry, "lot", where, place, null, pieces, true, sure, held);
        foreach (var (place, pieces) in lot.Pieces) things.Add(In(Whereabouts.Here, place, pieces));
        foreach (var (place, pieces) in lot.OnTheirWay)
            if (pieces > 0) things.Add(In(Whereabouts.OnItsWay, place.Length > 0 ? place : null, pieces));
        touched[lot.Key] = In(Whereabouts.Unknown, null, 0);
    }

    NamedThing Of(RecallNotice notice, UnbookedRow seen)
    {
        var (item, place) = (seen.Item, seen.At?.Location);
        return new(
            item.Key, names.Of(item), item.Gtin, item.Lot, item.Serial, null, ItemStatus.Unbooked.Word(), place is null ? Whereabouts.Unknown : Whereabouts.Here, place, seen.At?.AtUs, 1, false,
            notice.IsSure(item.Lot, item.Serial, null, null), false, item);
    }

    /// <param name="touched">By subject, what may have been in a patient.</param>
    List<RecallImplant> Implants(Dictionary<string, NamedThing> touched) =>
    [
        .. from e in ledger.PatientEventsOf(touched.Keys)
        where e.Detail is { Patient: not null } or { Case: not null }
        let thing = touched[e.Subject]
        select new RecallImplant(thing.Name.Key, thing.Name, thing.Lot, thing.Serial, e.Detail.Patient, e.Detail.Case, e.Detail.Side, e.Kind.Word(), EventTime.FromUs(e.AtUs), e.Detail.Quantity ?? 1, thing.Sure),
    ];

    static bool IsHeld(IEnumerable<Hold> holds, RecallNotice notice) => holds.Any(hold => hold.Notice == notice.Id);
}
