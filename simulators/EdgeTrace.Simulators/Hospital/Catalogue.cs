using System.Globalization;
using System.Security.Cryptography;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>A trade item the hospital keeps.</summary>
/// <param name="Reference">Its GS1 indicator and item reference: six digits beside a seven-digit company prefix.</param>
/// <param name="Detuning">dB its tag loses on the product: metal and liquid are near.</param>
sealed record Product(string Prefix, string Reference, string Name, string Manufacturer, string Category, double Detuning)
{
    /// <summary>What the catalogue says beside its name: the columns of products.csv by name.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

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

    /// <summary>A chip's TID: class E2, the maker's model, and a serial that follows from what the tag says and which print of it this is.</summary>
    public static byte[] Chip(byte[] epc, byte print = 0) => [0xE2, 0x80, 0x11, 0x60, 0x20, 0x00, .. SHA256.HashData([.. epc, print]).AsSpan(0, 6)];

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
    const string Orthopaedics = "5098101", OtherOrthopaedics = "5098707", Cardiac = "5098202", Sutures = "5098303", Vaccines = "5098404";

    /// <summary>The columns of products.csv after the four that every product has.</summary>
    public static readonly IReadOnlyList<string> FactColumns = ["implant", "component", "side", "size_mm", "taper", "brand", "storage", "life_days_min", "price", "serialised", "controlled"];

    /// <summary>The hospital's own prefix: assets, badges and cages.</summary>
    public const string Own = "5098505";

    public static readonly IReadOnlyList<Product> Products =
    [
        Implant(Orthopaedics, "010011", "Cementless hip stem, size 11", "Harrow Orthopaedics", 4, "component=stem brand=Harrow taper=12/14 price=1140"),
        Implant(Orthopaedics, "010012", "Cementless hip stem, size 12", "Harrow Orthopaedics", 4, "component=stem brand=Harrow taper=12/14 price=1140"),
        Implant(Orthopaedics, "010136", "Ceramic femoral head, 36 mm", "Harrow Orthopaedics", 1, "component=head brand=Harrow taper=12/14 size_mm=36 price=620"),
        Implant(Orthopaedics, "010254", "Acetabular cup, 54 mm", "Harrow Orthopaedics", 3, "component=cup brand=Harrow price=540"),
        Implant(Orthopaedics, "020003", "Knee prosthesis tray, left", "Harrow Orthopaedics", 4, "component=tray brand=Harrow side=left price=890"),
        Implant(Orthopaedics, "020004", "Knee prosthesis tray, right", "Harrow Orthopaedics", 4, "component=tray brand=Harrow side=right price=890"),
        Implant(Cardiac, "030210", "Dual-chamber pacemaker, MRI", "Lindqvist Cardiac", 3, "component=pacemaker brand=Lindqvist price=1850 controlled=yes"),
        Implant(Cardiac, "030352", "Pacing lead, 52 cm", "Lindqvist Cardiac", 1, "component=lead brand=Lindqvist price=310"),
        Implant(Cardiac, "030430", "Drug-eluting stent, 3.0 × 18 mm", "Lindqvist Cardiac", 1, "component=stent brand=Lindqvist price=390"),
        new(Sutures, "040330", "Absorbable suture 3-0, box of 36", "Medway Surgical", "Consumables", 0) { Facts = Told("price=96 life_days_min=60") },
        new(Sutures, "040510", "Surgical mesh, 15 × 15 cm", "Medway Surgical", "Consumables", 0) { Facts = Told("price=210 life_days_min=60") },
        new(Vaccines, "050101", "Influenza vaccine, 10 syringes", "Aldgate Biologics", "Vaccines", 3) { Facts = Told("price=68 storage=fridge-2-8 life_days_min=30 controlled=yes") },
        new(Vaccines, "050202", "Hepatitis B vaccine, 10 vials", "Aldgate Biologics", "Vaccines", 3) { Facts = Told("price=145 storage=fridge-2-8 life_days_min=30 controlled=yes") },
        new(Own, "060001", "Infusion set, 25 pieces", "St Elsewhere Stores", "Consumables", 1) { Facts = Told("price=32") },
    ];

    /// <summary>What only the theatre's day of the demo takes from the shelf: two makers' parts that do not fit each other, both sides of a knee, a liner.</summary>
    public static readonly IReadOnlyList<Product> ForTheatre =
    [
        Implant(OtherOrthopaedics, "010132", "Metal femoral head, 32 mm", "Beckett Joint Systems", 1, "component=head brand=Beckett taper=11/13 size_mm=32 price=410"),
        Implant(Orthopaedics, "010336", "Liner for 36 mm head", "Harrow Orthopaedics", 1, "component=liner brand=Harrow size_mm=36 price=280"),
        Implant(Orthopaedics, "020103", "Knee femoral component, left", "Harrow Orthopaedics", 3, "component=femoral brand=Harrow side=left price=1320"),
        Implant(Orthopaedics, "020104", "Knee femoral component, right", "Harrow Orthopaedics", 3, "component=femoral brand=Harrow side=right price=1320"),
    ];

    static Product Implant(string prefix, string reference, string name, string manufacturer, double detuning, string facts) =>
        new(prefix, reference, name, manufacturer, "Implants", detuning) { Facts = Told($"implant=yes serialised=yes {facts}") };

    static Dictionary<string, string> Told(string facts) => facts.Split(' ').Select(fact => fact.Split('=')).ToDictionary(fact => fact[0], fact => fact[1]);

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
