using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>What there is, where, and what may be used of it.</summary>
sealed class StockQuery(SiteModel site, ItemNames names, LedgerReader ledger, StockViews views, TimeProvider time)
{
    /// <summary>More than this in one answer no page can show; it asks by place or product.</summary>
    const int RowsMax = 50_000;

    const int StoryMax = 200;

    public StockPage Stock(string? place, string? product)
    {
        var items = place is not null ? ledger.StockIn(place, RowsMax) : product is not null ? ledger.StockOfProduct(product, null, RowsMax) : ledger.StockAfter("", RowsMax);
        var things = items.Where(row => product is null || row.Item.Product == product).Where(row => !row.Item.Status.IsFinal()).Select(views.View)
            .Concat(ledger.StockPieces(place, RowsMax).Where(row => product is null || row.Lot.Product == product).Select(views.View));
        var groups = things.GroupBy(thing => (thing.Product, thing.Location)).Select(Group).OrderBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.LocationName, StringComparer.Ordinal);
        return new(time.GetUtcNow(), [.. groups], items.Count == RowsMax);
    }

    StockGroup Group(IGrouping<(string? Product, string? Location), StockView> group)
    {
        var things = group.OrderBy(thing => thing.Expiry ?? DateOnly.MaxValue).ThenBy(thing => thing.Lot, StringComparer.Ordinal).ThenBy(thing => thing.Serial, StringComparer.Ordinal).ToList();
        int Pieces(Func<StockView, bool> which) => things.Where(which).Sum(thing => thing.Pieces);
        return new(
            group.Key.Product, group.Key.Product is { } product ? names.Products.Find(product)?.Name ?? $"GTIN {product}" : things[0].Name.Name, group.Key.Location,
            group.Key.Location is { } place ? site.LocationName(place) : "Nobody knows where", Pieces(_ => true), Pieces(thing => thing.Available),
            Pieces(thing => thing.Against.Contains(Availability.Says(Unavailable.Expired))), Pieces(thing => thing.Against.Contains(Availability.Says(Unavailable.Held))),
            Pieces(thing => thing.Against.Contains(Availability.Says(Unavailable.Recalled))), things.Where(thing => thing.Available).Min(thing => thing.Expiry), null,
            things.Any(thing => thing.Pence is not null) ? things.Sum(thing => thing.Pence ?? 0) : null, things);
    }

    /// <summary>Null when the books have no such thing.</summary>
    public StockStory? Story(string key, DateTimeOffset? before)
    {
        if (View(key) is not { } thing) return null;
        var entries = ledger.StockEventsOf(thing.Subject, before is { } at ? EventTime.ToUs(at) : long.MaxValue, StoryMax + 1);
        return new(thing.View, [.. entries.Take(StoryMax).Select(Entry)], entries.Count > StoryMax);
    }

    /// <summary>A thing by its key in the ledger; of a Lot, everything it has in all places.</summary>
    public (string Subject, StockView View)? View(string key)
    {
        if (ledger.StockItem(key) is { } item) return (key, views.View(item));
        if (ledger.StockLot(key) is not { } lot) return null;
        var places = lot.Pieces.Select(pair => views.View(new StockPiecesRow(lot, pair.Key, pair.Value))).ToList();
        return (key, places is [var one] ? one : views.View(new StockPiecesRow(lot, "", lot.Pieces.Values.Sum())) with { LocationName = string.Join(", ", places.Select(p => $"{p.LocationName}: {p.Pieces}")), Location = null });
    }

    /// <summary>What to take first: of what is available, what expires first.</summary>
    public IReadOnlyList<StockView> FirstExpired(string product, string? place, int max) =>
        [.. ledger.StockOfProduct(product, null, RowsMax).Where(row => place is null || row.At?.Location == place).Select(views.View)
            .Concat(ledger.StockPieces(place, RowsMax).Where(row => row.Lot.Product == product).Select(views.View))
            .Where(thing => thing.Available).OrderBy(thing => thing.Expiry ?? DateOnly.MaxValue).Take(max)];

    StockEntry Entry(RecordedEvent recorded)
    {
        var e = recorded.Event;
        return new(
            e.Id, e.Kind.Word(), EventTime.FromUs(e.AtUs), EventTime.FromUs(recorded.RecordedUs), e.Place, e.Place is { } place ? site.LocationName(place) : null, e.Actor,
            EventWords.Of(e, site), e.Act, recorded.Wrong is { } wrong ? new(wrong.Actor, wrong.Reason, EventTime.FromUs(wrong.AtUs)) : null);
    }
}
