using System.Globalization;
using System.Numerics;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>A thing with its label, where it stands.</summary>
/// <param name="Epc">Null: it has a label and no tag.</param>
sealed record Shelved(string Location, Product Product, ulong Serial, byte[]? Epc)
{
    const int LotsEach = 4;

    /// <summary>A maker's lot: every fourth piece of a product is of one.</summary>
    public string Lot => string.Create(CultureInfo.InvariantCulture, $"{Product.Reference[^3..]}{(char)('A' + Serial % LotsEach)}7");

    /// <summary>A label a scanner would read: most have years, a few have weeks, and a few are past their day.</summary>
    public string Label(DateOnly today)
    {
        var days = (int)(Serial * 7919 % 1000);
        var expiry = today.AddDays(days switch { < 15 => -3 - days, < 50 => days - 12, _ => 60 + days });
        return string.Create(CultureInfo.InvariantCulture, $"(01){Product.Gtin}(17){expiry:yyMMdd}(10){Lot}(21){Serial}");
    }
}

/// <summary>Writes <c>shelves.csv</c>: what a count found on the day before EdgeTrace, for its opening balance.</summary>
static class Shelf
{
    /// <summary>Serials of the theatre's own shelf: labels, no tags.</summary>
    const ulong TheatreSerials = 900_000;
    const int EachForTheatre = 3;

    public static void Write(string path, int seed, DateOnly today) => File.WriteAllLines(path,
        ["place,code,epc", .. Stock(seed).Select(thing => $"{thing.Location},{thing.Label(today)},{(thing.Epc is { } epc ? Convert.ToHexString(epc) : "")}")]);

    static IEnumerable<Shelved> Stock(int seed) => new HospitalPlan(seed, null).Shelves().Append(Loss.Thing).Append(Reprint.Thing)
        .Concat(Catalogue.ForTheatre.Concat(Catalogue.Products.Take(6)).SelectMany((product, n) => Enumerable.Range(0, EachForTheatre).Select(piece => new Shelved("theatre-1", product, TheatreSerials + (ulong)(n * 10 + piece), null))));
}

/// <summary>Once in the day a pacemaker leaves over the loading bay with nobody's leave, and comes back.</summary>
static class Loss
{
    const long Second = 1_000_000;
    const long LeavesUs = 24 * Second, ComesBackUs = 42 * Second;
    const float Speed = 1.1f;

    public static Shelved Thing { get; } = Make();

    /// <summary>Out and, later, in again.</summary>
    public static IReadOnlyList<Walk> Walks { get; } = [Walked(WalkKind.Out, LeavesUs, outward: true), Walked(WalkKind.In, ComesBackUs, outward: false)];

    static Shelved Make()
    {
        var pacemaker = Catalogue.Products.First(product => product.Facts.GetValueOrDefault("component") == "pacemaker");
        return new("goods-in", pacemaker, 990_001, TagEncoding.Sgtin96(pacemaker, 990_001));
    }

    static Walk Walked(WalkKind kind, long atUs, bool outward)
    {
        var bay = Building.Doors[^1];
        Vector2[] way = [bay.Position - bay.Outward * 4.5f, bay.Position - bay.Outward * 0.7f, bay.Position + bay.Outward * 0.9f, bay.Position + bay.Outward * 5];
        if (!outward) Array.Reverse(way);
        var path = new List<Waypoint> { new(atUs, way[0]) };
        foreach (var place in way.Skip(1)) path.Add(new(path[^1].AtUs + (long)(Vector2.Distance(place, path[^1].Place) / Speed * Second), place));
        return new(kind, path, [new(Thing.Epc!, TagKind.Stock, Thing.Product.Detuning)]);
    }
}
