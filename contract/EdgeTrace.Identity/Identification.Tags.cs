namespace EdgeTrace.Identity;

// Tags: their bits in hexadecimal, and their URIs.
public sealed partial record Identification
{
    // Fewer hexadecimal digits than any EPC that names something; a short lot or serial is often hexadecimal by chance.
    const int HexLengthMin = 16;

    /// <summary>What a tag's bits say.</summary>
    public static Identification Of(Epc epc)
    {
        var code = epc.ToString();
        return OfHex(code, code);
    }

    /// <summary>Hexadecimal that cannot be a barcode's text: it has a letter, or a known header with just its length.</summary>
    static bool LooksLikeEpc(ReadOnlySpan<char> text) =>
        text.Length >= HexLengthMin && !text.ContainsAnyExcept(HexDigits)
        && (text.ContainsAnyExceptInRange('0', '9') || text.Length == 24 && EpcSchemes.Of(Convert.ToByte(text[..2].ToString(), 16)) is not EpcScheme.Unknown);

    static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789ABCDEFabcdef");

    static Identification OfHex(string code, string hex)
    {
        if (!Identity.Epc.TryParse(hex, out var epc)) return new(code) { Kind = CodeKind.Epc, Error = "an EPC is whole bytes of hexadecimal" };
        return Gs1Tag.TryDecode(epc, out var tag, out var error)
            ? OfTag(code, CodeKind.Epc, tag)
            : new(code) { Kind = CodeKind.Epc, Scheme = EpcSchemes.Of(epc), TagUri = epc.ToUri(), Error = error };
    }

    static Identification OfUri(string code, string uri) => Gs1Tag.TryParse(uri, out var tag, out var error)
        ? OfTag(code, CodeKind.EpcUri, tag)
        : new(code) { Kind = CodeKind.EpcUri, Error = error };

    static Identification OfTag(string code, CodeKind kind, Gs1Tag tag) => new(code)
    {
        Kind = kind,
        Scheme = tag.Scheme,
        Elements = [.. tag.ToElements()],
        TagUri = tag.ToTagUri(),
        PureUri = tag.ToPureUri(),
        DigitalLink = tag.ToDigitalLink(),
        Product = tag.Gtin is { } gtin ? ProductKey.From(gtin) : null,
        Serial = tag.Gtin is null ? null : DigitText.Of(tag.Serial),
        ItemKey = Identity.ItemKey.From(tag),
    };
}
