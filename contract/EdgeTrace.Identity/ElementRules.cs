using System.Buffers;

namespace EdgeTrace.Identity;

/// <summary>What a piece of a value must be beyond its characters, by the names of GS1's syntax dictionary.</summary>
enum ElementRule : byte
{
    Csum, CsumAlpha, GcpPos1, GcpPos2, Yymmd0, Yymmdd, Yyyymmdd, Hh, Mi, Ss, Hhmi, Iso3166, Iso3166999, Iso3166Alpha2, Iso4217, Iso5218,
    Latitude, Longitude, PcEnc, YesNo, Hyphen, Zero, NonZero, NoZeroPrefix, HasNonDigit, Winding, MediaType, ImporterIdx, PackageType,
    PieceOfTotal, PosInSeqSlash, Iban, CouponCode, CouponPosOffer,
}

/// <summary>Judges pieces of values (GS1 syntax dictionary, "linters").</summary>
static class ElementRules
{
    // The shortest company prefix GS1 has given out; how long one is a barcode does not say.
    const int CompanyPrefixMin = 4;

    const int IbanMin = 11;

    // General Specifications §7.9.5: weights of (8013) and (8014), counted from the check pair leftwards.
    static readonly int[] Primes =
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];

    const string Set82InOrder = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    const string Set32InOrder = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    static readonly SearchValues<char> ImporterIndex = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public static ElementRule Named(string name) => Enum.Parse<ElementRule>(name, ignoreCase: true);

    /// <summary>Passing it is no accident: a check digit or a calendar.</summary>
    public static bool IsProof(this ElementRule rule) =>
        rule is ElementRule.Csum or ElementRule.CsumAlpha or ElementRule.Yymmd0 or ElementRule.Yymmdd or ElementRule.Yyyymmdd or ElementRule.Zero or ElementRule.Iban;

    /// <summary>What is wrong with a piece, or null.</summary>
    public static string? Fault(ElementRule rule, ReadOnlySpan<char> piece, int currentYear) => rule switch
    {
        ElementRule.Csum => CheckDigit.IsRight(piece) ? null : $"check digit {piece[^1]} should be {CheckDigit.Of(piece[..^1])}",
        ElementRule.CsumAlpha => CheckPairFault(piece),
        ElementRule.GcpPos1 => CompanyPrefixFault(piece),
        ElementRule.GcpPos2 => CompanyPrefixFault(piece[1..]),
        ElementRule.Yymmd0 => Gs1Date.Fault(piece, currentYear, dayMayBeMissing: true),
        ElementRule.Yymmdd => Gs1Date.Fault(piece, currentYear, dayMayBeMissing: false),
        ElementRule.Yyyymmdd => DateOnly.TryParseExact(piece, "yyyyMMdd", out _) ? null : "is no date YYYYMMDD",
        ElementRule.Hh => Below(piece, 24) ? null : $"there is no hour {piece}",
        ElementRule.Mi => Below(piece, 60) ? null : $"there is no minute {piece}",
        ElementRule.Ss => Below(piece, 60) ? null : $"there is no second {piece}",
        ElementRule.Hhmi => Below(piece[..2], 24) && Below(piece[2..], 60) ? null : $"there is no time {piece}",
        ElementRule.Iso3166 => CodeLists.IsCountry(piece) ? null : "is no country's number (ISO 3166)",
        ElementRule.Iso3166999 => piece is "999" || CodeLists.IsCountry(piece) ? null : "is neither a country's number (ISO 3166) nor 999",
        ElementRule.Iso3166Alpha2 => CodeLists.IsCountryLetters(piece) ? null : "is no country's two letters (ISO 3166)",
        ElementRule.Iso4217 => CodeLists.IsCurrency(piece) ? null : "is no currency's number (ISO 4217)",
        ElementRule.Iso5218 => piece is "0" or "1" or "2" or "9" ? null : "is no code of sex (ISO/IEC 5218: 0, 1, 2 or 9)",
        ElementRule.Latitude => Number(piece) <= 1_800_000_000 ? null : "is no latitude",
        ElementRule.Longitude => Number(piece) <= 3_600_000_000 ? null : "is no longitude",
        ElementRule.PcEnc => PercentFault(piece),
        ElementRule.YesNo => piece is "0" or "1" ? null : "must be 0 or 1",
        ElementRule.Hyphen => piece.ContainsAnyExcept('-') ? "must be a minus" : null,
        ElementRule.Zero => piece is "0" ? null : "a zero belongs there",
        ElementRule.NonZero => piece.ContainsAnyExcept('0') ? null : "must not be zero",
        ElementRule.NoZeroPrefix => piece[0] == '0' ? "must not begin with a zero" : null,
        ElementRule.HasNonDigit => piece.ContainsAnyExceptInRange('0', '9') ? null : "must have more than digits",
        ElementRule.Winding => piece is "0" or "1" or "9" ? null : "winding direction must be 0, 1 or 9",
        ElementRule.MediaType => Number(piece) is (>= 1 and <= 10) or >= 80 ? null : "is no medium of ICCBBA's list",
        ElementRule.ImporterIdx => piece.ContainsAnyExcept(ImporterIndex) ? $"'{piece}' is no importer index" : null,
        ElementRule.PackageType => CodeLists.IsPackage(piece) ? null : "is no package type of UN/ECE recommendation 21",
        ElementRule.PieceOfTotal => PieceFault(piece),
        ElementRule.PosInSeqSlash => SequenceFault(piece),
        ElementRule.Iban => IbanFault(piece),
        ElementRule.CouponCode => Coupon.Fault(piece, currentYear),
        ElementRule.CouponPosOffer => Coupon.OfferFault(piece),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    static ulong Number(ReadOnlySpan<char> digits)
    {
        var value = 0UL;
        foreach (var digit in digits) value = value * 10 + (ulong)(digit - '0');
        return value;
    }

    static bool Below(ReadOnlySpan<char> digits, ulong limit) => Number(digits) < limit;

    internal static string? CompanyPrefixFault(ReadOnlySpan<char> key) =>
        key.Length < CompanyPrefixMin ? "is shorter than any company prefix"
        : key[..CompanyPrefixMin].ContainsAnyExceptInRange('0', '9') ? "does not begin with the digits of a company prefix"
        : null;

    static string? CheckPairFault(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return "is too short for its two check characters";
        var sum = 0;
        for (var i = 0; i < text.Length - 2; i++) sum += Set82InOrder.IndexOf(text[i], StringComparison.Ordinal) * Primes[text.Length - 3 - i];
        sum %= 1021;
        return text.Length == 2 && text is not "22" || text[^2] != Set32InOrder[sum >> 5] || text[^1] != Set32InOrder[sum & 31]
            ? $"check characters {text[^2..]} should be {Set32InOrder[sum >> 5]}{Set32InOrder[sum & 31]}"
            : null;
    }

    static string? PercentFault(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%') continue;
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return "a % is not followed by two hexadecimal digits";
            i += 2;
        }
        return null;
    }

    static string? PieceFault(ReadOnlySpan<char> text)
    {
        var (piece, total) = (Number(text[..(text.Length / 2)]), Number(text[(text.Length / 2)..]));
        return piece == 0 || total == 0 ? "piece and total must not be zero" : piece > total ? $"piece {piece} of {total} there is none" : null;
    }

    static string? SequenceFault(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        var position = slash < 0 ? default : text[..slash];
        var end = slash < 0 ? default : text[(slash + 1)..];
        if (position.IsEmpty || end.IsEmpty || position.ContainsAnyExceptInRange('0', '9') || end.ContainsAnyExceptInRange('0', '9')) return "must be a position, a slash and how many there are";
        return position[0] == '0' || end[0] == '0' ? "must not begin with a zero" : Number(position) > Number(end) ? $"position {position} of {end} there is none" : null;
    }

    static string? IbanFault(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || !CodeLists.IsCountryLetters(text[..2])) return text.Length < 4 ? "is too short for an IBAN" : "an IBAN begins with a country's two letters (ISO 3166)";
        if (text.Length < IbanMin) return "is too short for an IBAN";
        var sum = 0;
        for (var i = 4; i < text.Length + 4; i++)
        {
            var c = text[i % text.Length];
            var value = c is >= '0' and <= '9' ? c - '0' : c is >= 'A' and <= 'Z' ? c - 'A' + 10 : -1;
            if (value < 0) return $"'{c}' is no character of an IBAN";
            sum = (sum * (value < 10 ? 10 : 100) + value) % 97;
        }
        return sum == 1 ? null : "the IBAN's check digits are wrong";
    }
}
