using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Tests.Projections;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Completeness;

public sealed class CompletenessTallyTests : IDisposable
{
    static readonly long s_midnightUs = Stream.Us("2026-11-25T00:00:00Z");

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-completeness-");
    int _ledgers;

    [Fact]
    public void A_batch_that_straddles_an_hour_is_counted_in_both_by_each_readings_own_time()
    {
        var said = Stream.Tally([Stream.Samples(1, s_midnightUs - 40_000_000, 10).At(1)]);
        Assert.Equal(
            [(s_midnightUs - SiteHours.HourUs, 4L, 1L, 1L << 59), (s_midnightUs, 6L, 0L, 1L)],
            said.Received.OrderBy(r => r.HourUs).Select(r => (r.HourUs, r.Readings, r.Batches, r.Minutes)));
    }

    [Fact]
    public void Reads_and_scans_are_counted_by_their_own_times_too()
    {
        var reads = SmallHospital.Reads("door-1", 1, [.. Enumerable.Range(-3, 8).Select(i => (s_midnightUs + i * 1_000_000L, (ushort)1, SmallHospital.Tag(1)))]);
        var said = Stream.Tally([SmallHospital.Logged(1, reads)]);
        Assert.Equal([(s_midnightUs - SiteHours.HourUs, 3L), (s_midnightUs, 5L)], said.Received.OrderBy(r => r.HourUs).Select(r => (r.HourUs, r.Readings)));
    }

