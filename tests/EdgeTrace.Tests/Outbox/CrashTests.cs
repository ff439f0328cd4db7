using CsCheck;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Tests.Outbox;

/// <summary>Whatever a crash or a bad disk leaves, the outbox starts, keeps what reads and names what does not.</summary>
public class CrashTests
{
    [Fact]
    public void Killed_after_any_write_sync_or_rename_nothing_durable_is_missing()
    {
        var snapshots = Directory.CreateTempSubdirectory("edgetrace-snapshots-");
        try
        {
            using var fixture = new OutboxFixture().Open();
            List<(string Folder, ulong Durable)> taken = [];
            var durable = 0ul;
            fixture.Disk.After = _ => taken.Add((Copy(fixture.Folder, Path.Combine(snapshots.FullName, $"{taken.Count}")), durable));
            for (var i = 0; i < 60; i++)
            {
                fixture.Reads("door", 100, first: i * 100);
                Assert.True(fixture.Sealer.SealAll());
                durable = fixture.Summary("reads/door").SealedReadings;
                if (i % 10 == 9) fixture.Drain("reads/door", forget: true);
            }
            Assert.True(taken.Count > 100);
            foreach (var (folder, atLeast) in taken)
            {
                using var opened = new OutboxFixture().Open(folder);
                var sealedReadings = OutboxSummary.Of(opened.Outbox.Summaries()).Totals.Reads;
                Assert.True(sealedReadings >= atLeast && sealedReadings <= atLeast + 100, $"{folder}: {sealedReadings} of {atLeast}");
                var batches = opened.Drain("reads/door");
                Assert.All(batches, batch => Assert.Empty(batch.Header.Losses));
                Assert.Empty(opened.Outbox.Findings);
                for (var i = 1; i < batches.Count; i++) Assert.Equal(batches[i - 1].Header.Sequence + 1, batches[i].Header.Sequence);
            }
        }
        finally
        {
            snapshots.Delete(recursive: true);
        }
    }

