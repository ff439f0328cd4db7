using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Api;

/// <summary>Items: where one is and how it stands, everything that was seen of it and done to it, and what is in a place.</summary>
sealed class ItemQuery(SiteModel site, ItemNames names, LedgerReader ledger, NowQuery now, VisitEvidence evidence, StockQuery stock)
{
    const int HistoryMax = 50;
    const int PlaceItemsMax = 10_000;

    /// <summary>What was told later than this was told afterwards, and that is worth a word.</summary>
    static readonly TimeSpan ToldLate = TimeSpan.FromMinutes(1);

    /// <summary>Null when nobody has ever seen it or booked it in.</summary>
    public ItemView? Item(string key, DateTimeOffset? before)
    {
        if (Find(key) is not { } row) return ledger.StockLot(key) is null ? null : Lot(key, before);
        var beforeUs = before is { } at ? EventTime.ToUs(at) : long.MaxValue;
        var visits = row.Epc is null ? [] : ledger.VisitsOf(row.Epc, beforeUs, HistoryMax + 1);
        var scans = ledger.ScansOf(row.Key, beforeUs, HistoryMax + 1);
        var events = ledger.StockEventsOf(row.Key, beforeUs, HistoryMax + 1);
        var wrong = row.Epc is null ? new Dictionary<string, Declaration>() : ledger.WrongMovements(row.Epc);
        var chips = (ledger.StockItem(row.Key)?.Item ?? ItemState.Of(row.Key, [], ledger.Chips(row.Key))).Chips;
        // Only what will be shown has its reads looked up.
        var history = visits.Select(visit => new Entry(visit.Visit.LastUs, () => Event(visit, wrong.GetValueOrDefault(visit.Visit.Id), chips.Length > 1)))
            .Concat(chips.Skip(1).Where(chip => chip.FirstUs < beforeUs).Select(chip => new Entry(chip.FirstUs, () => Event(chip, row.Key))))
            .Concat(scans.Select(scan => new Entry(scan.AtUs, () => Event(scan)))).Concat(events.Select(recorded => new Entry(recorded.Event.AtUs, () => Event(recorded))))
            .OrderByDescending(entry => entry.AtUs).ToList();
        var where = ledger.WhereIs(row.Key);
        var tag = row.Epc is not null && Epc.TryParse(row.Epc, out var epc) && TagContent.TryDecode(epc, out var decoded, out _) ? decoded : null;
        return new(
            row.Epc ?? row.Key, names.Of(row), row.Gtin, row.Serial, row.Lot, tag?.PureUri, tag?.TagUri, tag?.DigitalLink, names.Products.Find(row.Gtin)?.Manufacturer,
            where?.Location, where is null ? null : site.LocationName(where.Location), where?.Basis, where?.Confidence,
            where is null ? null : EventTime.FromUs(where.AtUs), EventTime.FromUs(row.SeenUs), site.SourceName(row.SeenAt),
            [.. history.Take(HistoryMax).Select(entry => entry.Make())], history.Count > HistoryMax, stock.View(row.Key)?.View, [.. chips.Select(View)]);
    }

    TagView View(Chip chip) => new(chip.Tid, EventTime.FromUs(chip.FirstUs), site.SourceName(chip.FirstAt), EventTime.FromUs(chip.LastUs), site.SourceName(chip.LastAt), chip.Right);

    readonly record struct Entry(long AtUs, Func<ItemEvent> Make);

    /// <summary>What carries no number of its own: a Lot, with what was done to its pieces.</summary>
    ItemView Lot(string key, DateTimeOffset? before)
    {
        var events = ledger.StockEventsOf(key, before is { } at ? EventTime.ToUs(at) : long.MaxValue, HistoryMax + 1);
        var thing = stock.View(key)!.Value.View;
        return new(
            key, thing.Name, thing.Product, null, thing.Lot, null, null, key, names.Products.Find(thing.Product)?.Manufacturer, thing.Location, thing.LocationName, "count", null, thing.Since, null, null,
            [.. events.Take(HistoryMax).Select(Event)], events.Count > HistoryMax, thing);
    }

    public PlaceContents? Place(string id) => site.Location(id) is not { } place ? null : new(
        now.Place(place),
        [.. ledger.ItemsIn(id, PlaceItemsMax).Select(i => new PlaceItem(NameOf(i), EventTime.FromUs(i.AtUs), i.Basis, EventTime.FromUs(i.Seen?.SeenUs ?? i.AtUs)))
            .OrderBy(i => i.Item.Name, StringComparer.Ordinal).ThenBy(i => i.Item.Detail, StringComparer.Ordinal)]);

    /// <summary>By the key a page has: an EPC in hex, or what a label says.</summary>
    public ItemRow? Find(string key)
    {
        if (Epc.TryParse(key, out var epc) && ledger.Item(names.Of(epc).Item) is { } byTag) return byTag with { Epc = epc.ToString() };
        return ledger.Item(key);
    }

    ItemName NameOf(LocatedItem item) => item.Seen is { } row ? names.Of(row) : new(item.Item, item.Item, "");

    /// <summary>From this moment on two tags were known to carry one number.</summary>
    ItemEvent Event(Chip other, string item)
    {
        var (at, name) = (EventTime.FromUs(other.FirstUs), site.SourceName(other.FirstAt));
        return new($"{item}/{other.Tid}", "two-tags", at, at, other.FirstAt, name, $"Another tag with this number answered at {name}: {other.Tid}", null, 0, null, []);
    }

    /// <param name="byTag">Several tags carry the number: which of them it was is looked up too.</param>
    ItemEvent Event(VisitRow row, Declaration? wrong, bool byTag)
    {
        var visit = row.Visit;
        var portal = site.Portal(visit.Portal, visit.FirstUs);
        var name = portal?.Name ?? visit.Portal;
        var (kind, sentence) = visit.Direction switch
        {
            "in" => ("in", $"Into {site.LocationName(row.To)} through {name}"),
            "out" => ("out", $"Out of {site.LocationName(row.From)} through {name}"),
            "past" => ("past", $"Past {name}, not through it"),
            _ => ("seen", $"Seen at {name}"),
        };
        var (antennas, tids) = evidence.Of(visit, portal);
        return new(
            visit.Id, kind, EventTime.FromUs(visit.FirstUs), EventTime.FromUs(visit.LastUs), visit.Portal, name, sentence,
            visit.Direction == "unknown" ? null : visit.Confidence, visit.Reads, visit.PeakCentiDbm / 100.0, antennas,
            row.From is not null || row.To is not null ? "movement" : null, Wrong: wrong is null ? null : new(wrong.Actor, wrong.Reason, EventTime.FromUs(wrong.AtUs)), Tids: byTag ? tids : null);
    }

    ItemEvent Event(RecordedEvent recorded)
    {
        var entry = stock.Entry(recorded);
        var (at, e) = (entry.At, recorded.Event);
        return new(
            e.Id, entry.Kind, at, at, e.ReadPoint ?? e.Place ?? "", e.ReadPoint is { } point ? site.SourceName(point) : entry.PlaceName ?? "", entry.Sentence, null, 0, null, [],
            "event", entry.Actor, entry.RecordedAt - at > ToldLate ? entry.RecordedAt : null, entry.Wrong);
    }

    ItemEvent Event(ScanRow row)
    {
        var name = site.SourceName(row.Scanner);
        return new(row.Id, "scan", EventTime.FromUs(row.AtUs), EventTime.FromUs(row.AtUs), row.Scanner, name, $"Scanned at {name}: {row.Understood}", null, 1, null, []);
    }
}
