using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>The name of one thing whatever carried it: a scanned label and a tag with the same key are the same Item. Its text is the canonical Digital Link, or hibc:… and isbt128:… for labels of those.</summary>
/// <remarks>
/// Serials are compared as text: (21)000123 is another item than (21)123, and only the latter can be on a SGTIN-96 tag.
/// A serial stands behind its product, so that equal serials of two issuers never meet. A lot is no item: see <see cref="LotKey"/>.
/// An EPC that names nothing known has no key; two such tags are told apart by their bits.
/// </remarks>
public readonly record struct ItemKey
{
    // What must be there to mean one thing and not a kind of thing.
    const int GraiTypeLength = 14;
    const int GdtiTypeLength = 13;

    readonly string? _link;

    ItemKey(string link) => _link = link;

    public override string ToString() => _link ?? "";

    public static ItemKey From(Gs1Tag tag) => new(tag.ToDigitalLink());

    /// <summary>The key of a tag, unless it is foreign.</summary>
    public static bool TryFrom(Epc epc, out ItemKey key)
    {
        key = Gs1Tag.TryDecode(epc, out var tag) ? From(tag) : TagContent.TryDecode(epc, out var content, out _) ? From(content) : default;
        return key._link is not null;
    }

    /// <summary>The key of what any tag says: lot and dates beside it are no part of it, and GID, USDOD and ADI go by their URI.</summary>
    public static ItemKey From(TagContent content) => content.Key.IsEmpty ? new(content.PureUri!) : new(DigitalLink.Write(WithoutNoExtension(content.Key)));

    // Extension 0 says that there is none; GRAI and GDTI without a serial name a kind.
    static IReadOnlyCollection<Gs1Element> WithoutNoExtension(IReadOnlyCollection<Gs1Element> key) => [.. key.Where(element => element is not { Ai: "254", Value: "0" })];

    /// <summary>The item of a product by its serial, as text.</summary>
    public static ItemKey From(ProductKey product, string serial) =>
        product.Gtin is { } gtin ? From(gtin, serial) : new($"{product}/serial/{Uri.EscapeDataString(serial)}");

    /// <summary>A donation becomes one thing with the product made of it, and its division: the same donation fills several bags.</summary>
    /// <param name="made">An ISBT 128 product, or a blood component's code.</param>
    internal static ItemKey FromDonation(string din, string made, string? divisions) =>
        new($"{ProductKey.IsbtStart}{Uri.EscapeDataString(made)}/din/{Uri.EscapeDataString(din)}{(divisions is null ? "" : "/" + Uri.EscapeDataString(divisions))}");

    public static ItemKey From(Gtin gtin, string serial) => new(DigitalLink.Write([new("01", gtin.ToString()), new("21", serial)]));

    /// <summary>The key of what a scan names, unless it names only a product or a lot, or is not to be trusted.</summary>
    public static bool TryFrom(ScanCode scan, out ItemKey key, [NotNullWhen(false)] out string? error)
    {
        key = default;
        error = scan.Error;
        if (error is not null) return false;

        if (scan.Kind == ScanKind.Hibc) return TryFromHibc(scan, out key, out error);
        if (scan.Kind == ScanKind.Isbt128) return TryFromIsbt(scan, out key, out error);
        if (scan["01"] is { } gtin)
        {
            if (scan["21"] is not { } serial)
            {
                error = "(01) alone names a product, no item: the serial (21) is missing";
                return false;
            }
            key = new(DigitalLink.Write([new("01", gtin), new("21", serial)]));
        }
        else if (scan["00"] is { } sscc) key = new(DigitalLink.Write([new("00", sscc)]));
        else if (scan["8003"] is { Length: > GraiTypeLength } grai) key = new(DigitalLink.Write([new("8003", grai)]));
        else if (scan["8004"] is { } giai) key = new(DigitalLink.Write([new("8004", giai)]));
        else if (scan["8006"] is { } piece && scan["21"] is { } whole) key = new(DigitalLink.Write([new("8006", piece), new("21", whole)]));
        else if (scan["8010"] is { } part && scan["8011"] is { } number) key = new(DigitalLink.Write([new("8010", part), new("8011", number)]));
        else if (scan["8017"] is { } provider) key = new(DigitalLink.Write([new("8017", provider)]));
        else if (scan["8018"] is { } recipient) key = new(DigitalLink.Write([new("8018", recipient)]));
        else if (scan["253"] is { Length: > GdtiTypeLength } document) key = new(DigitalLink.Write([new("253", document)]));
        else if (scan["255"] is { Length: > GdtiTypeLength } coupon) key = new(DigitalLink.Write([new("255", coupon)]));
        else if (scan["414"] is { } gln)
            key = new(DigitalLink.Write(scan["254"] is { } extension and not "0" ? [new("414", gln), new("254", extension)] : [new("414", gln)]));
        else error = "no element of this code names one thing";
        return error is null;
    }

    static bool TryFromHibc(ScanCode scan, out ItemKey key, [NotNullWhen(false)] out string? error)
    {
        key = default;
        error = !ProductKey.TryFrom(scan, out var product) ? "this part of a HIBC label names no product: the label's other code does"
            : scan.Serial is null ? "this HIBC label names a product, no item: the serial is missing"
            : null;
        if (error is null) key = From(product, scan.Serial!);
        return error is null;
    }

    static bool TryFromIsbt(ScanCode scan, out ItemKey key, [NotNullWhen(false)] out string? error)
    {
        key = default;
        var made = ProductKey.TryFrom(scan, out var product) ? product.Number : scan[FieldName.Component];
        error = scan[FieldName.Donation] is null ? "no donation number: the label's other code has it"
            : made is null ? "a donation number alone names no product: the label's other code does"
            : null;
        if (error is null) key = FromDonation(scan[FieldName.Donation]!, made!, scan[FieldName.Divisions]);
        return error is null;
    }
}
