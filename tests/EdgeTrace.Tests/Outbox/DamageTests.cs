using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;

namespace EdgeTrace.Tests.Outbox;

/// <summary>
/// An outbox through several lives on a failing disk, each drawn from a seed: batches sealed, sent and acknowledged (not every acknowledgement arrives),
/// a kill, one file spoilt, and again. At the end each reading that had become durable is in the cloud once, or counted as lost, or was in what damage tore off
/// the newest end. It is the fault row outbox-damaged without its processes, and stricter: what was torn off is known here batch by batch.
/// </summary>
public sealed class DamageTests
{
    [Fact]
    public void Over_any_lives_and_any_damage_every_reading_is_in_the_cloud_or_counted_as_lost()
    {
        var bad = new List<string>();
        Parallel.For(1, Seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            using var life = new DamagedLives(seed);
            if (life.Run() is not { } wrong) return;
            lock (bad) bad.Add($"seed {seed}: {wrong}\n{life.Story}");
        });
        Assert.True(bad.Count == 0, $"{bad.Count} of {Seeds} seeds, the shortest:\n{bad.MinBy(story => story.Length)}");
    }

    const int Seeds = 1000;
}

/// <summary>One seed of it, and what it did, to be read when it went wrong.</summary>
sealed class DamagedLives(int seed) : IDisposable
{
    const string Door = "reads/door", Gate = "reads/gate", Desk = "scans/desk";

    readonly Random _random = new(seed);
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-lives-").FullName;
    readonly FakeTimeProvider _time = new(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    readonly List<Sealed> _sealed = [];
    readonly Dictionary<(string Stream, ulong Epoch), ulong> _cloud = [];
    readonly HashSet<ulong> _arrived = [];
    readonly List<(string Stream, Loss Loss)> _losses = [];
    readonly List<string> _story = [];
    ulong _lastIdentity;

    /// <summary>A durable batch and where it ends on its stream's line of readings.</summary>
    sealed record Sealed(ulong Identity, string Stream, uint Readings, ulong Total)
    {
        public bool Torn { get; set; }
    }

    public string Story => string.Join('\n', _story);

    /// <summary>What is more than was lost, of readings told as lost.</summary>
    public long OverCounted { get; private set; }

    /// <summary>What went wrong; null = nothing.</summary>
    public string? Run()
    {
        var segment = 2048 << _random.Next(4);
        var options = new OutboxOptions
        {
            SegmentBytes = segment, DiskBudgetBytes = _random.Next(8) == 0 ? 5 * segment : 4 << 20,
            KeepAcknowledgedFor = _random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromHours(2),
        };
        Say($"segments of {options.SegmentBytes}, budget {options.DiskBudgetBytes}, kept for {options.KeepAcknowledgedFor}");
        for (var lives = 2 + _random.Next(4); lives > 0; lives--)
        {
            try
            {
                if (Live(options) is { } wrong) return wrong;
            }
            catch (KilledException)
            {
                Say("killed while it writes");
            }
            Spoil();
        }
        return End(options);
    }

    string? Live(OutboxOptions options)
    {
        using var disk = new QuickDisk(_folder) { WritesLeft = _random.Next(6) == 0 ? _random.Next(12) : int.MaxValue };
        using var outbox = DurableOutbox.Open(disk, "gw-1", options, _time, NullLogger.Instance);
        Say($"opened: {Where(outbox)}");
        if (_random.Next(3) > 0) outbox.TellRestart();
        var contacted = false;
        for (var steps = _random.Next(20); steps > 0; steps--)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            switch (_random.Next(8))
            {
                case 0 when !contacted:
                    contacted = true;
                    if (!Meet(outbox)) return null;
                    break;
                case 1 or 2 when contacted:
                    if (Send(outbox, _random.Next(1, 12), _random.Next(4) > 0) is { } wrong) return wrong;
                    break;
                default:
                    if (!Seal(outbox)) return null;
                    break;
            }
        }
        return null;
    }

