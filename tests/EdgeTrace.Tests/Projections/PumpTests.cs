using System.IO.Hashing;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Contract;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Ingest;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Projections;

/// <summary>What is urgent overtakes a backlog of reads, and the ledger says the same as if it had not.</summary>
public sealed class PumpTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-pump-");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_alarm_does_not_wait_for_a_backlog_of_reads_and_the_ledger_says_the_same_after_a_restart_in_between(int loops)
    {
        // Reads first, then what is urgent: as a gateway's outbox, drained lane by lane, would never send it, and so the worst case.
        var backlog = Enumerable.Range(1, 700).Select(n => Stray((ulong)n)).Concat(
            SmallHospital.Log(new Random(4)).Select(logged => Batch.Parser.ParseFrom(logged.Body.Span)).OrderBy(batch => batch.BodyCase == Batch.BodyOneofCase.Reads ? 0 : 1)).ToList();
        await using var log = BatchLog.Open(_folder.FullName, TimeProvider.System, NullLogger<BatchLog>.Instance);
        await Task.WhenAll(backlog.Select(batch => log.AppendAsync(New(batch))));

        // First, so that everything is compiled and every table made: which loop waits for that is not what is asked here.
        var again = Path.Combine(_folder.FullName, "again.db");
        await LedgerReplay.RunAsync(log.Read, [], again, SmallHospital.Site, SmallHospital.Names, new Dictionary<ZoneId, long> { [new("point", "fridge-1")] = SmallHospital.EndUs }, TimeProvider.System);

        var path = Path.Combine(_folder.FullName, "ledger.db");
        var ledger = new LedgerReader(path);
        await RunAsync(log, path, loops, until: _ => Feed(path).Any(row => row.Kind == FeedKind.Alarm));
        Assert.InRange(ledger.Checkpoint(), 256, log.Head);
        await RunAsync(log, path, loops, until: pump => pump.Applied == log.Head && pump.OpenVisits == 0);

        var feed = Feed(path);
        Assert.True(feed.First(row => row.Kind == FeedKind.Alarm).Cursor < feed.First(row => row.Kind == FeedKind.Movement).Cursor, string.Join(' ', feed));
        Assert.Equal(CanonicalDump.Lines(new(again)), CanonicalDump.Lines(ledger));
    }

    [Fact]
    public void A_loop_is_as_far_as_its_oldest_unfinished_batch_however_long_it_paused()
    {
        var progress = new Progress();
        Assert.Equal(long.MaxValue, progress.Done);
        progress.Given(1000);
        Assert.Equal(999, progress.Done);
        progress.Given(1003);
        progress.Finished(1000);
        Assert.Equal(1000, progress.Done);
        progress.Finished(1003);
        Assert.Equal(long.MaxValue, progress.Done);
    }

    static async Task RunAsync(BatchLog log, string path, int loops, Func<ProjectionPump, bool> until)
    {
        await using var writer = LedgerWriter.Open(path, TimeProvider.System);
        var ledger = new LedgerReader(path);
        var factory = new ZoneFactory(SmallHospital.Site, SmallHospital.Names, new PointBoard(), new EquipmentBoard(ledger));
        using var pump = new ProjectionPump(log, writer, ledger, factory, new Promised(log), TimeProvider.System, NullLoggerFactory.Instance, loops);
        await pump.StartAsync(TestContext.Current.CancellationToken);
        await Patience.Until(() => until(pump), "it got there");
        await pump.StopAsync(CancellationToken.None);
    }

    static List<(long Cursor, string Kind)> Feed(string path)
    {
        using var connection = SqliteFile.OpenForReading(path, pooled: false);
        return connection.Rows("SELECT cursor, kind FROM feed ORDER BY cursor", row => (row.GetInt64(0), row.GetString(1)));
    }

    static Batch Stray(ulong sequence)
    {
        var batch = SmallHospital.Reads("attic", sequence, (SmallHospital.StartUs + (long)sequence, 1, SmallHospital.Tag(1)));
        batch.Header.Epoch = 9;
        return batch;
    }

    static NewBatch New(Batch batch)
    {
        var body = batch.ToByteArray();
        return new(new(batch.Header.Gateway, batch.Header.Stream, batch.Header.Epoch, batch.Header.Sequence), SmallHospital.EndUs, batch.Header.Readings, Crc32.HashToUInt32(body), body);
    }

    /// <summary>Every stream of the log is over.</summary>
    sealed class Promised(BatchLog log) : IStreamPromises
    {
        public IReadOnlyList<StreamPromise> Current() => [.. log.Streams().Select(stream => new StreamPromise(stream.Gateway, stream.Stream, stream.Epoch, stream.Upto + 1, SmallHospital.EndUs))];
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
