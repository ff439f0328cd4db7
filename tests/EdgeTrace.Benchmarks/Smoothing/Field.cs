using EdgeTrace.Identity;
using EdgeTrace.Tracking;

namespace EdgeTrace.Benchmarks.Smoothing;

/// <summary>How the tags of a large stock come before a portal's antennas.</summary>
public enum Field
{
    /// <summary>Any tag of the stock next: what is worst for a cache.</summary>
    Uniform,

    /// <summary>A thousand of them in the field at a time, each read 96 times, then the next thousand: what a portal sees.</summary>
    Bursty,
}

/// <summary>Reads of a stock all of which is in open visits, in batches as a gateway seals them, going on for ever: each call is the next stretch of time.</summary>
sealed class FieldReads
{
    /// <summary>One second of a busy portal.</summary>
    public const int BatchReads = 1000;

    /// <summary>As many as fit a quarter of a second at today's speed.</summary>
    public const int Reads = 960_000;

    /// <summary>A tag in a field of a thousand is read once in 0.4 s: three slots of evidence on.</summary>
    const long StepUs = 400;

    readonly Random _random;
    readonly int _tags;
    readonly Field _field;
    long _atUs;
    int _burst;

    public FieldReads(int tags, Field field, int seed)
    {
        (_tags, _field, _random, _atUs) = (tags, field, new(seed), Day.StartUs);
        Epcs = [.. TagSet.Epcs(tags, seed).Select(bytes => Epc.From(bytes))];
        Next();
    }

    public Epc[] Epcs { get; }
    public int[] Tag { get; } = new int[Reads];
    public long[] TimeUs { get; } = new long[Reads];
    public ushort[] Antenna { get; } = new ushort[Reads];
    public short[] Rssi { get; } = new short[Reads];
    public ushort[] Count { get; } = [.. Enumerable.Repeat((ushort)1, Reads)];

    /// <summary>The next stretch of time.</summary>
    public void Next()
    {
        const int inField = 1000, readsEach = 96;
        for (var i = 0; i < Reads; i++)
        {
            if (i % (inField * readsEach) == 0) _burst = (_burst + inField) % _tags;
            Tag[i] = _field == Field.Uniform ? _random.Next(_tags) : _burst + _random.Next(inField);
            TimeUs[i] = _atUs += StepUs;
            Antenna[i] = (ushort)_random.Next(1, 5);
            Rssi[i] = (short)(-3500 - 50 * _random.Next(80));
        }
        if (_atUs > Day.EndUs - Reads * StepUs) _atUs = Day.StartUs;
    }

    /// <summary>A tracker in which each tag of the stock has an open visit, and so long a one that its evidence is full: what is measured then grows nothing.</summary>
    public ZoneTracker OpenAll()
    {
        const int slots = 14;   // two more than a visit's first slots hold
        var tracker = new ZoneTracker([Door], openVisitsMax: 1 << 21);
        int[] tag = [.. Enumerable.Range(0, BatchReads)];
        ushort[] ones = [.. Enumerable.Repeat((ushort)1, BatchReads)];
        short[] rssi = [.. Enumerable.Repeat((short)-5000, BatchReads)];
        for (var slot = 0; slot < slots; slot++)
        {
            long[] times = [.. Enumerable.Repeat(Day.StartUs + slot * 128_000, BatchReads)];
            for (var at = 0; at < Epcs.Length; at += BatchReads)
                tracker.Apply(new TagReadColumns { Epcs = Epcs.AsSpan(at, BatchReads), Tag = tag, TimeUs = times, LastTimeUs = times, Antenna = ones, RssiCentiDbm = rssi, Count = ones }, []);
        }
        return tracker;
    }

    /// <summary>The same reads as their batches carry them: the tags of each batch once, the rest in columns.</summary>
    public ReadBatch[] Batches()
    {
        var entries = new Dictionary<int, int>(BatchReads);
        var batches = new ReadBatch[Reads / BatchReads];
        for (var b = 0; b < batches.Length; b++)
        {
            entries.Clear();
            var entry = new int[BatchReads];
            for (var i = 0; i < BatchReads; i++)
            {
                var tag = Tag[b * BatchReads + i];
                if (!entries.TryGetValue(tag, out entry[i])) entries[tag] = entry[i] = entries.Count;
            }
            batches[b] = new(this, b * BatchReads, [.. entries.Keys.Select(tag => Epcs[tag])], entry);
        }
        return batches;
    }

    /// <summary>A day's split and an hour's gap, the most a portal may have: nothing closes while we measure, every tag stays tracked.</summary>
    public static PortalModel Door { get; } = new()
    {
        Portal = "door", Gap = TimeSpan.FromHours(1), SplitEvery = TimeSpan.FromDays(1),
        Sides = new Dictionary<int, Side> { [1] = Side.Inside, [2] = Side.Inside, [3] = Side.Outside, [4] = Side.Outside },
    };

    static class Day
    {
        const long Us = 86_400_000_000;
        public const long StartUs = TagSet.StartUs / Us * Us;
        public const long EndUs = StartUs + Us;
    }
}

/// <summary>One batch of them, decoded.</summary>
sealed class ReadBatch(FieldReads field, int start, Epc[] epcs, int[] entry)
{
    public TagReadColumns Columns() => new()
    {
        Epcs = epcs, Tag = entry,
        TimeUs = Of(field.TimeUs), LastTimeUs = Of(field.TimeUs), Antenna = Of(field.Antenna), RssiCentiDbm = Of(field.Rssi), Count = Of(field.Count),
    };

    ReadOnlySpan<T> Of<T>(T[] column) => column.AsSpan(start, FieldReads.BatchReads);
}
