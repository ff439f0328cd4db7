using System.Buffers.Binary;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>A number that was given and whose body cannot be read back.</summary>
readonly record struct LostBatch(string Stream, ulong Epoch, ulong Sequence, ulong Readings, ulong ReadingsTotal, long SealedUs);

/// <summary>Something recovery found and a person should know.</summary>
readonly record struct RecoveryFinding(ulong Segment, int At, int Bytes, string What);

/// <summary>
/// Turns the bytes of the segments, oldest first, back into the streams' books. Pure; never throws for what the bytes say:
/// what reads is kept, what does not is found, and where numbers can no longer be trusted a stream is named for a new epoch.
/// </summary>
sealed class Recovery
{
    readonly Dictionary<string, RecoveringStream> _streams = [];
    readonly StreamNames _names = new();
    readonly List<LostBatch> _lost = [];
    (int Segment, int At) _lastDamage = (-1, -1);
    int _confirmedBefore;
    int _ordinal;

    public Dictionary<string, StreamBook> Books { get; } = [];
    public IReadOnlyList<LostBatch> Lost => _lost;
    public List<string> Untrusted { get; } = [];
    public List<ulong> Damaged { get; } = [];
    public List<RecoveryFinding> Findings { get; } = [];

    /// <summary>The newest segment is damaged, and it alone says which streams there are: one that nothing else names may have been there too.</summary>
    public bool MayHideStreams { get; private set; }

    public ulong LastSegment { get; private set; }
    public uint LastEnd { get; private set; }
    public ulong LastCommit { get; private set; }
    public Dictionary<ulong, uint> Ends { get; } = [];

    /// <param name="numbers">The segments there are, ascending.</param>
    /// <param name="read">Loads one whole; an unreadable file is an empty one.</param>
    public static Recovery Of(IReadOnlyList<ulong> numbers, Func<ulong, ReadOnlyMemory<byte>> read, Func<ulong, SegmentHeader?> header)
    {
        var recovery = new Recovery();
        foreach (var number in numbers)
            if (header(number) is { Previous: not 0 } told) recovery.Ends[told.Previous] = told.PreviousEnd;
        for (var i = 0; i < numbers.Count; i++)
        {
            var end = recovery.Ends.TryGetValue(numbers[i], out var known) ? (int)known : -1;
            recovery.Take(SegmentScan.Of(read(numbers[i]), numbers[i], end, recovery._names), i, newest: i == numbers.Count - 1);
        }
        // Every segment begins with a position of each stream in use, so damage before the newest hides none.
        recovery.MayHideStreams = recovery._lastDamage.Segment >= 0 && recovery._lastDamage.Segment == numbers.Count - 1;
        recovery.Close();
        return recovery;
    }

    void Take(SegmentScan scan, int index, bool newest)
    {
        (LastSegment, LastEnd) = (scan.Number, (uint)scan.End);
        Ends.TryAdd(scan.Number, (uint)scan.End);
        foreach (var (from, to) in scan.Damage)
        {
            _lastDamage = (index, from);
            Findings.Add(new(scan.Number, from, to - from, to == scan.Bytes.Length && newest ? "torn tail" : "unreadable records"));
        }
        if (scan.Header is null)
        {
            // Its records may all stand; but what came after them, or before, nobody can tell.
            _lastDamage = (index, Math.Max(_lastDamage.Segment == index ? _lastDamage.At : 0, scan.Records is [.., var final] ? final.At + 1 : 0));
            Findings.Add(new(scan.Number, 0, scan.Bytes.Length, scan.Bytes.IsEmpty ? "an empty file" : "no header"));
        }
        if (scan.IsDamaged) Damaged.Add(scan.Number);

        var records = scan.Records;
        var whole = records.Count;
        if (newest)
        {
            var ended = records.FindLastIndex(placed => placed.Record.Flags.HasFlag(RecordFlags.CommitEnds));
            // Half a renumbering would leave batches under two numbers; anything else that reads of an unfinished commit is as good as any.
            if (records[(ended + 1)..].Exists(placed => placed.Record.Kind == RecordKind.Redrawn)) whole = ended + 1;
        }
        for (var i = 0; i < whole; i++) Replay(records[i], index);
    }

