using System.Text;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Doors;

/// <summary>
/// From one passage to what must be told of the thing that came in. What its tag says needs no look-up; what stands against using it is
/// <see cref="Availability"/>'s to say, on the day of the passage.
/// </summary>
sealed class DoorJudge(SiteModel site, ItemNames names, LedgerReader ledger, RecallBook recalls)
{
    /// <summary>More than an Item ever has; of one with more the newest count.</summary>
    const int EventsMax = 1000;

    /// <summary>Adds what is found; nothing of what went past, out, or into a corridor.</summary>
    public IReadOnlyList<DoorFinding> Judge(VisitRow row, LedgerCommit facts)
    {
        if (row.To is not { } to || site.Location(to)?.Kind is not { } kind || !Availability.IsStore(kind) || !Epc.TryParse(row.Visit.Epc, out var epc)) return [];
        var (named, atUs) = (names.Of(epc), row.Visit.LastUs);
        // A thing that is no trade item, a trolley or a badge, has no date and no lot.
        if (named.Gtin is null) return [];
        var tag = TagData.Says(row.Visit.Epc, atUs);
        var events = ledger.StockEventsOf(named.Item, atUs, EventsMax).Where(e => e.Wrong is null).Select(e => e.Event).ToList();
        var book = ItemState.Of(named.Item, events, ledger.Chips(named.Item));
        // What is used up or thrown away still has its tag, and harms nobody.
        if (events.Count == 0 && tag.IsEmpty || book.Status.IsFinal()) return [];
        var learnt = TagData.Learnt(named.Item, row.Visit.Epc, tag, atUs, (int)site.TimeZone.GetUtcOffset(EventTime.FromUs(atUs)).TotalMinutes, row.Visit.Portal, row.Visit.Id);
        // What was never booked in is not: a tag that a door hears is in no stock.
        var isNew = events.Count > 0 && !tag.IsEmpty && ledger.StockEvent(learnt.Id) is null;
        if (isNew) facts.StockEvents.Add(learnt);
        var known = book.After(learnt) with { Product = book.Product ?? named.Gtin, Serial = book.Serial ?? named.Serial };
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(EventTime.FromUs(atUs), site.TimeZone).DateTime);
        var against = Availability.Of(known, kind, day, recalls.Names(known));
        var found = DoorRule.Judge(new(kind, tag, book.Lot, book.Expiry, against))
            .Where(found => (found.Outcome != DoorOutcome.TagDiffers || isNew) && !ledger.HasOpenDoorFinding(named.Item, found.Outcome.Word(), atUs - DoorViews.OpenFor.Ticks / TimeSpan.TicksPerMicrosecond))
            .Select(found => new DoorFinding(FactId.Of("door", row.Visit.Portal, atUs, Encoding.UTF8.GetBytes($"{row.Visit.Id}\0{found.Outcome.Word()}")), row.Visit.Id, row.Visit.Portal, named.Item, row.Visit.Epc, to, atUs, found.Outcome.Word(), found.Says)).ToList();
        facts.DoorFindings.AddRange(found);
        return found;
    }
}
