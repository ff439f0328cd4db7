using System.Runtime.CompilerServices;
using EdgeTrace.Identity;
using EdgeTrace.Tracking;

namespace EdgeTrace.Benchmarks.Smoothing;

/// <summary>What does an open visit take in memory? The collector's own count of what is alive, room for growth included.</summary>
static class TrackedBytes
{
    const int Tags = 65_536;   // as many as a zone may have open

    public static void Print(TextWriter output)
    {
        var epcs = TagSet.Epcs(Tags, seed: 8).Select(bytes => Epc.From(bytes)).ToArray();
        output.WriteLine($"### Bytes a tracked tag takes, {Tags:N0} open visits");
        output.WriteLine();
        output.WriteLine("| | bytes a tag |");
        output.WriteLine("|---|---|");
        foreach (var (what, slots, sides) in ((string, int, bool)[])
            [("a zone without sides: first, last, count, peak", 1, false), ("a door, a stay of up to 12 slots of 128 ms (1.5 s)", 12, true), ("a door, a longer stay", 40, true)])
            output.WriteLine($"| {what} | {Measure(epcs, slots, sides)} |");
        output.WriteLine();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static long Measure(Epc[] epcs, int slots, bool sides)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tracker = new ZoneTracker([sides ? FieldReads.Door : FieldReads.Door with { Sides = new Dictionary<int, Side>() }]);
        for (var slot = 0; slot < slots; slot++)
        {
            var atUs = TagSet.StartUs + slot * 128_000;
            foreach (var epc in epcs) tracker.Apply([new(epc, atUs, 1, -5000, 1, atUs)], []);
        }
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(tracker);
        return (after - before) / epcs.Length;
    }
}
