using System.Buffers;
using CsCheck;
using EdgeTrace.Identity;
using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Tracking;

/// <summary>Corridor rule 5: order, batching, heartbeats and restarts decide when a fact is told, never what it says.</summary>
public class ZoneTrackerPropertyTests
{
    // Short periods and a change of model in the middle, so that every kind of cut is met often.
    static readonly PortalModel[] s_models =
    [
        Doors.Door with { Gap = TimeSpan.FromSeconds(1), SplitEvery = TimeSpan.FromSeconds(8) },
        Doors.Door with { ValidFromUs = 30_500_000, Gap = TimeSpan.FromSeconds(1.6), SplitEvery = TimeSpan.FromSeconds(5), StrayBelowCentiDbm = -7500 },
    ];

    static readonly Gen<TagRead> s_read =
        from tag in Gen.Int[1, 4]
        from time in Gen.Long[-5_000, 60_000]
        from antenna in Gen.Int[1, 5]
        from rssi in Gen.Int[-9000, -3000]
        from count in Gen.Int[1, 40]
        from lasts in Gen.OneOf(Gen.Const(0L), Gen.Long[-2_000, 3_000_000])
        select new TagRead(Doors.Tag(tag), time * 1000, (ushort)antenna, (short)rssi, count, time * 1000 + lasts);

    static readonly Gen<TagRead[]> s_reads = s_read.Array[0, 160];

    [Fact]
    public void The_same_reads_in_any_order_and_batching_with_restarts_anywhere_are_the_visits_of_the_sorted_log() =>
        Gen.Select(s_reads, Gen.Int[0, int.MaxValue]).Sample((reads, seed) =>
        {
            var expected = new ZoneOracle(s_models).Visits(reads);
            Assert.Equal(expected, Deliver(reads, new Random(seed), out var tracker));
            Assert.Equal(0, tracker.LateReads);
            Assert.Equal(reads.Length, tracker.Reads);
            Assert.Equal(0, tracker.OpenVisits);
        }, iter: 1000);

    [Fact]
    public void The_moments_of_heartbeats_change_nothing_and_nothing_is_told_twice() =>
        Gen.Select(s_reads, Gen.Int[0, int.MaxValue]).Sample((reads, seed) =>
        {
            var often = Deliver(reads, new Random(seed), out _, heartbeats: 1.0);
            var never = Deliver(reads, new Random(seed + 1), out _, heartbeats: 0);
            Assert.Equal(never, often);
            Assert.Equal(often.Count, often.Select(v => v.Id).Distinct().Count());
            Assert.Equal(reads.Sum(r => (long)r.Count), often.Sum(v => v.Count));
        }, iter: 300);

    [Fact]
    public void A_redelivered_batch_dropped_by_its_identity_leaves_no_trace() =>
        Gen.Select(s_reads, Gen.Int[0, int.MaxValue]).Sample((reads, seed) =>
        {
            var random = new Random(seed);
            var batches = reads.Chunk(7).Select((batch, sequence) => (sequence, batch)).ToList();
            var sent = batches.Concat(batches.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToList();
            var applied = new HashSet<int>();
            var tracker = new ZoneTracker(s_models);
            var visits = new List<Visit>();
            foreach (var (sequence, batch) in sent)
                if (applied.Add(sequence)) tracker.Apply(batch, visits);
            tracker.Flush(visits);
            Assert.Equal(new ZoneOracle(s_models).Visits(reads), visits.OrderBy(v => v.Id));
        }, iter: 300);

    [Fact]
    public void Equal_reads_and_promises_make_equal_snapshots() =>
        Gen.Select(s_reads, Gen.Int[0, int.MaxValue], Gen.Long[-5_000_000, 60_000_000]).Sample((reads, seed, through) =>
        {
            byte[] SnapshotOf(IEnumerable<TagRead> order)
            {
                var tracker = new ZoneTracker(s_models);
                tracker.Apply(order.ToArray(), []);
                tracker.Advance(through, []);
                return Bytes(tracker);
            }
            var random = new Random(seed);
            Assert.Equal(SnapshotOf(reads), SnapshotOf(reads.OrderBy(_ => random.Next())));
        }, iter: 300);

    /// <summary>Delivers in an order that keeps the promises it makes on the way.</summary>
    static List<Visit> Deliver(TagRead[] reads, Random random, out ZoneTracker tracker, double heartbeats = 0.4)
    {
        var jitterUs = random.Next(1, 20_000_000);
        var order = reads.OrderBy(r => r.TimeUs + random.NextInt64(jitterUs)).ToArray();
        tracker = new ZoneTracker(s_models);
        var visits = new List<Visit>();
        for (var at = 0; at < order.Length;)
        {
            var batch = Math.Min(order.Length - at, random.Next(1, 20));
            if (random.Next(2) == 0) tracker.Apply(order.AsSpan(at, batch), visits);
            else ApplyAsColumns(tracker, order.AsSpan(at, batch), visits, random);
            at += batch;
            if (random.NextDouble() < heartbeats && at < order.Length) tracker.Advance(order.Skip(at).Min(r => r.TimeUs) - random.Next(3) * 400_000, visits);
            if (random.Next(4) == 0) tracker = ZoneTracker.Restore(Bytes(tracker), s_models);
        }
        tracker.Flush(visits);
        return [.. visits.OrderBy(v => v.Id)];
    }

    /// <summary>As a batch brings them; now and then one EPC stands under two tags (other PC or TID bits).</summary>
    static void ApplyAsColumns(ZoneTracker tracker, ReadOnlySpan<TagRead> reads, List<Visit> visits, Random random)
    {
        var epcs = new List<Epc>();
        var tag = new int[reads.Length];
        for (var i = 0; i < reads.Length; i++)
        {
            tag[i] = random.Next(5) == 0 ? -1 : epcs.IndexOf(reads[i].Epc);
            if (tag[i] >= 0) continue;
            tag[i] = epcs.Count;
            epcs.Add(reads[i].Epc);
        }
        var rows = reads.ToArray();
        tracker.Apply(
            new TagReadColumns
            {
                Epcs = epcs.ToArray(), Tag = tag, TimeUs = rows.Select(r => r.TimeUs).ToArray(), LastTimeUs = rows.Select(r => r.LastTimeUs).ToArray(),
                Antenna = rows.Select(r => r.Antenna).ToArray(), RssiCentiDbm = rows.Select(r => r.RssiCentiDbm).ToArray(), Count = rows.Select(r => (ushort)r.Count).ToArray(),
            },
            visits);
    }

    internal static byte[] Bytes(ZoneTracker tracker)
    {
        var buffer = new ArrayBufferWriter<byte>();
        tracker.Snapshot(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
