using EdgeTrace.Api;
using EdgeTrace.Cloud.Catalogue;
using EdgeTrace.Cloud.Excursions;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>What there is, where, and what may be used of it.</summary>
sealed class StockQuery(SiteModel site, ItemNames names, LedgerReader ledger, StockViews views, ParBook pars, ExcursionBook excursions, TimeProvider time)
{
    /// <summary>More things than this in one answer no page can show; it asks by place or product.</summary>
    const int RowsMax = 50_000;

    /// <summary>Ten times a large hospital's shelves; what is only counted is small and goes nowhere.</summary>
    const int CountedMax = 200_000;

    const int StoryMax = 200;

    /// <summary>A thing with what stands against using it, and as people see it where they asked to.</summary>
    readonly record struct Judged(StockGlance Thing, IReadOnlyList<Unavailable> Against, StockView? View)
    {
        public bool Available => Against.Count == 0;
    }

    /// <param name="things">Whether each group lists what it is made of; a whole hospital is looked at without.</param>
    public StockPage Stock(string? place, string? product, bool things = true)
    {
        var par = pars.All();
        var (all, more) = things ? Whole(place, product) : Counted(place, product);
        var groups = all.GroupBy(one => (one.Thing.Product, one.Thing.Place)).Select(group => Group(group, par)).ToList();
        var available = groups.Where(group => group is { Product: not null, Location: not null }).ToDictionary(group => (group.Product!, group.Location!), group => group.Available);
        for (var n = 0; n < groups.Count; n++)
            if (groups[n].Par is not null) groups[n] = groups[n] with { Short = Short(groups[n].Product, groups[n].Location, groups[n].Par, available) };
        // Of what should be there and is not, there is no thing to show it by.
        var there = groups.Select(group => (group.Product ?? "", group.Location ?? "")).ToHashSet();
        groups.AddRange(par.Where(p => (place is null || p.Key.Place == place) && (product is null || p.Key.Product == product) && !there.Contains(p.Key)).Select(p => None(p.Key.Product, p.Key.Place, p.Value) with { Short = Short(p.Key.Product, p.Key.Place, p.Value, available) }));
        return new(time.GetUtcNow(), [.. groups.OrderBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.LocationName, StringComparer.Ordinal)], more);
    }

    /// <summary>Everything that is stock, or may be again, and runs out by a day at the latest.</summary>
    public IReadOnlyList<StockView> Expiring(DateOnly until) =>
        [.. ledger.StockExpiring(until, RowsMax).Where(row => row.Glance.IsStock).Select(views.View).Concat(ledger.StockPieces(null, RowsMax, until: until).Select(views.View))];

    /// <summary>What is to be counted, without the rest of each thing.</summary>
    (List<Judged> Things, bool More) Counted(string? place, string? product)
    {
        var (glances, within, today) = (views.Glances(product, CountedMax), place is null ? null : site.Within(place), views.Today);
        return ([.. glances.Where(thing => thing.IsStock && (within is null || within.Contains(thing.Place!))).Select(thing => new Judged(thing, views.Against(thing, today), null))], glances.Count >= CountedMax);
    }

    /// <summary>What is to be listed.</summary>
    (List<Judged> Things, bool More) Whole(string? place, string? product)
    {
        // What lies in a bin lies in its store.
        IReadOnlyList<string?> places = place is null ? [null] : [.. site.Within(place)];
        var (today, items) = (views.Today, place is not null ? [.. places.SelectMany(one => ledger.StockIn(one!, RowsMax, product))] : product is not null ? ledger.StockOfProduct(product, null, RowsMax) : ledger.StockThere(RowsMax));
        return ([.. items.Where(row => row.Glance.IsStock).Select(row => (row.Glance, View: views.View(row)))
            .Concat(places.SelectMany(one => ledger.StockPieces(one, RowsMax, product)).Select(row => (row.Glance, View: views.View(row)))).Select(one => new Judged(one.Glance, views.Against(one.Glance, today), one.View))], items.Count >= RowsMax);
    }

    static Dictionary<(string Product, string Place), int> Available(IEnumerable<Judged> things) =>
        things.Where(one => one is { Available: true, Thing: { Product: not null, Place: not null } }).GroupBy(one => (one.Thing.Product!, one.Thing.Place!)).ToDictionary(group => group.Key, group => group.Sum(one => one.Thing.Pieces));

    /// <summary>How many of a product may be used in a place: what lies in its bins is there.</summary>
    int There(string product, string place, Dictionary<(string Product, string Place), int> available) => site.Within(place).Sum(each => available.GetValueOrDefault((product, each)));

    /// <summary>How many are wanting of a par level.</summary>
    int Short(string? product, string? place, int? par, Dictionary<(string Product, string Place), int> available) =>
        par is { } wanted && product is not null && place is not null ? Math.Max(0, wanted - There(product, place, available)) : 0;

    StockGroup Group(IGrouping<(string? Product, string? Place), Judged> group, IReadOnlyDictionary<(string Product, string Place), int> par)
    {
        var all = group.ToList();
        int Pieces(Func<Judged, bool> which) => all.Where(which).Sum(one => one.Thing.Pieces);
        var known = names.Products.Find(group.Key.Product);
        var soonest = all.Where(one => one.Available).Min(one => one.Thing.Standing.Expiry);
        var costs = all.Select(one => one.Thing.Pence ?? known?.Pence * one.Thing.Pieces).OfType<long>().ToList();
        return new(
            group.Key.Product, known?.Name ?? (group.Key.Product is { } product ? $"GTIN {product}" : all[0].Thing.Epc ?? all[0].Thing.Key), group.Key.Place,
            group.Key.Place is { } place ? site.LocationName(place) : "Nobody knows where", Pieces(_ => true), Pieces(one => one.Available), Pieces(one => one.Against.Contains(Unavailable.Expired)),
            Pieces(one => one.Against.Contains(Unavailable.Held)), Pieces(one => one.Against.Contains(Unavailable.Recalled)), soonest,
            group.Key is ({ } of, { } at) && par.TryGetValue((of, at), out var wanted) ? wanted : null, costs.Count > 0 ? costs.Sum() : null,
            [.. all.Select(one => one.View).OfType<StockView>().OrderBy(thing => thing.Expiry ?? DateOnly.MaxValue).ThenBy(thing => thing.Lot, StringComparer.Ordinal).ThenBy(thing => thing.Serial, StringComparer.Ordinal)],
            known?.Category, soonest?.DayNumber - views.Today.DayNumber);
    }

    StockGroup None(string product, string place, int par) => new(
        product, names.Products.Find(product)?.Name ?? $"GTIN {product}", place, site.LocationName(place), 0, 0, 0, 0, 0, null, par, null, [], names.Products.Find(product)?.Category);

    /// <summary>Every par level with what may be used there, the shortest first.</summary>
    public IReadOnlyList<ParView> Pars()
    {
        var par = pars.All();
        var available = Available(Counted(null, null).Things);
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
        [.. Counted(null, product).Things.Where(one => one.Available && (place is null || one.Thing.Place == place)).Select(one => one.Thing).OrderBy(thing => thing.Standing.Expiry ?? DateOnly.MaxValue).Take(max)
            // Looked up whole after the count: what somebody has taken meanwhile is not offered.
            .Select(thing => ledger.StockItem(thing.Key) is { } item ? views.View(item) : ledger.StockLot(thing.Key) is { } lot ? views.View(new StockPiecesRow(lot, thing.Place!, thing.Pieces)) : null)
            .OfType<StockView>().Where(thing => thing.Available)];

    public StockEntry Entry(RecordedEvent recorded)
    {
        var e = recorded.Event;
        return new(
            e.Id, e.Kind.Word(), EventTime.FromUs(e.AtUs), EventTime.FromUs(recorded.RecordedUs), e.Place, e.Place is { } place ? site.LocationName(place) : null, e.Actor,
            EventWords.Of(Exposed(e), site), e.Act, recorded.Wrong is { } wrong ? new(wrong.Actor, wrong.Reason, EventTime.FromUs(wrong.AtUs)) : null);
    }

    /// <summary>A hold for an excursion with what is known of it by now, and for how long of it the Item was there.</summary>
    StockEvent Exposed(StockEvent e) => e is { Kind: EventKind.Held, Detail: { HoldReason: HoldReason.ColdChain, Notice: { } episode } } && excursions.Says(episode) is { } known
        ? e with { Detail = e.Detail with { Reason = char.ToUpperInvariant(known.Says[0]) + known.Says[1..] + (e.Detail.Quantity is null ? $". {excursions.Exposed(episode, e.Subject)}" : "") } } : e;
}
