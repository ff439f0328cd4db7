using System.IO.Hashing;
using System.Text;
using EdgeTrace.Store.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Log;

public sealed class BatchLogTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-log-").FullName;
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_appended_is_read_back_in_order_also_after_reopening()
    {
        await using (var log = Open())
        {
            Assert.Equal(1, await log.AppendAsync(Batch("reads/door", 1)));
            Assert.Equal(2, await log.AppendAsync(Batch("scans/desk", 1, cause: "the body is no batch")));
            Assert.Equal(3, await log.AppendAsync(Batch("reads/door", 2)));
        }
        await using var again = Open();
        Assert.Equal(3, again.Head);
        var batches = again.Read(0, 100);
        Assert.Equal([1, 2, 3], batches.Select(batch => batch.Position));
        Assert.Equal(["reads/door", "scans/desk", "reads/door"], batches.Select(batch => batch.Id.Stream));
        Assert.Equal("reads/door 2", Encoding.UTF8.GetString(batches[2].Body.Span));
        Assert.Equal("the body is no batch", batches[1].QuarantineCause);
        Assert.Equal([3L], again.Read(2, 100).Select(batch => batch.Position));
        Assert.Equal(2, again.Read(0, 2).Count);
        Assert.Equal([("reads/door", 2ul, 2L, 20L), ("scans/desk", 1ul, 1L, 10L)],
            again.Streams().Select(stream => (stream.Stream, stream.Upto, stream.Batches, stream.Readings)));
    }

    [Fact]
    public async Task A_batch_that_does_not_continue_its_stream_is_refused_and_the_rest_of_the_group_is_kept()
    {
        await using var log = Open();
        var first = await log.AdmitAsync(Batch("reads/door", 1));
        var twin = await log.AdmitAsync(Batch("reads/door", 1));
        var beyond = await log.AdmitAsync(Batch("reads/door", 3));
        var second = await log.AdmitAsync(Batch("reads/door", 2));
        Assert.Equal(1, await first);
        await Assert.ThrowsAsync<OutOfSequenceException>(() => twin);
        await Assert.ThrowsAsync<OutOfSequenceException>(() => beyond);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task A_gap_moves_the_stream_on_and_is_kept_with_its_cause()
    {
        await using var log = Open();
        await await log.AdmitAsync(new LoggedGap("gw-1", "reads/door", 7, 1, 41, "already forgotten by the gateway", 5));
        Assert.Equal(1, await log.AppendAsync(Batch("reads/door", 42)));
        Assert.Equal(42ul, Assert.Single(log.Streams()).Upto);
        Assert.Equal((1ul, 41ul), Assert.Single(log.Reader.Gaps().Select(gap => (gap.FromSequence, gap.ToSequence))));
    }

    [Fact]
    public async Task Waiting_beyond_a_position_ends_when_the_log_grows()
    {
        await using var log = Open();
        var waiting = log.WaitBeyondAsync(0, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await log.AppendAsync(Batch("health", 1));
        await waiting;
        await log.WaitBeyondAsync(0, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_full_disk_is_a_named_state_in_which_nothing_is_acknowledged_and_which_ends_when_space_returns()
    {
        await using var log = Open();
        await log.AppendAsync(Batch("reads/door", 1));
        log.BytesMax = 1;
        var refused = log.AppendAsync(Batch("reads/door", 2, new byte[1 << 20]));
        await Eventually(() => log.State.Name == "disk full");
        Assert.Contains("disk full", log.State.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(log.State.Remedy);
        Assert.False(refused.IsCompleted);
        Assert.Equal(1, log.Head);

        log.BytesMax = 0;
        await Eventually(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return log.State.IsFine;
        });
        Assert.Equal(2, await refused);
    }

    [Fact]
    public async Task Closing_while_the_disk_is_full_abandons_what_was_never_acknowledged()
    {
        Task<long> refused;
        await using (var log = Open())
        {
            log.BytesMax = 1;
            refused = log.AppendAsync(Batch("reads/door", 1, new byte[1 << 20]));
            await Eventually(() => !log.State.IsFine);
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refused);
        await using var again = Open();
        Assert.Equal(0, again.Head);
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_with_a_cure()
    {
        await using var log = Open();
        var error = Assert.Throws<LogUnusableException>(Open);
        Assert.Contains("another edgetrace-cloud", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_read_while_it_is_written()
    {
        await using var log = Open();
        await log.AppendAsync(Batch("reads/door", 1));
        using var reader = BatchLogReader.Open(_folder);
        Assert.Equal(1, reader.Head);
        await log.AppendAsync(Batch("reads/door", 2));
        Assert.Equal(2, reader.Head);
        Assert.Equal(2, reader.Read(0, 10).Count);
    }

    [Theory]
    [InlineData("PRAGMA user_version=2", "newer EdgeTrace")]
    [InlineData("PRAGMA application_id=7", "not an EdgeTrace batch log")]
    [InlineData("UPDATE stream_epoch SET batches = 9", "damaged")]
    public async Task A_log_that_is_not_ours_to_use_is_refused_with_a_sentence(string damage, string expected)
    {
        await using (var log = Open()) await log.AppendAsync(Batch("reads/door", 1));
        using (var connection = new SqliteConnection($"Data Source={LogFile.Path(_folder)};Pooling=False"))
        {
            connection.Open();
            LogFile.Run(connection, damage);
        }
        Assert.Contains(expected, Assert.Throws<LogUnusableException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(8192)]   // the first table's own page
    public async Task Rubbish_in_the_file_is_named_at_opening_with_its_cure(int offset)
    {
        await using (var log = Open()) await log.AppendAsync(Batch("reads/door", 1));
        var rubbish = new byte[4096];
        new Random(7).NextBytes(rubbish);
        using (var file = File.OpenWrite(LogFile.Path(_folder)))
        {
            file.Position = offset;
            file.Write(rubbish);
        }
        var error = Assert.Throws<LogUnusableException>(Open);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("restore", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_at_any_moment_leaves_bodies_and_positions_in_step()
    {
        // Every copy of the three files made while the committer runs is what a kill at that moment would have left.
        var crashed = new List<string>();
        await using (var log = Open())
        {
            var appending = Task.Run(async () =>
            {
                for (var sequence = 1ul; sequence <= 200; sequence++)
                {
                    await log.AppendAsync(Batch("reads/door", sequence, new byte[20_000]));
                    await log.AppendAsync(Batch("scans/desk", sequence));
                }
            });
            while (!appending.IsCompleted && crashed.Count < 25)
            {
                var acknowledged = log.Head;
                var copy = Directory.CreateDirectory(Path.Combine(_folder, $"{crashed.Count}-{acknowledged}")).FullName;
                // The database first, then the log replayed over it; 4 MB stay below a checkpoint, so the two cannot pass each other.
                foreach (var name in (string[])["log.db", "log.db-wal"])
                    if (File.Exists(Path.Combine(_folder, name))) File.Copy(Path.Combine(_folder, name), Path.Combine(copy, name));
                crashed.Add(copy);
            }
            await appending;
        }
        foreach (var copy in crashed)
        {
            await using var log = BatchLog.Open(copy, _time, NullLogger<BatchLog>.Instance);
            var acknowledged = long.Parse(copy[(copy.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(log.Head >= acknowledged, $"{copy}: {log.Head} of {acknowledged} acknowledged");
            foreach (var stream in log.Streams())
                Assert.Equal(stream.Upto, (ulong)Enumerable.Range(0, (int)(log.Head / 64) + 1)
                    .SelectMany(page => log.Read(page * 64L, 64)).Count(batch => batch.Id.Stream == stream.Stream));
        }
    }

    [Fact]
    public async Task Quarantine_security_events_and_gateways_survive_reopening()
    {
        await using (var log = Open())
        {
            await await log.QuarantineAsync("some/topic", "no envelope", new byte[BatchLog.QuarantineBodyBytesMax + 9]);
            for (var i = 0; i < 3; i++) await await log.RecordAsync(new("spoofed-topic", "gw-1", "edgetrace/v1/a/b/gw/gw-2/birth", "", i, i));
            await await log.RememberAsync(new("gw-1", "trust", "site", new byte[] { 1 }, new byte[] { 2 }, 1));
            await await log.RememberAsync(new("gw-1", "trust", "site", new byte[] { 3 }, new byte[] { 2 }, 9));
        }
        using var reader = BatchLogReader.Open(_folder);
        var kept = Assert.Single(reader.Quarantine(10));
        Assert.Equal(BatchLog.QuarantineBodyBytesMax, kept.Body.Length);
        Assert.Equal(BatchLog.QuarantineBodyBytesMax + 9, kept.Length);
        Assert.Equal((3L, 0L, 2L), Assert.Single(reader.SecurityEvents(10).Select(happened => (happened.Count, happened.FirstUs, happened.LastUs))));
        var gateway = Assert.Single(reader.Gateways());
        Assert.Equal(3, gateway.Birth.Span[0]);
        Assert.Equal(9, gateway.LastHeardUs);
    }

    BatchLog Open() => BatchLog.Open(_folder, _time, NullLogger<BatchLog>.Instance);

    static NewBatch Batch(string stream, ulong sequence, byte[]? body = null, string? cause = null)
    {
        body ??= Encoding.UTF8.GetBytes($"{stream} {sequence}");
        return new(new("gw-1", stream, 7, sequence), 1_000_000, 10, Crc32.HashToUInt32(body), body, cause);
    }

    static async Task Eventually(Func<bool> holds)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), "It never came true.");
            await Task.Yield();
        }
    }
}
