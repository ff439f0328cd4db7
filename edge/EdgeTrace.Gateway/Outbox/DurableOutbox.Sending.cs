using System.Diagnostics.CodeAnalysis;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>What came of asking for a batch's body.</summary>
enum TakeVerdict
{
    Taken,

    /// <summary>Not now: wait for <see cref="DurableOutbox.Committed"/>.</summary>
    Later,

    /// <summary>Acknowledged meanwhile.</summary>
    Gone,
}

/// <summary>What came of an acknowledgement.</summary>
enum AcknowledgeVerdict
{
    Noted,
    NothingNew,
    UnknownStream,

    /// <summary>It names a batch that was never sent: nothing is forgotten.</summary>
    BeyondSent,
}

/// <summary>The outbox as the uplink sees it: what to send next, what the cloud has, where the streams stand.</summary>
sealed partial class DurableOutbox
{
    /// <summary>The streams there are, alarms first, reads last.</summary>
    public IReadOnlyList<(string Stream, StreamKind Kind)> Streams
    {
        get
        {
            lock (_gate) return [.. _books.Values.OrderBy(book => book.Kind).ThenBy(book => book.Name, StringComparer.Ordinal).Select(book => (book.Name, book.Kind))];
        }
    }

    /// <summary>
    /// The batch after (<paramref name="epoch"/>, <paramref name="after"/>), or the oldest unacknowledged one; null when there is none.
    /// A stream's newer epoch begins only when its older one is acknowledged to the end: order within a stream holds across epochs.
    /// </summary>
    public SealedBatch? Next(string stream, ulong epoch, ulong after)
    {
        lock (_gate)
        {
            if (!_books.TryGetValue(stream, out var book) || book.Runs.Find(run => run.Unacked > 0) is not { } run) return null;
            var sequence = (run.Epoch == epoch ? Math.Max(after, run.Acknowledged) : run.Acknowledged) + 1;
            return run.TryGet(sequence, out var stored) && !stored.Claimed && stored.Segment != 0 ? new(stream, run.Epoch, sequence, stored.BodyLength) : null;
        }
    }

    /// <summary>The body of a batch, to be sent: from here on it may have been, and is never thinned.</summary>
    public TakeVerdict Take(in SealedBatch batch, [NotNullWhen(true)] out byte[]? body)
    {
        body = null;
        StoredBatch stored;
        lock (_gate)
        {
            if (!_books.TryGetValue(batch.Stream, out var book) || book.Run(batch.Epoch) is not { } run || !run.TryGet(batch.Sequence, out stored)) return TakeVerdict.Gone;
            if (stored.Claimed || stored.Segment == 0) return TakeVerdict.Later;
            if (batch.Sequence + SendingStride / 2 > run.SendingBound) ExtendSending(book, run, batch.Sequence + SendingStride);
            // A disk that refuses must not keep the outbox from draining: then the word is given up, the batch is not.
            if (batch.Sequence > run.SendingBound && State is OutboxState.Fine or OutboxState.OverBudget) return TakeVerdict.Later;
            run.SentUpto = Math.Max(run.SentUpto, batch.Sequence);
        }
        body = ReadStored(stored);
        if (body is not null) return TakeVerdict.Taken;
        lock (_gate)
        {
            var book = _books[batch.Stream];
            if (book.Run(batch.Epoch) is not { } run || !run.TryGet(batch.Sequence, out var again)) return TakeVerdict.Gone;
            if (again != stored) return TakeVerdict.Later;   // cleaned under our hands: it lies elsewhere now
            LogLostBatch(batch.Stream, batch.Epoch, batch.Sequence, stored.Readings);
            run.Replace(stored with { Claimed = true });
            Enqueue(book, new(RecordKind.Batch, book.Name)
            {
                Flags = RecordFlags.Copy | RecordFlags.Emptied, Epoch = batch.Epoch, Sequence = batch.Sequence, Readings = stored.Readings, SealedUs = stored.SealedUs,
                Body = EmptiedBatch.Stone(Gateway, Boot, Gone(book, run, stored)),
            }, readingsTotal: stored.ReadingsTotal);
            CommitWanted?.Invoke();
            return TakeVerdict.Later;
        }
    }

    /// <summary>Raised when something should be durable before the next tick.</summary>
    public event Action? CommitWanted;

    void ExtendSending(StreamBook book, EpochRun run, ulong bound)
    {
        if (_pending.Exists(entry => entry.Book == book && entry.Record.Kind == RecordKind.Sending && entry.Record.Epoch == run.Epoch)) return;
        Enqueue(book, new(RecordKind.Sending, book.Name) { Epoch = run.Epoch, Sequence = bound });
        CommitWanted?.Invoke();
    }

