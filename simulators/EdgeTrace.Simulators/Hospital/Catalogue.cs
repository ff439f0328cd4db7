using System.Globalization;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>A trade item the hospital keeps.</summary>
/// <param name="Reference">Its GS1 indicator and item reference: six digits beside a seven-digit company prefix.</param>
/// <param name="Detuning">dB its tag loses on the product: metal and liquid are near.</param>
sealed record Product(string Prefix, string Reference, string Name, string Manufacturer, string Category, double Detuning)
{
    /// <summary>Indicator digit, company prefix, item reference, check digit.</summary>
    public string Gtin { get; } = CheckDigit.Append($"{Reference[0]}{Prefix}{Reference[1..]}");
}

/// <summary>GS1's modulo-10 check digit: weights 3 and 1 from the right.</summary>
static class CheckDigit
{
    public static string Append(string digits)
    {
        var sum = 0;
        for (var n = 0; n < digits.Length; n++) sum += (digits[^(n + 1)] - '0') * (n % 2 == 0 ? 3 : 1);
        return digits + ((10 - sum % 10) % 10).ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>Tags as GS1's Tag Data Standard packs them into 96 bits. Written here a second time on purpose: the double must not share the codec's bugs.</summary>
static class TagEncoding
{
    /// <summary>header 8 · filter 3 · partition 3 (5: seven digits in 24 bits, six in 20) · prefix 24 · reference 20 · serial 38</summary>
    public static byte[] Sgtin96(Product product, ulong serial) =>
        Pack((0x30UL, 8), (1UL, 3), (5UL, 3), (Number(product.Prefix), 24), (Number(product.Reference), 20), (serial, 38));

    /// <summary>Asset numbers, and this hospital's staff badges: header 0x34, prefix 24 bits, individual asset 58 bits.</summary>
    public static byte[] Giai96(string prefix, ulong asset) => Pack((0x34UL, 8), (0UL, 3), (5UL, 3), (Number(prefix), 24), (asset, 58));

    /// <summary>Cages of a delivery: header 0x31, prefix 24 bits, extension and serial 34 bits, 24 bits unused.</summary>
    public static byte[] Sscc96(string prefix, ulong serial) => Pack((0x31UL, 8), (2UL, 3), (5UL, 3), (Number(prefix), 24), (serial, 34), (0UL, 24));

    static ulong Number(string digits) => ulong.Parse(digits, CultureInfo.InvariantCulture);

    static byte[] Pack(params ReadOnlySpan<(ulong Value, int Bits)> fields)
    {
        UInt128 all = 0;
        foreach (var (value, bits) in fields) all = (all << bits) | value;
        var bytes = new byte[12];
        for (var n = 11; n >= 0; n--, all >>= 8) bytes[n] = (byte)all;
        return bytes;
    }
}

/// <summary>What this hospital buys, under made-up company prefixes.</summary>
static class Catalogue
{
    const string Orthopaedics = "5098101", Cardiac = "5098202", Sutures = "5098303", Vaccines = "5098404";

    /// <summary>The hospital's own prefix: assets, badges and cages.</summary>
    public const string Own = "5098505";

    public static readonly IReadOnlyList<Product> Products =
    [
        new(Orthopaedics, "010011", "Cementless hip stem, size 11", "Harrow Orthopaedics", "Implants", 4),
        new(Orthopaedics, "010012", "Cementless hip stem, size 12", "Harrow Orthopaedics", "Implants", 4),
        new(Orthopaedics, "010136", "Ceramic femoral head, 36 mm", "Harrow Orthopaedics", "Implants", 1),
        new(Orthopaedics, "010254", "Acetabular cup, 54 mm", "Harrow Orthopaedics", "Implants", 3),
        new(Orthopaedics, "020003", "Knee prosthesis tray, left", "Harrow Orthopaedics", "Implants", 4),
        new(Orthopaedics, "020004", "Knee prosthesis tray, right", "Harrow Orthopaedics", "Implants", 4),
        new(Cardiac, "030210", "Dual-chamber pacemaker, MRI", "Lindqvist Cardiac", "Implants", 3),
        new(Cardiac, "030352", "Pacing lead, 52 cm", "Lindqvist Cardiac", "Implants", 1),
        new(Cardiac, "030430", "Drug-eluting stent, 3.0 × 18 mm", "Lindqvist Cardiac", "Implants", 1),
        new(Sutures, "040330", "Absorbable suture 3-0, box of 36", "Medway Surgical", "Consumables", 0),
        new(Sutures, "040510", "Surgical mesh, 15 × 15 cm", "Medway Surgical", "Consumables", 0),
        new(Vaccines, "050101", "Influenza vaccine, 10 syringes", "Aldgate Biologics", "Vaccines", 3),
        new(Vaccines, "050202", "Hepatitis B vaccine, 10 vials", "Aldgate Biologics", "Vaccines", 3),
        new(Own, "060001", "Infusion set, 25 pieces", "St Elsewhere Stores", "Consumables", 1),
    ];

    /// <summary>The upper 36 bits of every badge: header, filter, partition and all but two bits of the prefix. No stock shares them.</summary>
    public static string BadgePrefix { get; } = Convert.ToHexString(Badge(0))[..9];

    /// <summary>Badges stand apart from the hospital's tagged assets by a prefix of their own.</summary>
    public static byte[] Badge(int person) => TagEncoding.Giai96("5098606", (ulong)(700_000 + person));

    /// <summary>Tags on visitors' clothes: retailers' own numbering, not GS1's.</summary>
    public static byte[] Foreign(Random random)
    {
        var epc = new byte[12];
        random.NextBytes(epc);
        epc[0] = (byte)(random.Next(2) == 0 ? 0xE2 : 0x0B);
        return epc;
    }
}
