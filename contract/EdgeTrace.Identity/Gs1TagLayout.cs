namespace EdgeTrace.Identity;

/// <summary>Where the fields of a 96-bit GS1 tag lie. All eight schemes share one drawing; only three widths differ.</summary>
/// <remarks>
/// <code>
/// bit 0        8      11         14               14+P            14+P+R              96
///     | header | filter | partition | company prefix | reference     | serial           |
///     |   8    |   3    |     3     |  P = 20…40     | R = body − P  | 82 − body        |
/// </code>
/// The partition says how the body is shared: 12 − partition digits of company prefix, the reference's digits after it
/// (TDS 1.13 tables 14-2, 14-5, 14-7, 14-9, 14-13, 14-17, 14-19, 14-21). SSCC-96 and GSRN(P)-96 have no serial: their last 24 bits are reserved, zero.
/// GIAI-96 has none either: its reference is a plain number that fills the tag.
/// </remarks>
readonly record struct Gs1TagLayout(int BodyBits, int KeyDigits, bool HasSerial)
{
    public const int PartitionMax = 6;
    public const int BodyStart = 14;
    const int TagBits = 96;

    /// <summary>A GIAI's reference has as many digits as its number needs.</summary>
    const int AsManyAsNeeded = 0;

    public static Gs1TagLayout Of(EpcScheme scheme) => scheme switch
    {
        EpcScheme.Sgtin96 => new(BodyBits: 44, KeyDigits: 13, HasSerial: true),
        EpcScheme.Sscc96 => new(BodyBits: 58, KeyDigits: 17, HasSerial: false),
        EpcScheme.Gsrn96 or EpcScheme.Gsrnp96 => new(BodyBits: 58, KeyDigits: 17, HasSerial: false),
        EpcScheme.Gdti96 => new(BodyBits: 41, KeyDigits: 12, HasSerial: true),
        EpcScheme.Sgln96 => new(BodyBits: 41, KeyDigits: 12, HasSerial: true),
        EpcScheme.Grai96 => new(BodyBits: 44, KeyDigits: 12, HasSerial: true),
        EpcScheme.Giai96 => new(BodyBits: 82, KeyDigits: AsManyAsNeeded, HasSerial: false),
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Not one of the 96-bit GS1 schemes."),
    };

    static ReadOnlySpan<byte> PrefixBitsByPartition => [40, 37, 34, 30, 27, 24, 20];

    public static int PrefixBits(int partition) => PrefixBitsByPartition[partition];

    public int ReferenceBits(int partition) => BodyBits - PrefixBitsByPartition[partition];

    public int SerialBits => TagBits - BodyStart - BodyBits;

    public ulong SerialMax => SerialBits == 0 ? 0 : ulong.MaxValue >> (64 - SerialBits);

    /// <summary>Digits of the reference after a prefix so long; −1 for "as many as it needs".</summary>
    public int ReferenceDigits(int prefixLength) => KeyDigits == AsManyAsNeeded ? -1 : KeyDigits - prefixLength;

    /// <summary>The greatest reference behind a prefix so long: by its digits, or for a GIAI by its bits.</summary>
    public ulong ReferenceMax(int prefixLength) => KeyDigits == AsManyAsNeeded
        ? ulong.MaxValue >> (64 - ReferenceBits(CompanyPrefix.LengthMax - prefixLength))
        : PowerOfTen.Of(KeyDigits - prefixLength) - 1;
}
