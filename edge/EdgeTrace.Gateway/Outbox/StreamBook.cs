using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>A durable batch that is not forgotten, and where its body lies.</summary>
/// <param name="Segment">0 = its number was given and it could not be read back; what takes its place is not durable yet.</param>
/// <param name="ReadingsTotal">The stream's readings in total, this batch included.</param>
readonly record struct StoredBatch(
    ulong Sequence, ulong Segment, int RecordAt, int BodyAt, int BodyLength, uint BodyCrc, uint Readings, ulong ReadingsTotal, long SealedUs, bool Emptied, bool Fresh)
{
    /// <summary>On disk, header and body.</summary>
    public int Length => BodyAt - RecordAt + BodyLength;

    /// <summary>About to be thinned: not to be sent until the thinner one stands.</summary>
    public bool Claimed { get; init; }
}

/// <summary>One epoch of a stream: what was numbered, sent and forgotten in it.</summary>
sealed class EpochRun(ulong epoch)
{
    readonly List<StoredBatch> _stored = [];
    int _head;

    public ulong Epoch { get; } = epoch;

    /// <summary>Among the stream's epochs: of two the greater goes on after the other.</summary>
    public required ushort Place { get; init; }

    /// <summary>The number the next sealed batch gets; beyond <see cref="DurableNext"/> while a commit is under way.</summary>
    public ulong Next { get; set; } = 1;
    public ulong Forgotten { get; private set; }

    /// <summary>The cloud has everything up to here in its log; what lies between <see cref="Forgotten"/> and this is kept for a cloud that must be restored.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>The stream's readings in total before the oldest batch that is not forgotten.</summary>
    public ulong ReadingsBefore { get; set; }

    /// <summary>May have been sent up to here by this process, or by an earlier one as far as is known: not to be thinned.</summary>
    public ulong SentUpto { get; set; }

    /// <summary>The durable word that batches up to here may be sent.</summary>
    public ulong SendingBound { get; set; }

    /// <summary>Whether the epoch itself stands on disk.</summary>
    public bool IsDurable { get; set; }
    public ulong DurableNext => Forgotten + (ulong)(_stored.Count - _head) + 1;
    public int Stored => _stored.Count - _head;
    public int Kept => (int)(Acknowledged - Forgotten);
    public int Unacked => Stored - Kept;

    /// <summary>The stream's readings in total that the cloud had when this epoch was acknowledged so far.</summary>
    public ulong AcknowledgedTotal => TryGet(Acknowledged, out var batch) ? batch.ReadingsTotal : ReadingsBefore;

    /// <summary>Everything that is not forgotten, oldest first.</summary>
    public IEnumerable<StoredBatch> All => _stored.Skip(_head);

    public void StartAfter(ulong forgotten) => (Forgotten, Acknowledged, Next) = (forgotten, Math.Max(Acknowledged, forgotten), Math.Max(Next, forgotten + 1));

    /// <summary>Sets how far the cloud has it: further, or less far when the cloud itself went back.</summary>
    public void Acknowledge(ulong upto) => Acknowledged = Math.Clamp(upto, Forgotten, DurableNext - 1);

    public void Add(in StoredBatch batch)
    {
        if (batch.Sequence != DurableNext) throw new InvalidOperationException($"Batch {batch.Sequence} follows {DurableNext - 1}.");
        _stored.Add(batch);
    }

    public bool TryGet(ulong sequence, out StoredBatch batch)
    {
        batch = default;
        if (sequence <= Forgotten || sequence >= DurableNext) return false;
        batch = _stored[_head + (int)(sequence - Forgotten - 1)];
        return true;
    }

    public void Replace(in StoredBatch batch) => _stored[_head + (int)(batch.Sequence - Forgotten - 1)] = batch;

    /// <summary>Lets go of everything up to <paramref name="upto"/> and tells what lay in which segment.</summary>
    public void Forget(ulong upto, Action<StoredBatch> released)
    {
        while (Forgotten < upto && _head < _stored.Count)
        {
            ReadingsBefore = _stored[_head].ReadingsTotal;
            released(_stored[_head++]);
            Forgotten++;
        }
        Acknowledged = Math.Max(Acknowledged, Forgotten);
        if (_head < 1024 || _head * 2 < _stored.Count) return;
        _stored.RemoveRange(0, _head);
        _head = 0;
    }

    /// <summary>Takes the batches from <paramref name="from"/> on out of this epoch, to be numbered anew in another.</summary>
    public void Retire(ulong from, Action<StoredBatch> released)
    {
        while (_stored.Count > _head && _stored[^1].Sequence >= from)
        {
            released(_stored[^1]);
            _stored.RemoveAt(_stored.Count - 1);
        }
        Acknowledged = Math.Min(Acknowledged, DurableNext - 1);
        Next = DurableNext;
    }

    public long? LastSealedUs => Stored == 0 ? null : _stored[^1].SealedUs;

    public ulong? FirstFresh()
    {
        for (var i = _head; i < _stored.Count; i++)
            if (_stored[i].Fresh) return _stored[i].Sequence;
        return null;
    }

    public void Confirm()
    {
        for (var i = _head; i < _stored.Count; i++)
            if (_stored[i].Fresh) _stored[i] = _stored[i] with { Fresh = false };
    }
}

/// <summary>What the outbox knows of one stream: its epochs, oldest first, and its totals since the outbox was made.</summary>
sealed class StreamBook(string name)
{
    public string Name { get; } = name;
    public StreamKind Kind { get; } = StreamName.TrySplit(name, out var kind, out _) ? kind : throw new ArgumentException($"'{name}' is no stream.");
    public List<EpochRun> Runs { get; } = [];
    public EpochRun Current => Runs[^1];

    /// <summary>What the next sealed batch's header must own up to.</summary>
    public List<Loss> PendingLosses { get; } = [];

    public ulong ReadingsTotal { get; set; }
    public ulong BatchesTotal { get; set; }
    public ulong DroppedTotal { get; set; }
    public StreamTotals Durable { get; set; }

    /// <summary>What was promised when the last durable batch was sealed: the watermark a heartbeat may tell.</summary>
    public long DurableThroughUs { get; set; } = long.MinValue;

    /// <summary>When the newest batch that is still here was sealed; null = none is.</summary>
    public long? LastSealedUs => Runs.Select(run => run.LastSealedUs).Max();

    /// <summary>
    /// Of the stream's readings in total, those that the cloud has: epochs are sent one after the other, so it is one number. Beyond it what no batch
    /// covers is lost, and every record says it, so that a loss can be counted whatever else is lost with it.
    /// </summary>
    public ulong AcknowledgedTotal => Runs.Find(run => run.Acknowledged + 1 < run.Next)?.AcknowledgedTotal ?? Durable.Readings;

    public EpochRun? Run(ulong epoch) => Runs.Find(run => run.Epoch == epoch);

    /// <summary>Past epochs of which nothing is kept are of no more use.</summary>
    public void DropFinishedRuns() => Runs.RemoveAll(run => run != Current && run.Stored == 0 && run.IsDurable && Current.IsDurable);
}

/// <summary>Cumulative counts of a stream since the outbox was made.</summary>
readonly record struct StreamTotals(ulong Readings, ulong Batches, ulong Dropped);
