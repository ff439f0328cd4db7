using EdgeTrace.Contract;

namespace EdgeTrace.Tests.Outbox;

/// <summary>What an older gateway left on its card is read by a newer one: testdata/outbox holds each version's files as that version wrote them.</summary>
public sealed class VersionTests
{
    // Written by the last version 1: four batches of 20 reads, the first acknowledged and kept, a scan, a restart before the fourth.
    [Fact]
    public void Version_1_is_read_whole_and_goes_on_as_version_2()
    {
        using var fixture = Open();
        Assert.Empty(fixture.Outbox.Findings);
        Assert.Equal((4ul, 80ul, 3L), (fixture.Summary("reads/door").SealedBatches, fixture.Summary("reads/door").SealedReadings, fixture.Summary("reads/door").UnackedBatches));
        Assert.Equal(1ul, fixture.Summary("scans/desk").SealedReadings);

        fixture.Reads("door", 20, first: 80);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Reopen();

        Assert.Empty(fixture.Outbox.Findings);
        var batches = fixture.Drain("reads/door");
        Assert.Equal([2ul, 3, 4, 5], batches.Select(batch => batch.Header.Sequence));
        Assert.Single(batches.Select(batch => batch.Header.Epoch).Distinct());
        Assert.Single(batches.SelectMany(batch => batch.Header.Losses), loss => loss.Cause == LossCause.Blind);
    }

    // Nothing in it says how much the cloud has: where the acknowledged batch is lost too, it is in the count.
    [Theory]
    [InlineData(64, 20, 60)]
    [InlineData(800, 20, 40)]
    public void What_damage_takes_of_version_1_is_counted(int cutAt, int arrives, int counted)
    {
        using var fixture = Open(folder =>
        {
            using var file = File.OpenWrite(Directory.GetFiles(folder, "*.segment").Order(StringComparer.Ordinal).First());
            file.SetLength(cutAt);
        });
        fixture.Reads("door", 1, first: 80);
        Assert.True(fixture.Sealer.SealAll());
        var batches = fixture.Drain("reads/door");
        var lost = batches.SelectMany(batch => batch.Header.Losses).Where(loss => loss.Cause == LossCause.Corrupt).Sum(loss => (long)loss.Readings);
        Assert.Equal(counted, lost);
        Assert.Equal(arrives, batches.Sum(batch => batch.Header.Readings) - 1);
    }

    static OutboxFixture Open(Action<string>? damage = null)
    {
        var fixture = new OutboxFixture { Options = new() { SegmentBytes = 64 << 10, DiskBudgetBytes = 4 << 20 } };
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "testdata/outbox/version-1"))) File.Copy(path, Path.Combine(fixture.Folder, Path.GetFileName(path)));
        damage?.Invoke(fixture.Folder);
        return fixture.Open();
    }
}
