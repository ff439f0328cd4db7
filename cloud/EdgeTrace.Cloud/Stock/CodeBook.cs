using System.Text;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Stock;

/// <summary>What the codes of one label come to.</summary>
/// <param name="Key">The Item's, or the Lot's where it carries no number of its own.</param>
sealed record Labelled(string Key, bool IsLot, ItemNameParts Parts);

/// <summary>What a label says about the thing it is on.</summary>
sealed record ItemNameParts(string? Product, string? Lot, string? Serial, DateOnly? Expiry, DateOnly? Made, string? Epc, string? Carrier);

/// <summary>From whatever was scanned, typed or clicked to the Item or Lot it is of.</summary>
sealed class CodeBook(ItemNames names, TimeProvider time)
{
    /// <summary>The thing, or a sentence that says why there is none.</summary>
    /// <param name="pieces">Whether the caller speaks of pieces: a label without a serial then names a Lot.</param>
    public (Labelled? Label, string? Error) Read(string code, IReadOnlyList<string>? more, bool pieces)
    {
        var text = code.Trim();
        if (text.Length == 0) return (null, "Nothing was scanned.");
        // 24 digits of a label are hex too: a tag is what a tag's header says.
        if (Epc.TryParse(text, out var epc) && Gs1Tag.TryDecode(epc, out _)) return (Of(epc), null);
        if (Gs1Tag.TryParse(text, out var tag, out _)) return (Of(tag.ToEpc()), null);
        // Control characters are part of a scan; only a line's end is not.
        var scans = new[] { code }.Concat(more ?? []).Select(raw => ScanCode.Parse(raw.TrimEnd('\r', '\n'), time.GetUtcNow().Year)).ToList();
        if (scans.Find(scan => scan.Error is not null) is { } wrong) return (null, $"This code cannot be used: {wrong.Error}.");
        var products = scans.Select(scan => scan["01"]).OfType<string>().Distinct().ToList();
        if (products.Count > 1) return (null, $"These codes are of two products, {products[0]} and {products[1]}: scan one label at a time.");
        string? First(string ai) => scans.Select(scan => scan[ai]).FirstOrDefault(value => value is not null);
        var parts = new ItemNameParts(
            products.FirstOrDefault(), First("10"), First("21"), scans.Select(scan => scan.Expiry).FirstOrDefault(day => day is not null), scans.Select(scan => scan.Produced).FirstOrDefault(day => day is not null), null,
            Convert.ToBase64String(Encoding.Latin1.GetBytes(string.Join('\n', scans.Select(scan => scan.Raw)))));
        if (parts.Product is { } gtin)
        {
            if (parts.Serial is { } serial && Gtin.TryParse(gtin, out var whole)) return (new(ItemKey.From(whole, serial).ToString(), false, parts), null);
            return pieces || parts.Lot is not null ? (new(EdgeTrace.Stock.Lot.Key(gtin, parts.Lot), true, parts), null)
                : (null, $"{names.Products.Find(gtin)?.Name ?? $"GTIN {gtin}"}: this code names the product only. Scan the code with lot, expiry and serial too.");
        }
        foreach (var scan in scans)
            if (ItemKey.TryFrom(scan, out var key, out _)) return (new(key.ToString(), false, parts), null);
        return (null, "No element of this code names one thing: scan the code beside it, the one with (01) or +.");
    }

    Labelled Of(Epc epc)
    {
        var named = names.Of(epc);
        return new(named.Item, false, new(named.Gtin, named.Lot, named.Serial, null, null, named.Epc, null));
    }
}
