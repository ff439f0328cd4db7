using EdgeTrace.Identity;
using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Tracking;

public class ZoneTrackerTests
{
    static readonly PortalModel s_door = Doors.Door;

    [Fact]
    public void A_visit_is_told_only_when_no_read_can_extend_it_any_more()
    {
        var tracker = new ZoneTracker([s_door]);
        var visits = new List<Visit>();
        tracker.Apply([Doors.Read(1, 10, 1)], visits);
        tracker.Advance(11_500_000, visits);   // a read at exactly last + gap would still belong to it
        Assert.Empty(visits);
        tracker.Advance(11_500_001, visits);
        Assert.Equal(10_000_000, Assert.Single(visits).LastUs);
        Assert.Equal(long.MaxValue, tracker.OldestOpenUs);
    }

    [Theory]
    [InlineData(1.5, 1)]
    [InlineData(1.500001, 2)]
    public void A_gap_of_exactly_the_portals_keeps_a_visit_together(double gap, int visits) =>
        Assert.Equal(visits, Doors.VisitsOf(s_door, Doors.Read(1, 10, 1), Doors.Read(1, 10 + gap, 1)).Count);

    [Fact]
    public void A_late_bridge_makes_one_visit_of_two() =>
        Assert.Equal(3, Assert.Single(Doors.VisitsOf(s_door, Doors.Read(1, 10, 1), Doors.Read(1, 12, 1), Doors.Read(1, 11, 1))).Reads);

    [Fact]
    public void A_parked_tag_is_cut_every_hour_and_its_visits_name_each_other()
    {
        var reads = Enumerable.Range(0, 7400).Select(i => Doors.Read(1, 3500 + i, 3, -60));
        var visits = Doors.VisitsOf(s_door, reads);
        Assert.Equal(4, visits.Count);   // 3500–3599 s, two whole hours, the rest
        Assert.Equal([false, true, true, true], visits.Select(v => v.ContinuesFrom is not null));
        Assert.Equal([true, true, true, false], visits.Select(v => v.Continues));
        Assert.Equal(visits.SkipLast(1).Select(v => (Guid?)v.Id), visits.Skip(1).Select(v => v.ContinuesFrom));
        Assert.All(visits, v => Assert.Equal((Direction.Past, Side.Inside), (v.Direction, v.Side)));
    }

    [Fact]
    public void A_passage_across_the_hour_is_still_a_passage()
    {
        var outside = Enumerable.Range(0, 30).Select(i => Doors.Read(1, 3598.4 + i * 0.05, 1));
        var inside = Enumerable.Range(0, 30).Select(i => Doors.Read(1, 3600 + i * 0.05, 3));
        var visits = Doors.VisitsOf(s_door, outside.Concat(inside));
        Assert.Equal([Direction.Past, Direction.In], visits.Select(v => v.Direction));
    }

    /// <summary>Was a crash on 2026-11-25: the heir's ring had nothing in it, and lay in the store's first block.</summary>
    [Fact]
    public void A_batch_finds_a_visit_that_has_only_what_was_carried_across_the_cut()
    {
        var tracker = new ZoneTracker([s_door]);
        var visits = new List<Visit>();
        tracker.Apply([Doors.Read(1, 3590, 1), Doors.Read(2, 3591, 1), Doors.Read(3, 3599.9, 1), Doors.Read(3, 3600.1, 9)], visits);
        tracker.Advance(3_595_000_000, visits);   // two visits give back the first two blocks, the second last
        tracker.Advance(3_601_500_000, visits);   // the third is carried into the hour that no side has heard yet
        tracker.Apply(
            new TagReadColumns { Epcs = [Doors.Tag(3)], Tag = [0], TimeUs = [3_601_550_000], LastTimeUs = [3_601_550_000], Antenna = [3], RssiCentiDbm = [-5000], Count = [1] },
            visits);
        tracker.Flush(visits);
        Assert.Equal((4, 2), (visits.Count, visits[^1].Reads));
        Assert.NotNull(visits[^1].ContinuesFrom);
    }

    [Fact]
    public void A_read_that_breaks_the_promise_is_tracked_counted_and_marked()
    {
        var tracker = new ZoneTracker([s_door]);
        var visits = new List<Visit>();
        tracker.Apply([Doors.Read(1, 10, 1)], visits);
        tracker.Advance(20_000_000, visits);
        tracker.Apply([Doors.Read(1, 10.2, 1)], visits);
        tracker.Flush(visits);
        Assert.Equal([false, true], visits.Select(v => v.Late));
        Assert.Equal(1, tracker.LateReads);
    }

    [Fact]
    public void When_a_clock_was_set_back_the_new_promise_closes_what_late_reads_began()
    {
        var tracker = new ZoneTracker([s_door]);
        var visits = new List<Visit>();
        tracker.Advance(7_200_000_000, visits);
        tracker.Apply([Doors.Read(1, 10, 1), Doors.Read(1, 10.2, 1)], visits);
        tracker.Advance(11_000_000, visits);
        Assert.Empty(visits);
        tracker.Advance(60_000_000, visits);
        var visit = Assert.Single(visits);
        Assert.True(visit.Late);
        Assert.Equal(7_200_000_000, tracker.ThroughUs);
    }

