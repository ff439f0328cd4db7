using System.Buffers.Binary;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>One stream while its records are read again, oldest first.</summary>
sealed class RecoveringStream(string name)
{
    readonly List<RecoveringRun> _runs = [];
    readonly List<Loss> _losses = [];
    StreamTotals _totals;
    ulong? _acknowledgedTotal;

    public string Name { get; } = name;

    /// <summary>The last record that says which number was given last: damage behind it may have taken numbers that the cloud has.</summary>
    public (int Segment, int At) LastNumbered { get; set; } = (-1, 0);

    /// <summary>True when the record says which number of the stream was given last.</summary>
    public bool Replay(in PlacedRecord placed, int ordinal)
    {
        var record = placed.Record;
        _acknowledgedTotal = record.AcknowledgedTotal ?? _acknowledgedTotal;
        if (!placed.BodyReads && record.Kind != RecordKind.Batch) return false;
        var body = record.Body.Span;
        switch (record.Kind)
        {
            case RecordKind.Batch:
                Run(record).Found(placed, ordinal);
                Raise(record);
                if (record.Flags.HasFlag(RecordFlags.Copy)) return false;
                _losses.Clear();
                return true;
            case RecordKind.Position when body.Length >= 24:
                var run = Run(record);
                if (body.Length >= 32) run.Acknowledge(U64(body, 24));
                run.Stands(record.Sequence, forgotten: U64(body, 0), sending: U64(body, 8), before: U64(body, 16));
                Raise(record);
                if (record.Flags.HasFlag(RecordFlags.Confirmed)) run.ConfirmedBefore = ordinal;
                if (!record.Flags.HasFlag(RecordFlags.Current)) return false;
                MakeCurrent(run);
                _losses.Clear();
                return true;
            case RecordKind.Redrawn when body.Length >= 16:
                if (_runs.Find(old => old.Epoch == U64(record.Body.Span, 0)) is { } ended) ended.Retire(U64(body, 8));
                var drawn = Run(record);
                drawn.Stands(1, 0, 0, record.ReadingsTotal);
                MakeCurrent(drawn);
                return true;
            case RecordKind.Forget: Run(record).Forget(record.Sequence, record.ReadingsTotal); break;
            case RecordKind.Sending: Run(record).MaySend(record.Sequence); break;
            case RecordKind.Acknowledged: Run(record).Acknowledge(record.Sequence); break;
            case RecordKind.Loss: _losses.Add(Loss.Parser.ParseFrom(body)); break;
        }
        return false;
    }

