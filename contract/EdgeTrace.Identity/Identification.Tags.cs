using System.Buffers;
using System.Collections.Immutable;

namespace EdgeTrace.Identity;

// Tags: their bits in hexadecimal, and their URIs.
public sealed partial record Identification
{
    // Fewer hexadecimal digits than any EPC that names something; a short lot or serial is often hexadecimal by chance.
    const int HexLengthMin = 16;
    const int HexOf96 = 24;

    /// <summary>What a tag's bits say.</summary>
    public static Identification Of(Epc epc, int currentYear) => OfEpc(epc.ToString(), epc, currentYear);

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>Hexadecimal that cannot be a barcode's text: it has a letter, or a known header with just its length.</summary>
    static bool LooksLikeEpc(ReadOnlySpan<char> text) =>
        text.Length >= HexLengthMin && !text.ContainsAnyExcept(HexDigits)
        && (text.ContainsAnyExceptInRange('0', '9') || text.Length == HexOf96 && EpcSchemes.Of(Convert.ToByte(text[..2].ToString(), 16)) is not EpcScheme.Unknown);

    static Identification OfHex(string code, string hex, int currentYear)
    {
        // Whoever wrote a tag down by its bits may have stopped at the last half byte; a 96-bit tag never ends there.
        var odd = hex.Length % 2 != 0 && TagScheme.Of(EpcSchemes.Of(Convert.ToByte(hex[..2], 16))) is not { Bits: 96 };
        if (Identity.Epc.TryParse(odd ? hex + "0" : hex, out var epc)) return OfEpc(code, epc, currentYear);
        return new(code)
        {
            Kind = CodeKind.Epc,
            Error = hex.Length > 2 * Identity.Epc.BytesMax ? $"{hex.Length} hexadecimal digits are more than any tag's EPC has ({2 * Identity.Epc.BytesMax})" : $"{hex.Length} hexadecimal digits: one is missing or too many, and which cannot be known",
        };
    }

    static Identification OfEpc(string code, Epc epc, int currentYear)
    {
        if (!TagContent.TryDecode(epc, out var content, out var error)) return new(code) { Kind = CodeKind.Epc, Scheme = EpcSchemes.Of(epc), TagUri = epc.ToRawUri(), Error = error };
        var said = OfContent(code, CodeKind.Epc, content, currentYear);
        return Gs1Tag.TryDecode(epc, out var tag) && tag.HasReservedBits ? said with { Warnings = ["its last 24 bits are reserved and should be zero: a tag written wrongly, read all the same"] } : said;
    }

    static Identification OfUri(string code, string uri, int currentYear)
    {
        if (uri.StartsWith("urn:epc:raw:", StringComparison.Ordinal))
            return EpcUris.TryParse(uri, out var epc, out var fault) ? OfEpc(code, epc, currentYear) with { Kind = CodeKind.EpcUri } : new(code) { Kind = CodeKind.EpcUri, Error = fault };
        if (TagContent.TryParse(uri, out var content, out var error))
        {
            var said = OfContent(code, CodeKind.EpcUri, content, currentYear);
            return uri.StartsWith("urn:epc:tag:", StringComparison.Ordinal) ? said : said with { Scheme = null, TagUri = null };
        }
        // Kinds of things, and things no tag names: a contract, a shipment, a party.
        if (!PureIdentity.TryParse(uri, out var identity, out _) || !identity.IsPattern && TagScheme.Names(identity.Scheme)) return new(code) { Kind = CodeKind.EpcUri, Error = error };
        var elements = identity.ToElements();
        return OfElements(code, CodeKind.EpcUri, elements, currentYear) with { PureUri = identity.ToString(), DigitalLink = identity.ToDigitalLink() };
    }

    static Identification OfContent(string code, CodeKind kind, TagContent content, int currentYear) =>
        OfElements(code, kind, content.Elements, currentYear) with
        {
            Scheme = content.Scheme,
            TagUri = content.TagUri,
            PureUri = content.PureUri,
            DigitalLink = content.DigitalLink,
            ItemKey = Identity.ItemKey.From(content),
            Warnings = content.Warnings,
        };

    static Identification OfElements(string code, CodeKind kind, ImmutableArray<Gs1Element> elements, int currentYear)
    {
        var said = new Identification(code) { Kind = kind, Elements = elements };
        ProductKey? product = said["01"] is { } digits && Identity.Gtin.TryParse(digits, out var gtin) ? ProductKey.From(gtin) : null;
        return said with
        {
            Product = product,
            LotKey = product is { } of && said["10"] is { } lot ? new(of, lot) : null,
            Lot = said["10"],
            Serial = said["21"],
            Expiry = DateOf(said["17"] ?? said["7003"], currentYear),
            Produced = DateOf(said["11"], currentYear),
        };
    }

    static DateOnly? DateOf(string? digits, int currentYear) =>
        digits is { Length: >= 6 } && Gs1Date.TryRead(digits.AsSpan(0, 6), currentYear, out var date) ? date : null;
}
