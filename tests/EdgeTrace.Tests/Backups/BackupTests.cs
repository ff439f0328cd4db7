using System.IO.Hashing;
using EdgeTrace.Contract;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Backups;

/// <summary>A backup is taken beside a running cloud, checked, and put back only whole.</summary>
public sealed class BackupTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-backup-");
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero));
    readonly List<string> _said = [];

    string Data => Path.Combine(_folder.FullName, "data");
    string Backups => Path.Combine(_folder.FullName, "backups");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Taken_while_the_log_is_written_and_put_back_it_holds_what_was_durable_when_it_began()
    {
        string backup;
        long before;
        await using (var log = Open())
        await using (LedgerWriter.Open(Path.Combine(Data, "ledger.db"), _time))
        using (ReadingsStore.Open(Path.Combine(Data, "readings.db")))
        {
            for (var i = 1; i <= 50; i++) await AppendAsync(log, i);
            before = log.Head;
            using var stop = new CancellationTokenSource();
            var writing = Task.Run(async () =>
            {
                for (var i = 51; !stop.IsCancellationRequested; i++) await AppendAsync(log, i);
            }, TestContext.Current.CancellationToken);
            backup = Backup.Take(Data, Backups, keep: 0, _time, _said.Add);
            await stop.CancelAsync();
            await writing;
        }
        Assert.Equal(["readings.db", "ledger.db", "log.db"], _said.Select(line => line.Split(':')[0]));

        Directory.Delete(Data, recursive: true);
        Backup.Restore(backup, Data, setAside: false, _time, _said.Add);
        await using var again = Open();
        Assert.True(again.Head >= before, $"{again.Head} of {before}");
        Assert.Equal(again.Head, again.Read(0, int.MaxValue / 2).Count);
        await AppendAsync(again, (int)again.Head + 1);   // and it goes on
    }

    [Fact]
    public async Task Roll_ups_sizes_and_totals_come_back_with_a_log_whose_beginning_was_deleted()
    {
        var us = _time.GetUtcNow().ToUnixTimeMicroseconds() / 60_000_000 * 60_000_000;
        string backup;
        await using (var log = Open())
        await using (var ledger = LedgerWriter.Open(Path.Combine(Data, "ledger.db"), _time))
        using (var readings = ReadingsStore.Open(Path.Combine(Data, "readings.db")))
        {
            for (var i = 1; i <= 9; i++) await AppendAsync(log, i);
            Assert.Equal(5, await log.TrimAsync(upto: 5, long.MaxValue));
            var commit = new LedgerCommit("system:test") { Checkpoint = 9 };
            commit.Visits.Add(new("v", "door", "30", 1, 2, 1, 7, 0, 7, -5000, 1, "in", "inside", 0.9));
            await ledger.CommitAsync(commit, TestContext.Current.CancellationToken);
            readings.Write([new("fridge-1", "temperature", us * 1000, 4200, null, "")], [], new(9, 0));
            readings.KeepFrom(us - 86_400_000_000, us - 86_400_000_000, 0);
            readings.Remember([new("log", us, 12345)], 0);
            backup = Backup.Take(Data, Backups, keep: 0, _time, _said.Add);
        }
        Directory.Delete(Data, recursive: true);
        Backup.Restore(backup, Data, setAside: false, _time, _said.Add);
        await using (var log = Open())
        {
            Assert.Equal([6L, 7, 8, 9], log.Read(0, 10).Select(batch => batch.Position));
            Assert.Equal(10, await log.AppendAsync(new(new("gw-1", "reads/door", 7, 10), 1, 1, 0, new byte[1])));
        }
        Assert.Equal((1L, 7L), new LedgerReader(Path.Combine(Data, "ledger.db")).Totals() switch { var totals => (totals["visits"], totals["readsInVisits"]) });
        using var restored = ReadingsStore.Open(Path.Combine(Data, "readings.db"));
        Assert.Equal([new(0, 4200, 4200, 4200, 1)], restored.Buckets("fridge-1", us, us + 60_000_000, 60_000_000));
        Assert.True(restored.Kept is { Samples: 1, SamplesFromUs: > 0 }, restored.Kept.ToString());
        Assert.Equal([new("log", us, 12345)], StoreSizes.Read(Path.Combine(Data, "readings.db"), 0));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Data_that_is_there_is_set_aside_only_when_asked_and_never_under_a_running_cloud()
    {
        string backup;
        await using (var log = Open())
        {
            await AppendAsync(log, 1);
            backup = Backup.Take(Data, Backups, keep: 0, _time, _said.Add);
            Assert.Contains("A cloud is running", Refusal(() => Backup.Restore(backup, Data, setAside: true, _time, _said.Add)), StringComparison.Ordinal);
            await AppendAsync(log, 2);
        }
        Assert.Contains("--set-aside", Refusal(() => Backup.Restore(backup, Data, setAside: false, _time, _said.Add)), StringComparison.Ordinal);
        Backup.Restore(backup, Data, setAside: true, _time, _said.Add);
        await using (var log = Open()) Assert.Equal(1, log.Head);
        var aside = Assert.Single(Directory.GetDirectories(_folder.FullName, "data.aside-*"));
        Assert.True(File.Exists(Path.Combine(aside, "log.db")));
    }

    [Theory]
    [InlineData("log.db", "damaged")]
    [InlineData("manifest.json", "is no backup")]
    public async Task A_backup_that_is_not_what_it_says_changes_nothing(string file, string said)
    {
        await using (var log = Open()) await AppendAsync(log, 1);
        var backup = Backup.Take(Data, Backups, keep: 0, _time, _said.Add);
        using (var spoil = new FileStream(Path.Combine(backup, file), FileMode.Open, FileAccess.ReadWrite)) spoil.SetLength(spoil.Length / 2);
        Assert.Contains(said, Refusal(() => Backup.Restore(backup, Data, setAside: true, _time, _said.Add)), StringComparison.Ordinal);
        await using (var log = Open()) Assert.Equal(1, log.Head);
    }

    [Fact]
    public async Task The_newest_are_kept_and_one_under_way_is_none()
    {
        await using (var log = Open()) await AppendAsync(log, 1);
        for (var i = 0; i < 4; i++)
        {
            Backup.Take(Data, Backups, keep: 2, _time, _said.Add);
            _time.Advance(TimeSpan.FromHours(1));
        }
        Directory.CreateDirectory(Path.Combine(Backups, "edgetrace-20991231T000000Z.partial"));
        Assert.Equal(2, Backup.In(Backups).Count());
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero), BackupManifest.Newest(Backups)!.Value.Manifest.TakenAt);
        Assert.Contains("nothing to back up", Refusal(() => Backup.Take(Path.Combine(_folder.FullName, "elsewhere"), Backups, 0, _time, _said.Add)), StringComparison.Ordinal);
    }

    static string Refusal(Action refused) => Assert.Throws<InvalidDataException>(refused).Message;

    BatchLog Open()
    {
        Directory.CreateDirectory(Data);
        return BatchLog.Open(Data, _time, NullLogger<BatchLog>.Instance);
    }

    static Task<long> AppendAsync(BatchLog log, int sequence)
    {
        var body = new byte[500];
        return log.AppendAsync(new(new BatchId("gw-1", "reads/door", 7, (ulong)sequence), 1, 1, Crc32.HashToUInt32(body), body));
    }
}