    /// <summary>The cloud has everything of this epoch up to <paramref name="upto"/> in its log.</summary>
    public AcknowledgeVerdict Acknowledge(string stream, ulong epoch, ulong upto)
    {
        lock (_gate)
        {
            if (!_books.TryGetValue(stream, out var book) || book.Run(epoch) is not { } run) return AcknowledgeVerdict.UnknownStream;
            if (upto > run.SentUpto) return AcknowledgeVerdict.BeyondSent;
            if (upto <= run.Acknowledged) return AcknowledgeVerdict.NothingNew;
            AcknowledgeUpto(book, run, upto);
            return AcknowledgeVerdict.Noted;
        }
    }

    /// <summary>
    /// The cloud answered a birth with what it has. Forgets that; where the cloud has a number that this outbox gave to a batch it never
    /// sent, an old image of the disk was restored, and the stream goes on in a new epoch (DESIGN.md, corridor 3).
    /// Where it has less than it once acknowledged, it was restored from a backup: what is kept is sent again.
    /// False when the disk refuses: nothing may be sent yet, say birth again.
    /// </summary>
    public bool Answered(IEnumerable<StreamAck> answer)
    {
        lock (_commitGate)
        {
            if (!Commit() && _committing.Count > 0 && State == OutboxState.Refused) return false;
            var redrawn = false;
            lock (_gate)
            {
                foreach (var ack in answer)
                {
                    if (!_books.TryGetValue(ack.Stream, out var book) || book.Run(ack.Epoch) is not { } run) continue;
                    var neverSent = _contacted ? run.SentUpto + 1 : run.FirstFresh() ?? run.DurableNext;
                    if (ack.Upto >= neverSent && run == book.Current)
                    {
                        if (_committing.Count > 0) return false;   // what is half written cannot be numbered anew
                        ForgetUpto(book, run, neverSent - 1);
                        Redraw(book, neverSent);
                        redrawn = true;
                    }
                    else if (ack is not { Known: false, Upto: 0 } && ack.Upto < run.Forgotten && run == book.Current)
                    {
                        // The cloud's log is older than its own acknowledgements: it waits for numbers nobody has any more.
                        if (_committing.Count > 0) return false;
                        Redraw(book, run.Forgotten + 1);
                        redrawn = true;
                    }
                    else AcknowledgeUpto(book, run, Math.Min(ack.Upto, run.DurableNext - 1));
                }
                if (!_contacted) Enqueue(null, new(RecordKind.Contact, ""));
                _contacted = true;
                foreach (var book in _books.Values)
                    foreach (var run in book.Runs) run.Confirm();
            }
            return Commit() || !redrawn;
        }
    }

    /// <summary>Where every stream stands, for a birth: one position for each epoch that is not finished.</summary>
    public IReadOnlyList<StreamPosition> Positions()
    {
        lock (_gate)
            return [.. _books.Values.SelectMany(book => book.Runs.Where(run => run.IsDurable).Select(run => new StreamPosition
            {
                Stream = book.Name, Epoch = run.Epoch, NextSequence = run.DurableNext, OldestUnacked = run.Forgotten + 1,
            }))];
    }

    /// <summary>The watermarks a heartbeat may tell: a stream whose older epoch is not acknowledged to the end promises nothing.</summary>
    public IReadOnlyList<StreamThrough> Throughs()
    {
        lock (_gate)
            return [.. _books.Values
                .Where(book => book.DurableThroughUs != long.MinValue && book.Current.IsDurable && book.Runs.TrueForAll(run => run == book.Current || run.Unacked == 0))
                .Select(book => new StreamThrough { Stream = book.Name, Epoch = book.Current.Epoch, NextSequence = book.Current.DurableNext, ThroughUs = book.DurableThroughUs })];
    }

    /// <summary>Counts of every stream since the outbox was made, durable ones only.</summary>
    public IReadOnlyList<StreamSummary> Summaries()
    {
        lock (_gate) return [.. _books.Values.OrderBy(book => book.Name, StringComparer.Ordinal).Select(StreamSummary.Of)];
    }

    /// <summary>What was sealed of a stream since the outbox was made, and what of that is durable.</summary>
    internal (StreamTotals Sealed, StreamTotals Durable) Totals(string stream)
    {
        lock (_gate) return _books.TryGetValue(stream, out var book) ? (new(book.ReadingsTotal, book.BatchesTotal, book.DroppedTotal), book.Durable) : default;
    }
}