    void Replay(in PlacedRecord placed, int index)
    {
        var record = placed.Record;
        _ordinal++;
        LastCommit = Math.Max(LastCommit, record.Commit);
        if (record.Kind == RecordKind.Contact)
        {
            _confirmedBefore = _ordinal;
            return;
        }
        if (!StreamName.IsValid(record.Stream)) return;   // a later version's kind of record
        if (!_streams.TryGetValue(record.Stream, out var stream)) _streams[record.Stream] = stream = new(record.Stream);
        stream.LastSeen = (index, placed.At);
        var body = record.Body.Span;
        switch (record.Kind)
        {
            case RecordKind.Batch: stream.Batch(placed, _ordinal); break;
            case RecordKind.Acknowledged: stream.Run(record.Epoch).Acknowledge(record.Sequence); break;
            case RecordKind.Position when placed.BodyReads && body.Length >= 24:
                if (body.Length >= 32) stream.Run(record.Epoch).Acknowledge(BinaryPrimitives.ReadUInt64LittleEndian(body[24..]));
                stream.Position(record, BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt64LittleEndian(body[8..]), BinaryPrimitives.ReadUInt64LittleEndian(body[16..]));
                break;
            case RecordKind.Forget: stream.Run(record.Epoch).Forget(record.Sequence, record.ReadingsTotal); break;
            case RecordKind.Sending: stream.Run(record.Epoch).MaySend(record.Sequence); break;
            case RecordKind.Loss when placed.BodyReads: stream.Losses.Add(Loss.Parser.ParseFrom(body)); break;
            case RecordKind.Redrawn when placed.BodyReads && body.Length >= 16:
                stream.Redrawn(record, BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt64LittleEndian(body[8..]));
                break;
        }
    }

    void Close()
    {
        foreach (var stream in _streams.Values)
        {
            if (stream.Runs.Count == 0) continue;
            var book = new StreamBook(stream.Name) { Durable = stream.Totals };
            (book.ReadingsTotal, book.BatchesTotal, book.DroppedTotal) = stream.Totals;
            book.PendingLosses.AddRange(stream.Losses);
            foreach (var run in stream.Runs) book.Runs.Add(run.ToBook(stream.Name, _confirmedBefore, _lost));
            Books.Add(stream.Name, book);
            if (stream.LastSeen.CompareTo(_lastDamage) < 0) Untrusted.Add(stream.Name);
        }
    }

    sealed class RecoveringStream(string name)
    {
        public string Name { get; } = name;
        public List<RecoveringRun> Runs { get; } = [];
        public List<Loss> Losses { get; } = [];
        public StreamTotals Totals { get; private set; }
        public (int Segment, int At) LastSeen { get; set; }

        public RecoveringRun Run(ulong epoch)
        {
            if (Runs.Find(run => run.Epoch == epoch) is { } known) return known;
            Runs.Add(new(epoch));
            return Runs[^1];
        }

        public void Batch(in PlacedRecord placed, int ordinal)
        {
            Run(placed.Record.Epoch).Found(placed, ordinal);
            Raise(placed.Record);
            if (!placed.Record.Flags.HasFlag(RecordFlags.Copy)) Losses.Clear();
        }

        public void Position(in Record record, ulong forgotten, ulong sending, ulong before)
        {
            var run = Run(record.Epoch);
            run.Stands(record.Sequence, forgotten, sending, before);
            Raise(record);
            if (!record.Flags.HasFlag(RecordFlags.Current)) return;
            MakeCurrent(run);
            Losses.Clear();
        }

        public void Redrawn(in Record record, ulong from, ulong sequence)
        {
            Run(from).Retire(sequence);
            var run = Run(record.Epoch);
            run.Stands(1, 0, 0, record.ReadingsTotal);
            MakeCurrent(run);
        }

        void MakeCurrent(RecoveringRun run)
        {
            Runs.Remove(run);
            Runs.Add(run);
        }

        void Raise(in Record record) => Totals = new(
            Math.Max(Totals.Readings, record.ReadingsTotal), Math.Max(Totals.Batches, record.BatchesTotal), Math.Max(Totals.Dropped, record.DroppedTotal));
    }

    sealed class RecoveringRun(ulong epoch)
    {
        readonly Dictionary<ulong, FoundBatch> _found = [];
        ulong _next = 1;
        ulong _forgotten;
        ulong _before;
        ulong _sending;
        ulong _acknowledged;
        bool _startKnown;

        public ulong Epoch { get; } = epoch;

