using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace EdgeTrace.Benchmarks.Outbox;

/// <summary>What does a day of reads write to a gateway's card? Counted over seconds of the gateway's life, passed as fast as the disk lets them.</summary>
static class OutboxWrites
{
    /// <summary>What the cloud has acknowledged is kept for two hours; only then are segments written again. Before that nothing is measured.</summary>
    const int WarmCommits = 7_500;

    /// <summary>Two more hours, so that what others write meanwhile is little beside it.</summary>
    const int Commits = 7_200;

    public static void Print(TextWriter output)
    {
        output.WriteLine("### The outbox: one portal, made durable once a second, acknowledged within it");
        output.WriteLine();
        output.WriteLine("| | reads/s | bytes to disk a read, journal and all | GB a day | fsyncs/s | commits/s at most | CPU µs a commit |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var reads in (int[])[1000, 100])
        {
            InFolder("**outbox**", reads, 1, folder => new OutboxLife(folder, reads));
            if (reads == 100) InFolder("**outbox**, `SealReadsAfter` 2 s", reads, 2, folder => new OutboxLife(folder, 2 * reads));
            InFolder("SQLite, WAL FULL, a blob a batch", reads, 1, folder => new SqliteLife(folder, reads, rows: false));
            InFolder("SQLite, WAL FULL, a row a read", reads, 1, folder => new SqliteLife(folder, reads, rows: true));
        }
        output.WriteLine();

        void InFolder(string what, int reads, int secondsEach, Func<string, IGatewayLife> live)
        {
            var folder = Directory.CreateTempSubdirectory("edgetrace-benchmark-").FullName;
            try
            {
                using var life = live(folder);
                for (var commit = 0; commit < life.WarmCommits; commit++) life.Live();
                var meter = new DiskMeter(folder);
                var (syncs, before) = (life.Syncs, meter.Read());
                for (var commit = 0; commit < Commits; commit++) life.Live();
                var spent = meter.Read() - before;
                var seconds = (double)Commits * secondsEach;
                var synced = life.Syncs is { } after ? $"{(after - syncs!.Value) / seconds:0.00}" : "1 + checkpoints";
                output.WriteLine($"| {what} | {reads} | {spent.Bytes / seconds / reads:0.0} | {spent.Bytes / seconds * 86_400 / 1e9:0.00} | {synced} | "
                    + $"{Commits / spent.Seconds:0} | {spent.Cpu.TotalMicroseconds / Commits:0} |");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>The real outbox, fed as a portal feeds it and drained as the uplink does.</summary>
    sealed class OutboxLife : IGatewayLife
    {
        readonly Clock _clock = new();
        readonly CountingDisk _disk;
        readonly DurableOutbox _outbox;
        readonly Sealer _sealer;
        readonly PortalSecond _second;

        public OutboxLife(string folder, int reads)
        {
            var options = new OutboxOptions();
            _disk = new(folder);
            _outbox = DurableOutbox.Open(_disk, "gw-store-2", options, _clock, NullLogger.Instance);
            _outbox.Answered([]);
            _sealer = new(_outbox, options, _clock);
            _second = new(reads);
        }

        public int WarmCommits => OutboxWrites.WarmCommits;
        public long? Syncs => _disk.Syncs;

        public void Live()
        {
            _second.Next();
            var stream = _sealer.Reads("store-2-door");
            for (var i = 0; i < _second.Rows.Length; i++) stream.Add(_second.Rows[i], _second.Epcs[_second.Tag[i]]);
            _clock.Now += TimeSpan.FromSeconds(1);
            if (!_sealer.SealAll()) throw new IOException($"The outbox is {_outbox.State}: {_outbox.StateReason}");
            while (_outbox.Next(stream.Stream, 0, 0) is { } batch)
            {
                // "Later" asks for the durable word that it may have been sent: the sealer's next commit has it.
                if (_outbox.Take(batch, out _) == TakeVerdict.Later) _outbox.Commit();
                else _outbox.Acknowledge(stream.Stream, batch.Epoch, batch.Sequence);
            }
        }

        public void Dispose()
        {
            _sealer.Dispose();
            _outbox.Dispose();
        }
    }

    sealed class CountingDisk(string folder) : OutboxDisk(folder)
    {
        public long Syncs { get; private set; }

        protected override void Sync(SafeFileHandle file, bool whole)
        {
            Syncs += whole ? 2 : 1;   // a segment that begins is followed by a sync of its folder
            base.Sync(file, whole);
        }
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(TagSet.StartUs / 1_000_000);
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

/// <summary>A gateway's outbox of one kind or another, living commit by commit.</summary>
interface IGatewayLife : IDisposable
{
    int WarmCommits { get; }

    /// <summary>Syncs so far; null where nobody can count them.</summary>
    long? Syncs { get; }

    /// <summary>Takes the next reads, makes them durable in one commit and lets go of what the cloud acknowledged.</summary>
    void Live();
}

/// <summary>The reads of one second of one portal, with two hundred tags about it.</summary>
sealed class PortalSecond(int reads)
{
    readonly Batches.BatchRows _template = new(reads, Math.Min(200, reads), phase: false);
    long _seconds;

    public byte[][] Epcs => _template.Epcs;
    public int[] Tag => _template.Tag;
    public ReadRow[] Rows { get; } = new ReadRow[reads];

    public void Next()
    {
        _seconds++;
        for (var i = 0; i < Rows.Length; i++)
        {
            var row = _template.Rows[i];
            Rows[i] = new(row.TimeUs + _seconds * 1_000_000, row.Antenna, row.RssiCentiDbm);
        }
    }
}
