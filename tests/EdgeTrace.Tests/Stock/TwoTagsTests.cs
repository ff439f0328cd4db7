using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Stock;

/// <summary>Two tags with one number: when it is so, what ends it, and what begins it again.</summary>
public class TwoTagsTests
{
    const string Right = "E28011602000000000000001", Copy = "E28011602000000000000002", Third = "E28011602000000000000003";
    const long HourUs = 3_600_000_000;

    [Fact]
    public void One_chip_is_no_news_and_the_second_holds_it_from_its_first_read_on()
    {
        Assert.Empty(State([Read(Right, 0, 5)]).Chips);
        var item = State([Read(Right, 0, 5), Read(Copy, 2, 4)]);
        Assert.Equal((HoldReason.TwoTags, Told.StartUs + 2 * HourUs, "rule:two-tags"), Assert.Single(item.Holds) is var hold ? (hold.Reason, hold.SinceUs, hold.By) : default);
        Assert.Equal([Unavailable.Held], Availability.Of(item, "store", new(2026, 9, 22)));
        Assert.Equal([Right, Copy], item.Chips.Select(chip => chip.Tid));
    }

    [Fact]
    public void A_TID_told_short_is_the_chip_it_begins()
    {
        Assert.Empty(State([Read(Right, 0, 1), Read(Right[..16], 1, 3)]).Holds);
        var item = State([Read(Right[..16], 0, 1), Read(Right, 1, 3), Read(Third[..20] + "9999", 2, 2)]);
        Assert.Equal([(Right, 0L), (Third[..20] + "9999", 2L)], item.Chips.Select(chip => (chip.Tid, (chip.FirstUs - Told.StartUs) / HourUs)));
    }

    [Fact]
    public void What_a_person_read_at_goods_in_counts_beside_what_doors_read()
    {
        var item = ItemState.Of(Told.Item, [Told.At(0, EventKind.Received, "store", new() { Tid = Right.ToLowerInvariant() })], [Read(Copy, 1, 1)]);
        Assert.Equal(["store", "door"], item.Chips.Select(chip => chip.FirstAt));
        Assert.Single(item.Holds);
    }

    [Fact]
    public void Saying_which_is_right_ends_it_until_the_other_is_read_an_hour_later()
    {
        var said = Told.At(5, EventKind.Released, detail: new() { Hold = TwoTags.HoldId, Tid = Right, Reason = "the box with the seal" });
        Assert.Equal([true, false], Released([Read(Right, 0, 9), Read(Copy, 2, 6)], said).Chips.Select(chip => chip.Right));
        // The last read an hour and a little after it was said: somebody has not taken it off.
        var again = State([Read(Right, 0, 9), Read(Copy, 2, 6) with { LastUs = Told.StartUs + 6 * HourUs + 1 }], said);
        Assert.Equal(Told.StartUs + 6 * HourUs, Assert.Single(again.Holds).SinceUs);
        // A third tag was never judged by anybody.
        Assert.Equal(Told.StartUs + 7 * HourUs, Assert.Single(State([Read(Right, 0, 9), Read(Copy, 2, 4), Read(Third, 7, 7)], said).Holds).SinceUs);
        // A pack with two labels.
        Assert.Empty(State([Read(Right, 0, 9), Read(Copy, 2, 9)], Told.At(5, EventKind.Released, detail: new() { Hold = TwoTags.HoldId, Tid = $"{Right} {Copy}" })).Holds);
        // No release but one that says which tag is right ends it.
        Assert.Single(State([Read(Right, 0, 9), Read(Copy, 2, 4)], Told.At(5, EventKind.Released, detail: new() { Hold = TwoTags.HoldId, Reason = "whatever" })).Holds);

        static ItemState Released(Chip[] chips, StockEvent said)
        {
            var item = State(chips, said);
            Assert.Empty(item.Holds);
            return item;
        }
    }

    [Fact]
    public void A_release_must_name_tags_that_were_read()
    {
        var item = State([Read(Right, 0, 5), Read(Copy, 2, 4)]);
        Assert.Null(TwoTags.Mistake(item, Right.ToLowerInvariant()));
        Assert.Null(TwoTags.Mistake(item, $"{Right} {Copy}"));
        Assert.StartsWith("Say which tag", TwoTags.Mistake(item, null), StringComparison.Ordinal);
        Assert.StartsWith("No tag E2FF", TwoTags.Mistake(item, "E2FF"), StringComparison.Ordinal);
        Assert.StartsWith("Only one tag", TwoTags.Mistake(State([]), Right), StringComparison.Ordinal);
    }

    static Chip Read(string tid, int firstHour, int lastHour) => new(tid, Told.StartUs + firstHour * HourUs, "door", Told.StartUs + lastHour * HourUs, "door");

    static ItemState State(Chip[] chips, params StockEvent[] events) => ItemState.Of(Told.Item, [Told.At(0, EventKind.Stored, "store"), Told.At(0, EventKind.Received, "store"), .. events], chips.Reverse());
}