    bool Seal(DurableOutbox outbox)
    {
        List<Sealed> committing = [];
        for (var batches = 1 + _random.Next(4); batches > 0; batches--)
        {
            var stream = _random.Next(10) switch { < 6 => Door, < 9 => Gate, _ => Desk };
            var (identity, readings) = (++_lastIdentity, (uint)_random.Next(stream == Desk ? 2 : 50));
            var bytes = new byte[8 + _random.Next(400)];
            BitConverter.TryWriteBytes(bytes, identity);
            var batch = new Batch { Header = new() };
            if (stream == Desk) batch.Scans = new() { Scans = { new Scan { Raw = Google.Protobuf.ByteString.CopyFrom(bytes) } } };
            else batch.Reads = new() { Columns = Google.Protobuf.ByteString.CopyFrom(bytes) };
            if (outbox.Seal(stream, batch, readings, 0, 0, []) is not { } sequence) continue;
            committing.Add(new(identity, stream, readings, outbox.Totals(stream).Sealed.Readings));
            Say($"seals {stream} #{sequence}: {readings} up to {committing[^1].Total}");
        }
        if (!outbox.Commit()) return false;
        _sealed.AddRange(committing);
        return true;
    }

    bool Meet(DurableOutbox outbox)
    {
        var positions = outbox.Positions();
        foreach (var told in positions)
            if (told.OldestUnacked - 1 > _cloud.GetValueOrDefault((told.Stream, told.Epoch)))
                _cloud[(told.Stream, told.Epoch)] = told.OldestUnacked - 1;   // a gap: what the outbox has forgotten will never come
        var answered = outbox.Answered([
            .. positions.Where(told => !_cloud.ContainsKey((told.Stream, told.Epoch))).Select(told => new StreamAck { Stream = told.Stream, Epoch = told.Epoch }),
            .. _cloud.Select(known => new StreamAck { Stream = known.Key.Stream, Epoch = known.Key.Epoch, Upto = known.Value, Known = true }),
        ]);
        Say($"meets the cloud: {Where(outbox)}");
        return answered;
    }

    string? Send(DurableOutbox outbox, int most, bool acknowledged)
    {
        foreach (var (stream, _) in outbox.Streams)
        {
            var (epoch, after, later) = (0ul, 0ul, 0);
            for (var left = most; left > 0 && outbox.Next(stream, epoch, after) is { } next; left--)
            {
                if (outbox.Take(next, out var body) is var verdict && verdict != TakeVerdict.Taken)
                {
                    if (!outbox.Commit()) return null;
                    if (++later > 4) return $"{stream} {next.Epoch:x4} #{next.Sequence} is never given out";
                    continue;
                }
                (epoch, after, later) = (next.Epoch, next.Sequence, 0);
                if (Arrive(stream, next, Batch.Parser.ParseFrom(body)) is { } wrong) return wrong;
                if (acknowledged) outbox.Acknowledge(stream, epoch, after);
            }
            Say($"sent {stream} up to {epoch:x4} #{after}{(acknowledged ? "" : ", and hears nothing")}");
        }
        return null;
    }

    string? Arrive(string stream, in SealedBatch sent, Batch batch)
    {
        var upto = _cloud.GetValueOrDefault((stream, sent.Epoch));
        if (batch.Header.Epoch != sent.Epoch || batch.Header.Sequence != sent.Sequence) return $"{stream} {sent.Epoch:x4} #{sent.Sequence} calls itself {batch.Header.Epoch:x4} #{batch.Header.Sequence}";
        if (sent.Sequence <= upto) return null;
        if (sent.Sequence > upto + 1) return $"{stream} {sent.Epoch:x4} #{sent.Sequence} came after #{upto}";
        _cloud[(stream, sent.Epoch)] = sent.Sequence;
        foreach (var loss in batch.Header.Losses.Where(loss => loss.Cause != LossCause.Blind)) _losses.Add((stream, loss));
        if (batch.Header.Losses.Count > 0) Say($"  {stream} {sent.Epoch:x4} #{sent.Sequence} says {batch.Header.Losses}");
        var bytes = batch.Scans is { Scans: [{ } scan] } ? scan.Raw : batch.Reads?.Columns;
        if (bytes is null or { Length: 0 }) return null;   // emptied
        var identity = BitConverter.ToUInt64(bytes.Span);
        return _arrived.Add(identity) ? null : $"{stream} {sent.Epoch:x4} #{sent.Sequence} arrived twice";
    }

