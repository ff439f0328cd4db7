using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Tests.Outbox;

/// <summary>What is acknowledged is kept for a cloud that is restored from a backup, and is in nobody's way.</summary>
public sealed class KeptTests
{
    static OutboxOptions Options(long budget = 64 << 20) => new() { SegmentBytes = 64 << 10, DiskBudgetBytes = budget, KeepAcknowledgedFor = TimeSpan.FromHours(2) };

    static void Seal(OutboxFixture fixture, int batches, int readsEach = 10)
    {
        for (var i = 0; i < batches; i++)
        {
            fixture.Reads("door", readsEach, i * readsEach);
            fixture.Sealer.SealAll();
            Assert.True(fixture.Outbox.Commit());
        }
    }

    static StreamAck Ack(Batch batch, ulong upto, bool known = true) => new() { Stream = "reads/door", Epoch = batch.Header.Epoch, Upto = upto, Known = known };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cloud_that_went_back_gets_again_what_it_had_acknowledged(bool restarted)
    {
        using var fixture = new OutboxFixture { Options = Options() }.Open();
        Seal(fixture, 20);
        Assert.True(fixture.Outbox.Answered([]));
        var sent = fixture.Drain("reads/door", forget: true);
        Assert.Equal(0, fixture.Summary("reads/door").UnackedBatches);
        Assert.True(fixture.Outbox.Commit());
        if (restarted)
        {
            fixture.Reopen();
            Assert.Equal(0, fixture.Summary("reads/door").UnackedBatches);
        }

        Assert.True(fixture.Outbox.Answered([Ack(sent[0], upto: 7)]));

        var again = fixture.Drain("reads/door", forget: true);
        Assert.Equal(sent[7..].Select(batch => batch.Header.Sequence), again.Select(batch => batch.Header.Sequence));
        Assert.All(again, batch => Assert.Equal(sent[0].Header.Epoch, batch.Header.Epoch));
        Assert.Equal(sent[7..].Select(batch => batch.ToString()), again.Select(batch => batch.ToString()));
    }

    [Fact]
    public void A_cloud_that_knows_nothing_gets_all_that_is_kept()
    {
        using var fixture = new OutboxFixture { Options = Options() }.Open();
        Seal(fixture, 5);
        Assert.True(fixture.Outbox.Answered([]));
        var sent = fixture.Drain("reads/door", forget: true);

        Assert.True(fixture.Outbox.Answered([Ack(sent[0], 0, known: false)]));

        Assert.Equal(5, fixture.Drain("reads/door").Count);
    }

    [Fact]
    public void After_two_hours_it_is_let_go_and_the_birth_says_so()
    {
        using var fixture = new OutboxFixture { Options = Options() }.Open();
        Seal(fixture, 5);
        Assert.True(fixture.Outbox.Answered([]));
        fixture.Drain("reads/door", forget: true);
        Assert.Equal(1u, fixture.Outbox.Positions().Single(position => position.Stream == "reads/door").OldestUnacked);

        fixture.Time.Advance(TimeSpan.FromHours(2.1));
        Assert.True(fixture.Outbox.Commit());

        Assert.Equal(6u, fixture.Outbox.Positions().Single(position => position.Stream == "reads/door").OldestUnacked);
    }

    [Fact]
    public void It_fills_an_eighth_of_the_budget_at_most()
    {
        using var fixture = new OutboxFixture { Options = Options(8 << 20) }.Open();
        Assert.True(fixture.Outbox.Answered([]));
        for (var round = 0; round < 120; round++)
        {
            Seal(fixture, 2, readsEach: 2000);
            fixture.Drain("reads/door", forget: true);
            fixture.Time.Advance(TimeSpan.FromSeconds(61));
        }
        Assert.True(fixture.Outbox.Commit());
        Assert.InRange(fixture.Outbox.DiskBytes, 256 << 10, (1 << 20) + (256 << 10));
    }

    [Fact]
    public void It_goes_before_anything_is_thinned()
    {
        using var fixture = new OutboxFixture { Options = Options(4 << 20) }.Open();
        Assert.True(fixture.Outbox.Answered([]));
        Seal(fixture, 8, readsEach: 3000);
        fixture.Drain("reads/door", forget: true);
        var before = fixture.Summary("reads/door");

        while (fixture.Outbox.DiskBytes < 3 << 20) Seal(fixture, 4, readsEach: 3000);

        Assert.Equal(OutboxState.Fine, fixture.Outbox.State);
        Assert.DoesNotContain(fixture.Drain("reads/door"), batch => batch.Header.Losses.Count > 0);
        Assert.True(fixture.Summary("reads/door").SealedBatches > before.SealedBatches);
    }

    [Fact]
    public void A_full_disk_is_freed_by_what_is_only_kept()
    {
        using var fixture = new OutboxFixture { Options = Options() }.Open();
        Assert.True(fixture.Outbox.Answered([]));
        Seal(fixture, 12, readsEach: 3000);
        fixture.Drain("reads/door", forget: true);
        Assert.True(fixture.Outbox.Commit());

        // No new file from here on: only what is there may be written over.
        fixture.Disk.Fault = what => what == "rename" ? new IOException("no space left", 28) : null;
        fixture.Reads("door", 6000);
        fixture.Sealer.SealAll();
        fixture.Outbox.Commit();
        fixture.Disk.Fault = null;

        Assert.True(fixture.Outbox.Commit());
        Assert.Equal(OutboxState.Fine, fixture.Outbox.State);
        Assert.Equal(6000, fixture.Drain("reads/door").Sum(batch => batch.Header.Readings));
    }

    [Fact]
    public void A_hole_in_what_is_only_kept_is_no_loss()
    {
        using var fixture = new OutboxFixture { Options = Options() }.Open();
        Assert.True(fixture.Outbox.Answered([]));
        Seal(fixture, 20, readsEach: 3000);
        fixture.Drain("reads/door", forget: true);
        Seal(fixture, 2);
        Assert.True(fixture.Outbox.Commit());
        fixture.Outbox.Dispose();
        var oldest = Directory.GetFiles(fixture.Folder, "*.segment").Order().First();
        var bytes = File.ReadAllBytes(oldest);
        bytes.AsSpan(bytes.Length / 2, 4096).Clear();
        File.WriteAllBytes(oldest, bytes);

        fixture.Open();

        Assert.Equal(2, fixture.Summary("reads/door").UnackedBatches);
        var left = fixture.Drain("reads/door");
        Assert.Equal(2, left.Count);
        Assert.DoesNotContain(left, batch => batch.Header.Losses.Count > 0);
    }
}
