namespace EdgeTrace.Tracking;

/// <summary>What one short slot of absolute event time heard on each side.</summary>
struct Slot : IEquatable<Slot>
{
    public long Number;        // event time / Evidence.SlotUs
    public uint Inside;        // sum of amplitudes, saturating
    public uint Outside;

    public void Add(uint inside, uint outside)
    {
        Inside = Saturate(Inside, inside);
        Outside = Saturate(Outside, outside);
    }

    public readonly bool Equals(Slot other) => (Number, Inside, Outside) == (other.Number, other.Inside, other.Outside);
    public override readonly bool Equals(object? obj) => obj is Slot other && Equals(other);
    public override readonly int GetHashCode() => HashCode.Combine(Number, Inside, Outside);

    static uint Saturate(uint a, uint b) => (uint)Math.Min((ulong)a + b, uint.MaxValue);
}

/// <summary>
/// How a stay began and how it ended, in constant space: the first and the last <see cref="SlotsMax"/> slots in which anything was heard.
/// </summary>
/// <remarks>
/// Slots lie at fixed multiples of event time, their sums are integers, and "the first n occupied slots of a union" can be had from the first n of its
/// parts. So adding and merging are associative and commutative, and the evidence depends on the set of reads alone.
/// </remarks>
static class Evidence
{
    /// <summary>128 ms: a quarter step of a walking person, and several turns of a reader over its antennas. Divides the hour, so that cuts fall between slots.</summary>
    public const long SlotUs = 128_000;

    /// <summary>12 slots hold 1.5 s of steady reading, the time it takes to walk through a door's field.</summary>
    public const int SlotsMax = 12;

    /// <summary>An aggregated report weighs as its count, up to this: one report of a parked tag's whole second must not outvote the walk.</summary>
    const int WeightMax = 16;

    static readonly uint[] s_amplitudes = Amplitudes();

    public static long SlotOf(long timeUs) => timeUs >= 0 ? timeUs / SlotUs : -((-timeUs + SlotUs - 1) / SlotUs);

    /// <summary>
    /// Amplitude (10^(dB/20), 8 at −100 dBm) times weight. Linear power would let the strongest read of the whole approach speak for its beginning;
    /// plain counting would let the back lobe, 10 to 20 dB down, speak as loud as the front.
    /// </summary>
    public static uint Weigh(int rssiCentiDbm, int count)
    {
        var dbm = Math.Clamp((rssiCentiDbm + (rssiCentiDbm < 0 ? -50 : 50)) / 100, -100, 0);
        return s_amplitudes[dbm + 100] * (uint)Math.Clamp(count, 1, WeightMax);
    }

    /// <summary>Adds to the slot of that number as long as no slot has to go for it; false where one would.</summary>
    public static bool TryAdd(Span<Slot> slots, ref byte used, long number, uint inside, uint outside)
    {
        var at = used;
        while (at > 0 && slots[at - 1].Number > number) at--;
        if (at > 0 && slots[at - 1].Number == number)
        {
            slots[at - 1].Add(inside, outside);
            return true;
        }
        if (used == SlotsMax) return false;
        Insert(slots, ref used, at, number, inside, outside);
        return true;
    }

    /// <summary>Adds to the slot of that number, keeping the first <see cref="SlotsMax"/> in ascending order.</summary>
    public static void AddFirst(Span<Slot> slots, ref byte used, long number, uint inside, uint outside)
    {
        var at = used;
        while (at > 0 && slots[at - 1].Number > number) at--;
        if (at > 0 && slots[at - 1].Number == number) { slots[at - 1].Add(inside, outside); return; }
        if (at == SlotsMax) return;
        Insert(slots, ref used, at, number, inside, outside);
    }

    /// <summary>Adds to the slot of that number, keeping the last <see cref="SlotsMax"/> in ascending order.</summary>
    public static void AddLast(Span<Slot> slots, ref byte used, long number, uint inside, uint outside)
    {
        var at = used;
        while (at > 0 && slots[at - 1].Number > number) at--;
        if (at > 0 && slots[at - 1].Number == number) { slots[at - 1].Add(inside, outside); return; }
        if (used == SlotsMax)
        {
            if (at == 0) return;
            slots[1..SlotsMax].CopyTo(slots);
            used--;
            at--;
        }
        Insert(slots, ref used, at, number, inside, outside);
    }

    static void Insert(Span<Slot> slots, ref byte used, int at, long number, uint inside, uint outside)
    {
        if (used == SlotsMax) used--;
        slots[at..used].CopyTo(slots[(at + 1)..]);
        slots[at] = new Slot { Number = number, Inside = inside, Outside = outside };
        used++;
    }

    /// <summary>Whole dB only: far from any rounding boundary on which two C libraries might disagree.</summary>
    static uint[] Amplitudes()
    {
        var table = new uint[101];
        for (var dbm = -100; dbm <= 0; dbm++) table[dbm + 100] = (uint)Math.Round(8 * Math.Pow(10, (dbm + 100) / 20.0));
        return table;
    }
}
