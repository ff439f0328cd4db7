using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Tests.Outbox;

public class DurableOutboxTests
{
    [Fact]
    public void What_was_sealed_is_there_after_a_crash_with_its_numbers_and_totals()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 100);
        fixture.Sealer.Scans("desk").Add(OutboxFixture.Scan(5));
        Assert.True(fixture.Sealer.SealAll());
        fixture.Reads("door", 50, first: 100);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Reopen();

        var batches = fixture.Drain("reads/door");
        Assert.Equal([1ul, 2ul], batches.Select(batch => batch.Header.Sequence));
        Assert.Equal([100u, 50u], batches.Select(batch => batch.Header.Readings));
        Assert.Single(fixture.Drain("scans/desk"));
        var columns = new ReadColumns();
        columns.Decode(batches[1].Reads.Columns.Span);
        Assert.Equal(50, columns.Count);
        Assert.Equal(150ul, fixture.Summary("reads/door").SealedReadings);
        fixture.Reads("door", 1, first: 200);
        fixture.Sealer.SealAll();
        Assert.Equal([1ul, 2ul, 3ul], fixture.Drain("reads/door").Select(batch => batch.Header.Sequence));
    }

    [Fact]
    public void Nothing_is_forgotten_that_was_never_sent()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 10);
        fixture.Sealer.SealAll();
        var batch = fixture.Outbox.Next("reads/door", 0, 0)!.Value;
        Assert.Equal(AcknowledgeVerdict.BeyondSent, fixture.Outbox.Acknowledge("reads/door", batch.Epoch, 1));
        Assert.Equal(AcknowledgeVerdict.UnknownStream, fixture.Outbox.Acknowledge("reads/door", batch.Epoch + 1, 1));
        fixture.Drain("reads/door");
        Assert.Equal(AcknowledgeVerdict.BeyondSent, fixture.Outbox.Acknowledge("reads/door", batch.Epoch, 2));
        Assert.Equal(AcknowledgeVerdict.Noted, fixture.Outbox.Acknowledge("reads/door", batch.Epoch, 1));
        Assert.Equal(AcknowledgeVerdict.NothingNew, fixture.Outbox.Acknowledge("reads/door", batch.Epoch, 1));
    }

    [Fact]
    public void Forgetting_survives_a_crash_and_totals_survive_forgetting()
    {
        using var fixture = new OutboxFixture().Open();
        for (var i = 0; i < 20; i++)
        {
            fixture.Reads("door", 10, first: i * 10);
            fixture.Sealer.SealAll();
        }
        Assert.Equal(20, fixture.Drain("reads/door", forget: true).Count);
        fixture.Outbox.Commit();
        fixture.Reopen();
        Assert.Empty(fixture.Drain("reads/door"));
        Assert.Equal(200ul, fixture.Summary("reads/door").SealedReadings);
        Assert.Equal(0, fixture.Summary("reads/door").UnackedBatches);
    }

    [Fact]
    public void Forgetting_bounds_the_disk()
    {
        using var fixture = new OutboxFixture().Open();
        for (var i = 0; i < 400; i++)
        {
            fixture.Reads("door", 200, first: i * 200);
            fixture.Sealer.SealAll();
            fixture.Drain("reads/door", forget: true);
        }
        Assert.Equal(80_000ul, fixture.Summary("reads/door").SealedReadings);
        Assert.True(Directory.EnumerateFiles(fixture.Folder).Sum(path => new FileInfo(path).Length) <= 8 * (64 << 10), "recycled files bound the disk");
        fixture.Reopen();
        Assert.Equal(80_000ul, OutboxSummary.Of(fixture.Outbox.Summaries()).Totals.Reads);
    }

    [Fact]
    public void A_second_owner_is_told_who_the_first_is()
    {
        using var fixture = new OutboxFixture().Open();
        var refused = Assert.Throws<OutboxLockedException>(() => new OutboxDisk(fixture.Folder).Open());
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Totals_are_read_beside_the_running_gateway()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 7);
        fixture.Sealer.Samples("fridge-1").Add(new() { TimeUs = 5, MilliCelsius = 4000 });
        fixture.Sealer.SealAll();
        var summary = OutboxSummary.Read(fixture.Folder);
        Assert.Equal(new(7, 0, 1, 0), summary.Totals);
        Assert.Contains("\"sealedReadings\":7", summary.ToJson(), StringComparison.Ordinal);
        Assert.Contains("\"totals\":{\"reads\":7,\"scans\":0,\"samples\":1", summary.ToJson(), StringComparison.Ordinal);
    }
}
