using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>The name of one thing whatever carried it: a scanned label and a tag with the same key are the same Item. Its text is the canonical Digital Link.</summary>
/// <remarks>
/// Serials are compared as text: (21)000123 is another item than (21)123, and only the latter can be on a SGTIN-96 tag.
/// An EPC that names nothing known has no key; two such tags are told apart by their bits.
/// </remarks>
public readonly record struct ItemKey
{
    // What must be there to mean one thing and not a kind of thing.
    const int GraiTypeLength = 14;

    readonly string? _link;

    ItemKey(string link) => _link = link;

    public override string ToString() => _link ?? "";

    public static ItemKey From(Gs1Tag tag) => new(tag.ToDigitalLink());

    /// <summary>The key of a tag, unless it is foreign.</summary>
    public static bool TryFrom(Epc epc, out ItemKey key)
    {
        key = Gs1Tag.TryDecode(epc, out var tag) ? From(tag) : default;
        return key._link is not null;
    }

    public static ItemKey From(Gtin gtin, string serial) => new(DigitalLink.Write([new("01", gtin.ToString()), new("21", serial)]));

    /// <summary>The key of what a scan names, unless it names only a product or a lot, or is not to be trusted.</summary>
    public static bool TryFrom(ScanCode scan, out ItemKey key, [NotNullWhen(false)] out string? error)
    {
        key = default;
        error = scan.Error;
        if (error is not null) return false;

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
        else if (scan["414"] is { } gln)
            key = new(DigitalLink.Write(scan["254"] is { } extension and not "0" ? [new("414", gln), new("254", extension)] : [new("414", gln)]));
        else error = "no element of this code names one thing";
        return error is null;
    }
}
