using CsCheck;
using EdgeTrace.Tracking;

namespace EdgeTrace.Tests.Tracking;

public class ItemLocationTests
{
    static readonly Gen<ItemLocation> s_fact =
        Gen.Select(Gen.Long[0, 5], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool).Select((time, place, location, basis, heardOnly) =>
        {
            var fact = ItemLocation.From(time, $"portal-{place}", $"store-{location}", (LocationBasis)basis);
            return heardOnly ? fact with { Is = null } : fact;
        });

    [Fact]
    public void Facts_merged_in_any_order_any_grouping_and_twice_give_the_same_place() =>
        Gen.Select(s_fact.Array[1, 12], Gen.Int[0, int.MaxValue]).Sample((facts, seed) =>
        {
            var random = new Random(seed);
            var expected = facts.Aggregate(ItemLocation.Unknown, (a, b) => a.Merge(b));
            var shuffled = facts.Concat(facts.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToArray();
            var half = shuffled.Length / 2;
            var left = shuffled[..half].Aggregate(ItemLocation.Unknown, (a, b) => a.Merge(b));
            var right = shuffled[half..].Aggregate(ItemLocation.Unknown, (a, b) => b.Merge(a));
            Assert.Equal(expected, left.Merge(right));
            Assert.Equal(expected, expected.Merge(expected));
        });

    [Fact]
    public void A_week_old_backlog_cannot_move_an_item_back()
    {
        var now = ItemLocation.From(2_000, "desk-1", "theatre-4", LocationBasis.Scan);
        var old = ItemLocation.From(1_000, "door-1", "store-2", LocationBasis.Passage);
        Assert.Equal(now, now.Merge(old));
        Assert.Equal(now, old.Merge(now));
    }

    [Fact]
    public void A_passage_moves_the_item_and_passing_by_only_shows_that_it_was_heard()
    {
        var walk = Enumerable.Range(0, 40).Select(i => Doors.Read(1, i * 0.05, i < 20 ? 1 : 3));
        var enters = ItemLocation.From(Assert.Single(Doors.VisitsOf(Doors.Door, walk)), Doors.Door);
        Assert.Equal(("store-2", LocationBasis.Passage, 1_950_000), (enters.Is!.Location, enters.Is.Basis, enters.Seen!.EventUs));

        var past = ItemLocation.From(Assert.Single(Doors.VisitsOf(Doors.Door, Enumerable.Range(0, 40).Select(i => Doors.Read(1, 100 + i * 0.05, 1)))), Doors.Door);
        Assert.Null(past.Is);
        var merged = past.Merge(enters);
        Assert.Equal(("store-2", 101_950_000), (merged.Is!.Location, merged.Seen!.EventUs));
    }
}