    [Fact]
    public void Torn_at_every_byte_of_its_tail_it_keeps_everything_before()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 20);
        fixture.Sealer.SealAll();
        var file = Directory.EnumerateFiles(fixture.Folder, "*.segment").Single();
        var before = SegmentScan.Of(File.ReadAllBytes(file), 1, -1, new()).End;
        fixture.Reads("door", 20, first: 20);
        fixture.Sealer.SealAll();
        fixture.Outbox.Dispose();
        var bytes = File.ReadAllBytes(file);
        var after = SegmentScan.Of(bytes, 1, -1, new()).End;
        for (var cut = before; cut < after; cut++)
        {
            var folder = Directory.CreateTempSubdirectory("edgetrace-torn-");
            try
            {
                var torn = bytes.ToArray();
                torn.AsSpan(cut).Clear();
                File.WriteAllBytes(Path.Combine(folder.FullName, Path.GetFileName(file)), torn);
                using var opened = new OutboxFixture().Open(folder.FullName);
                Assert.Equal(OutboxState.Fine, opened.Outbox.State);
                var batches = opened.Drain("reads/door");
                Assert.Equal(20u, batches[0].Header.Readings);
                if (cut >= before + 16)
                    Assert.True(opened.Outbox.Findings.Count > 0 || batches is [_, { Header.Readings: 20 }] or [_, { Header.Losses: [{ Cause: LossCause.Corrupt, Readings: 20 }] }], $"cut at {cut} was not named");
                opened.Reads("door", 1, first: 40);
                Assert.True(opened.Sealer.SealAll());
                var next = opened.Drain("reads/door", forget: true)[^1].Header;
                if (opened.Outbox.Findings.Count > 0 && batches.Count == 1)
                {
                    Assert.NotEqual(batches[0].Header.Epoch, next.Epoch);
                    Assert.Contains(next.Losses, loss => loss.Cause == LossCause.Corrupt);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    [Fact]
    public void A_thousand_ways_to_spoil_the_files_never_stop_it_and_every_lost_reading_is_named()
    {
        using var source = new OutboxFixture().Open();
        for (var i = 0; i < 60; i++)
        {
            source.Reads("door", 200, first: i * 200);
            source.Sealer.Scans("desk").Add(OutboxFixture.Scan(i));
            Assert.True(source.Sealer.SealAll());
        }
        source.Outbox.Dispose();
        var files = Directory.EnumerateFiles(source.Folder, "*.segment").Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length >= 2);
        var spoil = Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, 3], Gen.Int[0, (64 << 10) - 1], Gen.Int[1, 4096]);
        spoil.Sample((file, how, at, length) =>
        {
            var folder = Directory.CreateTempSubdirectory("edgetrace-spoilt-");
            try
            {
                Copy(source.Folder, folder.FullName);
                Spoil(Path.Combine(folder.FullName, Path.GetFileName(files[file])), how, at, length);
                using var opened = new OutboxFixture().Open(folder.FullName);
                Assert.Equal(OutboxState.Fine, opened.Outbox.State);
                foreach (var stream in opened.Outbox.Streams)
                {
                    var batches = opened.Drain(stream.Stream);
                    for (var i = 1; i < batches.Count; i++) Assert.Equal(batches[i - 1].Header.Sequence + 1, batches[i].Header.Sequence);
                }
                opened.Reads("door", 5, first: 90_000);
                Assert.True(opened.Sealer.SealAll());
                var reads = opened.Drain("reads/door", forget: true);
                var kept = reads.Sum(batch => (long)batch.Header.Readings);
                var named = reads.SelectMany(batch => batch.Header.Losses).ToArray();
                Assert.True(kept == 12_005 || named.Length > 0 || file == files.Length - 1, $"{12_005 - kept} readings are missing and nobody says so");
                if (file < files.Length - 1) Assert.Equal(12_005, kept + named.Sum(loss => (long)loss.Readings));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }, iter: 1000, threads: 2);
    }

    [Fact]
    public void An_only_file_that_was_emptied_is_told_by_every_stream_that_may_have_been_in_it()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 20);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Outbox.Dispose();
        File.WriteAllBytes(Assert.Single(Directory.EnumerateFiles(fixture.Folder, "*.segment")), []);
        fixture.Open();
        fixture.Reads("door", 10, first: 20);
        Assert.True(fixture.Sealer.SealAll());
        Assert.Contains(fixture.Drain("reads/door")[0].Header.Losses, loss => loss.Cause == LossCause.Corrupt);

        // The gateway may be killed again before a device has anything to say: the doubt outlives it.
        fixture.Reopen();
        fixture.Reads("gate", 10);
        Assert.True(fixture.Sealer.SealAll());
        Assert.Contains(fixture.Drain("reads/gate")[0].Header.Losses, loss => loss.Cause == LossCause.Corrupt);

        // What is written since is read back, and a stream that begins a day later is new.
        fixture.Time.Advance(TimeSpan.FromHours(25));
        fixture.Reopen();
        fixture.Reads("back-door", 10);
        Assert.True(fixture.Sealer.SealAll());
        Assert.Empty(fixture.Drain("reads/back-door")[0].Header.Losses);
    }

    [Fact]
    public void A_full_disk_is_a_state_and_what_waits_is_durable_once_there_is_room()
    {
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 10);
        Assert.True(fixture.Sealer.SealAll());
        fixture.Disk.Fault = what => what == "write" ? new IOException("No space left on device", 28) : null;
        fixture.Reads("door", 10, first: 10);
        Assert.False(fixture.Sealer.SealAll());
        Assert.Equal(OutboxState.Full, fixture.Outbox.State);
        Assert.Single(fixture.Drain("reads/door"));
        Assert.Equal(10ul, fixture.Summary("reads/door").SealedReadings);
        fixture.Disk.Fault = what => what == "sync" ? new IOException("Input/output error", 5) : null;
        Assert.False(fixture.Sealer.SealAll());
        Assert.Equal(OutboxState.Refused, fixture.Outbox.State);
        fixture.Disk.Fault = null;
        Assert.True(fixture.Sealer.SealAll());
        Assert.Equal(OutboxState.Fine, fixture.Outbox.State);
        Assert.Equal(2, fixture.Drain("reads/door").Count);
        fixture.Reopen();
        Assert.Equal(2, fixture.Drain("reads/door").Count);
        Assert.Equal(20ul, fixture.Summary("reads/door").SealedReadings);
    }

    [Fact]
    public void What_a_full_disk_makes_us_lose_is_counted_and_named()
    {
        using var fixture = new OutboxFixture { Options = new() { SegmentBytes = 64 << 10, DiskBudgetBytes = 4 << 20, PendingBytesMax = 64 << 10 } }.Open();
        fixture.Disk.Fault = _ => new IOException("No space left on device", 28);
        for (var i = 0; i < 200; i++)
        {
            fixture.Reads("door", 1000, first: i * 1000);
            fixture.Sealer.SealAll();
        }
        fixture.Disk.Fault = null;
        Assert.True(fixture.Sealer.SealAll());
        Assert.True(fixture.Sealer.SealAll());
        var batches = fixture.Drain("reads/door");
        var lost = batches.SelectMany(batch => batch.Header.Losses).ToArray();
        Assert.NotEmpty(lost);
        Assert.All(lost, loss => Assert.Equal(LossCause.Full, loss.Cause));
        Assert.Equal(200_000, batches.Sum(batch => (long)batch.Header.Readings) + lost.Sum(loss => (long)loss.Readings));
    }

    [Fact]
    public void Over_the_budget_unsent_reads_are_thinned_and_say_so_and_nothing_else_is()
    {
        using var fixture = new OutboxFixture().Open();
        for (var i = 0; i < 1500; i++)
        {
            fixture.Reads("door", 300, first: i * 300);
            fixture.Sealer.Alarms("fridge-1").Add(new() { Point = "fridge-1", RaisedUs = i });
            fixture.Sealer.Samples("fridge-1").Add(new() { TimeUs = i, MilliCelsius = i });
            Assert.True(fixture.Sealer.SealAll());
        }
        Assert.True(fixture.Outbox.DiskBytes <= fixture.Options.DiskBudgetBytes + fixture.Options.SegmentBytes, $"{fixture.Outbox.DiskBytes} bytes");
        fixture.Reopen();
        var reads = fixture.Drain("reads/door");
        Assert.Equal(Enumerable.Range(1, 1500).Select(i => (ulong)i), reads.Select(batch => batch.Header.Sequence));
        var thinned = reads.Where(batch => batch.Header.Losses.Count > 0).ToArray();
        Assert.NotEmpty(thinned);
        Assert.All(thinned, batch => Assert.Equal((LossCause.Thinned, 300ul, 0u), (batch.Header.Losses[0].Cause, batch.Header.Losses[0].Readings, batch.Header.Readings)));
        Assert.Equal(0u, reads[0].Header.Readings);
        Assert.Equal(300u, reads[^1].Header.Readings);
        Assert.All(fixture.Drain("alarms/fridge-1"), batch => Assert.Equal(1u, batch.Header.Readings));
        Assert.Equal(1500, fixture.Drain("samples/fridge-1").Sum(batch => batch.Samples.Samples.Count));
        Assert.Equal(450_000ul, fixture.Summary("reads/door").SealedReadings);
    }

    static void Spoil(string path, int how, int at, int length)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        switch (how)
        {
            case 0: file.SetLength(0); return;
            case 1: file.SetLength(at); return;
            case 2:
                file.Position = at;
                var old = file.ReadByte();
                file.Position = at;
                file.WriteByte((byte)(old ^ 1 << length % 8));
                return;
            default:
                var noise = new byte[Math.Min(length, (64 << 10) - at)];
                new Random(at).NextBytes(noise);
                file.Position = at;
                file.Write(noise);
                return;
        }
    }

    static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from))
            if (Path.GetFileName(path) != "lock") File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
        return to;
    }
}
