using System.Numerics;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>What a tag is to the gateway's EPC policy.</summary>
enum TagKind
{
    Stock, Badge, Foreign,
}

/// <summary>A tag being carried, with what it loses on its product and by how it happens to hang.</summary>
sealed record CarriedTag(byte[] Epc, TagKind Kind, double LossDb)
{
    public string Hex { get; } = Convert.ToHexString(Epc);

    /// <summary>The chip's own number: one EPC, one chip, but for a label that was printed twice.</summary>
    public byte[] Tid { get; init; } = TagEncoding.Chip(Epc);

    public bool IsReprint { get; init; }
}

/// <summary>A person's way through the building with what they carry; or stock that stands where it was left, when there is one waypoint.</summary>
sealed record Walk(WalkKind Kind, IReadOnlyList<Waypoint> Path, IReadOnlyList<CarriedTag> Tags)
{
    /// <summary>Things are carried in front of the body.</summary>
    const float CarriedAhead = 0.3f;

    public long StartUs => Path[0].AtUs;
    public long EndUs => IsParked ? long.MaxValue : Path[^1].AtUs;
    public bool IsParked => Path.Count == 1;

    public bool IsUnderWay(long atUs) => atUs >= StartUs && atUs < EndUs;

    /// <summary>Where the body is and which way it faces. Somebody who stands still looks where they were going.</summary>
    public (Vector2 Body, Vector2 Facing) At(long atUs)
    {
        if (IsParked) return (Path[0].Place, Vector2.Zero);
        var leg = 1;
        while (leg < Path.Count - 1 && Path[leg].AtUs <= atUs) leg++;
        var (from, to) = (Path[leg - 1], Path[leg]);
        var share = Math.Clamp((atUs - from.AtUs) / (float)(to.AtUs - from.AtUs), 0, 1);
        var way = to.Place - from.Place;
        if (way.LengthSquared() < 1e-6f && leg > 1) way = from.Place - Path[leg - 2].Place;
        return (Vector2.Lerp(from.Place, to.Place, share), way == Vector2.Zero ? way : Vector2.Normalize(way));
    }

    public Vector2 TagAt(long atUs)
    {
        var (body, facing) = At(atUs);
        return body + facing * CarriedAhead;
    }
}

/// <summary>A place and when somebody is there, microseconds since the start of the run.</summary>
readonly record struct Waypoint(long AtUs, Vector2 Place);

enum WalkKind
{
    In, Out, Past, UTurnOutside, UTurnInside, Transfer, Delivery, Visitor, Parked,
}

/// <summary>The truth of one door and one walk, out of geometry alone: who came near and on which side they were before and after.</summary>
readonly record struct Crossing(Door Door, long FromUs, long ToUs, string Direction)
{
    /// <summary>Who comes nearer than this to the middle of a door was in its field, whatever the radio made of it.</summary>
    public const float FieldRadius = 2.2f;

    const long StepUs = 20_000;

    public static IEnumerable<Crossing> Of(Walk walk)
    {
        if (walk.IsParked) yield break;
        foreach (var door in Building.Doors)
        {
            long? entered = null;
            for (var at = walk.StartUs; at <= walk.EndUs; at += StepUs)
            {
                var near = Vector2.Distance(walk.At(at).Body, door.Position) < FieldRadius;
                if (near) entered ??= at;
                if (entered is not { } from || (near && at + StepUs <= walk.EndUs)) continue;
                var (before, after) = (door.Beyond(walk.At(from).Body) > 0, door.Beyond(walk.At(at).Body) > 0);
                yield return new(door, from, at, before == after ? "past" : after ? "out" : "in");
                entered = null;
            }
        }
    }
}
