using EdgeTrace.Contract;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>What becomes of a batch that arrived.</summary>
enum Verdict
{
    /// <summary>The next of its stream: to the log.</summary>
    Accepted,

    /// <summary>Already in the log, on its way there, or held: dropped by identity, acknowledged again if durable.</summary>
    Redelivered,

    /// <summary>A little ahead of its stream: kept until the ones before it come.</summary>
    Held,

    /// <summary>Too far ahead, or no room to hold it: the gateway sends it again.</summary>
    Dropped,

    /// <summary>The number of another batch.</summary>
    Rejected,
}

/// <summary>
/// Keeps one (stream, epoch) in order (DESIGN.md, corridor 3): one integer, and a few batches that came early.
/// Pure: what it accepts must go to the log in the order it says.
/// </summary>
sealed class StreamSequencer(ulong upto)
{
    /// <summary>A window of the uplink; whatever is further ahead will be sent again anyway.</summary>
    public const int HeldMax = 64;

    readonly Dictionary<ulong, NewBatch> _held = [];

    /// <summary>Every sequence up to and including this was accepted. Not yet "durable": that is the log's to say.</summary>
    public ulong Upto { get; private set; } = upto;

    public int Held => _held.Count;

    /// <param name="roomToHold">False when all streams together already hold as much as they may.</param>
    public Verdict Offer(NewBatch batch, bool roomToHold = true)
    {
        var sequence = batch.Id.Sequence;
        if (sequence <= Upto) return Verdict.Redelivered;
        if (sequence == Upto + 1)
        {
            Upto++;
            return Verdict.Accepted;
        }
        if (_held.TryGetValue(sequence, out var held)) return held.BodyCrc == batch.BodyCrc && held.Body.Length == batch.Body.Length ? Verdict.Redelivered : Verdict.Rejected;
        if (!roomToHold || _held.Count == HeldMax || sequence - Upto > HeldMax) return Verdict.Dropped;
        _held.Add(sequence, batch);
        return Verdict.Held;
    }

    /// <summary>Takes the held batch that is now next, if there is one; it is accepted by this.</summary>
    public NewBatch? Release()
    {
        if (!_held.Remove(Upto + 1, out var next)) return null;
        Upto++;
        return next;
    }

    /// <summary>The gateway no longer has what comes before <paramref name="oldest"/>; returns the stretch that is lost, if any.</summary>
    public (ulong From, ulong To)? Skip(ulong oldest)
    {
        if (oldest <= Upto + 1) return null;
        // What is held was received; only what is before the first of it is gone.
        var to = oldest - 1;
        foreach (var sequence in _held.Keys) to = Math.Min(to, sequence - 1);
        if (to <= Upto) return null;
        var gap = (Upto + 1, to);
        Upto = to;
        return gap;
    }
}

/// <summary>All streams of all gateways in order. Pure and single-threaded.</summary>
sealed class Sequencing
{
    /// <summary>What all streams together may hold early; a few windows of a few gateways.</summary>
    const long HeldBytesMax = 32 << 20;

    /// <summary>Far more than a gateway has streams and lives; a gateway that draws more is broken or hostile.</summary>
    public const int EpochsMax = 4096;

    readonly Dictionary<(string Gateway, string Stream, ulong Epoch), StreamSequencer> _streams = [];
    readonly Dictionary<string, int> _epochs = [];
    long _heldBytes;

    public Sequencing(IEnumerable<StreamUpto> logged)
    {
        foreach (var stream in logged) Add((stream.Gateway, stream.Stream, stream.Epoch), stream.Upto);
    }

    public int Held { get; private set; }

    public Verdict Offer(NewBatch batch)
    {
        if (Find(batch.Id) is not { } stream) return Verdict.Rejected;
        var verdict = stream.Offer(batch, _heldBytes + batch.Body.Length <= HeldBytesMax);
        if (verdict == Verdict.Held) Count(1, batch);
        return verdict;
    }

    /// <summary>The next held batch of this stream that may now go to the log, or null.</summary>
    public NewBatch? Release(BatchId id)
    {
        if (Find(id)?.Release() is not { } batch) return null;
        Count(-1, batch);
        return batch;
    }

    /// <summary>Moves a stream beyond what its gateway has forgotten; see <see cref="StreamSequencer.Skip"/>.</summary>
    public (ulong From, ulong To)? Skip(string gateway, string stream, ulong epoch, ulong oldest) => Find(new(gateway, stream, epoch, oldest))?.Skip(oldest);

    /// <summary>Null when the gateway has drawn more epochs than can be honest.</summary>
    StreamSequencer? Find(BatchId id)
    {
        var key = (id.Gateway, id.Stream, id.Epoch);
        if (_streams.TryGetValue(key, out var stream)) return stream;
        return _epochs.GetValueOrDefault(id.Gateway) < EpochsMax ? Add(key, 0) : null;
    }

    StreamSequencer Add((string Gateway, string Stream, ulong Epoch) key, ulong upto)
    {
        _epochs[key.Gateway] = _epochs.GetValueOrDefault(key.Gateway) + 1;
        return _streams[key] = new(upto);
    }

    void Count(int sign, NewBatch batch)
    {
        Held += sign;
        _heldBytes += sign * batch.Body.Length;
    }
}
