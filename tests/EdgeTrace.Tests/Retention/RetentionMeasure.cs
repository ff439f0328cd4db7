using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Retention;

/// <summary>What deletion does to who waits for a commit, and what a look at ten million visits costs. Explicit: see tests/README.md.</summary>
public sealed class RetentionMeasure(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task A_commit_waits_no_longer_while_a_gigabyte_is_deleted()
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-measure-");
        try
        {
            await using var log = BatchLog.Open(folder.FullName, TimeProvider.System, NullLogger<BatchLog>.Instance);
            var body = new byte[15_000];   // a batch of 1,000 reads
            Random.Shared.NextBytes(body);
            var (sequence, crc) = (0ul, Crc32.HashToUInt32(body));
            for (var i = 0; i < 140; i++)
                await Task.WhenAll(await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => log.AdmitAsync(new NewBatch(new("gw-1", "reads/door", 7, ++sequence), 1, 1000, crc, body)).AsTask())));
            var old = log.Head;
            Say($"{old:N0} batches, {new FileInfo(Path.Combine(folder.FullName, "log.db")).Length / 1e9:0.00} GB");
            await AppendForAsync(TimeSpan.FromSeconds(5), null);
            var began = Stopwatch.GetTimestamp();
            var deleted = 0L;
            var deleting = Task.Run(async () =>
            {
                while (true)
                {
                    var slice = Stopwatch.GetTimestamp();
                    var rows = await log.TrimAsync(old, long.MaxValue);
                    if (rows == 0) return;
                    Interlocked.Add(ref deleted, rows);
                    var rest = Stopwatch.GetElapsedTime(slice) * 4;
                    await Task.Delay(rest < TimeSpan.FromMilliseconds(20) ? TimeSpan.FromMilliseconds(20) : rest, TimeProvider.System);
                }
            });
            await AppendForAsync(null, deleting);
            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Say($"{deleted:N0} batches deleted in {took:0.0} s ({deleted / took:N0}/s, {deleted * 15e3 / took / 1e6:N0} MB/s); the file is {new FileInfo(Path.Combine(folder.FullName, "log.db")).Length / 1e9:0.00} GB");

            // One batch each 5 ms, as 200 gateways' heartbeats of reads would.
            async Task AppendForAsync(TimeSpan? span, Task? until)
            {
                var waits = new List<double>();
                var start = Stopwatch.GetTimestamp();
                while (until is { IsCompleted: false } || (span is { } s && Stopwatch.GetElapsedTime(start) < s))
                {
                    var before = Stopwatch.GetTimestamp();
                    await log.AppendAsync(new(new("gw-1", "reads/door", 7, ++sequence), long.MaxValue, 1000, crc, body));
                    waits.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                }
                waits.Sort();
                Say($"{(until is null ? "undisturbed" : "while deleting")}: {waits.Count:N0} commits, median {waits[waits.Count / 2]:0.00} ms, p99 {waits[(int)(waits.Count * 0.99)]:0.00} ms, longest {waits[^1]:0.0} ms");
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact(Explicit = true)]
    public async Task A_look_at_ten_million_visits()
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-measure-");
        try
        {
            var path = Path.Combine(folder.FullName, "ledger.db");
            await LedgerWriter.Open(path, TimeProvider.System).DisposeAsync();
            using (var connection = SqliteFile.OpenForWriting(path))
            {
                connection.Execute("PRAGMA synchronous = OFF");
                foreach (var sql in (string[])
                [
                    """
                    INSERT INTO visits (id, portal, epc, first_us, last_us, count, reads, reads_inside, reads_outside, peak_centi_dbm, peak_antenna, direction, side, confidence, continues, truncated, late, actor, recorded_us)
                    SELECT printf('%016x', n), 'door-' || (n % 50), '30340000000000000000' || printf('%04x', n / 2500), n * 3000000, n * 3000000 + 900000, 12, 12, 6, 6, -5200, 1, 'in', 'inside', 0.97, 0, 0, 0, 'system:tracker/portal/door', n * 3000000 + 2000000 FROM n
                    """,
                    """
                    INSERT INTO feed (kind, fact, phase, event_us, recorded_us, json)
                    SELECT 'movement', printf('%016x', n), '', n * 3000000, n * 3000000 + 2000000, printf('{"id":"%016x","at":"2026-11-25T12:00:00Z","item":{"key":"303400000000000000000000","name":"Hip stem 44 mm","detail":"serial 1003"},"portal":"door-1","direction":"in"}', n) FROM n
                    """,
                ])
                    for (var part = 0; part < 10; part++)
                        connection.Execute($"WITH RECURSIVE n (n) AS (SELECT {part * 1_000_000 + 1} UNION ALL SELECT n + 1 FROM n WHERE n < {(part + 1) * 1_000_000}) {sql}");
            }
            var ledger = new LedgerReader(path);
            Say($"{new FileInfo(path).Length / 1e9:0.00} GB");
            Look("totals", () => Assert.Equal(10_000_000, ledger.Totals()["visits"]));
            Look("delays of 10,000 movements", () => Assert.Equal(10_000, ledger.FeedDelays("movement", 10_000).Count));
            Look("delays of 100,000 movements", () => Assert.Equal(100_000, ledger.FeedDelays("movement", 100_000).Count));
            Look("for comparison, counting", () => ledger.Ask(c => c.Scalar("SELECT count(*) + coalesce(sum(reads), 0) + sum(direction <> 'unknown') FROM visits")));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }

        void Look(string what, Action look)
        {
            for (var turn = 0; turn < 2; turn++)
            {
                var began = Stopwatch.GetTimestamp();
                look();
                Say($"{what}: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0.0} ms");
            }
        }
    }

    void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
