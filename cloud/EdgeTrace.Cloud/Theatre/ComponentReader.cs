using System.Text;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Stock.Theatre;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>A scanned label: what it names, what the books know of that, and what an event will say of it.</summary>
/// <param name="Missing">What the label must still say; null: nothing.</param>
sealed record ReadComponent(ComponentFacts Facts, EventDetail? Label, ItemStatus? Status, string? Patient, string? Missing);

/// <summary>From the codes of a label to everything that the checks ask.</summary>
sealed class ComponentReader(SiteModel site, ItemNames names, CodeBook codes, LedgerReader ledger, StockViews views, RecallBook recalls, TimeProvider time)
{
    /// <param name="before">The codes that were scanned just before, which may be of the same label.</param>
    /// <returns>Whether they are all of one label, and what it says.</returns>
    public (bool Together, ReadComponent Read) Read(string code, IReadOnlyList<string> before, string place, bool noSerial)
    {
        var together = before.Count > 0 && !before.Contains(code) && AreOne([.. before, code]);
        var (label, error) = codes.Read(code, together ? before : null, pieces: true);
        if (label is null) return (false, new(new() { Unreadable = error }, new() { Carrier = Carrier([code]) }, null, null, null));
        var row = label.IsLot ? null : ledger.StockItem(label.Key);
        var lot = label.IsLot ? ledger.StockLot(label.Key) : null;
        var parts = label.Parts;
        var product = names.Products.Find(parts.Product ?? row?.Item.Product);
        var item = row?.Now;
        var expiry = Earliest(parts.Expiry, item?.Expiry ?? lot?.Expiry);
        var facts = new ComponentFacts
        {
            Key = label.Key, ProductKey = parts.Product ?? item?.Product, Product = product, BookedAs = parts.Product is { } said && item?.Product is { } booked && booked != said ? booked : null,
            Lot = parts.Lot ?? item?.Lot, Serial = parts.Serial ?? item?.Serial, Expiry = expiry, NoSerialSaid = noSerial,
            Against = Against(label, row, lot, place, expiry), Holds = item?.Holds ?? lot?.Holds ?? [], Status = label.IsLot ? null : item?.Status ?? ItemStatus.Unbooked, InCase = item?.Case,
            SeenIn = row?.At?.Location is { } where && where != place ? site.LocationName(where) : null,
            Findings = [.. item?.Findings ?? lot?.Findings ?? [], .. Differences(parts, item)],
        };
        var detail = new EventDetail
        {
            Product = facts.ProductKey, Lot = facts.Lot, Serial = facts.Serial, Expiry = expiry, Made = parts.Made, Epc = parts.Epc ?? item?.Epc, Carrier = parts.Carrier, Quantity = label.IsLot ? 1 : null,
            Pence = item?.Pence ?? lot?.Pence ?? product?.Pence, Owner = item?.Owner ?? lot?.Owner,
        };
        return (together, new(facts, detail, facts.Status, item?.Patient, Missing(facts)));
    }

    /// <summary>The codes of a scan as they came, from what is kept of it.</summary>
    public static IReadOnlyList<string> CodesOf(EventDetail? label) => label?.Carrier is { } carrier ? Encoding.Latin1.GetString(Convert.FromBase64String(carrier)).Split('\n') : [];

    static string Carrier(IReadOnlyList<string> scanned) => Convert.ToBase64String(Encoding.Latin1.GetBytes(string.Join('\n', scanned)));

    /// <summary>Several codes are of one label when none contradicts another.</summary>
    bool AreOne(IReadOnlyList<string> scanned)
    {
        var (session, now) = (new LabelSession(), time.GetUtcNow());
        foreach (var code in scanned) session.Scan(Identification.Of(code, now.Year), now);
        return session.Open?.Codes.Length == scanned.Count;
    }

    IReadOnlyList<Unavailable> Against(Labelled label, StockItemRow? row, LotState? lot, string place, DateOnly? expiry) =>
        row is not null ? views.Against(row)
        : lot is not null ? views.Against(new StockPiecesRow(lot, place, lot.Pieces.GetValueOrDefault(place)))
        : recalls.Names(new ItemState(label.Key) { Product = label.Parts.Product, Lot = label.Parts.Lot, Serial = label.Parts.Serial, Expiry = expiry, Made = label.Parts.Made }) ? [Unavailable.Recalled, Unavailable.Unbooked]
        : [Unavailable.Unbooked];

    static IEnumerable<string> Differences(ItemNameParts parts, ItemState? item)
    {
        if (parts.Expiry is { } label && item?.Expiry is { } booked && label != booked) yield return $"The label says it expires on {label:yyyy-MM-dd}, the books {booked:yyyy-MM-dd}: the earlier counts.";
        if (parts.Lot is { } lot && item?.Lot is { } other && lot != other) yield return $"The label says lot {lot}, the books lot {other}.";
    }

    static string? Missing(ComponentFacts f)
    {
        string?[] missing = [f.Lot is null && f.Serial is null ? "lot" : null, f.Serial is null && f is { Product.Serialised: true, NoSerialSaid: false } ? "serial" : null, f.Expiry is null ? "expiry" : null];
        var wanted = missing.OfType<string>().ToList();
        return wanted.Count == 0 ? null : $"Now scan the label's other code, with {string.Join(" and ", wanted)}.";
    }

    static DateOnly? Earliest(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;
}
