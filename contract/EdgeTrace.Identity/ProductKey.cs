using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>Who gives out the numbers of products. Two issuers' numbers, and serials under them, are never compared.</summary>
public enum Issuer : byte
{
    Gs1 = 1,
    Hibcc,
    Iccbba,
}

/// <summary>A kind of product by the number its issuer knows it under, the DI of a medical device: a GTIN, HIBC's labeler, product and unit of measure, or ISBT 128's processor, product and description.</summary>
/// <remarks>Its text is an address: the canonical Digital Link for GS1, hibc:… and isbt128:… for the others.</remarks>
public readonly record struct ProductKey
{
    readonly string? _number;

    ProductKey(Issuer issuer, string number)
    {
        Issuer = issuer;
        _number = number;
    }

    public Issuer Issuer { get; }

    /// <summary>The number alone: 14 digits of a GTIN, A123BJC5D6E71, A9997XYZ100T0479.</summary>
    public string Number => _number ?? "";

    public Gtin? Gtin => Issuer == Issuer.Gs1 && Identity.Gtin.TryParse(Number, out var gtin) ? gtin : null;

    public static ProductKey From(Gtin gtin) => new(Issuer.Gs1, gtin.ToString());

    /// <summary>The product a scan names, whether or not the rest of it is good; none when it carries only lot, dates or serial.</summary>
    public static bool TryFrom(ScanCode scan, out ProductKey product)
    {
        product = scan switch
        {
            { Gtin: { } gtin } => From(gtin),
            { Kind: ScanKind.Hibc } when scan[FieldName.Labeler] is { } labeler => new(Issuer.Hibcc, labeler + scan[FieldName.ProductCode] + scan[FieldName.UnitOfMeasure]),
            { Kind: ScanKind.Isbt128 } when scan[FieldName.Processor] is { } processor => new(Issuer.Iccbba, processor + scan[FieldName.FacilityProduct] + scan[FieldName.Description]),
            _ => default,
        };
        return product.Issuer != default;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ProductKey product)
    {
        product = default;
        if (text is null) return false;
        if (text.StartsWith(Gs1Start, StringComparison.Ordinal) && Identity.Gtin.TryParse(text.AsSpan(Gs1Start.Length), out var gtin)) product = From(gtin);
        else if (text.StartsWith(HibcStart, StringComparison.Ordinal) && IsNumber(text.AsSpan(HibcStart.Length))) product = new(Issuer.Hibcc, text[HibcStart.Length..]);
        else if (text.StartsWith(IsbtStart, StringComparison.Ordinal) && IsNumber(text.AsSpan(IsbtStart.Length))) product = new(Issuer.Iccbba, text[IsbtStart.Length..]);
        return product.Issuer != default;
    }

    static bool IsNumber(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        }
        return !text.IsEmpty;
    }

    const string Gs1Start = DigitalLink.Canonical + "/01/";
    internal const string HibcStart = "hibc:";
    internal const string IsbtStart = "isbt128:";

    public override string ToString() => Issuer switch
    {
        Issuer.Gs1 => Gs1Start + Number,
        Issuer.Hibcc => HibcStart + Number,
        Issuer.Iccbba => IsbtStart + Number,
        _ => "",
    };
}

/// <summary>A lot of a product: a class of things, never one thing. Joining two items by it would make one of many.</summary>
public readonly record struct LotKey(ProductKey Product, string Lot)
{
    /// <summary>The lot a scan names together with its product.</summary>
    public static bool TryFrom(ScanCode scan, out LotKey key)
    {
        key = default;
        if (scan.Lot is not { } lot || !ProductKey.TryFrom(scan, out var product)) return false;
        key = new(product, lot);
        return true;
    }

    public override string ToString() => Product.Issuer == Issuer.Gs1
        ? $"{Product}/10/{Uri.EscapeDataString(Lot)}"
        : $"{Product}/lot/{Uri.EscapeDataString(Lot)}";
}