    [Fact]
    public void At_the_maximum_the_oldest_visits_are_told_early_and_say_so()
    {
        var tracker = new ZoneTracker([s_door], openVisitsMax: 16);
        var visits = new List<Visit>();
        for (var tag = 0; tag < 17; tag++) tracker.Apply([Doors.Read(tag, tag * 0.01, 1)], visits);
        Assert.Equal([Doors.Tag(0), Doors.Tag(1)], visits.Select(v => v.Epc));
        Assert.All(visits, v => Assert.True(v.Truncated));
        Assert.Equal((2, 15), (tracker.TruncatedVisits, tracker.OpenVisits));
    }

    /// <summary>Tags come, stay past what their first slots can hold, and go, in a table that grows and closes up its holes all the while.</summary>
    [Fact]
    public void Ten_thousand_tags_coming_and_going_are_each_told_once_with_every_read()
    {
        var tracker = new ZoneTracker([s_door]);
        var visits = new List<Visit>();
        var random = new Random(5);
        var reads = Enumerable.Range(0, 10_000).SelectMany(tag => Enumerable.Range(0, 20).Select(i => Doors.Read(tag, tag * 0.01 + i * 0.2, 1 + i % 4)))
            .OrderBy(read => read.TimeUs).ToArray();
        foreach (var batch in reads.Chunk(500))
        {
            random.Shuffle(batch);
            tracker.Apply(batch, visits);
            tracker.Advance(batch.Max(read => read.TimeUs) - 500_000, visits);
        }
        tracker.Flush(visits);
        Assert.Equal((10_000, 10_000), (visits.Count, visits.Select(v => v.Epc).Distinct().Count()));
        Assert.All(visits, v => Assert.Equal(20, v.Reads));
    }

    [Fact]
    public void A_read_of_a_tag_already_here_allocates_nothing()
    {
        var tracker = new ZoneTracker([s_door]);
        var visits = new List<Visit>();
        Epc[] epcs = [.. Enumerable.Range(0, 50).Select(Doors.Tag)];
        int[] tag = [.. Enumerable.Range(0, 2000).Select(i => i % 50)];
        long[] times = [.. Enumerable.Range(0, 2000).Select(i => i * 1000L)];
        ushort[] antennas = [.. Enumerable.Range(0, 2000).Select(i => (ushort)(1 + i % 4))], counts = [.. Enumerable.Repeat((ushort)1, 2000)];
        var rssi = Enumerable.Repeat((short)-5000, 2000).ToArray();
        void Apply() => tracker.Apply(new TagReadColumns { Epcs = epcs, Tag = tag, TimeUs = times, LastTimeUs = times, Antenna = antennas, RssiCentiDbm = rssi, Count = counts }, visits);
        Apply();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Apply();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_door_whose_antennas_have_no_sides_gives_visits_without_direction()
    {
        var visit = Assert.Single(Doors.VisitsOf(s_door with { Sides = new Dictionary<int, Side>() }, Doors.Read(1, 1, 1), Doors.Read(1, 2, 3), Doors.Read(1, 3, 3)));
        Assert.Equal((Direction.Unknown, 0), (visit.Direction, visit.Confidence));
    }

    [Fact]
    public void The_id_is_the_same_for_whoever_derives_it() =>   // computed with another language's SHA-256
        Assert.Equal("7e8f07a2-4efc-808d-a972-d04f00857704", Visit.IdOf("store-2-door", Doors.Tag(7), 1_700_000_000_000_000).ToString());

    [Fact]
    public void Models_with_mistakes_are_refused_with_every_mistake_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new ZoneTracker(
            [s_door with { Gap = TimeSpan.Zero, ReadsMin = 0, Sides = new Dictionary<int, Side> { [0] = Side.Inside } },
            s_door with { Portal = "other", ValidFromUs = 5 }]));
        foreach (var part in new[] { "Gap", "ReadsMin", "antenna 0", "two portals" }) Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_cut_or_flipped_anywhere_is_refused()
    {
        var tracker = new ZoneTracker([s_door]);
        tracker.Apply([Doors.Read(1, 1, 1), Doors.Read(2, 2, 3)], []);
        var bytes = ZoneTrackerPropertyTests.Bytes(tracker);
        for (var length = 0; length < bytes.Length; length++) AssertRefused(bytes[..length]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(damaged);
        }
        AssertRefused([.. bytes, 0]);
    }

    [Fact]
    public void A_snapshot_is_continued_under_a_future_model_but_refused_under_a_changed_past()
    {
        var tracker = new ZoneTracker([s_door]);
        tracker.Apply([Doors.Read(1, 1, 1)], []);
        var bytes = ZoneTrackerPropertyTests.Bytes(tracker);
        Assert.Equal(1, ZoneTracker.Restore(bytes, [s_door, s_door with { ValidFromUs = 2_000_000, ReadsMin = 9 }]).OpenVisits);
        Assert.Throws<InvalidDataException>(() => ZoneTracker.Restore(bytes, [s_door, s_door with { ValidFromUs = 900_000 }]));
        Assert.Throws<InvalidDataException>(() => ZoneTracker.Restore(bytes, [s_door with { Gap = TimeSpan.FromSeconds(3) }]));
    }

    static void AssertRefused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => ZoneTracker.Restore(bytes, [s_door]));
}