    static ulong U64(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt64LittleEndian(body[at..]);

    RecoveringRun Run(in Record record)
    {
        var epoch = record.Epoch;
        var run = _runs.Find(run => run.Epoch == epoch);
        if (run is null) _runs.Add(run = new(epoch));
        run.Place = Math.Max(run.Place, record.Place);
        return run;
    }

    // What version 1 has in place of a place.
    void MakeCurrent(RecoveringRun run)
    {
        _runs.Remove(run);
        _runs.Add(run);
    }

    void Raise(in Record record) => _totals = new(
        Math.Max(_totals.Readings, record.ReadingsTotal), Math.Max(_totals.Batches, record.BatchesTotal), Math.Max(_totals.Dropped, record.DroppedTotal));

    /// <summary>The book as far as it reads; null when nothing said where the stream stands.</summary>
    public StreamBook? Close(int confirmedBefore, List<LostBatch> lost)
    {
        if (_runs.Count == 0) return null;
        _totals = _totals with { Readings = Math.Max(_totals.Readings, _acknowledgedTotal ?? 0) };
        var book = new StreamBook(Name) { Durable = _totals };
        (book.ReadingsTotal, book.BatchesTotal, book.DroppedTotal) = _totals;
        book.PendingLosses.AddRange(_losses);
        foreach (var run in _runs) run.FindStart();
        List<RecoveringRun> ordered = [.. _runs.OrderBy(run => run.Place).ThenBy(run => run.Place == 0 ? 0 : run.ReadingsBefore)];
        var count = new LossCount(Name, _acknowledgedTotal ?? (ordered[0].StartKnown ? ordered[0].ReadingsBefore : null));
        ushort place = 0;
        foreach (var run in ordered)
        {
            run.Place = place = Math.Max(run.Place, run.Place == 0 ? (ushort)(place + 1) : place);
            book.Runs.Add(run.ToBook(confirmedBefore, count));
        }
        count.Close(_totals.Readings, book.Current);
        if (book.Current.Stored == 0) book.Current.ReadingsBefore = _totals.Readings;
        // What is counted is known only now, from what came after it.
        foreach (var batch in count.Lost)
            if (batch.Sequence > 0 && book.Run(batch.Epoch) is { } run && run.TryGet(batch.Sequence, out var stored))
                run.Replace(stored with { Readings = (uint)Math.Min(batch.Readings, uint.MaxValue), ReadingsTotal = batch.ReadingsTotal });
        lost.AddRange(count.Lost);
        return book;
    }

    sealed class RecoveringRun(ulong epoch)
    {
        readonly Dictionary<ulong, FoundBatch> _found = [];
        ulong _next = 1;
        ulong _forgotten;
        ulong _sending;
        ulong _acknowledged;

        public ulong Epoch { get; } = epoch;
        public ushort Place { get; set; }
        public int ConfirmedBefore { get; set; }

        /// <summary>The stream's readings in total before the oldest that is here.</summary>
        public ulong ReadingsBefore { get; private set; }
        public bool StartKnown { get; private set; }

        public void Found(in PlacedRecord placed, int ordinal)
        {
            var record = placed.Record;
            _next = Math.Max(_next, record.Sequence + 1);
            if (!placed.BodyReads && _found.TryGetValue(record.Sequence, out var better) && better.Reads) return;
            var stored = new StoredBatch(
                record.Sequence, record.Segment, placed.At, placed.BodyAt, record.Body.Length,
                System.IO.Hashing.Crc32.HashToUInt32(record.Body.Span), record.Readings, record.ReadingsTotal, record.SealedUs,
                record.Flags.HasFlag(RecordFlags.Emptied), record.Flags.HasFlag(RecordFlags.Fresh));
            _found[record.Sequence] = new(stored, ordinal, placed.BodyReads);
        }

        /// <summary>A position says everything: what was found beyond it has been numbered anew since.</summary>
        public void Stands(ulong next, ulong forgotten, ulong sending, ulong before)
        {
            Retire(next);
            _next = Math.Max(_next, next);
            Forget(forgotten, before);
            MaySend(sending);
        }

        public void Forget(ulong upto, ulong before)
        {
            if (upto >= _forgotten) (_forgotten, ReadingsBefore) = (upto, Math.Max(before, ReadingsBefore));
            _next = Math.Max(_next, upto + 1);
            StartKnown = true;
        }

        /// <summary>The last word counts: a restored cloud takes acknowledgements back. What it has was numbered.</summary>
        public void Acknowledge(ulong upto)
        {
            _acknowledged = upto;
            _next = Math.Max(_next, upto + 1);
        }

        public void MaySend(ulong upto) => _sending = Math.Max(_sending, upto);

        public void Retire(ulong from)
        {
            foreach (var sequence in _found.Keys.Where(sequence => sequence >= from).ToArray()) _found.Remove(sequence);
            _next = Math.Min(_next, Math.Max(from, _forgotten + 1));
        }

        /// <summary>Where the epoch begins for us: after what is forgotten, or after the newest that cannot be read of what is only kept for a restored cloud (a hole there is no loss).</summary>
        public void FindStart()
        {
            var first = _found.Count > 0 ? _found.Keys.Min() : _next;
            // Without the epoch's position it begins with the last number before what can be read, which tells what was there; the cloud's answer settles the rest.
            if (!StartKnown) Begin(after: Math.Max(_forgotten, Math.Min(first - 1, Math.Max(_acknowledged, first > 1 ? first - 2 : 0))));
            for (var sequence = Math.Min(_acknowledged, _next - 1); sequence > _forgotten; sequence--)
                if (!_found.TryGetValue(sequence, out var kept) || !kept.Reads) Begin(after: sequence);
        }

        void Begin(ulong after)
        {
            _forgotten = after;
            if (_found.TryGetValue(after + 1, out var next)) (StartKnown, ReadingsBefore) = (true, next.Before);
        }

        public EpochRun ToBook(int confirmedBefore, LossCount count)
        {
            var run = new EpochRun(Epoch) { Place = Place, IsDurable = true, SendingBound = _sending, SentUpto = _sending };
            run.StartAfter(_forgotten);
            for (var sequence = _forgotten + 1; sequence < _next; sequence++)
            {
                var known = _found.TryGetValue(sequence, out var found);
                if (known) count.Covered(run, found.Before, found.Batch.ReadingsTotal);
                if (sequence == _forgotten + 1) run.ReadingsBefore = known ? found.Before : count.At ?? ReadingsBefore;
                if (known && found.Reads)
                {
                    var fresh = found.Batch.Fresh && found.Ordinal > Math.Max(ConfirmedBefore, confirmedBefore) && sequence > _acknowledged && !count.IsAcknowledged(found.Batch.ReadingsTotal);
                    run.Add(found.Batch with { Fresh = fresh });
                    continue;
                }
                if (known) count.Rotten(run, found.Batch);
                else count.Missing(run, sequence);
                run.Add(new(sequence, 0, 0, 0, 0, 0, 0, 0, 0, true, false));
            }
            run.Next = Math.Max(run.Next, _next);
            run.Acknowledge(_acknowledged);
            return run;
        }
    }

    readonly record struct FoundBatch(StoredBatch Batch, int Ordinal, bool Reads)
    {
        public ulong Before => Batch.ReadingsTotal - Math.Min(Batch.Readings, Batch.ReadingsTotal);
    }
}
