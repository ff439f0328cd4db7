using EdgeTrace.Stock;

namespace EdgeTrace.Tests.Stock;

/// <summary>What the events of one Item come to, story by story.</summary>
public class ItemStateTests
{
    static readonly DateOnly s_today = new(2026, 9, 22);

    [Fact]
    public void Booked_in_it_is_stock_only_where_stock_is_kept()
    {
        var item = Told.Story(Told.At(0, EventKind.Received, "goods-in"));
        Assert.Equal(ItemStatus.Received, item.Status);
        Assert.Equal([Unavailable.NotAStore], Availability.Of(item, "goods-in", s_today));
        Assert.Empty(Availability.Of(item, "store", s_today));
        Assert.Equal([Unavailable.NoPlace], Availability.Of(item, null, s_today));
    }

    [Fact]
    public void Whatever_a_door_has_seen_is_not_stock_before_somebody_has_booked_it_in() =>
        Assert.Equal([Unavailable.Unbooked], Availability.Of(new ItemState(Told.Item), "store", s_today));

    [Fact]
    public void An_implant_is_in_the_patient_whatever_is_scanned_afterwards()
    {
        var item = Told.Story(
            Told.At(0, EventKind.Received, "store"), Told.At(1, EventKind.Opened, detail: new() { Case = "c1" }),
            Told.At(2, EventKind.Implanted, detail: new() { Case = "c1", Patient = "p1", Side = "left" }), Told.At(3, EventKind.Stored, "store"));
        Assert.Equal((ItemStatus.Implanted, "p1", "c1"), (item.Status, item.Patient, item.Case));
        Assert.Contains("after it was implanted", Assert.Single(item.Findings), StringComparison.Ordinal);
        Assert.Equal([Unavailable.Implanted], Availability.Of(item, "store", s_today));

        var out_ = item.After(Told.At(4, EventKind.Explanted, detail: new() { Patient = "p1" }));
        Assert.Equal((ItemStatus.Explanted, "p1"), (out_.Status, out_.Patient));
        Assert.Equal([Unavailable.Explanted], Availability.Of(out_, "store", s_today));
    }

    [Fact]
    public void A_hold_stands_until_the_release_that_names_it()
    {
        var (recall, cold) = (Told.At(1, EventKind.Held, detail: new() { HoldReason = HoldReason.Recall, Notice = "n1" }), Told.At(2, EventKind.Held, detail: new() { HoldReason = HoldReason.ColdChain }));
        var item = Told.Story(Told.At(0, EventKind.Stored, "store"), Told.At(-1, EventKind.Received, "goods-in"), recall, cold);
        Assert.Equal([Unavailable.Recalled, Unavailable.Held], Availability.Of(item, "store", s_today));
        item = item.After(Told.At(3, EventKind.Released, detail: new() { Hold = cold.Id }));
        Assert.Equal([Unavailable.Recalled], Availability.Of(item, "store", s_today));
        item = item.After(Told.At(4, EventKind.Released, detail: new() { Hold = recall.Id }));
        Assert.Empty(Availability.Of(item, "store", s_today));
    }

    [Fact]
    public void The_last_day_on_the_label_is_a_day_of_use()
    {
        var item = Told.Story(Told.At(0, EventKind.Opening, "store", new() { Expiry = s_today }));
        Assert.Empty(Availability.Of(item, "store", s_today));
        Assert.Equal([Unavailable.Expired], Availability.Of(item, "store", s_today.AddDays(1)));
    }

