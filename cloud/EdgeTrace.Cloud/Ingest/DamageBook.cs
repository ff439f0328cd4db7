using EdgeTrace.Contract;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>
/// Batches that arrived damaged. A bit that flipped on the way is cured by sending again, so the first arrivals are not acknowledged;
/// one that is damaged every time is quarantined under its number, or its stream would wait for it for ever.
/// </summary>
sealed class DamageBook
{
    /// <summary>A TCP checksum misses about one damaged segment in 65,536: twice in a row on one batch is no accident of the way.</summary>
    const int TriesMax = 3;

    /// <summary>Streams are sent in order, so a gateway has few at a time; beyond this the oldest is forgotten and tried again.</summary>
    const int BatchesMax = 1024;

    readonly Dictionary<BatchId, int> _tries = [];
    readonly Queue<BatchId> _order = new();

    public bool MayBeWholeNextTime(BatchId id)
    {
        if (!_tries.TryGetValue(id, out var tries))
        {
            if (_order.Count == BatchesMax) _tries.Remove(_order.Dequeue());
            _order.Enqueue(id);
        }
        _tries[id] = ++tries;
        return tries < TriesMax;
    }
}
