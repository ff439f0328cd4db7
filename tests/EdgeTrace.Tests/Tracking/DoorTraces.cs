using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Tracking;

/// <summary>A small physics of a door: log-distance path loss, antenna patterns with a back lobe, bodies that shadow, fading, missed reads.</summary>
/// <remarks>x runs through the door (outside negative), y along the wall. It is no proof of accuracy at a real door, only that nothing simple goes wrong.</remarks>
sealed class DoorTraces(int seed)
{
    public enum Walk { In, Out, PastOutside, PastInside, TurnedBackOutside, TurnedBackInside, ParkedInside }

    public sealed record Trace(Walk Walk, int Tag, List<TagRead> Reads);

    const double SensitivityDbm = -78;

    // Position (m) and the side faced. Two pairs on the posts, as doors are fitted.
    static readonly (double X, double Y, double Facing)[] s_antennas = [(-0.3, -0.8, -1), (-0.3, 0.8, -1), (0.3, -0.8, 1), (0.3, 0.8, 1)];

    readonly Random _random = new(seed);

    /// <summary>One person walking with some items; each item is its own trace.</summary>
    public IEnumerable<Trace> Carry(Walk walk, double atSecond, ref int nextTag)
    {
        var path = PathOf(walk);
        var shadowDb = _random.NextDouble() * 12;            // the carrier's body, on one side
        var shadowSide = _random.Next(2) == 0 ? -1 : 1;
        var traces = new List<Trace>();
        for (var items = _random.Next(1, 7); items > 0; items--) traces.Add(new(walk, nextTag, ReadsOf(nextTag++, path, atSecond, shadowDb, shadowSide)));
        return traces;
    }

    /// <summary>Where the walker is at a time since the start, or null when gone.</summary>
    Func<double, (double X, double Y)?> PathOf(Walk walk)
    {
        var speed = 0.6 + _random.NextDouble() * 1.2;        // a trolley … a hurried porter
        var beside = (_random.NextDouble() - 0.5) * 0.8;
        var turn = 0.2 + _random.NextDouble() * 1.0;         // how close to the door plane a person turns back, m
        var pause = _random.NextDouble() * 2;
        var reach = 4.5;
        var near = 1.2 + _random.NextDouble() * 1.5;
        var parked = (X: 1.5 + _random.NextDouble() * 2, Y: (_random.NextDouble() - 0.5) * 4);
        return walk switch
        {
            Walk.In => t => Gone(-reach + speed * t, beside, reach),
            Walk.Out => t => Gone(reach - speed * t, beside, reach),
            Walk.PastOutside => t => Math.Abs(-reach + speed * t) > reach ? null : (-near, -reach + speed * t),
            Walk.PastInside => t => Math.Abs(-reach + speed * t) > reach ? null : (near, -reach + speed * t),
            Walk.TurnedBackOutside => t => Back(t, -1),
            Walk.TurnedBackInside => t => Back(t, 1),
            Walk.ParkedInside => t => t > 20 ? null : parked,
            _ => throw new ArgumentOutOfRangeException(nameof(walk)),
        };

        static (double, double)? Gone(double x, double y, double reach) => Math.Abs(x) > reach ? null : (x, y);

        (double, double)? Back(double t, int side)
        {
            var there = (reach - turn) / speed;
            var distance = t < there ? reach - speed * t : t < there + pause ? turn : turn + speed * (t - there - pause);
            return distance > reach ? null : (side * distance, beside);
        }
    }

    List<TagRead> ReadsOf(int tag, Func<double, (double X, double Y)?> path, double atSecond, double shadowDb, int shadowSide)
    {
        var reads = new List<TagRead>();
        var orientationDb = _random.NextDouble() * 10;
        var phase = _random.NextDouble() * 10;
        var readable = 0.15 + _random.NextDouble() * 0.6;    // chance per antenna turn: other tags answer too
        var turn = 0;
        for (var t = 0.0; path(t) is { } at; t += 0.025, turn++)
        {
            var antenna = s_antennas[turn % s_antennas.Length];
            var (dx, dy) = (at.X - antenna.X, at.Y - antenna.Y);
            var distance = Math.Sqrt(dx * dx + dy * dy + 0.3);
            var cosine = dx * antenna.Facing / distance;
            var patternDb = cosine > 0 ? 6 * cosine : 14 * cosine;    // back lobe 20 dB below the front
            var fadingDb = 4 * Math.Sin(9 * distance + phase) + (_random.NextDouble() - 0.5) * 3;
            var shadow = Math.Sign(dx) == shadowSide ? shadowDb : 0;
            var dbm = -42 - 30 * Math.Log10(distance) + patternDb + fadingDb - orientationDb - shadow;
            if (dbm < SensitivityDbm || _random.NextDouble() > readable) continue;
            reads.Add(Doors.Read(tag, atSecond + t, turn % s_antennas.Length + 1, dbm));
        }
        return reads;
    }
}
