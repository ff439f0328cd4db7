using System.Numerics;

namespace EdgeTrace.Simulators.Hospital;

/// <summary>
/// Who carries what where and when: the same for the same seed, whatever the machine does.
/// The first minute is a shift change with doors busy in parallel; afterwards it is an ordinary day.
/// </summary>
/// <param name="length">Null: for ever.</param>
sealed class HospitalPlan(int seed, TimeSpan? length)
{
    const long Second = 1_000_000;
    const long FirstMoveUs = 2 * Second;

    /// <summary>Everybody has left the doors this long before the end.</summary>
    const long QuietEndUs = 1_500_000;
    const long BusyUs = 60 * Second;
    const double BusyGapSeconds = 0.42;
    const double CalmGapSeconds = 5;

    /// <summary>Between two passages of an item lies more than this, so that they are two.</summary>
    const long RestUs = 5 * Second;

    /// <summary>A theatre uses up what it was brought.</summary>
    const int TheatreItemsMax = 60;
    const int TriesMax = 12;

    static readonly (WalkKind Kind, int Weight)[] Mix =
    [
        (WalkKind.In, 27), (WalkKind.Out, 24), (WalkKind.Past, 17), (WalkKind.UTurnOutside, 9), (WalkKind.UTurnInside, 5),
        (WalkKind.Transfer, 5), (WalkKind.Delivery, 6), (WalkKind.Visitor, 7),
    ];

    static readonly int[] ItemsCarried = [1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6];

    static readonly (string Location, int Count)[] Stocked =
        [("store-1", 75), ("store-2", 70), ("store-3", 60), ("theatre-1", 25), ("pharmacy", 40), ("goods-in", 35), ("corridor", 80), ("outside", 40)];

    readonly Random _random = new(seed);
    readonly Dictionary<string, List<Item>> _items = [];
    ulong _serial = 100_000 + (ulong)seed * 1_000;
    int _person;

    long LastEndUs => length is { } limit ? Clock.Microseconds(limit) - QuietEndUs : long.MaxValue;

    /// <summary>The plan's walks, by their start. Parked stock comes first.</summary>
    public IEnumerable<Walk> Walks()
    {
        Stock();
        foreach (var parked in Park()) yield return parked;
        var told = new Queue<Walk>(Loss.Walks.Concat(Reprint.Walks).Where(walk => walk.EndUs <= LastEndUs).OrderBy(walk => walk.StartUs));
        for (var at = FirstMoveUs; at < LastEndUs; at += GapAfter(at))
        {
            while (told.TryPeek(out var next) && next.StartUs <= at) yield return told.Dequeue();
            if (Next(at) is { } walk) yield return walk;
        }
    }

    /// <summary>What stands in the building when the day begins, as somebody who counted it would have written it down.</summary>
    public IEnumerable<Shelved> Shelves()
    {
        Stock();
        return _items.Where(place => place.Key != "outside").SelectMany(place => place.Value.Where(item => item.Product is not null).Select(item => new Shelved(place.Key, item.Product!, item.Serial, item.Epc)));
    }

    void Stock()
    {
        foreach (var (location, count) in Stocked)
            _items[location] = [.. Enumerable.Range(0, count).Select(_ => NewItem(location))];
    }

    Item NewItem(string location)
    {
        var category = location switch { "pharmacy" => "Vaccines", "store-3" => "Consumables", "store-1" or "store-2" or "theatre-1" => "Implants", _ => null };
        var products = Catalogue.Products.Where(product => category is null || product.Category == category).ToArray();
        if (location == "corridor" && _random.Next(12) == 0) return new(TagEncoding.Giai96(Catalogue.Own, 40_000 + _serial++), 2);   // an infusion pump on its stand
        var product = products[_random.Next(products.Length)];
        var serial = _serial++;
        return new(TagEncoding.Sgtin96(product, serial), product.Detuning, product, serial);
    }