        public void Found(in PlacedRecord placed, int ordinal)
        {
            var record = placed.Record;
            _next = Math.Max(_next, record.Sequence + 1);
            if (!placed.BodyReads && _found.TryGetValue(record.Sequence, out var better) && better.Reads) return;
            var stored = new StoredBatch(
                record.Sequence, record.Segment, placed.At, placed.At + record.HeaderLength, record.Body.Length,
                System.IO.Hashing.Crc32.HashToUInt32(record.Body.Span), record.Readings, record.SealedUs,
                record.Flags.HasFlag(RecordFlags.Emptied), record.Flags.HasFlag(RecordFlags.Fresh));
            _found[record.Sequence] = new(stored, record.ReadingsTotal, ordinal, placed.BodyReads);
        }

        public void Stands(ulong next, ulong forgotten, ulong sending, ulong before)
        {
            _startKnown = true;
            _next = Math.Max(_next, next);
            Forget(forgotten, before);
            MaySend(sending);
        }

        public void Forget(ulong upto, ulong before)
        {
            if (upto >= _forgotten) (_forgotten, _before) = (upto, Math.Max(before, _before));
            _next = Math.Max(_next, upto + 1);
        }

        /// <summary>The last word counts: a restored cloud takes acknowledgements back.</summary>
        public void Acknowledge(ulong upto) => _acknowledged = upto;

        public void MaySend(ulong upto) => _sending = Math.Max(_sending, upto);

        public void Retire(ulong from)
        {
            foreach (var sequence in _found.Keys.Where(sequence => sequence >= from).ToArray()) _found.Remove(sequence);
            _next = Math.Min(_next, Math.Max(from, _forgotten + 1));
        }

        public EpochRun ToBook(string stream, int confirmedBefore, List<LostBatch> lost)
        {
            // Without the epoch's position its beginning is unknown: what can be read is where it begins, the cloud's answer settles the rest.
            if (!_startKnown && _found.Count > 0 && _found.Keys.Min() - 1 > _forgotten)
                (_forgotten, _before) = (_found.Keys.Min() - 1, _found[_found.Keys.Min()].ReadingsTotal - _found[_found.Keys.Min()].Batch.Readings);
            // A hole among what is only kept for a restored cloud is no loss: keeping begins after it.
            for (var sequence = Math.Min(_acknowledged, _next - 1); sequence > _forgotten; sequence--)
            {
                if (_found.TryGetValue(sequence, out var kept) && kept.Reads) continue;
                _forgotten = sequence;
                _startKnown = _found.TryGetValue(sequence + 1, out var after);
                if (_startKnown) _before = after.ReadingsTotal - after.Batch.Readings;
            }
            var run = new EpochRun(Epoch) { IsDurable = true, SendingBound = _sending, SentUpto = _sending };
            run.StartAfter(_forgotten);
            run.ReadingsBefore = _before;
            ulong? total = _startKnown ? _before : null;
            for (var sequence = _forgotten + 1; sequence < _next; sequence++)
            {
                var known = _found.TryGetValue(sequence, out var found);
                if (known && found.Reads)
                {
                    run.Add(found.Batch with { Fresh = found.Batch.Fresh && found.Ordinal > confirmedBefore });
                    total = found.ReadingsTotal;
                    continue;
                }
                // The next total that reads says how much lay between; the first of a row of lost batches carries the sum.
                var readings = known ? found.Batch.Readings : Missing(sequence, total);
                if (known) total = found.ReadingsTotal;
                else if (total is not null) total += readings;
                lost.Add(new(stream, Epoch, sequence, readings, total ?? 0, known ? found.Batch.SealedUs : 0));
                run.Add(new(sequence, 0, 0, 0, 0, 0, (uint)Math.Min(readings, uint.MaxValue), 0, true, false));
            }
            run.Next = Math.Max(run.Next, _next);
            run.Acknowledge(_acknowledged);
            return run;
        }

        ulong Missing(ulong sequence, ulong? before)
        {
            if (before is not { } known || _found.ContainsKey(sequence - 1) is false && sequence != _forgotten + 1) return 0;
            for (var later = sequence + 1; later < _next; later++)
                if (_found.TryGetValue(later, out var found))
                    return found.ReadingsTotal - found.Batch.Readings is var reached && reached > known ? reached - known : 0;
            return 0;
        }
    }

    readonly record struct FoundBatch(StoredBatch Batch, ulong ReadingsTotal, int Ordinal, bool Reads);
}
