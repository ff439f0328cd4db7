using EdgeTrace.Api;
using EdgeTrace.Cloud.Catalogue;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>What there is, where, and what may be used of it.</summary>
sealed class StockQuery(SiteModel site, ItemNames names, LedgerReader ledger, StockViews views, ParBook pars, TimeProvider time)
{
    /// <summary>More than this in one answer no page can show; it asks by place or product.</summary>
    const int RowsMax = 50_000;

    const int StoryMax = 200;

    /// <param name="things">Whether each group lists what it is made of; a whole hospital is looked at without.</param>
    public StockPage Stock(string? place, string? product, bool things = true)
    {
        var par = pars.All();
        var (all, more) = Things(place, product);
        var available = Available(all);
        var groups = all.GroupBy(thing => (thing.Product, thing.Location)).Select(group => Group(group, par, things)).Select(group => group with { Short = Short(group.Product, group.Location, group.Par, available) }).ToList();
        // Of what should be there and is not, there is no thing to show it by.
        var there = groups.Select(group => (group.Product ?? "", group.Location ?? "")).ToHashSet();
        groups.AddRange(par.Where(p => (place is null || p.Key.Place == place) && (product is null || p.Key.Product == product) && !there.Contains(p.Key)).Select(p => None(p.Key.Product, p.Key.Place, p.Value) with { Short = Short(p.Key.Product, p.Key.Place, p.Value, available) }));
        return new(time.GetUtcNow(), [.. groups.OrderBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.LocationName, StringComparer.Ordinal)], more);
    }

    /// <summary>Everything that is stock, or may be again, as people see it.</summary>
    public (IReadOnlyList<StockView> Things, bool More) Things(string? place, string? product)
    {
        // What lies in a bin lies in its store.
        IReadOnlyList<string?> places = place is null ? [null] : [.. site.Within(place)];
        var items = place is not null ? [.. places.SelectMany(one => ledger.StockIn(one!, RowsMax))] : product is not null ? ledger.StockOfProduct(product, null, RowsMax) : ledger.StockAfter("", RowsMax);
        return ([.. items.Where(row => product is null || row.Item.Product == product).Where(IsStock).Select(views.View)
            .Concat(places.SelectMany(one => ledger.StockPieces(one, RowsMax)).Where(row => product is null || row.Lot.Product == product).Select(views.View))], items.Count >= RowsMax);
    }

    /// <summary>Not what is gone for good, nor a thing of which all that was said has been taken back.</summary>
    static bool IsStock(StockItemRow row) => !row.Item.Status.IsFinal() && (row.Item.Status != ItemStatus.Unbooked || row.At?.Location is not null || row.Item.Holds.Length > 0);

    static Dictionary<(string Product, string Place), int> Available(IEnumerable<StockView> things) =>
        things.Where(thing => thing is { Available: true, Product: not null, Location: not null }).GroupBy(thing => (thing.Product!, thing.Location!)).ToDictionary(group => group.Key, group => group.Sum(thing => thing.Pieces));

    /// <summary>How many of a product may be used in a place: what lies in its bins is there.</summary>
    int There(string product, string place, Dictionary<(string Product, string Place), int> available) => site.Within(place).Sum(each => available.GetValueOrDefault((product, each)));

    /// <summary>How many are wanting of a par level.</summary>
    int Short(string? product, string? place, int? par, Dictionary<(string Product, string Place), int> available) =>
        par is { } wanted && product is not null && place is not null ? Math.Max(0, wanted - There(product, place, available)) : 0;

    StockGroup Group(IGrouping<(string? Product, string? Location), StockView> group, IReadOnlyDictionary<(string Product, string Place), int> par, bool list)
    {
        var things = group.OrderBy(thing => thing.Expiry ?? DateOnly.MaxValue).ThenBy(thing => thing.Lot, StringComparer.Ordinal).ThenBy(thing => thing.Serial, StringComparer.Ordinal).ToList();
        int Pieces(Func<StockView, bool> which) => things.Where(which).Sum(thing => thing.Pieces);
        var known = names.Products.Find(group.Key.Product);
        var soonest = things.Where(thing => thing.Available).Min(thing => thing.Expiry);
        return new(
            group.Key.Product, known?.Name ?? (group.Key.Product is { } product ? $"GTIN {product}" : things[0].Name.Name), group.Key.Location,
            group.Key.Location is { } place ? site.LocationName(place) : "Nobody knows where", Pieces(_ => true), Pieces(thing => thing.Available),
            Pieces(thing => thing.Against.Contains(Availability.Says(Unavailable.Expired))), Pieces(thing => thing.Against.Contains(Availability.Says(Unavailable.Held))),
            Pieces(thing => thing.Against.Contains(Availability.Says(Unavailable.Recalled))), soonest,
            group.Key is ({ } of, { } at) && par.TryGetValue((of, at), out var wanted) ? wanted : null,
            things.Any(thing => thing.Pence is not null) ? things.Sum(thing => thing.Pence ?? 0) : null, list ? things : [], known?.Category, soonest?.DayNumber - views.Today.DayNumber);
    }

    StockGroup None(string product, string place, int par) => new(
        product, names.Products.Find(product)?.Name ?? $"GTIN {product}", place, site.LocationName(place), 0, 0, 0, 0, 0, null, par, null, [], names.Products.Find(product)?.Category);

    /// <summary>Every par level with what may be used there, the shortest first.</summary>
    public IReadOnlyList<ParView> Pars()
    {
        var par = pars.All();
        var wanted = par.Keys.Select(key => key.Product).ToHashSet();
        var available = Available(wanted.SelectMany(product => ledger.StockOfProduct(product, null, RowsMax)).Select(views.View)
            .Concat(ledger.StockPieces(null, RowsMax).Where(row => row.Lot.Product is { } product && wanted.Contains(product)).Select(views.View)));
        return [.. par.Select(p => new ParView(
                p.Key.Product, names.Products.Find(p.Key.Product)?.Name ?? $"GTIN {p.Key.Product}", p.Key.Place, site.LocationName(p.Key.Place), p.Value, There(p.Key.Product, p.Key.Place, available), names.Products.Find(p.Key.Product)?.Pence))
            .OrderByDescending(p => p.Short).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.PlaceName, StringComparer.Ordinal)];
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

    public StockEntry Entry(RecordedEvent recorded)
    {
        var e = recorded.Event;
        return new(
            e.Id, e.Kind.Word(), EventTime.FromUs(e.AtUs), EventTime.FromUs(recorded.RecordedUs), e.Place, e.Place is { } place ? site.LocationName(place) : null, e.Actor,
            EventWords.Of(e, site), e.Act, recorded.Wrong is { } wrong ? new(wrong.Actor, wrong.Reason, EventTime.FromUs(wrong.AtUs)) : null);
    }
}