    /// <summary>Stock left standing in the room, near enough to the door to be heard all day.</summary>
    IEnumerable<Walk> Park()
    {
        foreach (var (number, count) in new[] { (0, 2), (2, 1), (5, 2) })
        {
            var door = Building.Doors[number];
            for (var n = 0; n < count; n++)
            {
                var item = _items[door.Inside][^1];
                _items[door.Inside].Remove(item);
                var place = door.Position - door.Outward * (2.8f + Spread(0.3f)) + new Vector2(Spread(0.8f), 0);
                yield return new(WalkKind.Parked, [new(0, place)], [new(item.Epc, TagKind.Stock, item.Detuning * 0.5)]);
            }
        }
    }

    long GapAfter(long at)
    {
        var mean = at < BusyUs ? BusyGapSeconds : CalmGapSeconds;
        return Math.Max(Second / 10, (long)(-Math.Log(1 - _random.NextDouble()) * mean * Second));
    }

    /// <summary>What fits here and now; null when nothing does before the end.</summary>
    Walk? Next(long at)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var kind = Draw();
            var trip = Trip(kind);
            var path = Time(trip.Way, at);
            if (path[^1].AtUs > LastEndUs) continue;
            var carried = kind == WalkKind.Visitor ? [] : Take(trip.From, at);
            if (kind != WalkKind.Visitor && carried.Count == 0) continue;
            foreach (var item in carried)
            {
                item.FreeAtUs = path[^1].AtUs + RestUs;
                _items[trip.To].Add(item);
            }
            UseUp(at);
            return new(kind, path, [.. Tags(kind, carried)]);
        }
        return null;
    }

    IEnumerable<CarriedTag> Tags(WalkKind kind, List<Item> carried)
    {
        if (kind == WalkKind.Visitor)
        {
            for (var n = _random.Next(1, 4); n > 0; n--) yield return new(Catalogue.Foreign(_random), TagKind.Foreign, Hang());
            yield break;
        }
        foreach (var item in carried) yield return new(item.Epc, TagKind.Stock, item.Detuning + Hang());
        if (kind == WalkKind.Delivery) yield return new(TagEncoding.Sscc96(Catalogue.Own, _serial++), TagKind.Stock, Hang());
        yield return new(Catalogue.Badge(_person++ % 40), TagKind.Badge, 3 + Hang());
    }

    /// <summary>What orientation and neighbours in the hand cost, dB.</summary>
    double Hang() => Math.Abs(Normal(0, 1.8));

    (Vector2[] Way, string From, string To) Trip(WalkKind kind)
    {
        var number = _random.Next(6);
        var door = Building.Doors[number];
        var (inside, outside) = (door.Inside, "corridor");
        switch (kind)
        {
            case WalkKind.In: return ([.. Approach(number), .. Enter(door)], outside, inside);
            case WalkKind.Out: return ([.. Enter(door).Reverse(), .. Approach(number).Reverse()], inside, outside);
            case WalkKind.UTurnInside:
                var shelf = Shelf(door);
                return ([shelf, Stop(door, inside: true), Stand, shelf + new Vector2(Spread(0.8f), 0)], inside, inside);
            case WalkKind.UTurnOutside: return ([.. Approach(number), Stop(door, inside: false), Stand, .. Approach(number).Reverse()], outside, outside);
            case WalkKind.Transfer:
                var next = number < 5 ? number + 1 : number - 1;
                var other = Building.Doors[next];
                return ([.. Enter(door).Reverse(), new(door.Position.X, Lane()), new(other.Position.X, Lane()), .. Enter(other)], inside, other.Inside);
            case WalkKind.Delivery:
                var bay = Building.Doors[6];
                return ([bay.Position + bay.Outward * 5 + new Vector2(Spread(1), 0), .. Enter(bay)], "outside", "goods-in");
            default:
                var lane = Lane();
                var (from, to) = (number, Math.Min(6, number + _random.Next(1, 3)));
                if (_random.Next(2) == 0) (from, to) = (to, from);
                return ([new(Junction(from), -2.4f), new(Junction(from), lane), new(Junction(to), lane), new(Junction(to), -2.4f)], outside, outside);
        }
    }

    /// <summary>A waypoint that means: stand here a moment.</summary>
    static readonly Vector2 Stand = new(float.NaN);

    /// <summary>Side corridor number n lies before door n.</summary>
    static float Junction(int number) => (number - 0.5f) * Building.DoorSpacing;

    float Lane() => -0.8f - 0.9f * _random.NextSingle();

    Vector2[] Approach(int number)
    {
        var junction = Junction(number + _random.Next(2));
        return [new(junction, -2.4f), new(junction, Lane())];
    }

    /// <summary>From before the door, through it, to a shelf.</summary>
    Vector2[] Enter(Door door) =>
        [door.Position + door.Outward * 0.9f + new Vector2(Spread(0.3f), 0), door.Position - door.Outward * 0.7f + new Vector2(Spread(0.25f), 0), Shelf(door)];

    /// <summary>Shelves stand out of the field; what lies on them between metal is not heard.</summary>
    Vector2 Shelf(Door door) => door.Position - door.Outward * (4.5f + 0.4f * _random.NextSingle()) + new Vector2(Spread(1.5f), 0);

    Vector2 Stop(Door door, bool inside) =>
        door.Position + door.Outward * ((0.6f + 0.6f * _random.NextSingle()) * (inside ? -1 : 1)) + new Vector2(Spread(0.3f), 0);

    List<Waypoint> Time(Vector2[] way, long at)
    {
        var speed = Math.Clamp(Normal(1.2, 0.15), 0.8, 1.6);
        var path = new List<Waypoint> { new(at, way[0]) };
        foreach (var place in way.Skip(1))
        {
            var last = path[^1];
            if (float.IsNaN(place.X)) path.Add(new(last.AtUs + (long)((0.3 + _random.NextDouble()) * Second), last.Place));
            else path.Add(new(last.AtUs + Math.Max(1, (long)(Vector2.Distance(place, last.Place) / speed * Second)), place));
        }
        return path;
    }

    List<Item> Take(string location, long at)
    {
        var all = _items[location];
        if (location == "outside" && all.Count < 10) all.AddRange(Enumerable.Range(0, 10).Select(_ => NewItem(location)));
        var free = all.Where(item => item.FreeAtUs <= at).ToList();
        var taken = new List<Item>();
        for (var wanted = ItemsCarried[_random.Next(ItemsCarried.Length)]; wanted > 0 && free.Count > 0; wanted--)
        {
            var item = free[_random.Next(free.Count)];
            free.Remove(item);
            all.Remove(item);
            taken.Add(item);
        }
        return taken;
    }

    void UseUp(long at)
    {
        var theatre = _items["theatre-1"];
        if (theatre.Count > TheatreItemsMax && theatre.Find(item => item.FreeAtUs <= at) is { } used) theatre.Remove(used);
    }

    WalkKind Draw()
    {
        var mark = _random.Next(Mix.Sum(kind => kind.Weight));
        foreach (var (kind, weight) in Mix)
            if ((mark -= weight) < 0) return kind;
        return WalkKind.Past;
    }

    float Spread(float metres) => (2 * _random.NextSingle() - 1) * metres;

    double Normal(double mean, double deviation) => Noise.Normal(_random, mean, deviation);

    sealed record Item(byte[] Epc, double Detuning, Product? Product = null, ulong Serial = 0)
    {
        public long FreeAtUs { get; set; }
    }
}

/// <summary>Random numbers of the shapes nature likes.</summary>
static class Noise
{
    /// <summary>Box and Muller.</summary>
    public static double Normal(Random random, double mean, double deviation) =>
        mean + deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
