using System.Buffers.Binary;
using EdgeTrace.Stock;

namespace EdgeTrace.Benchmarks.Recalls;

/// <summary>What the years of a hospital's books are made of.</summary>
/// <param name="Events">In all, to the next whole Item.</param>
/// <param name="BiggestShare">The share of all Items that are of the first product: gloves among hips.</param>
sealed record Books(long Events, int Products, int LotsPerProduct, int EventsPerItem, double BiggestShare, int Places, int Seed)
{
    public long Items => Events / EventsPerItem;
}

/// <summary>Lives of Items, each a function of the seed and its own number: booked in, put away, counted, moved, and implanted, used up or still there.</summary>
sealed class Generator(Books books)
{
    const long StartUs = 1_600_000_000_000_000;   // September 2020: six years of books
    const long LifeUs = 190_000_000_000_000;

    /// <summary>Items in the order of their keys, as a bulk load wants them.</summary>
    public IEnumerable<(string Key, List<StockEvent> Events)> Items()
    {
        var biggest = (long)(books.Items * books.BiggestShare);
        for (var product = 0; product < books.Products; product++)
        {
            var items = product == 0 ? biggest : (books.Items - biggest) * product / (books.Products - 1) - (books.Items - biggest) * (product - 1) / (books.Products - 1);
            for (long n = 0; n < items; n++) yield return Item(product, n);
        }
    }

    public static string Gtin(int product)
    {
        var digits = $"50123456{product:00000}";
        var sum = digits.Select((digit, at) => (digit - '0') * (at % 2 == 0 ? 3 : 1)).Sum();
        return digits + (char)('0' + (10 - sum % 10) % 10);
    }

    public static string Lot(int product, int lot) => $"L{product:0000}{lot:00}";

    (string, List<StockEvent>) Item(int product, long number)
    {
        var random = new Random((int)Mixed(product, number, -1));
        var (gtin, serial) = (Gtin(product), $"{number:0000000000}");
        var key = $"https://id.gs1.org/01/{gtin}/21/{serial}";
        var label = new EventDetail
        {
            Product = gtin, Lot = Lot(product, random.Next(books.LotsPerProduct)), Serial = serial, Expiry = new DateOnly(2027, 1, 1).AddDays(random.Next(1500)), Carrier = Convert.ToBase64String(new byte[36]),
        };
        var (at, step, place) = (StartUs + random.NextInt64(LifeUs / 2), LifeUs / 2 / books.EventsPerItem, Place(random));
        var events = new List<StockEvent>(books.EventsPerItem);
        for (var n = 0; n < books.EventsPerItem; n++)
        {
            var (kind, detail) = Step(n, random, label);
            if (kind is EventKind.Stored or EventKind.Arrived) place = Place(random);
            at += 1 + random.NextInt64(step);
            events.Add(new($"{Id(product, number, n)}", key, kind, at, 0, kind is EventKind.Issued or EventKind.Implanted or EventKind.Used ? null : n == 0 ? "goods-in" : place, "desk-1", $"{Id(product, number, n)}", "generator", detail));
        }
        return (key, events);
    }

    /// <summary>The first is goods-in, the second put-away; the last is what became of it; between them it is counted, moved and kept.</summary>
    (EventKind, EventDetail) Step(int n, Random random, EventDetail label)
    {
        if (n == 0) return (EventKind.Received, label);
        if (n == 1) return (EventKind.Stored, EventDetail.None);
        if (n == books.EventsPerItem - 1)
            return random.Next(100) switch
            {
                < 30 => (EventKind.Implanted, new() { Patient = new Guid(random.Next(), 7, 7, new byte[8]).ToString(), Case = $"case-{random.Next(1_000_000)}", Side = "left" }),
                < 45 => (EventKind.Used, new() { Case = $"case-{random.Next(1_000_000)}" }),
                < 47 => (EventKind.Issued, new() { Destination = Place(random) }),
                _ => (EventKind.Counted, EventDetail.None),
            };
        return random.Next(4) switch
        {
            0 => (EventKind.Stored, EventDetail.None),
            1 => (EventKind.Arrived, EventDetail.None),
            _ => (EventKind.Counted, EventDetail.None),
        };
    }

    string Place(Random random) => $"store-{random.Next(books.Places)}";

    /// <summary>As long as the house's own ids, and as random in their order.</summary>
    Guid Id(int product, long number, int n)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Mixed(product, number, n));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Mixed(product, number, n + (1 << 20)));
        return new(bytes);
    }

    /// <summary>SplitMix64 over the seed and a name: the same on every machine and in every run.</summary>
    ulong Mixed(int product, long number, int n)
    {
        var z = unchecked((ulong)books.Seed * 0x9E3779B97F4A7C15 + (ulong)product * 0xD1B54A32D192ED03 + (ulong)number * 0x8CB92BA72F3D8DD7 + (ulong)n * 0xAEF17502108EF2D9);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
