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

    /// <summary>A damaged newest file may have hidden streams, and which it was only tells when their devices have something to say; one that is first heard of later is new.</summary>
    static readonly TimeSpan DoubtFor = TimeSpan.FromDays(1);

    static readonly long s_earliestUs = Health.KernelClock.Earliest.ToUnixTimeMilliseconds() * 1000;

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

    void Repair(Recovery recovered)
    {
        foreach (var number in _disk.Numbers) _live[number] = 0;
        foreach (var book in _books.Values)
            foreach (var run in book.Runs)
                for (var sequence = run.Forgotten + 1; run.TryGet(sequence, out var batch); sequence++)
                    if (batch.Segment != 0) _live[batch.Segment]++;

        foreach (var finding in recovered.Findings) LogDamage(finding.Segment, finding.At, finding.Bytes, finding.What);
        foreach (var lost in recovered.Lost) TellLost(_books[lost.Stream], lost);
        foreach (var name in recovered.Untrusted)
        {
            var book = _books[name];
            Redraw(book, keepFrom: ulong.MaxValue);
            TellCorrupt(book, "the end of this stream could not be read back; batches may be missing");
        }
        // Durable before the file that is doubted is set aside.
        if (recovered.MayHideStreams) Enqueue(null, Doubt());
        foreach (var number in recovered.Damaged) _toQuarantine.Enqueue(number);
    }

    // A number that was given is always sent, so that the cloud waits for none; what it held is told by it, or by the last of a stretch.
    void TellLost(StreamBook book, LostBatch lost)
    {
        if (lost.Sequence == 0)
        {
            var run = new EpochRun(DrawEpoch()) { Place = lost.Place, ReadingsBefore = lost.ReadingsTotal - lost.Readings };
            book.Runs.Insert(book.Runs.FindIndex(next => next.Epoch == lost.Epoch), run);
            Enqueue(book, new(RecordKind.Position, book.Name) { Epoch = run.Epoch, Sequence = 1, Body = PositionWords(run) });
            lost = lost with { Epoch = run.Epoch, Sequence = run.Next++ };
        }
        if (lost.Words is not null) LogLostBatch(lost.Stream, lost.Epoch, lost.Sequence, lost.Readings);
        Enqueue(book, new(RecordKind.Batch, book.Name)
        {
            Flags = RecordFlags.Copy | RecordFlags.Emptied, Epoch = lost.Epoch, Sequence = lost.Sequence, Readings = (uint)Math.Min(lost.Readings, uint.MaxValue),
            SealedUs = lost.SealedUs, Body = EmptiedBatch.Stone(Gateway, Boot, lost),
        }, readingsTotal: lost.ReadingsTotal);
    }

    void TellCorrupt(StreamBook book, string detail)
    {
        var loss = new Loss { Cause = LossCause.Corrupt, Detail = detail };
        book.PendingLosses.Add(loss);
        Enqueue(book, new(RecordKind.Loss, book.Name) { Body = loss.ToByteArray() });
    }

    /// <summary>
    /// From the last thing this outbox knows of a device's stream until now nobody listened, and what was in memory is gone: a blind interval,
    /// which the stream's next header tells. Says nothing of streams that have never been.
    /// </summary>
    public void TellRestart()
    {
        lock (_gate)
        {
            var nowUs = NowUs;
            foreach (var book in _books.Values)
            {
                if (book.Kind is not (StreamKind.Reads or StreamKind.Scans or StreamKind.Samples) || book.LastSealedUs is not { } from || from >= nowUs) continue;
                // A clock that had never been set says 1970 or 2000: a blind half century would be no truth, and since when nobody can tell.
                var loss = from >= s_earliestUs
                    ? new Loss { Cause = LossCause.Blind, FromUs = from, ToUs = nowUs, Detail = "the gateway was restarted" }
                    : new Loss { Cause = LossCause.Blind, FromUs = nowUs, ToUs = nowUs, Detail = "the gateway was restarted; its clock had never been set, so nobody can tell since when it was blind" };
                book.PendingLosses.Add(loss);
                Enqueue(book, new(RecordKind.Loss, book.Name) { Body = loss.ToByteArray() });
            }
        }
    }

    // ---- sealing -------------------------------------------------------------------------------------------------------

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

    bool MayHideStreams => _doubtedUs is { } since && NowUs - since >= 0 && NowUs - since < DoubtFor.TotalMicroseconds;

    Record Doubt() => new(RecordKind.Doubt, "") { SealedUs = _doubtedUs ?? 0 };

    static ulong DrawEpoch()
    {
        while (true)
            if (BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) is var epoch and not 0) return epoch;
    }

    // Batches from `keepFrom` on go on under new numbers; those before keep theirs and are sent first.
    void Redraw(StreamBook book, ulong keepFrom)
    {
        var old = book.Current;
        List<Record> renumbered = [];
        for (var sequence = Math.Max(keepFrom, old.Forgotten + 1); keepFrom != ulong.MaxValue && old.TryGet(sequence, out var stored); sequence++)
        {
            if (stored.Segment == 0) continue;   // what takes its place waits below
            var body = ReadStored(stored);
            if (body is null) LogLostBatch(book.Name, old.Epoch, sequence, stored.Readings);
            renumbered.Add(new(RecordKind.Batch, book.Name)
            {
                Sequence = sequence, Readings = stored.Readings, SealedUs = stored.SealedUs, Flags = Flags(stored) | (body is null ? RecordFlags.Emptied : 0),
                Body = body ?? EmptiedBatch.Stone(Gateway, Boot, Gone(book, old, stored)),
            });
        }
        var waiting = _pending.FindAll(entry => entry.Book == book && entry.Record.Kind == RecordKind.Batch && entry.Record.Epoch == old.Epoch && entry.Record.Sequence >= keepFrom);
        foreach (var entry in waiting)
        {
            _pending.Remove(entry);
            _pendingBytes -= entry.Record.Length;
            renumbered.Add(entry.Record);
        }

        var total = renumbered.Aggregate(book.ReadingsTotal, (left, record) => left - Math.Min(left, record.Readings));
        var run = new EpochRun(DrawEpoch()) { Place = (ushort)Math.Min(old.Place + 1, ushort.MaxValue), ReadingsBefore = total };
        var words = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(words, old.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(8), keepFrom);
        var redrawn = Enqueue(book, new(RecordKind.Redrawn, book.Name) { Epoch = run.Epoch, Body = words }, readingsTotal: total);
        old.Retire(keepFrom, stored => redrawn.Releases.Add(stored.Segment));
        book.Runs.Add(run);
        foreach (var record in renumbered.OrderBy(record => record.Sequence))
        {
            var sequence = run.Next++;
            total += record.Readings;
            Enqueue(book, record with { Epoch = run.Epoch, Sequence = sequence, Body = EmptiedBatch.Renumber(record.Body, run.Epoch, sequence) }, readingsTotal: total);
        }
        LogEpoch(book.Name, old.Epoch, run.Epoch, renumbered.Count);
    }

    static LostBatch Gone(StreamBook book, EpochRun run, in StoredBatch stored) =>
        new(book.Name, run.Epoch, run.Place, stored.Sequence, stored.Readings, stored.ReadingsTotal, stored.SealedUs, "the disk no longer gives this batch back");

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

    // ---- committing ----------------------------------------------------------------------------------------------------

    /// <summary>Makes everything sealed so far durable; false when the disk refuses (<see cref="State"/> says how), to be called again.</summary>
    internal bool Commit()
    {
        lock (_commitGate)
        {
            LetGo(all: State is OutboxState.Full or OutboxState.OverBudget);
            lock (_gate)
            {
                _committing.AddRange(_pending);
                _pending = [];
                _pendingForgets.Clear();
                _pendingAcknowledgements.Clear();
            }
            if (_committing.Count > 0 && !TryWrite()) return false;
            return TryClean();
        }
    }

    bool TryWrite()
    {
        try
        {
            try
            {
                WriteCommit();
            }
            catch (IOException e) when (IsFull(e) && FreeOne())
            {
                WriteCommit();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // After a failed sync the kernel may call lost pages clean: this segment is never written again, the commit goes to another whole.
            _active = 0;
            Become(IsFull(e) ? OutboxState.Full : OutboxState.Refused, e.Message);
            return false;
        }
        Become(OutboxState.Fine, "");
        var durable = _committing;
        _committing = [];
        lock (_gate)
        {
            foreach (var entry in durable) Settle(entry);
            foreach (var book in _books.Values) book.DropFinishedRuns();
        }
        foreach (var number in _live.Where(pair => pair.Value == 0 && pair.Key != _active && !_toQuarantine.Contains(pair.Key)).Select(pair => pair.Key).ToArray())
        {
            _live.Remove(number);
            _ends.Remove(number);
            _disk.Recycle(number, keep: _disk.SegmentBytes < _options.DiskBudgetBytes);
        }
        Committed?.Invoke();
        return true;
    }

    // ENOSPC, EDQUOT; 0x70 is Windows' ERROR_DISK_FULL.
    static bool IsFull(Exception e) => e is IOException { HResult: 28 or 122 or unchecked((int)0x80070070) };

    /// <summary>
    /// On a full disk even the word that frees space needs space: a segment whose every batch is acknowledged by what waits in this
    /// very commit is written over. A crash in between costs a redelivery or a named loss of what the cloud already has, no reading.
    /// </summary>
    bool FreeOne()
    {
        _active = 0;
        Dictionary<ulong, int> left = new(_live);
        foreach (var entry in _committing)
            foreach (var segment in entry.Releases)
                if (left.TryGetValue(segment, out var live)) left[segment] = live - 1;
        foreach (var (number, count) in left.OrderBy(pair => pair.Key))
        {
            if (count > 0 || _toQuarantine.Contains(number)) continue;
            _live.Remove(number);
            _disk.Recycle(number, keep: true);
            return true;
        }
        return false;
    }

    void WriteCommit()
    {
        var commit = _lastCommit + 1;
        var length = _committing.Sum(entry => entry.Record.Length);
        if (_active != 0 && _activeEnd + length + SegmentEnd.Length <= _activeLength)
        {
            var bytes = new byte[length + SegmentEnd.Length];
            Place(bytes, 0, _active, commit, _activeEnd, _committing);
            _disk.Append(_active, _activeEnd, bytes);
            _activeEnd += length;
        }
        else
        {
            List<Entry> all = [.. Checkpoint(), .. _committing];
            var number = ++_lastSegment;
            var bytes = new byte[SegmentHeader.Length + all.Sum(entry => entry.Record.Length) + SegmentEnd.Length];
            var previous = _ends.Count == 0 ? 0 : _ends.Keys.Max();
            new SegmentHeader(number, previous, previous == 0 ? 0 : _ends[previous]).Write(bytes);
            Place(bytes, SegmentHeader.Length, number, commit, 0, all);
            _activeLength = _disk.Begin(number, Math.Max(_options.SegmentBytes, bytes.Length), bytes);
            (_active, _activeEnd) = (number, bytes.Length - SegmentEnd.Length);
            _live.TryAdd(number, 0);
        }
        _ends[_active] = (uint)_activeEnd;
        _lastCommit = commit;
    }

    void Place(byte[] bytes, int at, ulong segment, ulong commit, int offset, List<Entry> entries)
    {
        lock (_gate)
            foreach (var entry in entries)
                if (entry.Book is { } book) entry.Record = entry.Record with { AcknowledgedTotal = book.AcknowledgedTotal, Place = book.Run(entry.Record.Epoch)?.Place ?? 0 };
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            entry.Record = entry.Record with
            {
                Segment = segment, Commit = commit,
                Flags = entry.Record.Flags & ~RecordFlags.CommitEnds | (i == entries.Count - 1 ? RecordFlags.CommitEnds : 0),
            };
            entry.At = offset + at;
            entry.Record.Write(bytes.AsSpan(at));
            at += entry.Record.Length;
        }
        SegmentEnd.Write(bytes.AsSpan(at), segment);
    }

    // A segment begins with where every stream stands, so that older ones can go.
    List<Entry> Checkpoint()
    {
        List<Entry> entries = [];
        lock (_gate)
        {
            if (_contacted) entries.Add(new(null, new(RecordKind.Contact, ""), 0));
            if (MayHideStreams) entries.Add(new(null, Doubt(), 0));
            foreach (var book in _books.Values)
            {
                var last = book.Runs.FindLast(run => run.IsDurable);
                foreach (var run in book.Runs.Where(run => run.IsDurable))
                {
                    entries.Add(new(book, new(RecordKind.Position, book.Name)
                    {
                        Flags = (run == last ? RecordFlags.Current : 0) | (run.FirstFresh() is null ? RecordFlags.Confirmed : 0), Epoch = run.Epoch, Sequence = run.DurableNext,
                        ReadingsTotal = book.Durable.Readings, BatchesTotal = book.Durable.Batches, DroppedTotal = book.Durable.Dropped, Body = PositionWords(run),
                    }, 0));
                }
                foreach (var loss in last is null ? [] : book.PendingLosses) entries.Add(new(book, new(RecordKind.Loss, book.Name) { Body = loss.ToByteArray() }, 0));
            }
        }
        return entries;
    }

    static byte[] PositionWords(EpochRun run)
    {
        var words = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(24), run.Acknowledged);
        BinaryPrimitives.WriteUInt64LittleEndian(words, run.Forgotten);
        BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(8), run.SendingBound);
        BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(16), run.ReadingsBefore);
        return words;
    }

    void Settle(Entry entry)
    {
        var (record, book) = (entry.Record, entry.Book);
        _pendingBytes -= record.Length;
        foreach (var segment in entry.Releases) Release(segment);
        if (book?.Run(record.Epoch) is not { } run) return;
        switch (record.Kind)
        {
            case RecordKind.Position or RecordKind.Redrawn: run.IsDurable = true; break;
            case RecordKind.Sending: run.SendingBound = Math.Max(run.SendingBound, record.Sequence); break;
            case RecordKind.Batch:
                var stored = new StoredBatch(
                    record.Sequence, record.Segment, entry.At, entry.At + record.HeaderLength, record.Body.Length,
                    Crc32.HashToUInt32(record.Body.Span), record.Readings, record.ReadingsTotal, record.SealedUs,
                    record.Flags.HasFlag(RecordFlags.Emptied), record.Flags.HasFlag(RecordFlags.Fresh) && !_contacted);
                if (record.Sequence == run.DurableNext)
                {
                    run.Add(stored);
                    _live[record.Segment]++;
                    book.DurableThroughUs = Math.Max(book.DurableThroughUs, entry.ThroughUs);
                }
                else if (run.TryGet(record.Sequence, out var old))
                {
                    run.Replace(stored);
                    _live[record.Segment]++;
                    Release(old.Segment);
                }
                book.Durable = new(Math.Max(book.Durable.Readings, record.ReadingsTotal), Math.Max(book.Durable.Batches, record.BatchesTotal), Math.Max(book.Durable.Dropped, record.DroppedTotal));
                break;
        }
    }

    void Release(ulong segment)
    {
        if (segment != 0 && _live.TryGetValue(segment, out var count)) _live[segment] = count - 1;
    }

    void Become(OutboxState state, string reason)
    {
        if (state == State && reason == StateReason) return;
        if (state != State)
        {
            if (state == OutboxState.Fine) LogFine(State);
            else LogState(state, reason);
        }
        (State, StateReason) = (state, reason);
    }

    public void Dispose()
    {
        lock (_commitGate) _disk.Dispose();
    }

    sealed class Entry(StreamBook? book, Record record, long throughUs)
    {
        public StreamBook? Book => book;
        public Record Record { get; set; } = record;
        public long ThroughUs => throughUs;
        public int At { get; set; }

        /// <summary>Segments that hold one live batch less once this stands.</summary>
        public List<ulong> Releases { get; } = [];
    }

    [LoggerMessage(2001, LogLevel.Warning, "Outbox segment {Segment:x} at {At}, {Bytes} bytes: {What}")]
    partial void LogDamage(ulong segment, int at, int bytes, string what);

    [LoggerMessage(2002, LogLevel.Error, "{Stream} epoch {Epoch:x} sequence {Sequence} could not be read back: {Readings} readings lost (0 = not countable)")]
    partial void LogLostBatch(string stream, ulong epoch, ulong sequence, ulong readings);

    [LoggerMessage(2003, LogLevel.Warning, "{Stream} goes on in a new epoch: {OldEpoch:x} ended, {NewEpoch:x} drawn, {Renumbered} batches numbered anew")]
    partial void LogEpoch(string stream, ulong oldEpoch, ulong newEpoch, int renumbered);

    [LoggerMessage(2004, LogLevel.Error, "Outbox {State}: {Reason}")]
    partial void LogState(OutboxState state, string reason);

    [LoggerMessage(2005, LogLevel.Information, "Outbox writes again after {State}")]
    partial void LogFine(OutboxState state);

    [LoggerMessage(2006, LogLevel.Warning, "Outbox segment {Segment:x} set aside as quarantined; what could be read of it was kept")]
    partial void LogQuarantined(ulong segment);

    [LoggerMessage(2007, LogLevel.Warning, "{Stream} sequence {Sequence} thinned before it was sent: {Readings} readings lost")]
    partial void LogThinned(string stream, ulong sequence, uint readings);
}
