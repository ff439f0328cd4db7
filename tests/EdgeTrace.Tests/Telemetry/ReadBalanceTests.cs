using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Tests.Outbox;

namespace EdgeTrace.Tests.Telemetry;

/// <summary>Reads = outboxed + dropped + lost + pending, at any moment and after anything.</summary>
public sealed class ReadBalanceTests
{
    [Fact]
    public void Reads_are_pending_until_the_disk_has_them_and_each_way_out_is_counted_once()
    {
        using var fixture = new OutboxFixture().Open();
        var door = fixture.Sealer.Reads("door-1");
        fixture.Reads("door-1", 10);
        door.CountDropped("badges", 3);
        Assert.Equal(new("door-1", Seen: 13, Outboxed: 0, Dropped: 0, Lost: 0, Pending: 13), door.Balance());

        Assert.True(fixture.Sealer.SealAll());
        Assert.Equal(new("door-1", Seen: 13, Outboxed: 10, Dropped: 3, Lost: 0, Pending: 0), door.Balance());

        door.Promise(2_000_000);
        Assert.False(door.Add(new(1_500_000, 1, -5000), [0x30, 1, 2, 3]));
        Assert.Equal(new("door-1", Seen: 14, Outboxed: 10, Dropped: 3, Lost: 1, Pending: 0), door.Balance());
    }

    [Fact]
    public void While_the_disk_refuses_they_stay_pending_and_then_are_lost_by_count()
    {
        using var fixture = new OutboxFixture { Options = new() { SegmentBytes = 64 << 10, DiskBudgetBytes = 4 << 20, PendingBytesMax = 64 << 10 } }.Open();
        fixture.Disk.Fault = what => what == "sync" ? new IOException("the card refuses") : null;
        for (var round = 0; round < 20; round++)
        {
            fixture.Reads("door-1", 20_000, first: round * 20_000);
            fixture.Sealer.SealAll();
            Assert.True(fixture.Sealer.Balances().Single().Balances);
        }
        var full = fixture.Sealer.Balances().Single();
        Assert.Equal((400_000ul, 0ul), (full.Seen, full.Outboxed));
        Assert.True(full.Lost > 0);

        fixture.Disk.Fault = null;
        Assert.True(fixture.Sealer.SealAll());
        Assert.True(fixture.Sealer.SealAll());
        var after = fixture.Sealer.Balances().Single();
        Assert.Equal((full.Seen, full.Seen - full.Lost, full.Lost, 0ul), (after.Seen, after.Outboxed, after.Lost, after.Pending));
    }

    [Fact]
    public void A_new_process_counts_from_nothing_whatever_the_outbox_already_holds()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door-1", 10);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Reopen();
        fixture.Reads("door-1", 4, first: 100);
        Assert.True(fixture.Sealer.SealAll());
        Assert.Equal(new ReadBalance("door-1", Seen: 4, Outboxed: 4, Dropped: 0, Lost: 0, Pending: 0), fixture.Sealer.Balances().Single());
        Assert.Equal(14ul, fixture.Outbox.Summaries().Single().SealedReadings);
    }
}
