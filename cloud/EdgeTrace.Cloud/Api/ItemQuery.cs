using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Api;

/// <summary>Items: where one is and has been, what is in a place, and finding either by whatever somebody typed or scanned.</summary>
sealed class ItemQuery(SiteModel site, ItemNames names, LedgerReader ledger, NowQuery now, VisitEvidence evidence, TimeProvider time)
{
    const int HistoryMax = 50;
    const int FoundMax = 50;
    const int PlaceItemsMax = 10_000;

    /// <summary>Null when nobody has ever seen it.</summary>
    public ItemView? Item(string key, DateTimeOffset? before)
    {
        if (Find(key) is not { } row) return null;
        var beforeUs = before is { } at ? EventTime.ToUs(at) : long.MaxValue;
        var visits = row.Epc is null ? [] : ledger.VisitsOf(row.Epc, beforeUs, HistoryMax + 1);
        var scans = ledger.ScansOf(row.Key, beforeUs, HistoryMax + 1);
        var history = visits.Select(Event).Concat(scans.Select(Event)).OrderByDescending(e => e.To).ToList();
        var where = ledger.WhereIs(row.Key);
        var tag = row.Epc is not null && Epc.TryParse(row.Epc, out var epc) && Gs1Tag.TryDecode(epc, out var decoded) ? decoded : (Gs1Tag?)null;
        return new(
            row.Epc ?? row.Key, names.Of(row), row.Gtin, row.Serial, row.Lot, tag?.ToPureUri(), tag?.ToTagUri(), tag?.ToDigitalLink(), names.Products.Find(row.Gtin)?.Manufacturer,
            where?.Location, where is null ? null : site.LocationName(where.Location), where?.Basis, where?.Confidence,
            where is null ? null : EventTime.FromUs(where.AtUs), EventTime.FromUs(row.SeenUs), SourceName(row.SeenAt),
            [.. history.Take(HistoryMax)], history.Count > HistoryMax);
    }

    public PlaceContents? Place(string id) => site.Location(id) is not { } place ? null : new(
        now.Place(place),
        [.. ledger.ItemsIn(id, PlaceItemsMax).Select(i => new PlaceItem(NameOf(i), EventTime.FromUs(i.AtUs), i.Basis, EventTime.FromUs(i.Seen?.SeenUs ?? i.AtUs)))
            .OrderBy(i => i.Item.Name, StringComparer.Ordinal).ThenBy(i => i.Item.Detail, StringComparer.Ordinal)]);

    public FindResult Search(string query)
    {
        var text = query.Trim();
        if (text.Length == 0) return new(query, null, "Scan or type a barcode, an EPC, a serial or a product's name.", []);

        if (Epc.TryParse(text, out var epc) && text.Length >= 16) return Found(query, $"EPC: {names.Of(epc).Name.Name}", Find(text));
        if (Gs1Tag.TryParse(text, out var tag, out _)) return Found(query, $"{tag.Scheme.Name()}: {names.Of(tag.ToEpc()).Name.Name}", Find(ItemKey.From(tag).ToString()));
        var scan = ScanCode.Parse(text, time.GetUtcNow().Year);
        if (scan.Kind is not ScanKind.Unknown && scan.Error is null && ItemKey.TryFrom(scan, out var key, out _)) return Found(query, ScanWords.Of(scan, names), Find(key.ToString()));
        if (scan.Gtin is { } gtin) return new(query, ScanWords.Of(scan, names), scan.Error, [.. ledger.ItemsOfProduct(gtin.ToString(), null, FoundMax).Select(Item)]);

        var found = ledger.ItemsByText(text.ToUpperInvariant(), FoundMax).ToList();
        foreach (var product in names.Products.Search(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), FoundMax))
        {
            if (found.Count >= FoundMax) break;
            found.AddRange(ledger.ItemsOfProduct(product.Key, null, FoundMax - found.Count));
        }
        return new(query, null, found.Count == 0 ? "Nothing seen so far answers to this." : null, [.. found.DistinctBy(i => i.Key).Select(Item)]);
    }

    FindResult Found(string query, string understood, ItemRow? row) =>
        new(query, understood, row is null ? "It has not been seen by any portal or scanner yet." : null, row is null ? [] : [Item(row)]);

    FoundItem Item(ItemRow row) => new(names.Of(row), ledger.WhereIs(row.Key) is { } where ? site.LocationName(where.Location) : null, EventTime.FromUs(row.SeenUs));

    /// <summary>By the key a page has: an EPC in hex, or what a label says.</summary>
    ItemRow? Find(string key)
    {
        if (Epc.TryParse(key, out var epc) && ledger.Item(names.Of(epc).Item) is { } byTag) return byTag with { Epc = epc.ToString() };
        return ledger.Item(key);
    }

    ItemName NameOf(LocatedItem item) => item.Seen is { } row ? names.Of(row) : new(item.Item, item.Item, "");

    ItemEvent Event(VisitRow row)
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
        return new(
            visit.Id, kind, EventTime.FromUs(visit.FirstUs), EventTime.FromUs(visit.LastUs), visit.Portal, name, sentence,
            visit.Direction == "unknown" ? null : visit.Confidence, visit.Reads, visit.PeakCentiDbm / 100.0, evidence.Of(visit, portal));
    }

    ItemEvent Event(ScanRow row)
    {
        var name = SourceName(row.Scanner);
        return new(row.Id, "scan", EventTime.FromUs(row.AtUs), EventTime.FromUs(row.AtUs), row.Scanner, name, $"Scanned at {name}: {row.Understood}", null, 1, null, []);
    }

    string SourceName(string id) => site.Portal(id, long.MaxValue)?.Name ?? site.Scanner(id)?.Name ?? id;
}
