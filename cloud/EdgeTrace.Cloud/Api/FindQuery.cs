using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Api;

/// <summary>One box for whatever somebody typed or scanned: says what it was understood to be, and leads to the item, lot, product or place.</summary>
sealed class FindQuery(SiteModel site, ItemNames names, LedgerReader ledger, ItemQuery items, TimeProvider time)
{
    const int FoundMax = 50;

    /// <summary>So many products' lots are listed with them; more words find fewer products.</summary>
    const int ProductsOpenMax = 5;

    public FindResult Search(string query)
    {
        // Control characters are part of a scan; only blanks and a line's end around it are not.
        var text = query.Trim(' ', '\t', '\r', '\n');
        if (text.Length == 0) return new(query, null, "Scan or type a barcode, an EPC, a serial, a lot, a place or a product's name.", [], []);
        var code = Identification.Of(query.TrimEnd('\r', '\n'), time.GetUtcNow().Year);
        if (code.Kind is CodeKind.Epc or CodeKind.EpcUri) return Tagged(query, text, code);
        if (code.Kind is not CodeKind.Unknown && code.Error is null)
        {
            if (code.ItemKey is { } key) return Found(query, Words(code), items.Find(key.ToString()));
            if (code.Product is { } product) return Labelled(query, code, CodeBook.Word(product));
        }
        // What only a scanner sends, and cannot be read, is said so: it is no word anybody typed.
        if (code.Error is { } error && (text.Contains('\x1D') || text.StartsWith(']') || text.StartsWith("(0", StringComparison.Ordinal)))
            return new(query, null, $"This code cannot be read: {error}. Scan it again; the text beside it on the label still counts.", [], []);
        return Worded(query, text);
    }

    FindResult Tagged(string query, string text, Identification code)
    {
        Epc? bits = Epc.TryParse(text, out var hex) ? hex : Gs1Tag.TryParse(text, out var tag, out _) ? tag.ToEpc() : null;
        if (bits is { } epc) return Found(query, $"{code.Scheme?.Name() ?? "EPC"}: {names.Of(epc).Name.Name}", items.Find(epc.ToString()) ?? items.Find(names.Of(epc).Item));
        return code.ItemKey is { } key ? Found(query, Words(code), items.Find(key.ToString())) : new(query, null, $"This tag's number cannot be read: {code.Error}.", [], []);
    }

    /// <summary>A label that names a product, or a lot of it.</summary>
    FindResult Labelled(string query, Identification code, string product)
    {
        var lots = ledger.Lots(product, code.Lot, FoundMax);
        var seen = ledger.ItemsOfProduct(product, null, FoundMax).Where(row => code.Lot is null || row.Lot is null || row.Lot == code.Lot).ToList();
        IReadOnlyList<FoundOther> others = [.. lots.Select(Lot), .. names.Products.Find(product) is { } known ? [Product(known.Key, known.Name, known.Manufacturer)] : Array.Empty<FoundOther>()];
        return new(query, Words(code), seen.Count + others.Count == 0 ? "Nobody has booked any of it in, and the catalogue does not know it." : null, [.. seen.Select(Item)], others);
    }

    /// <summary>What a code was understood to be.</summary>
    string Words(Identification code)
    {
        string?[] parts =
        [
            code.Product is { } product ? names.Products.Find(CodeBook.Word(product))?.Name ?? $"{(product.Issuer == Issuer.Gs1 ? "GTIN" : "product")} {product.Number}" : code.ItemKey?.ToString(),
            code.Lot is { } lot ? $"lot {lot}" : null, code.Serial is { } serial ? $"serial {serial}" : null, code.Expiry is { } expiry ? $"use by {expiry.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    FindResult Worded(string query, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var places = site.Locations.Where(place => place.Kind != "outside" && (place.Id == text || words.All(word => place.Name.Contains(word, StringComparison.OrdinalIgnoreCase))))
            .Select(place => new FoundOther("place", place.Name, place.Kind, $"places/{Uri.EscapeDataString(place.Id)}"));
        var products = names.Products.Search(words, FoundMax);
        var found = ledger.ItemsByText(text, FoundMax).ToList();
        if (found.Count == 0) found = [.. ledger.ItemsByText(text.ToUpperInvariant(), FoundMax)];
        foreach (var product in products)
        {
            if (found.Count >= FoundMax) break;
            found.AddRange(ledger.ItemsOfProduct(product.Key, null, FoundMax - found.Count));
        }
        IReadOnlyList<FoundOther> others = [.. places, .. ledger.Lots(null, text, FoundMax).Concat(products.Take(ProductsOpenMax).SelectMany(p => ledger.Lots(p.Key, null, FoundMax))).DistinctBy(lot => lot.Key).Take(FoundMax).Select(Lot), .. products.Select(p => Product(p.Key, p.Name, p.Manufacturer))];
        return new(query, null, found.Count + others.Count == 0 ? $"Nothing here answers to this: no item, lot, product or place. {Shape(text)}" : null, [.. found.DistinctBy(i => i.Key).Select(Item)], others);
    }

    /// <summary>What it may have been meant to be.</summary>
    static string Shape(string text) => text switch
    {
        _ when text.All(Uri.IsHexDigit) && text.Length >= 16 => "It has the look of a tag's number: nothing with it has passed a door or a scanner.",
        _ when text.All(char.IsAsciiDigit) && text.Length is >= 8 and <= 14 => "It has the look of a GTIN whose check digit is wrong: type it again from the label.",
        _ => "Try part of the product's name, or scan the label.",
    };

    FindResult Found(string query, string understood, ItemRow? row) =>
        new(query, understood, row is null ? "No door or scanner has met it yet, and nobody has booked it in." : null, row is null ? [] : [Item(row)], []);

    FoundItem Item(ItemRow row) => new(names.Of(row), ledger.WhereIs(row.Key) is { } where ? site.LocationName(where.Location) : null, EventTime.FromUs(row.SeenUs),
        ledger.HasTwoTags(row.Key) ? "Two tags carry this number: do not use it" : null);

    FoundOther Lot(LotRow lot) => new("lot", names.Products.Find(lot.Product)?.Name ?? (lot.Product is { } gtin ? $"GTIN {gtin}" : lot.Key), lot.Number is { } number ? $"lot {number}" : "no lot", $"items/{Uri.EscapeDataString(lot.Key)}");

    static FoundOther Product(string key, string name, string maker) => new("product", name, maker.Length > 0 ? $"{maker} · {key}" : key, $"stock?product={Uri.EscapeDataString(key)}");
}
