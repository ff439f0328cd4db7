using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;

namespace EdgeTrace.Tests.Outbox;

/// <summary>An outbox in a folder of its own, with a disk that can be told to fail.</summary>
sealed class OutboxFixture : IDisposable
{
    public FakeTimeProvider Time { get; init; } = new(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    public string Folder { get; } = Directory.CreateTempSubdirectory("edgetrace-outbox-").FullName;
    public OutboxOptions Options { get; init; } = new() { SegmentBytes = 64 << 10, DiskBudgetBytes = 4 << 20, KeepAcknowledgedFor = TimeSpan.Zero };
    public TestDisk Disk { get; private set; } = null!;
    public DurableOutbox Outbox { get; private set; } = null!;
    public Sealer Sealer { get; private set; } = null!;

    public OutboxFixture Open(string? folder = null)
    {
        Disk = new(folder ?? Folder);
        Outbox = DurableOutbox.Open(Disk, "gw-1", Options, Time, NullLogger.Instance);
        Sealer = new(Outbox, Options, Time);
        return this;
    }

    /// <summary>As kill −9 leaves it: nothing is flushed, nothing is told.</summary>
    public OutboxFixture Reopen()
    {
        Outbox.Dispose();
        return Open();
    }

    public void Reads(string portal, int count, int first = 0)
    {
        for (var i = 0; i < count; i++)
            Sealer.Reads(portal).Add(new(1_000_000 + (first + i) * 1000L, 1, -5000), [0x30, (byte)i, (byte)(i >> 8), 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }

    public static Scan Scan(long timeUs, string text = "]C101095060001343521") => new() { TimeUs = timeUs, Raw = Google.Protobuf.ByteString.CopyFromUtf8(text), Framing = "terminator" };

    /// <summary>Takes everything there is to send of a stream, in order, without acknowledging it.</summary>
    public List<Batch> Drain(string stream, bool forget = false)
    {
        List<Batch> all = [];
        var (epoch, after) = (0ul, 0ul);
        while (Outbox.Next(stream, epoch, after) is { } next)
        {
            var verdict = Outbox.Take(next, out var body);
            if (verdict == TakeVerdict.Later)
            {
                Assert.True(Outbox.Commit());
                continue;
            }
            Assert.Equal(TakeVerdict.Taken, verdict);
            all.Add(Batch.Parser.ParseFrom(body));
            (epoch, after) = (next.Epoch, next.Sequence);
            if (forget) Assert.Equal(AcknowledgeVerdict.Noted, Outbox.Acknowledge(stream, epoch, after));
        }
        return all;
    }

    public StreamSummary Summary(string stream) => Outbox.Summaries().Single(summary => summary.Stream == stream);

    public void Dispose()
    {
        Outbox?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>The real disk, with faults on demand and a look at each step.</summary>
sealed class TestDisk(string folder) : OutboxDisk(folder)
{
    public Func<string, Exception?>? Fault { get; set; }
    public Action<string>? After { get; set; }

    protected override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at) => Step("write", bytes, () => { }, file, at);

    void Step(string what, ReadOnlySpan<byte> bytes, Action _, SafeFileHandle file, long at)
    {
        if (Fault?.Invoke(what) is { } fault) throw fault;
        base.Write(file, bytes, at);
        After?.Invoke(what);
    }

    protected override void Sync(SafeFileHandle file, bool whole)
    {
        if (Fault?.Invoke("sync") is { } fault) throw fault;
        base.Sync(file, whole);
        After?.Invoke("sync");
    }

    protected override void Rename(string from, string to)
    {
        if (Fault?.Invoke("rename") is { } fault) throw fault;
        base.Rename(from, to);
        After?.Invoke("rename");
    }
}
