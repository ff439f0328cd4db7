namespace EdgeTrace.Identity;

/// <summary>How a part of a tag is written.</summary>
enum TagPart : byte
{
    /// <summary>A hint for portals.</summary>
    Filter,

    /// <summary>Three bits of partition, then company prefix and a reference of as many digits as the prefix leaves.</summary>
    KeyDigits,

    /// <summary>The same, the reference a plain number.</summary>
    KeyNumber,

    /// <summary>The same, the reference 7-bit text up to the tag's end.</summary>
    KeyText,

    /// <summary>The same, the reference 6-bit text up to a zero.</summary>
    KeyText6,

    /// <summary>A plain number.</summary>
    Number,

    /// <summary>A number of two digits.</summary>
    TwoDigits,

    /// <summary>Digits, zeros in front kept by a 1 before them.</summary>
    Digits,

    /// <summary>7-bit characters, filled up with zeros.</summary>
    Text,

    /// <summary>6-bit characters up to a zero.</summary>
    Text6,

    /// <summary>Six 6-bit characters; a space in front of five.</summary>
    Code6,

    /// <summary>Six 8-bit characters; a space in front of five.</summary>
    Code8,

    /// <summary>Must be zero.</summary>
    Zero,
}

/// <summary>The drawing of one scheme of TDS 1.x (TDS 1.13 §14.5 to §14.6).</summary>
/// <param name="Uri">Its name in a pure identity URI.</param>
/// <param name="Bits">Length; 0 when the content says it.</param>
/// <param name="KeyDigits">Digits of company prefix and reference together.</param>
sealed record TagScheme(EpcScheme Scheme, string Uri, int Bits, int KeyDigits, params (TagPart Part, int Bits)[] Parts)
{
    /// <summary>The width of the company prefix by partition 0 to 6, which means 12 to 6 digits.</summary>
    public static ReadOnlySpan<byte> PrefixBits => [40, 37, 34, 30, 27, 24, 20];

    /// <summary>Its name in a tag URI, "sgtin-198".</summary>
    public string TagName => Scheme.Name().ToLowerInvariant();

    // For a key the width is of prefix and reference together.
    public static readonly TagScheme[] All =
    [
        new(EpcScheme.Sgtin96, "sgtin", 96, 13, (TagPart.Filter, 3), (TagPart.KeyDigits, 44), (TagPart.Number, 38)),
        new(EpcScheme.Sgtin198, "sgtin", 198, 13, (TagPart.Filter, 3), (TagPart.KeyDigits, 44), (TagPart.Text, 140)),
        new(EpcScheme.Sscc96, "sscc", 96, 17, (TagPart.Filter, 3), (TagPart.KeyDigits, 58), (TagPart.Zero, 24)),
        new(EpcScheme.Sgln96, "sgln", 96, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 41), (TagPart.Number, 41)),
        new(EpcScheme.Sgln195, "sgln", 195, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 41), (TagPart.Text, 140)),
        new(EpcScheme.Grai96, "grai", 96, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 44), (TagPart.Number, 38)),
        new(EpcScheme.Grai170, "grai", 170, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 44), (TagPart.Text, 112)),
        new(EpcScheme.Giai96, "giai", 96, 0, (TagPart.Filter, 3), (TagPart.KeyNumber, 82)),
        new(EpcScheme.Giai202, "giai", 202, 0, (TagPart.Filter, 3), (TagPart.KeyText, 188)),
        new(EpcScheme.Gsrn96, "gsrn", 96, 17, (TagPart.Filter, 3), (TagPart.KeyDigits, 58), (TagPart.Zero, 24)),
        new(EpcScheme.Gsrnp96, "gsrnp", 96, 17, (TagPart.Filter, 3), (TagPart.KeyDigits, 58), (TagPart.Zero, 24)),
        new(EpcScheme.Gdti96, "gdti", 96, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 41), (TagPart.Number, 41)),
        new(EpcScheme.Gdti113, "gdti", 113, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 41), (TagPart.Digits, 58)),
        new(EpcScheme.Gdti174, "gdti", 174, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 41), (TagPart.Text, 119)),
        new(EpcScheme.Sgcn96, "sgcn", 96, 12, (TagPart.Filter, 3), (TagPart.KeyDigits, 41), (TagPart.Digits, 41)),
        new(EpcScheme.Cpi96, "cpi", 96, 15, (TagPart.Filter, 3), (TagPart.KeyNumber, 51), (TagPart.Number, 31)),
        new(EpcScheme.CpiVar, "cpi", 0, 0, (TagPart.Filter, 3), (TagPart.KeyText6, 0), (TagPart.Number, 40)),
        new(EpcScheme.Itip110, "itip", 110, 13, (TagPart.Filter, 3), (TagPart.KeyDigits, 44), (TagPart.TwoDigits, 7), (TagPart.TwoDigits, 7), (TagPart.Number, 38)),
        new(EpcScheme.Itip212, "itip", 212, 13, (TagPart.Filter, 3), (TagPart.KeyDigits, 44), (TagPart.TwoDigits, 7), (TagPart.TwoDigits, 7), (TagPart.Text, 140)),
        new(EpcScheme.Gid96, "gid", 96, 0, (TagPart.Number, 28), (TagPart.Number, 24), (TagPart.Number, 36)),
        new(EpcScheme.UsDod96, "usdod", 96, 0, (TagPart.Filter, 4), (TagPart.Code8, 48), (TagPart.Number, 36)),
        new(EpcScheme.AdiVar, "adi", 0, 0, (TagPart.Filter, 6), (TagPart.Code6, 36), (TagPart.Text6, 0), (TagPart.Text6, 0)),
    ];

    static readonly TagScheme?[] ByHeader = new TagScheme?[256];

    static TagScheme()
    {
        foreach (var scheme in All) ByHeader[(byte)scheme.Scheme] = scheme;
    }

    public static TagScheme? Of(EpcScheme scheme) => ByHeader[(byte)scheme];

    /// <summary>Whether some tag has identities of this scheme.</summary>
    public static bool Names(string uri) => Array.Exists(All, scheme => scheme.Uri == uri);

    public int FilterMax => Parts[0] is (TagPart.Filter, var bits) ? (1 << bits) - 1 : 0;

    public bool HasFilter => Parts[0].Part == TagPart.Filter;

    /// <summary>The greatest plain reference behind a prefix so long: CPI-96 has digits for it, GIAI-96 all its bits can say (TDS 1.13 tables 14-13 and 14-25).</summary>
    public ulong NumberMax(int prefixLength, int bits) => KeyDigits == 0 ? ulong.MaxValue >> (64 - bits) : PowerOfTen.Of(KeyDigits - prefixLength) - 1;
}
