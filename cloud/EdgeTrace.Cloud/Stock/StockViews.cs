using EdgeTrace.Api;
using EdgeTrace.Cloud.Excursions;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Stock;

/// <summary>A row of the books as people see it. Every view of stock is made here, and so asks <see cref="Availability"/>.</summary>
sealed class StockViews(SiteModel site, ItemNames names, LedgerReader ledger, RecallBook recalls, ExcursionBook excursions, TimeProvider time)
{
    /// <summary>The date at the site: what expires, expires at its midnight.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), site.TimeZone).DateTime);

    public string PlaceName(string? place) => site.LocationName(place);

    public ItemName Name(ItemState item) => item.Product is null && item.Epc is null ? new(item.Key, item.Key, "")
        : item.Product is null ? new(item.Epc!, item.Epc!, "") : names.Named(item.Epc ?? item.Key, item.Product, item.Serial, item.Lot);

    public IReadOnlyList<Unavailable> Against(StockItemRow row) =>
        Availability.Of(row.Now, row.At?.Location is { } place ? site.Location(place)?.Kind : null, Today, recalls.Names(row.Item));

    public IReadOnlyList<Unavailable> Against(StockPiecesRow row) => Availability.Of(row.Lot, site.Location(row.Place)?.Kind ?? "", Today, recalls.Names(row.Lot));

    /// <summary>What is to be counted, of one product or of all.</summary>
    public IReadOnlyList<StockGlance> Glances(string? product, int max) => ledger.Glances(product, max, recalls.IsAbout);

    /// <param name="today">As <see cref="Today"/> was when the question came: all of an answer is of one day.</param>
    public IReadOnlyList<Unavailable> Against(StockGlance thing, DateOnly today) =>
        Availability.Of(thing.Standing, thing.Place is { } place ? site.Location(place)?.Kind : null, today, recalls.Names(thing));

    public StockView View(StockItemRow row)
    {
        var (item, against) = (row.Now, Against(row));
        return new(
            item.Epc ?? item.Key, Name(item), item.Product, item.Lot, item.Serial, item.Expiry, DaysLeft(item.Expiry), item.Status.Word(), against.Count == 0, [.. against.Select(Availability.Says)],
            row.At?.Location, row.At?.Location is { } place ? site.LocationName(place) : null, row.At?.Basis, row.At is { } at ? EventTime.FromUs(at.AtUs) : null, 1,
            item.Pence ?? names.Products.Find(item.Product)?.Pence, item.Owner, item.Case, [.. item.Holds.Select(hold => View(hold.Id == TwoTags.HoldId ? hold with { Note = $"Two tags carry this number: {Tags(item)} One of them is not what it says. Find both, and say which is right." } : hold))], item.Findings);
    }

    /// <summary>The tags that carry a thing's number, and where each was read last.</summary>
    public string Tags(ItemState item) => string.Join("; ", item.Chips.Select(chip => $"{chip.Tid}, read last at {site.SourceName(chip.LastAt)}{(chip.Right switch { true => " and said to be right", false => " and said to be wrong", null => "" })}")) + ".";

    public StockView View(StockPiecesRow row)
    {
        var (lot, against) = (row.Lot, Against(row));
        return new(
            lot.Key, lot.Product is null ? new(lot.Key, lot.Key, "") : names.Named(lot.Key, lot.Product, null, lot.Number), lot.Product, lot.Number, null, lot.Expiry, DaysLeft(lot.Expiry), "lot",
            against.Count == 0, [.. against.Select(Availability.Says)], row.Place, site.LocationName(row.Place), "count", null, row.Pieces,
            (lot.Pence ?? names.Products.Find(lot.Product)?.Pence) * row.Pieces, lot.Owner, null, [.. lot.Holds.Select(View)], lot.Findings);
    }

    /// <summary>How long an excursion lasted is known only afterwards: it is looked up, not kept.</summary>
    HoldView View(Hold hold)
    {
        var excursion = hold is { Reason: HoldReason.ColdChain, Notice: { } episode } ? excursions.Says(episode) : null;
        return new(hold.Id, ReasonWord(hold.Reason), hold.By, EventTime.FromUs(hold.SinceUs), excursion?.Says ?? hold.Note, hold.Notice, excursion?.Point);
    }

    public static string ReasonWord(HoldReason reason) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());

    int? DaysLeft(DateOnly? expiry) => expiry?.DayNumber - Today.DayNumber;
}
