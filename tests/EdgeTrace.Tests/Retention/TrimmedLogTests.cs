using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Retention;

/// <summary>A log that no longer reaches back to the beginning is told as such and never makes less, or more, of what was.</summary>
public sealed class TrimmedLogTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-trimmed-");
    readonly List<LoggedBatch> _log = SmallHospital.Log(new Random(5));

    string File => Path.Combine(_folder.FullName, "ledger.db");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_replay_is_refused_with_where_the_log_begins_and_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => LedgerReplay.RunAsync(From(11), [], File, SmallHospital.Site, SmallHospital.Names, new Dictionary<ZoneId, long>(), TimeProvider.System));
        Assert.Contains("The log begins at position 11 of 2026-", refused.Message, StringComparison.Ordinal);
        Assert.Contains("a replay would say less than the ledger and is not made", refused.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("door-1")]
    [InlineData("door-2")]
    public async Task A_zone_whose_snapshot_is_unusable_is_made_again_from_what_is_left_and_tells_nothing_twice_wherever_the_log_begins(string portal)
    {
        await using var writer = LedgerWriter.Open(File, new FakeTimeProvider());
        var ledger = new LedgerReader(File);
        var factory = new ZoneFactory(SmallHospital.Site, SmallHospital.Names, new PointBoard(), new EquipmentBoard(ledger));
        ZoneId zone = new("portal", portal);
        var owner = new ZoneOwner(zone, factory, ledger, From(1), ZonePosition.None, 0);
        foreach (var logged in _log)
            if (factory.RouteOf(logged.Id, ProjectionPump.EventTimeOf(logged)) is var route && route.Zone == zone) owner.Apply(logged, route);
        owner.AdvanceTo(SmallHospital.EndUs);
        await CommitAsync(writer, owner);
        var said = CanonicalDump.Lines(ledger);
        Assert.True(said.Count(line => line.StartsWith("{\"kind\":\"visit\"", StringComparison.Ordinal)) > 10);

        var unusable = new LedgerCommit("system:test") { Checkpoint = _log.Count };
        unusable.Snapshots.Add(new(zone, _log.Count, SmallHospital.EndUs, new byte[] { 1, 2, 3 }));
        await writer.CommitAsync(unusable, TestContext.Current.CancellationToken);
        for (var begins = 2; begins <= _log.Count; begins++)
        {
            var again = new ZoneOwner(zone, factory, ledger, From(begins), ledger.Zones().Single(row => row.Zone == zone).Position, _log.Count);
            again.AdvanceTo(SmallHospital.EndUs + 60_000_000);
            await CommitAsync(writer, again);
            Assert.Contains($"The log begins at position {begins:N0}", again.Fault, StringComparison.Ordinal);
            Assert.Equal(said, CanonicalDump.Lines(ledger));
        }
    }

    [Fact]
    public async Task A_zone_that_stands_still_holds_the_checkpoint_so_that_what_it_has_not_applied_is_not_deleted()
    {
        await using var writer = LedgerWriter.Open(File, new FakeTimeProvider());
        var ledger = new LedgerReader(File);
        var factory = new ZoneFactory(SmallHospital.Site, SmallHospital.Names, new PointBoard(), new EquipmentBoard(ledger));
        ZoneOwner? owner = null;
        var loop = new ZoneLoop(
            1, zone => owner = new(zone, factory, ledger, (_, _) => throw new InvalidOperationException("the log cannot be asked"), ZonePosition.None, 0), writer, TimeProvider.System, NullLogger<ZoneLoop>.Instance);
        var running = loop.RunAsync(TestContext.Current.CancellationToken);
        Assert.True(await CheckpointAsync());

        var rubbish = SmallHospital.Reads("door-1", 1, (SmallHospital.StartUs, 1, SmallHospital.Tag(1)));
        rubbish.Reads.Columns = Google.Protobuf.ByteString.CopyFrom(1, 200, 200, 200);
        var logged = SmallHospital.Logged(1, rubbish);
        await loop.GiveAsync(ZoneWork.Of(logged, factory.RouteOf(logged.Id, SmallHospital.StartUs)), TestContext.Current.CancellationToken);
        Assert.False(await CheckpointAsync());
        Assert.Contains("Stands still", owner!.Fault, StringComparison.Ordinal);
        loop.Complete();
        await running;

        async Task<bool> CheckpointAsync()
        {
            var work = new CheckpointWork(1, new(TaskCreationOptions.RunContinuationsAsynchronously));
            await loop.GiveAsync(ZoneWork.Of(work), TestContext.Current.CancellationToken);
            return await work.Done.Task;
        }
    }

    static async Task CommitAsync(LedgerWriter writer, ZoneOwner owner)
    {
        if (owner.Seal() is not { } commit) return;
        await writer.CommitAsync(commit, TestContext.Current.CancellationToken);
        owner.Committed(commit);
    }

    Func<long, int, IReadOnlyList<LoggedBatch>> From(long begins) => (after, max) => [.. _log.Skip((int)Math.Max(after, begins - 1)).Take(max)];
}
