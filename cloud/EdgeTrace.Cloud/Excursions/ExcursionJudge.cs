using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Excursions;

/// <summary>
/// Which things an excursion has met, by their own stories in event time, and the holds that they must have for it. A hold's id is its episode's and the
/// thing's, so that concluding it again changes nothing.
/// </summary>
/// <remarks>
/// A point knows its Location and no shelf: what lies there and needs that kind of cold is held. Where two fridges stand in one Location, either's excursion
/// holds the stock of both; a Location for each, inside the room's, tells them apart.
/// </remarks>
sealed class ExcursionJudge(SiteModel site, ItemNames names, LedgerReader ledger, ExcursionBook book)
{
    /// <summary>More than a thing ever has; of one with more the newest count.</summary>
    const int EventsMax = 1000;

    public const string Rule = "rule:temperature";

    /// <summary>Whether a product can be spoilt at a point: it needs that point's kind of cold, or nobody has entered what it needs. What keeps at room temperature is not.</summary>
    public bool Concerns(string? product, Excursion excursion) =>
        product is not null && (names.Products.Find(product) is not { } known || known.Storage == excursion.Point.Class);

    /// <summary>The holds that a thing must have for any of these and has not yet.</summary>
    public IReadOnlyList<StockEvent> Judge(string thing, string? product, IEnumerable<Excursion> excursions)
    {
        var about = excursions.Where(e => Concerns(product, e)).OrderBy(e => e.RaisedUs).ThenBy(e => e.Id, StringComparer.Ordinal).ToList();
        if (about.Count == 0) return [];
        var isLot = ledger.IsLot(thing);
        var placed = isLot ? [] : ledger.PlacesOf(thing);
        // Most things were nowhere near: only what was there has its whole story read.
        List<StockEvent>? events = isLot ? EventsOf(thing) : null;
        var holds = new List<StockEvent>();
        foreach (var excursion in about)
        {
            var since = isLot ? Pieces(events!, excursion) : Stay.In(placed, excursion.Places, excursion.StartUs, excursion.UntilUs) is [var first, ..] ? first.FromUs : (long?)null;
            if (since is not { } from || ledger.StockEvent(IdOf(excursion, thing)) is not null) continue;
            events ??= EventsOf(thing);
            var atUs = Math.Max(excursion.RaisedUs, from);
            if (IsCovered(thing, isLot, events.Concat(holds).Where(e => e.AtUs <= atUs), excursion)) continue;
            holds.Add(new(
                IdOf(excursion, thing), thing, EventKind.Held, atUs, (int)site.TimeZone.GetUtcOffset(EventTime.FromUs(atUs)).TotalMinutes, null, null, excursion.Id, Rule,
                // Nobody held it in his hand: it is no sign of where the thing is.
                Label(events, thing) with { HoldReason = HoldReason.ColdChain, Notice = excursion.Id, Reason = ExcursionBook.AtFirst(excursion), Quantity = isLot ? 0 : null, Inferred = true }));
        }
        return holds;
    }

    List<StockEvent> EventsOf(string thing) => [.. ledger.StockEventsOf(thing, long.MaxValue, EventsMax).Where(e => e.Wrong is null).Select(e => e.Event).Order()];

    static string IdOf(Excursion excursion, string thing) => StockBook.IdOf(excursion.Id, thing, EventKind.Held, 0);

    /// <summary>From when on any piece of a Lot was there during it; null: none was.</summary>
    static long? Pieces(List<StockEvent> events, Excursion excursion)
    {
        var state = new LotState("");
        bool There() => excursion.Places.Any(place => state.Pieces.GetValueOrDefault(place) > 0);
        foreach (var e in events)
        {
            if (e.AtUs >= excursion.StartUs && There()) return excursion.StartUs;
            if (e.AtUs >= excursion.UntilUs) return null;
            state = state.After(e);
            if (e.AtUs >= excursion.StartUs && There()) return e.AtUs;
        }
        return There() ? excursion.StartUs : null;
    }

    /// <summary>What is on hold already for a rule that the same point broke at the same time needs no second one; what is used or thrown away needs none at all.</summary>
    bool IsCovered(string thing, bool isLot, IEnumerable<StockEvent> before, Excursion excursion)
    {
        var item = isLot ? null : ItemState.Of(thing, before);
        return item?.Status.IsFinal() == true
            || (item?.Holds ?? LotState.Of(thing, before).Holds).Any(hold => hold is { Reason: HoldReason.ColdChain, Notice: { } other } && other != excursion.Id && book.Find(other) is { } same && same.IsOneWith(excursion));
    }

    /// <summary>What only a door has seen has no label in the books: what is known of it comes with its first event.</summary>
    EventDetail Label(List<StockEvent> events, string thing) =>
        events.Count == 0 && ledger.Item(thing) is { } seen ? new() { Product = seen.Gtin, Lot = seen.Lot, Serial = seen.Serial, Epc = seen.Epc } : EventDetail.None;
}
