using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using EdgeTrace.Contract;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>How the outbox is: one word for health and logs.</summary>
enum OutboxState
{
    Fine,

    /// <summary>No space left: readings wait in memory, then are lost with cause FULL.</summary>
    Full,

    /// <summary>The disk refuses for another reason.</summary>
    Refused,

    /// <summary>Over its disk budget with nothing left that may be thinned.</summary>
    OverBudget,
}

/// <summary>A durable batch to be sent.</summary>
readonly record struct SealedBatch(string Stream, ulong Epoch, ulong Sequence, int Length);

/// <summary>
/// The gateway's durable memory: seals readings into numbered batches, commits them in groups, hands them to the uplink oldest first
/// and forgets only what the cloud has in its log. The format is drawn in FORMAT.md. Thread-safe; one caller commits.
/// </summary>
sealed partial class DurableOutbox : IDisposable
{
    /// <summary>How far ahead of the batch being sent the durable word "may have been sent" reaches, so that it costs one record in so many batches.</summary>
    const ulong SendingStride = 256;

    readonly Lock _gate = new();
    readonly Lock _commitGate = new();
    readonly OutboxOptions _options;
    readonly OutboxDisk _disk;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Dictionary<string, StreamBook> _books;
    readonly Dictionary<ulong, uint> _ends;
    readonly Dictionary<ulong, int> _live = [];
    readonly Dictionary<(string, ulong), Entry> _pendingForgets = [];
    readonly Dictionary<(string, ulong), Entry> _pendingAcknowledgements = [];
    readonly Queue<ulong> _toQuarantine = [];
    List<Entry> _pending = [];
    List<Entry> _committing = [];
    ulong _active;
    long _activeLength;
    int _activeEnd;
    ulong _lastSegment;
    ulong _lastCommit;
    bool _contacted;
    long _pendingBytes;
    readonly long? _doubtedUs;
    long _sealedBytes;

    DurableOutbox(string gateway, OutboxOptions options, OutboxDisk disk, Recovery recovered, TimeProvider time, ILogger logger)
    {
        (Gateway, _options, _disk, _books, _ends, _time, _logger) = (gateway, options, disk, recovered.Books, recovered.Ends, time, logger);
        (_lastSegment, _lastCommit, _doubtedUs) = (recovered.LastSegment, recovered.LastCommit, recovered.MayHideStreams ? NowUs : recovered.DoubtedUs);
        Boot = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        Findings = recovered.Findings;
        foreach (var book in _books.Values)
            if (book.Kind == StreamKind.Reads) ReadsBefore += book.ReadingsTotal + book.DroppedTotal;
    }

    public string Gateway { get; }

    /// <summary>Drawn at random when the outbox was opened.</summary>
    public string Boot { get; }
    public OutboxState State { get; private set; }
    public string StateReason { get; private set; } = "";
    internal IReadOnlyList<RecoveryFinding> Findings { get; }

    /// <summary>Reads outboxed or dropped by policy by earlier processes.</summary>
    internal ulong ReadsBefore { get; }

    /// <summary>Goes into the header of each batch.</summary>
    public ulong ConfigurationHash { get; set; }
    public long DiskBytes { get { lock (_commitGate) return _disk.SegmentBytes; } }

    /// <summary>Bytes of every batch sealed since the process started.</summary>
    public long SealedBytes => Interlocked.Read(ref _sealedBytes);
    public long DiskFreeBytes => _disk.FreeBytes;

    /// <summary>Raised after a commit made batches durable; keep it short.</summary>
    public event Action? Committed;

    /// <summary>Opens the outbox in <paramref name="folder"/>, whatever state its files are in.</summary>
    /// <exception cref="OutboxLockedException">Another process owns it.</exception>
    public static DurableOutbox Open(string folder, string gateway, OutboxOptions options, TimeProvider time, ILogger logger) =>
        Open(new OutboxDisk(folder), gateway, options, time, logger);

    internal static DurableOutbox Open(OutboxDisk disk, string gateway, OutboxOptions options, TimeProvider time, ILogger logger)
    {
        var numbers = disk.Open();
        var recovered = Recovery.Of(numbers, number => OutboxDisk.ReadWhole(disk.Folder, number), number => OutboxDisk.ReadHeader(disk.Folder, number));
        var outbox = new DurableOutbox(gateway, options, disk, recovered, time, logger);
        outbox.Repair(recovered);
        outbox.Commit();
        return outbox;
    }

