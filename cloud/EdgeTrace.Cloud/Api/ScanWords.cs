using System.Globalization;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;

namespace EdgeTrace.Cloud.Api;

/// <summary>Says what a barcode was understood to be.</summary>
static class ScanWords
{
    public static string Of(ScanCode scan, ItemNames names)
    {
        if (scan.Elements.IsEmpty) return scan.Kind switch
        {
            ScanKind.Hibc => "HIBC label",
            ScanKind.Isbt128 => "ISBT 128 label",
            _ => "Barcode of no known kind",
        };
        var parts = new List<string>();
        if (scan.Gtin is { } gtin) parts.Add(names.Products.Find(gtin.ToString())?.Name ?? $"GTIN {gtin}");
        else if (ProductKey.TryFrom(scan, out var product)) parts.Add($"{Issuer(product)} {product.Number}");
        else if (scan["00"] is { } sscc) parts.Add($"Delivery unit {sscc}");
        else if (scan["8018"] is { } person) parts.Add($"Person {person}");
        else if (scan["414"] is { } place) parts.Add($"Place {place}");
        else if (scan["8003"] is { } asset) parts.Add($"Returnable asset {asset}");
        else if (scan["8004"] is { } own) parts.Add($"Asset {own}");
        else if (scan[FieldName.Donation] is { } donation) parts.Add($"Donation {donation}");
        else if (scan.Kind is ScanKind.Hibc or ScanKind.Isbt128) parts.Add(scan.Kind == ScanKind.Hibc ? "Part of a HIBC label" : "Part of an ISBT 128 label");
        else parts.Add(ElementString.ToBracketed(scan.Elements));
        if (scan.Lot is { } lot) parts.Add($"lot {lot}");
        if (scan.Serial is { } serial) parts.Add($"serial {serial}");
        if (scan.Expiry is { } expiry) parts.Add("use by " + expiry.ToString("d MMM yyyy", CultureInfo.InvariantCulture));
        return string.Join(", ", parts);
    }

    static string Issuer(ProductKey product) => product.Issuer == Identity.Issuer.Hibcc ? "HIBC product" : "ISBT 128 product";
}