    void Spoil()
    {
        if (_random.Next(6) == 0) return;   // killed, and nothing else
        var files = Directory.EnumerateFiles(_folder, "*.segment").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) return;
        // As often the newest as any: it alone has no successor that says what it held.
        var path = files[_random.Next(2) == 0 ? files.Count - 1 : _random.Next(files.Count)];
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            if (file.Length == 0) return;   // spoilt already, by a life that died before it could set it aside
            var at = _random.Next((int)file.Length);
            var how = _random.Next(4);
            switch (how)
            {
                case 0:
                    for (var i = 0; i < 3; i++) Overwrite(file, _random.Next((int)file.Length), bytes => bytes[0] ^= (byte)(1 << _random.Next(8)), 1);
                    break;
                case 1: Overwrite(file, at, _random.NextBytes, _random.Next(1, 2048)); break;
                case 2: file.SetLength(at); break;
                default: file.SetLength(0); break;
            }
            Say($"{Path.GetFileName(path)} of {files.Count}: {(how switch { 0 => "bits flipped", 1 => $"noise at {at}", 2 => $"cut at {at}", _ => "emptied" })}");
        }
        // What no readable record counts any more is torn off: the numbers begin anew from what is left.
        var left = OutboxSummary.Read(_folder).Streams.ToDictionary(stream => stream.Stream, stream => stream.SealedReadings);
        foreach (var batch in _sealed.Where(batch => !batch.Torn && batch.Total > left.GetValueOrDefault(batch.Stream)))
        {
            batch.Torn = true;
            Say($"  torn off: {batch.Stream} {batch.Readings} up to {batch.Total}");
        }
    }

    static void Overwrite(FileStream file, int at, Action<byte[]> change, int length)
    {
        var bytes = new byte[Math.Min(length, file.Length - at)];
        file.Position = at;
        file.ReadExactly(bytes);
        change(bytes);
        file.Position = at;
        file.Write(bytes);
    }

    string? End(OutboxOptions options)
    {
        using var disk = new QuickDisk(_folder);
        using var outbox = DurableOutbox.Open(disk, "gw-1", options, _time, NullLogger.Instance);
        Say($"opened for the last time: {Where(outbox)}");
        if (!Meet(outbox)) return "the last outbox refuses";
        foreach (var stream in (string[])[Door, Gate, Desk]) outbox.Seal(stream, new() { Header = new() }, 0, 0, 0, []);
        if (!outbox.Commit()) return "the last outbox refuses";
        if (Send(outbox, int.MaxValue, acknowledged: true) is { } wrong) return wrong;
        foreach (var stream in (string[])[Door, Gate, Desk])
        {
            var missing = _sealed.FindAll(batch => batch.Stream == stream && !_arrived.Contains(batch.Identity));
            var lost = missing.Where(batch => !batch.Torn).Sum(batch => (long)batch.Readings);
            var told = _losses.Where(loss => loss.Stream == stream).ToList();
            var counted = told.Sum(loss => (long)loss.Loss.Readings);
            if (counted < lost) return $"{stream}: {lost} lost, {counted} counted";
            OverCounted += counted - lost;
            if (missing.Exists(batch => batch.Readings > 0) && !told.Exists(loss => loss.Loss.Cause is LossCause.Corrupt or LossCause.Thinned)) return $"{stream}: not told that anything was lost";
        }
        return null;
    }

    static string Where(DurableOutbox outbox) => string.Join(", ", outbox.Positions().Select(position => $"{position.Stream} {position.Epoch:x4} from #{position.OldestUnacked} to #{position.NextSequence - 1}"));

    void Say(string what) => _story.Add(what);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Nobody catches it: what the process would have done next is not done.</summary>
    sealed class KilledException : Exception;

    /// <summary>The real files without waiting for the platter; a process that dies after so many writes leaves them as they are.</summary>
    sealed class QuickDisk(string folder) : OutboxDisk(folder)
    {
        public int WritesLeft { get; set; } = int.MaxValue;

        protected override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
        {
            Step();
            base.Write(file, bytes, at);
        }

        protected override void Rename(string from, string to)
        {
            Step();
            base.Rename(from, to);
        }

        void Step()
        {
            if (WritesLeft-- == 0) throw new KilledException();
        }

        protected override void Sync(SafeFileHandle file, bool whole)
        {
        }

        protected override void SyncFolder()
        {
        }
    }
}
