using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTrace.Identity;

// The URI spellings, TDS 1.13 §6.3 (pure identity) and §12 (tag).
public readonly partial record struct Gs1Tag
{
    const string PurePrefix = "urn:epc:id:";
    const string TagPrefix = "urn:epc:tag:";

    /// <summary>The thing without its carrier: urn:epc:id:sgtin:0614141.812345.6789.</summary>
    public string ToPureUri() => $"{PurePrefix}{UriName(Scheme)}:{Fields()}";

    /// <summary>The whole tag, filter included: urn:epc:tag:sgtin-96:3.0614141.812345.6789.</summary>
    public string ToTagUri() => $"{TagPrefix}{UriName(Scheme)}-96:{Filter}.{Fields()}";

    public override string ToString() => ToTagUri();

    string Fields() => Gs1TagLayout.Of(Scheme).HasSerial
        ? $"{CompanyPrefix}.{ReferenceText}.{DigitText.Of(_tail)}"
        : $"{CompanyPrefix}.{ReferenceText}";

    string ReferenceText
    {
        get
        {
            var digits = Gs1TagLayout.Of(Scheme).ReferenceDigits(CompanyPrefix.Length);
            return digits < 0 ? DigitText.Of(Reference) : DigitText.Of(Reference, digits);
        }
    }

    /// <summary>Reads a tag URI, or a pure identity URI, which has no filter and is given <paramref name="filter"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? uri, out Gs1Tag tag, [NotNullWhen(false)] out string? error, int filter = 0)
    {
        tag = default;
        if (uri is null || (!uri.StartsWith(TagPrefix, StringComparison.Ordinal) && !uri.StartsWith(PurePrefix, StringComparison.Ordinal)))
        {
            error = $"'{uri}' begins with neither {PurePrefix} nor {TagPrefix}";
            return false;
        }

        var isTag = uri.StartsWith(TagPrefix, StringComparison.Ordinal);
        var body = uri.AsSpan(isTag ? TagPrefix.Length : PurePrefix.Length);
        var colon = body.IndexOf(':');
        var name = colon < 0 ? body : body[..colon];
        if (SchemeNamed(name, isTag) is not { } scheme)
        {
            error = $"'{name}' is no scheme this version writes as 96 bits";
            return false;
        }

        var fields = body[(colon + 1)..].ToString().Split('.');
        if (isTag)
        {
            if (fields[0] is not [>= '0' and <= '7']) return Refuse($"{uri}: filter '{fields[0]}' is not 0 to {FilterMax}", out error);
            filter = fields[0][0] - '0';
            fields = fields[1..];
        }

        var layout = Gs1TagLayout.Of(scheme);
        if (fields.Length != (layout.HasSerial ? 3 : 2)) return Refuse($"{uri}: {scheme.Name()} has {(layout.HasSerial ? "a company prefix, a reference and a serial" : "a company prefix and a reference")}, separated by dots", out error);
        if (!CompanyPrefix.TryParse(fields[0], out var prefix)) return Refuse($"{uri}: company prefix '{fields[0]}' is not {CompanyPrefix.LengthMin} to {CompanyPrefix.LengthMax} digits", out error);

        var digits = layout.ReferenceDigits(prefix.Length);
        if (digits >= 0 && fields[1].Length != digits) return Refuse($"{uri}: {ReferenceName(scheme)} '{fields[1]}' must have {digits} digits after a prefix of {prefix.Length}", out error);
        if (!TryReadNumber(fields[1], leadingZeros: digits >= 0, out var reference)) return Refuse($"{uri}: {ReferenceName(scheme)} '{fields[1]}' is not a number {scheme.Name()} can hold", out error);
        var serial = 0UL;
        if (layout.HasSerial && !TryReadNumber(fields[2], leadingZeros: false, out serial)) return Refuse(NotANumber(scheme, fields[2]), out error);
        return TryCreate(scheme, filter, prefix, reference, serial, out tag, out error);
    }

    /// <summary>Builds a tag from its fields, refusing what its bits cannot hold.</summary>
    public static bool TryCreate(EpcScheme scheme, int filter, CompanyPrefix prefix, ulong reference, ulong serial, out Gs1Tag tag, [NotNullWhen(false)] out string? error)
    {
        tag = default;
        if (!scheme.IsDecoded()) return Refuse($"{scheme.Name()}: not written yet", out error);
        var layout = Gs1TagLayout.Of(scheme);
        if (filter is < 0 or > FilterMax) return Refuse($"filter {filter} is not 0 to {FilterMax}", out error);
        if (prefix.Length == 0) return Refuse("the company prefix is missing", out error);
        if (reference > layout.ReferenceMax(prefix.Length)) return Refuse($"{scheme.Name()}: {ReferenceName(scheme)} {reference} is greater than {layout.ReferenceMax(prefix.Length)}, the most behind a company prefix of {prefix.Length} digits", out error);
        if (!layout.HasSerial && serial != 0) return Refuse($"{scheme.Name()} has no serial of its own", out error);
        if (serial > layout.SerialMax) return Refuse($"{scheme.Name()}: serial {serial} is greater than {layout.SerialMax}", out error);
        tag = new(scheme, filter, prefix, reference, serial);
        error = null;
        return true;
    }

    static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }

    static string NotANumber(EpcScheme scheme, ReadOnlySpan<char> serial) =>
        $"serial '{serial}' is not a plain number of {scheme.Name()} (digits, no leading zero, at most {Gs1TagLayout.Of(scheme).SerialMax})";

    /// <summary>An integer as tags hold it: no sign, no spaces, and no leading zeros unless the field has a fixed width.</summary>
    static bool TryReadNumber(ReadOnlySpan<char> text, bool leadingZeros, out ulong number)
    {
        number = 0;
        if (text.IsEmpty) return leadingZeros;
        if (!leadingZeros && text.Length > 1 && text[0] == '0') return false;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    static string UriName(EpcScheme scheme) => scheme switch
    {
        EpcScheme.Sgtin96 => "sgtin",
        EpcScheme.Sscc96 => "sscc",
        EpcScheme.Sgln96 => "sgln",
        EpcScheme.Grai96 => "grai",
        EpcScheme.Giai96 => "giai",
        EpcScheme.Gsrn96 => "gsrn",
        EpcScheme.Gsrnp96 => "gsrnp",
        EpcScheme.Gdti96 => "gdti",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Not one of the 96-bit GS1 schemes."),
    };

    static EpcScheme? SchemeNamed(ReadOnlySpan<char> name, bool isTag)
    {
        if (isTag)
        {
            if (!name.EndsWith("-96")) return null;
            name = name[..^3];
        }
        return name switch
        {
            "sgtin" => EpcScheme.Sgtin96,
            "sscc" => EpcScheme.Sscc96,
            "sgln" => EpcScheme.Sgln96,
            "grai" => EpcScheme.Grai96,
            "giai" => EpcScheme.Giai96,
            "gsrn" => EpcScheme.Gsrn96,
            "gsrnp" => EpcScheme.Gsrnp96,
            "gdti" => EpcScheme.Gdti96,
            _ => null,
        };
    }
}
