using EdgeTrace.Identity;
using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Tracking;

/// <summary>Portal models and reads the tests of this room share.</summary>
static class Doors
{
    public const long Second = 1_000_000;

    /// <summary>Antennas 1 and 2 look outside, 3 and 4 inside.</summary>
    public static PortalModel Door => new()
    {
        Portal = "store-2-door",
        Sides = new Dictionary<int, Side> { [1] = Side.Outside, [2] = Side.Outside, [3] = Side.Inside, [4] = Side.Inside },
        Inside = "store-2",
        Outside = "corridor",
    };

    public static Epc Tag(int number) =>
        Epc.From([0x30, 0x34, 0, 0, 0, 0, 0, 0, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    public static TagRead Read(int tag, double second, int antenna, double dbm = -50, int count = 1, double lasts = 0) =>
        new(Tag(tag), (long)(second * Second), (ushort)antenna, (short)(dbm * 100), count, (long)((second + lasts) * Second));

    public static List<Visit> VisitsOf(PortalModel model, params IEnumerable<TagRead> reads)
    {
        var tracker = new ZoneTracker([model]);
        var visits = new List<Visit>();
        tracker.Apply(reads.ToArray(), visits);
        tracker.Flush(visits);
        return visits;
    }
}
