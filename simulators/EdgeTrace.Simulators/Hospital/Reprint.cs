using System.Numerics;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>Once in the day a label turns up that was printed twice: the mesh it belongs to goes into store 3, and another pack with its number into theatre 1.</summary>
static class Reprint
{
    const long Second = 1_000_000;
    const long RightUs = 6 * Second, WrongUs = 18 * Second;
    const ulong Serial = 990_002;
    const float Speed = 1.1f;

    public static Shelved Thing { get; } = Make();

    public static IReadOnlyList<Walk> Walks { get; } =
    [
        Walked(RightUs, door: 2, Tag()),
        Walked(WrongUs, door: 3, Tag() with { Tid = TagEncoding.Chip(Thing.Epc!, print: 1), IsReprint = true }),
    ];

    static Shelved Make()
    {
        var mesh = Catalogue.Products.First(product => product.Name.StartsWith("Surgical mesh", StringComparison.Ordinal));
        return new("corridor", mesh, Serial, TagEncoding.Sgtin96(mesh, Serial));
    }

    static CarriedTag Tag() => new(Thing.Epc!, TagKind.Stock, Thing.Product.Detuning);

    /// <summary>From the corridor into a room.</summary>
    static Walk Walked(long atUs, int door, CarriedTag tag)
    {
        var into = Building.Doors[door];
        Vector2[] way = [into.Position + into.Outward * 2.4f, into.Position + into.Outward * 0.9f, into.Position - into.Outward * 0.7f, into.Position - into.Outward * 4.6f];
        var path = new List<Waypoint> { new(atUs, way[0]) };
        foreach (var place in way.Skip(1)) path.Add(new(path[^1].AtUs + (long)(Vector2.Distance(place, path[^1].Place) / Speed * Second), place));
        return new(WalkKind.In, path, [tag]);
    }
}
