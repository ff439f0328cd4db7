using System.Collections.Frozen;
using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>A GS1 application identifier and the form of its value. Every AI of the General Specifications is here, so that none hides those behind it on a label.</summary>
/// <remarks>
/// Forms: N digits, X character set 82, Y set 39, Z set 64; a number is an exact length, ".." an upper bound (at least one character), brackets may be absent.
/// A letter behind a piece is a rule for its content: c ends in a check digit, d YYMMDD whose day may be 00, D YYMMDD with a day, z is zero.
/// Other rules of content (currencies, countries, coupons, IBAN …) are not judged here: such a value is kept as it came.
/// </remarks>
sealed class ApplicationIdentifier
{
    /// <summary>The longest value any AI allows.</summary>
    public const int ValueMax = 90;

    static readonly FrozenDictionary<string, ApplicationIdentifier> All = ReadTable();
    static readonly FrozenDictionary<string, ApplicationIdentifier>.AlternateLookup<ReadOnlySpan<char>> BySpan = All.GetAlternateLookup<ReadOnlySpan<char>>();

    ApplicationIdentifier(string code, Piece[] pieces)
    {
        Code = code;
        Pieces = pieces;
        LengthMax = pieces.Sum(piece => piece.LengthMax);
        LengthMin = pieces.Where(piece => !piece.IsOptional).Sum(piece => piece.LengthMin);
        IsPredefined = IsPredefinedLength(code);
        IsProvable = pieces.Any(piece => piece.Rule != '\0');
    }

    public string Code { get; }
    public Piece[] Pieces { get; }
    public int LengthMin { get; }
    public int LengthMax { get; }

    /// <summary>Ends by its length and needs no separator (General Specifications figure 7.8.5-2). A fixed length alone does not make it so: (8018) needs one.</summary>
    public bool IsPredefined { get; }

    /// <summary>A check digit or a calendar judges its value, so that reading it right is no accident.</summary>
    public bool IsProvable { get; }

    public static IEnumerable<ApplicationIdentifier> Every => All.Values;

    public static ApplicationIdentifier? Find(ReadOnlySpan<char> code) => BySpan.TryGetValue(code, out var found) ? found : null;

    /// <summary>The AI a text begins with; none is the beginning of another, so there is at most one.</summary>
    public static ApplicationIdentifier? AtStartOf(ReadOnlySpan<char> text)
    {
        for (var length = 2; length <= 4 && length <= text.Length; length++)
        {
            if (Find(text[..length]) is { } found) return found;
        }
        return null;
    }

    public static bool IsPredefinedLength(ReadOnlySpan<char> code) => code.Length >= 2 && code[..2] is
        "00" or "01" or "02" or "03" or "04" or "11" or "12" or "13" or "14" or "15" or "16" or "17" or "18" or "19" or "20"
        or "31" or "32" or "33" or "34" or "35" or "36" or "41";

    /// <summary>One piece of a value: (8003) has three, a zero, thirteen digits with their check digit, and up to sixteen characters of serial.</summary>
    public readonly record struct Piece(char Set, int LengthMin, int LengthMax, bool IsOptional, char Rule);

    static FrozenDictionary<string, ApplicationIdentifier> ReadTable()
    {
        var all = new Dictionary<string, ApplicationIdentifier>();
        foreach (var (form, codes) in Table)
        {
            var pieces = form.Split(' ').Select(ReadPiece).ToArray();
            foreach (var code in codes.Split(' ').SelectMany(Expand)) all.Add(code, new(code, pieces));
        }
        return all.ToFrozenDictionary();
    }

    static Piece ReadPiece(string form)
    {
        var optional = form[0] == '[';
        var text = form.AsSpan().Trim("[]");
        var rule = char.IsAsciiLetter(text[^1]) ? text[^1] : '\0';
        var number = text[1..].TrimEnd("cdDz");
        var upTo = number.StartsWith("..");
        var length = int.Parse(number.TrimStart('.'), NumberStyles.None, CultureInfo.InvariantCulture);
        return new(text[0], upTo ? 1 : length, length, optional, rule);
    }

    static IEnumerable<string> Expand(string codes)
    {
        if (!codes.Contains('-')) return [codes];
        var first = int.Parse(codes.AsSpan(0, codes.IndexOf('-')), NumberStyles.None, CultureInfo.InvariantCulture);
        var last = int.Parse(codes.AsSpan(codes.IndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return Enumerable.Range(first, last - first + 1).Select(code => code.ToString(CultureInfo.InvariantCulture));
    }

    // The facts of the GS1 Syntax Dictionary, grouped by form; a test holds them against it, line by line.
    static (string Form, string Codes)[] Table =>
    [
        ("N18c", "00 8017 8018"),
        ("N14c", "01 02 03"),
        ("N14c N4", "8006 8026"),
        ("N13c", "410-417"),
        ("N13c [X..17]", "253"),
        ("N13c [N..12]", "255"),
        ("N1z N13c [X..16]", "8003"),
        ("N17c", "402"),
        ("N6d", "11-13 15-17"),
        ("N6d N4", "4324 4325"),
        ("N6D", "4326 7006"),
        ("N6D N4", "7003"),
        ("N6D [N4]", "7011"),
        ("N6D [N6D]", "7007"),
        ("N6D N2 [N2] [N2]", "8008"),
        ("N1", "4321-4323 7252"),
        ("N1 X1 X1 X1", "7040"),
        ("N2", "20 7241"),
        ("N3", "422 424 426"),
        ("N3 [N3] [N3] [N3] [N3]", "423 425"),
        ("N3 X..9", "421"),
        ("N3 X..27", "7030-7039"),
        ("N3 N..15", "3910-3919 3930-3939"),
        ("N4", "3940-3943 8111"),
        ("N4 N5 N3 N1 N1", "8001"),
        ("N6", "3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 "
            + "3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 "
            + "3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 "
            + "3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 "
            + "3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565 3570-3575 "
            + "3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695 "
            + "3950-3955 8005"),
        ("N6 [X1]", "4330-4333"),
        ("N8", "7250"),
        ("N8 N4", "7251"),
        ("N10 N10", "4309"),
        ("N13", "7001"),
        ("N15", "8040 8041"),
        ("N18 [N..2]", "8043"),
        ("N32", "8042"),
        ("N..4", "7004"),
        ("N..6", "242"),
        ("N..8", "30 37"),
        ("N..10", "8019"),
        ("N..12", "8011"),
        ("N..15", "3900-3909 3920-3929"),
        ("X2", "4307 4317"),
        ("X2 X..28", "7230-7239"),
        ("X3", "7258"),
        ("X..2", "7010"),
        ("X..3", "427 7008"),
        ("X..4", "7041"),
        ("X..10", "7009 7255"),
        ("X..12", "7005"),
        ("X..20", "10 21 22 243 254 420 4318 7020-7022 710-717 7240 8002 8012"),
        ("X..25", "7242 8013 8014 8020"),
        ("X..28", "235"),
        ("X..30", "240 241 250 251 400 401 403 4308 4319 7002 7023 8004 90"),
        ("X..34", "8007"),
        ("X..35", "4300 4301 4310 4311 4320"),
        ("X..40", "7253 7254 7259"),
        ("X..50", "8009"),
        ("X..70", "4302-4306 4312-4316 7257 8110 8112 8200"),
        ("X..90", "7256 91-99"),
        ("Y..30", "8010"),
        ("Z..90", "8030"),
    ];
}
