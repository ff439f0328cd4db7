using System.Numerics;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>An antenna's place in metres and where it looks.</summary>
/// <param name="Port">The reader's port number.</param>
/// <param name="Inside">On the room's side of the door.</param>
sealed record AntennaMount(int Port, bool Inside, Vector3 Position, Vector3 Boresight);

/// <summary>A door with a portal. <paramref name="Outward"/> points from the room to the outside.</summary>
sealed record Door(string Portal, string Name, string Reader, string Inside, string Outside, Vector2 Position, Vector2 Outward, IReadOnlyList<AntennaMount> Antennas)
{
    /// <summary>Metres beyond the door plane: positive outside, negative inside.</summary>
    public float Beyond(Vector2 place) => Vector2.Dot(place - Position, Outward);
}

/// <summary>
/// A corridor 2.6 m wide along x with rooms on one side (y above 0), side corridors between the doors, and a loading bay behind goods-in.
/// <code>
///                                                             loading bay
///   ┌ store-1 ┬ store-2 ┬ store-3 ┬ theatre-1 ┬ pharmacy ┬ goods-in ══┐ y = 14
///   └── == ───┴── == ───┴── == ───┴─── == ────┴── == ────┴── == ──────┘ y = 0
///    ╷ x=0  ╷   8     ╷   16    ╷    24     ╷    32    ╷   40   ╷         corridor
///    side corridors half-way between the doors                     y = −2.6
/// </code>
/// </summary>
static class Building
{
    public const float DoorSpacing = 8;
    
    /// <summary>Goods-in is deep: neither of its doors hears the other's people.</summary>
    const float GoodsInDepth = 14;
    const float MountHeight = 2.3f;
    const float MountOffset = 0.15f;
    const float TiltDegrees = 35;

    public static readonly IReadOnlyList<(string Id, string Name, string Kind)> Locations =
    [
        ("store-1", "Store 1 · Orthopaedics", "store"), ("store-2", "Store 2 · Cardiology", "store"), ("store-3", "Store 3 · Consumables", "store"),
        ("theatre-1", "Theatre 1", "theatre"), ("pharmacy", "Pharmacy", "pharmacy"), ("goods-in", "Goods-in", "goods-in"),
        ("corridor", "Main corridor", "corridor"), ("outside", "Loading bay", "outside"),
    ];

    /// <summary>Two doors may share a reader's four ports; the theatre's wide door has two antennas a side.</summary>
    public static readonly IReadOnlyList<Door> Doors =
    [
        OnCorridor("store-1-door", "Store 1 door", "store-1-reader", "store-1", 0, 1),
        OnCorridor("store-2-door", "Store 2 door", "store-2-3-reader", "store-2", 1, 1),
        OnCorridor("store-3-door", "Store 3 door", "store-2-3-reader", "store-3", 2, 3),
        OnCorridor("theatre-1-door", "Theatre 1 door", "theatre-1-reader", "theatre-1", 3, 1, perSide: 2),
        OnCorridor("pharmacy-door", "Pharmacy door", "pharmacy-reader", "pharmacy", 4, 1),
        OnCorridor("goods-in-door", "Goods-in door", "goods-in-reader", "goods-in", 5, 1),
        Place("loading-bay-door", "Loading bay door", "goods-in-reader", "goods-in", "outside", new(5 * DoorSpacing, GoodsInDepth), Vector2.UnitY, 3, 1),
    ];

    /// <summary>What estates wrote down of it; the last probe and the scanners are as they were found.</summary>
    public static readonly IReadOnlyList<(string Kind, string Id, string? Name, string? Asset, string? Room, string? Port)> Equipment =
    [
        ("gateway", HospitalFiles.Gateway, "Level 2", "1204", "comms cupboard by theatre reception", "switch 2 port 3"),
        ("reader", "store-1-reader", null, "1187", "ceiling void by bay 4", "switch 2 port 14"),
        ("reader", "store-2-3-reader", null, "1188", "ceiling void between stores 2 and 3", "switch 2 port 15"),
        ("reader", "theatre-1-reader", null, "1190", "above the scrub room door", "switch 2 port 16"),
        ("reader", "pharmacy-reader", null, "1192", "pharmacy lobby ceiling", "switch 3 port 2"),
        ("reader", "goods-in-reader", null, "1193", "goods-in office wall", "switch 3 port 9"),
        ("probe", "fridge-1", null, "2041", "pharmacy, back wall", null),
        ("probe", "fridge-2", null, "2042", "pharmacy, back wall", null),
        ("probe", "freezer-1", null, "2043", "pharmacy plant room", "probe box 1 socket 3"),
    ];

    public static IEnumerable<string> Readers => Doors.Select(door => door.Reader).Distinct();

    static Door OnCorridor(string portal, string name, string reader, string room, int number, int firstPort, int perSide = 1) =>
        Place(portal, name, reader, room, "corridor", new(number * DoorSpacing, 0), -Vector2.UnitY, firstPort, perSide);

    static Door Place(string portal, string name, string reader, string room, string outside, Vector2 position, Vector2 outward, int firstPort, int perSide)
    {
        var antennas = new List<AntennaMount>();
        for (var n = 0; n < 2 * perSide; n++)
        {
            var inside = n >= perSide;
            var faces = inside ? -outward : outward;
            var along = new Vector2(-outward.Y, outward.X) * (perSide == 1 ? 0 : n % perSide == 0 ? -0.5f : 0.5f);
            var (sin, cos) = MathF.SinCos(TiltDegrees * MathF.PI / 180);
            antennas.Add(new(firstPort + n, inside, new(position + along + faces * MountOffset, MountHeight), new(faces * cos, -sin)));
        }
        return new(portal, name, reader, room, outside, position, outward, antennas);
    }
}
