using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTrace.Identity;

// The barcode's spellings of the same thing: element string and Digital Link. Neither says where the company prefix ends, so the way back must be told.
public readonly partial record struct Gs1Tag
{
    /// <summary>The elements a barcode of the same thing carries, (01) and (21) for an SGTIN.</summary>
    public Gs1Element[] ToElements() => Scheme switch
    {
        EpcScheme.Sgtin96 => [new("01", Gtin!.Value.ToString()), new("21", DigitText.Of(Serial))],
        EpcScheme.Sscc96 => [new("00", SsccDigits)],
        EpcScheme.Sgln96 when Serial == 0 => [new("414", WithCheckDigit(PrefixAndReference))],
        EpcScheme.Sgln96 => [new("414", WithCheckDigit(PrefixAndReference)), new("254", DigitText.Of(Serial))],
        EpcScheme.Grai96 => [new("8003", "0" + WithCheckDigit(PrefixAndReference) + DigitText.Of(Serial))],
        EpcScheme.Giai96 => [new("8004", PrefixAndReference)],
        EpcScheme.Gsrn96 => [new("8018", WithCheckDigit(PrefixAndReference))],
        EpcScheme.Gsrnp96 => [new("8017", WithCheckDigit(PrefixAndReference))],
        EpcScheme.Gdti96 => [new("253", WithCheckDigit(PrefixAndReference) + DigitText.Of(Serial))],
        _ => [],
    };

    public string ToElementString() => ElementString.ToBracketed(ToElements());

    /// <summary>The canonical Digital Link, https://id.gs1.org/01/80614141123458/21/6789.</summary>
    public string ToDigitalLink() => DigitalLink.Write(ToElements());

    string PrefixAndReference => CompanyPrefix + ReferenceText;

    string SsccDigits
    {
        get
        {
            // As with a GTIN, the first digit of the reference stands in front of the prefix.
            var reference = ReferenceText;
            return WithCheckDigit(reference[..1] + CompanyPrefix + reference[1..]);
        }
    }

    static string WithCheckDigit(string digits) => digits + DigitText.Of((ulong)CheckDigit.Of(digits));

    /// <summary>The SGTIN-96 of a product's item. Filter 1 is a point-of-sale item, what a hospital's shelf holds.</summary>
    public static bool TryCreateSgtin(Gtin gtin, int companyPrefixLength, ulong serial, out Gs1Tag tag, [NotNullWhen(false)] out string? error, int filter = 1) =>
        TryCreateFrom([new("01", gtin.ToString()), new("21", DigitText.Of(serial))], companyPrefixLength, out tag, out error, filter);

    /// <summary>The tag of what a barcode names: (01)+(21), (00), (414) with or without (254), (8003), (8004), (8017), (8018) or (253). Other elements are not the identity and are passed over.</summary>
    public static bool TryCreateFrom(IReadOnlyCollection<Gs1Element> elements, int companyPrefixLength, out Gs1Tag tag, [NotNullWhen(false)] out string? error, int filter = 0)
    {
        tag = default;
        if (companyPrefixLength is < CompanyPrefix.LengthMin or > CompanyPrefix.LengthMax)
            return Refuse($"a company prefix has {CompanyPrefix.LengthMin} to {CompanyPrefix.LengthMax} digits, not {companyPrefixLength}", out error);

        if (Find(elements, "01") is { } gtin)
        {
            if (gtin.Length != 14 || !Identity.Gtin.TryParse(gtin, out _)) return Refuse($"(01) '{gtin}' is not a GTIN of 14 digits with its check digit", out error);
            return Find(elements, "21") is { } serial
                ? TryAssemble(EpcScheme.Sgtin96, gtin[1..13], gtin[..1], serial, companyPrefixLength, filter, out tag, out error)
                : Refuse("(01) alone names a product, no item: the serial (21) is missing", out error);
        }
        if (Find(elements, "00") is { } sscc)
        {
            return IsKey(sscc, 18)
                ? TryAssemble(EpcScheme.Sscc96, sscc[1..17], sscc[..1], "0", companyPrefixLength, filter, out tag, out error)
                : Refuse($"(00) '{sscc}' is not 18 digits with their check digit", out error);
        }
        if (Find(elements, "414") is { } gln)
        {
            return IsKey(gln, 13)
                ? TryAssemble(EpcScheme.Sgln96, gln[..12], "", Find(elements, "254") ?? "0", companyPrefixLength, filter, out tag, out error)
                : Refuse($"(414) '{gln}' is not 13 digits with their check digit", out error);
        }
        if (Find(elements, "8003") is { } grai)
        {
            if (grai.Length < 14 || grai[0] != '0' || !IsKey(grai[1..14], 13)) return Refuse($"(8003) '{grai}' is not a zero, 13 digits with their check digit and a serial", out error);
            return grai.Length > 14
                ? TryAssemble(EpcScheme.Grai96, grai[1..13], "", grai[14..], companyPrefixLength, filter, out tag, out error)
                : Refuse($"(8003) '{grai}' names a type of asset: its serial is missing", out error);
        }
        if (Find(elements, "8004") is { } giai)
        {
            if (giai.Length <= companyPrefixLength || !CompanyPrefix.TryParse(giai.AsSpan(0, companyPrefixLength), out var prefix)) return Refuse($"(8004) '{giai}' does not begin with a company prefix of {companyPrefixLength} digits", out error);
            return TryReadNumber(giai.AsSpan(companyPrefixLength), leadingZeros: false, out var reference)
                ? TryCreate(EpcScheme.Giai96, filter, prefix, reference, 0, out tag, out error)
                : Refuse($"(8004) individual asset reference '{giai.AsSpan(companyPrefixLength)}' is not a plain number: it needs GIAI-202", out error);
        }
        foreach (var (ai, scheme) in (ReadOnlySpan<(string, EpcScheme)>)[("8018", EpcScheme.Gsrn96), ("8017", EpcScheme.Gsrnp96)])
        {
            if (Find(elements, ai) is not { } gsrn) continue;
            return IsKey(gsrn, 18)
                ? TryAssemble(scheme, gsrn[..17], "", "0", companyPrefixLength, filter, out tag, out error)
                : Refuse($"({ai}) '{gsrn}' is not 18 digits with their check digit", out error);
        }
        if (Find(elements, "253") is { } gdti)
        {
            if (gdti.Length < 13 || !IsKey(gdti[..13], 13)) return Refuse($"(253) '{gdti}' is not 13 digits with their check digit and a serial", out error);
            return gdti.Length > 13
                ? TryAssemble(EpcScheme.Gdti96, gdti[..12], "", gdti[13..], companyPrefixLength, filter, out tag, out error)
                : Refuse($"(253) '{gdti}' names a type of document: its serial is missing", out error);
        }
        return Refuse("no element here names a thing: (01) and (21), (00), (414), (8003), (8004), (8017), (8018) or (253)", out error);
    }

    static bool TryAssemble(EpcScheme scheme, string digits, string inFront, string serial, int prefixLength, int filter, out Gs1Tag tag, [NotNullWhen(false)] out string? error)
    {
        tag = default;
        if (!TryReadNumber(serial, leadingZeros: false, out var number)) return Refuse(NotANumber(scheme, serial), out error);
        var prefix = CompanyPrefix.Parse(digits.AsSpan(0, prefixLength));
        var referenceText = inFront + digits[prefixLength..];
        var reference = referenceText.Length == 0 ? 0 : ulong.Parse(referenceText, NumberStyles.None, CultureInfo.InvariantCulture);
        return TryCreate(scheme, filter, prefix, reference, number, out tag, out error);
    }

    static bool IsKey(string digits, int length) =>
        digits.Length == length && !digits.AsSpan().ContainsAnyExceptInRange('0', '9') && CheckDigit.IsRight(digits);

    static string? Find(IReadOnlyCollection<Gs1Element> elements, string ai)
    {
        foreach (var element in elements)
        {
            if (element.Ai == ai) return element.Value;
        }
        return null;
    }
}