    [Fact]
    public void Of_two_expiries_the_earlier_counts_and_the_difference_is_a_finding()
    {
        var item = Told.Story(Told.At(0, EventKind.Received, "store", new() { Expiry = new(2027, 1, 31) }), Told.At(1, EventKind.Stored, "store", new() { Expiry = new(2026, 12, 31) }));
        Assert.Equal(new DateOnly(2026, 12, 31), item.Expiry);
        Assert.Contains("2027-01-31", Assert.Single(item.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_chips_with_one_EPC_are_a_hold()
    {
        var item = Told.Story(Told.At(0, EventKind.Received, "store", new() { Tid = "E280110520007993" }), Told.At(1, EventKind.Stored, "store", new() { Tid = "E280110520001111" }));
        Assert.Equal((TwoTags.HoldId, Told.StartUs + 3_600_000_000L), Assert.Single(item.Holds) is var hold ? (hold.Id, hold.SinceUs) : default);
        Assert.Equal([Unavailable.Held], Availability.Of(item, "store", s_today));
    }

    [Fact]
    public void Missed_by_a_count_it_is_missing_until_anything_sees_it_again()
    {
        var item = Told.Story(Told.At(0, EventKind.Opening, "store"), Told.At(5, EventKind.Missed, detail: new() { From = "store" }));
        Assert.Equal([Unavailable.Missing], Availability.Of(item, "store", s_today));
        Assert.Equal(ItemStatus.Missing, item.Seen(Told.StartUs, "store").Status);
        Assert.Empty(Availability.Of(item.Seen(Told.StartUs + 6 * 3_600_000_000L, "store"), "store", s_today));
        Assert.Equal(ItemStatus.InStock, item.After(Told.At(7, EventKind.Counted, "store")).Status);
    }

    [Fact]
    public void What_came_back_is_no_stock_before_somebody_has_looked_at_it()
    {
        var item = Told.Story(Told.At(0, EventKind.Opening, "store"), Told.At(1, EventKind.Issued, detail: new() { Case = "c1", Destination = "theatre" }), Told.At(2, EventKind.Returned, "store"), Told.At(3, EventKind.Stored, "store"));
        Assert.Equal([Unavailable.Returned], Availability.Of(item, "store", s_today));
        Assert.Null(item.Case);
        Assert.Empty(Availability.Of(item.After(Told.At(4, EventKind.Inspected, "store")), "store", s_today));
    }

    [Fact]
    public void What_was_sent_has_arrived_when_the_door_of_its_destination_sees_it()
    {
        var item = Told.Story(Told.At(0, EventKind.Opening, "store"), Told.At(1, EventKind.Issued, detail: new() { Destination = "theatre" }));
        Assert.Equal(ItemStatus.InTransit, item.Seen(Told.StartUs + 2 * 3_600_000_000L, "corridor").Status);
        Assert.Equal(ItemStatus.InStock, item.Seen(Told.StartUs + 2 * 3_600_000_000L, "theatre").Status);
    }

    [Fact]
    public void A_pack_that_was_opened_is_never_stock_again_and_ends_in_one_way()
    {
        var opened = Told.Story(Told.At(0, EventKind.Opening, "store"), Told.At(1, EventKind.Opened, detail: new() { Case = "c1" }));
        Assert.Equal(ItemStatus.Wasted, opened.After(Told.At(2, EventKind.Wasted, detail: new() { Reason = "dropped" })).Status);
        Assert.Equal(ItemStatus.Opened, opened.After(Told.At(2, EventKind.Returned, "store")).Status);
        Assert.Equal(ItemStatus.Opened, opened.After(Told.At(2, EventKind.Counted, "store")).Status);
    }

    [Fact]
    public void The_order_in_which_events_are_told_changes_nothing()
    {
        StockEvent[] story =
        [
            Told.At(0, EventKind.Received, "goods-in", new() { Expiry = new(2027, 1, 31), Lot = "A1" }), Told.At(1, EventKind.Stored, "store"), Told.At(2, EventKind.Held, detail: new() { HoldReason = HoldReason.ColdChain }),
            Told.At(3, EventKind.Missed), Told.At(4, EventKind.Counted, "store"), Told.At(5, EventKind.Issued, detail: new() { Case = "c1" }), Told.At(6, EventKind.Opened), Told.At(7, EventKind.Implanted, detail: new() { Patient = "p1" }),
        ];
        var told = System.Text.Json.JsonSerializer.Serialize(Told.Story(story));
        var random = new Random(7);
        for (var n = 0; n < 200; n++)
        {
            random.Shuffle(story);
            Assert.Equal(told, System.Text.Json.JsonSerializer.Serialize(Told.Story(story)));
        }
    }
}