    [Fact]
    public void Hours_begin_where_the_sites_own_clock_says_so_also_half_an_hour_off()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");
        var said = Stream.Tally([Stream.Samples(1, Stream.Us("2026-11-24T18:29:55Z"), 2).At(1)], zone: zone);
        Assert.Equal([Stream.Us("2026-11-24T17:30:00Z"), Stream.Us("2026-11-24T18:30:00Z")], said.Received.Select(r => r.HourUs).Order());
    }

    [Fact]
    public void A_gap_lies_between_what_was_heard_before_and_the_batch_after_it()
    {
        var (before, after) = (Stream.Samples(1, s_midnightUs, 6), Stream.Samples(5, s_midnightUs + 600_000_000, 6));
        var gap = Stream.Gap(2, 4, s_midnightUs + 3_000_000_000);
        foreach (var page in (int[])[1, 1024])
        {
            var path = NewPath();
            Write(path, Stream.Tally([before.At(1), after.At(2)], [gap], page));
            var loss = Assert.Single(new LedgerReader(path).Losses(long.MinValue, long.MaxValue, 10));
            Assert.Equal(
                (LossCauses.Gap, (ulong)2, (ulong)4, null, before.Header.LastUs, after.Header.FirstUs, "already forgotten by the gateway"),
                (loss.Cause, loss.Sequence, loss.ToSequence, loss.Readings, loss.FromUs, loss.ToUs, loss.Detail));
        }
    }

    [Fact]
    public void A_gap_that_nothing_follows_is_told_too()
    {
        var recordedUs = s_midnightUs + 300_000_000;
        var loss = Assert.Single(Stream.Tally([Stream.Samples(1, s_midnightUs, 6).At(1)], [Stream.Gap(2, 9, recordedUs)]).Losses);
        Assert.Equal((LossCauses.Gap, s_midnightUs + 50_000_000, recordedUs), (loss.Cause, loss.FromUs, loss.ToUs));
    }

    [Fact]
    public void A_body_nobody_can_read_is_a_row_with_its_cause_and_the_count_goes_on()
    {
        var path = NewPath();
        Write(path, Stream.Tally([Stream.Samples(1, s_midnightUs, 6).At(1), Stream.Unreadable(2, 2, s_midnightUs + 900_000_000), Stream.Samples(3, s_midnightUs + 120_000_000, 6).At(3)]));
        var ledger = new LedgerReader(path);
        var loss = Assert.Single(ledger.Losses(long.MinValue, long.MaxValue, 10));
        Assert.Equal((LossCauses.Quarantined, null, s_midnightUs + 50_000_000, s_midnightUs + 120_000_000, "its bytes are no batch"), (loss.Cause, loss.Readings, loss.FromUs, loss.ToUs, loss.Detail));
        Assert.Equal(12, ledger.Received(0, long.MaxValue).Sum(r => r.Readings));
    }

    [Fact]
    public void Columns_nobody_can_read_and_times_no_calendar_has_are_rows_with_their_cause()
    {
        var columns = SmallHospital.Reads("door-1", 1, (s_midnightUs, 1, SmallHospital.Tag(1)));
        columns.Reads.Columns = Google.Protobuf.ByteString.CopyFrom(99);
        var losses = Stream.Tally([SmallHospital.Logged(1, columns), Stream.Samples(1, long.MaxValue - 10, 1).At(2)]).Losses;
        Assert.Equal(["Version 99; this side knows 1 and 2.", "Its time, 9223372036854775797 µs since 1970, is in no calendar."], losses.Select(l => l.Detail));
    }

    [Fact]
    public void What_a_header_says_was_lost_keeps_its_cause_its_count_and_its_time()
    {
        var batch = Stream.Samples(1, s_midnightUs + 600_000_000, 1).With(
            new() { Cause = LossCause.Blind, FromUs = s_midnightUs, ToUs = s_midnightUs + 31_000_000, Detail = "the gateway was restarted" },
            new() { Cause = LossCause.Thinned, Readings = 120, FromUs = s_midnightUs + 1, ToUs = s_midnightUs + 2, Detail = "over the outbox's disk budget" },
            new() { Cause = LossCause.Corrupt, Detail = "the end of this stream could not be read back" });
        Assert.Equal(
            [(0, LossCauses.Blind, (long?)null, s_midnightUs, s_midnightUs + 31_000_000), (1, LossCauses.Thinned, 120, s_midnightUs + 1, s_midnightUs + 2),
                (2, LossCauses.Corrupt, null, s_midnightUs + 600_000_000, s_midnightUs + 600_000_000)],
            Stream.Tally([batch.At(1)]).Losses.Select(l => (l.Ordinal, l.Cause, l.Readings, l.FromUs, l.ToUs)));
    }

    [Fact]
    public void A_numbering_that_begins_anew_without_a_word_is_a_gap_up_to_its_first_batch()
    {
        var (old, fresh) = (Stream.Samples(9, s_midnightUs, 6), Stream.Samples(1, s_midnightUs + 600_000_000, 6));
        fresh.Header.Epoch = 8;
        var loss = Assert.Single(Stream.Tally([old.At(1), fresh.At(2)]).Losses);
        Assert.Equal((LossCauses.Gap, 8UL, old.Header.LastUs, fresh.Header.FirstUs), (loss.Cause, loss.Epoch, loss.FromUs, loss.ToUs));
        fresh.With(new Loss { Cause = LossCause.Blind, FromUs = s_midnightUs + 1, ToUs = s_midnightUs + 2, Detail = "the gateway was restarted" });
        Assert.Equal(LossCauses.Blind, Assert.Single(Stream.Tally([old.At(1), fresh.At(2)]).Losses).Cause);
    }

    [Fact]
    public void A_promise_counts_only_of_what_has_been_counted_and_of_a_stream_that_has_spoken()
    {
        var tally = new CompletenessTally(SmallHospital.Site.TimeZone, []);
        tally.Take(new(SmallHospital.Gateway, Stream.Fridge, Stream.Epoch, 1, s_midnightUs));
        Assert.Empty(tally.Marks);
        tally.Apply(Stream.Samples(1, s_midnightUs, 6).At(1), _ => [], new("system:test"));
        tally.Take(new(SmallHospital.Gateway, Stream.Fridge, Stream.Epoch, 3, s_midnightUs + 900_000_000));
        Assert.Equal(s_midnightUs + 50_000_000, Assert.Single(tally.Marks).ThroughUs);
        tally.Take(new(SmallHospital.Gateway, Stream.Fridge, Stream.Epoch, 2, s_midnightUs + 900_000_000));
        Assert.Equal(s_midnightUs + 900_000_000, Assert.Single(tally.Marks).ThroughUs);
    }

    [Fact]
    public void Readings_of_a_boot_that_never_knew_the_time_are_counted_apart()
    {
        var batch = Stream.Samples(1, 5_000_000, 6);
        batch.Header.TimeQuality = TimeQuality.Relative;
        var said = Stream.Tally([batch.At(1, receivedUs: s_midnightUs + 1)]);
        Assert.Equal((s_midnightUs, false, 6L), Assert.Single(said.Received) is var row ? (row.HourUs, row.Placed, row.Readings) : default);
        Assert.Equal(long.MaxValue, Assert.Single(said.Marks).SinceUs);
    }

    [Fact]
    public void Any_order_of_arrival_any_pages_and_any_crashes_give_the_same_rows()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var all = SmallHospital.Log(new Random(seed)).Select(b => b with { ReceivedUs = SmallHospital.EndUs }).ToList();
        // A redelivery is dropped by ingest; a quarantined body and a told loss are not.
        all[7] = all[7] with { QuarantineCause = "its bytes are no batch" };
        List<string>? first = null;
        for (var turn = 0; turn < 12; turn++)
        {
            var random = new Random(seed + turn);
            var path = NewPath();
            RunWithCrashes(path, Shuffled(all, random), random);
            var ledger = new LedgerReader(path);
            List<string> rows = [.. ledger.Received(0, long.MaxValue).Select(r => r.ToString()), .. ledger.Losses(long.MinValue, long.MaxValue, 100).Select(l => l.ToString()), .. ledger.StreamMarks().Select(m => m.ToString()).Order()];
            Assert.Contains(rows, r => r.Contains("quarantined", StringComparison.Ordinal));
            first ??= rows;
            Assert.Equal(first, rows);
        }
    }

    [Fact]
    public void A_second_owner_of_the_cursor_cannot_count_anything_twice()
    {
        var path = NewPath();
        var log = SmallHospital.Log(new Random(1));
        RunWithCrashes(path, log, new Random(1));
        var before = new LedgerReader(path).Received(0, long.MaxValue);
        var stale = Stream.Tally(log);
        stale.Advances.Add(new(CompletenessProjection.Zone, 0, new(log.Count, 0, "gw-1", 7, 1)));
        Assert.Throws<ZoneTakenException>(() => Write(path, stale));
        Assert.Equal(before, new LedgerReader(path).Received(0, long.MaxValue));
    }

    /// <summary>Streams interleaved anew, each in its own order.</summary>
    static List<LoggedBatch> Shuffled(List<LoggedBatch> log, Random random)
    {
        var streams = log.GroupBy(b => b.Id.Stream).Select(s => new Queue<LoggedBatch>(s)).ToList();
        var mixed = new List<LoggedBatch>();
        while (streams.Where(s => s.Count > 0).ToList() is { Count: > 0 } left) mixed.Add(left[random.Next(left.Count)].Dequeue() with { Position = mixed.Count + 1 });
        return mixed;
    }

    /// <summary>A process that dies again and again, before or after a commit, and goes on from what the ledger says.</summary>
    static void RunWithCrashes(string path, List<LoggedBatch> log, Random random)
    {
        var nothing = Array.Empty<LoggedGap>().ToLookup(g => (g.Gateway, g.Stream, g.Epoch));
        for (var turns = 0; ; turns++)
        {
            var writer = LedgerWriter.Open(path, new FakeTimeProvider());
            var ledger = new LedgerReader(path);
            var (position, tally) = (CompletenessProjection.CursorOf(ledger), new CompletenessTally(SmallHospital.Site.TimeZone, ledger.StreamMarks()));
            for (var pages = random.Next(1, 4); pages > 0; pages--)
            {
                var page = log.Skip((int)position).Take(random.Next(1, 4)).ToList();
                if (page.Count == 0)
                {
                    writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    Assert.True(turns > 3, "nothing crashed");
                    return;
                }
                var facts = CompletenessProjection.Count(tally, page, nothing);
                tally.Seal(facts);
                facts.Advances.Add(new(CompletenessProjection.Zone, position, new(page[^1].Position, long.MinValue, "gw-1", 7, 1)));
                if (random.Next(4) == 0) break;
                writer.CommitAsync(facts).GetAwaiter().GetResult();
                position = page[^1].Position;
            }
            writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    static void Write(string path, LedgerCommit commit)
    {
        var writer = LedgerWriter.Open(path, new FakeTimeProvider());
        try
        {
            writer.CommitAsync(commit).GetAwaiter().GetResult();
        }
        finally
        {
            writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    string NewPath() => Path.Combine(_folder.FullName, $"ledger-{++_ledgers}.db");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