    /// <summary>Numbers a batch and queues it for the next commit; null while too much waits for a disk that refuses.</summary>
    internal ulong? Seal(string stream, Batch batch, uint readings, ulong dropped, long throughUs, IReadOnlyList<Loss> losses)
    {
        lock (_gate)
        {
            var book = BookOf(stream);
            if (!TakesMore(book)) return null;
            var run = book.Current;
            var header = batch.Header;
            (header.Gateway, header.Stream, header.Boot, header.Epoch, header.Sequence) = (Gateway, stream, Boot, run.Epoch, run.Next++);
            (header.SealedUs, header.ThroughUs, header.Readings, header.ConfigurationHash) = (NowUs, throughUs, readings, ConfigurationHash);
            header.Losses.AddRange(book.PendingLosses);
            header.Losses.AddRange(losses);
            book.PendingLosses.Clear();
            (book.ReadingsTotal, book.BatchesTotal, book.DroppedTotal) = (book.ReadingsTotal + readings, book.BatchesTotal + 1, book.DroppedTotal + dropped);
            var body = batch.ToByteArray();
            Interlocked.Add(ref _sealedBytes, body.Length);
            Enqueue(book, new(RecordKind.Batch, stream)
            {
                Flags = _contacted ? RecordFlags.None : RecordFlags.Fresh, Epoch = header.Epoch, Sequence = header.Sequence, Readings = readings,
                SealedUs = header.SealedUs, Body = body,
            }, throughUs);
            return header.Sequence;
        }
    }

    /// <summary>Whether a batch of this stream would be taken now.</summary>
    internal bool TakesMore(string stream)
    {
        lock (_gate) return TakesMore(BookOf(stream));
    }

    bool TakesMore(StreamBook book) => _pendingBytes <= _options.PendingBytesMax && (State != OutboxState.OverBudget || book.Kind != StreamKind.Reads);

    internal bool HasPendingLosses(string stream)
    {
        lock (_gate) return _books.TryGetValue(stream, out var book) && book.PendingLosses.Count > 0;
    }

    /// <summary>A stream with nothing waiting promises more: the heartbeat may tell it.</summary>
    internal void Promise(string stream, long throughUs)
    {
        lock (_gate)
        {
            var book = BookOf(stream);
            if (book.Current.Next == book.Current.DurableNext) book.DurableThroughUs = Math.Max(book.DurableThroughUs, throughUs);
        }
    }

    StreamBook BookOf(string stream)
    {
        if (_books.TryGetValue(stream, out var book)) return book;
        _books[stream] = book = new(stream);
        book.Runs.Add(new(DrawEpoch()) { Place = 1 });
        Enqueue(book, new(RecordKind.Position, stream) { Flags = RecordFlags.Current, Epoch = book.Current.Epoch, Sequence = 1, Body = PositionWords(book.Current) });
        if (MayHideStreams) TellCorrupt(book, "the outbox's newest file could not be read back, and nothing else says whether this stream was in it; batches may be missing");
        return book;
    }

    static ulong DrawEpoch()
    {
        while (true)
            if (BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) is var epoch and not 0) return epoch;
    }

    byte[]? ReadStored(in StoredBatch stored)
    {
        if (stored.Segment == 0) return null;
        var body = new byte[stored.BodyLength];
        return _disk.TryRead(stored.Segment, stored.BodyAt, body) && Crc32.HashToUInt32(body) == stored.BodyCrc ? body : null;
    }

    static RecordFlags Flags(in StoredBatch stored) =>
        RecordFlags.Copy | (stored.Emptied ? RecordFlags.Emptied : 0) | (stored.Fresh ? RecordFlags.Fresh : 0);

    Entry Enqueue(StreamBook? book, Record record, long throughUs = long.MinValue, ulong? readingsTotal = null)
    {
        if (book is not null)
            record = record with { ReadingsTotal = readingsTotal ?? book.ReadingsTotal, BatchesTotal = book.BatchesTotal, DroppedTotal = book.DroppedTotal };
        var entry = new Entry(book, record, throughUs);
        _pending.Add(entry);
        _pendingBytes += record.Length;
        return entry;
    }

    long NowUs => _time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    public void Dispose()
    {
        lock (_commitGate) _disk.Dispose();
    }

    [LoggerMessage(2006, LogLevel.Warning, "Outbox segment {Segment:x} set aside as quarantined; what could be read of it was kept")]
    partial void LogQuarantined(ulong segment);

    [LoggerMessage(2007, LogLevel.Warning, "{Stream} sequence {Sequence} thinned before it was sent: {Readings} readings lost")]
    partial void LogThinned(string stream, ulong sequence, uint readings);
}
