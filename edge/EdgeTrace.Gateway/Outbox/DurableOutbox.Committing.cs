using System.Buffers.Binary;
using System.IO.Hashing;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>The commit loop: everything sealed so far with one write and one sync, into the newest segment or a new one; what a refusing disk does to it.</summary>
sealed partial class DurableOutbox
{
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

    sealed class Entry(StreamBook? book, Record record, long throughUs)
    {
        public StreamBook? Book => book;
        public Record Record { get; set; } = record;
        public long ThroughUs => throughUs;
        public int At { get; set; }

        /// <summary>Segments that hold one live batch less once this stands.</summary>
        public List<ulong> Releases { get; } = [];
    }

    [LoggerMessage(2004, LogLevel.Error, "Outbox {State}: {Reason}")]
    partial void LogState(OutboxState state, string reason);

    [LoggerMessage(2005, LogLevel.Information, "Outbox writes again after {State}")]
    partial void LogFine(OutboxState state);
}
