namespace EdgeTrace.Gateway.Outbox;

/// <summary>Readings that cannot be read back.</summary>
/// <param name="Sequence">The number that was given to them; 0 = nothing tells it any more, and an epoch of its own before this one says what was lost.</param>
/// <param name="Readings">0 = not countable.</param>
/// <param name="ReadingsTotal">The stream's readings in total, these included.</param>
/// <param name="Words">What its loss record says; null = the count of a later one holds this.</param>
readonly record struct LostBatch(string Stream, ulong Epoch, ushort Place, ulong Sequence, ulong Readings, ulong ReadingsTotal, long SealedUs, string? Words);

/// <summary>
/// Counts what a damaged stream lost. The totals make its readings one line, from what the cloud has to the newest: every batch covers a stretch of it,
/// and what no batch covers is lost, whichever numbers it had. A stretch is told by the last missing number before the batch that ends it: the cloud may
/// have some of these numbers without our knowing, but if it has the last one it has them all. So it is the most that can be lost, and never less than was.
/// </summary>
/// <param name="acknowledged">What the cloud has; null when nothing says it (version 1).</param>
sealed class LossCount(string stream, ulong? acknowledged)
{
    const string Rot = "the segment could not be read back";
    const string AtMost = "a stretch of the outbox could not be read back; it held at most this much, and some of it may have arrived before";

    readonly ulong? _acknowledged = acknowledged;
    readonly List<LostBatch> _lost = [];
    int _open = -1;

    /// <summary>So far the line is covered or counted.</summary>
    public ulong? At { get; private set; } = acknowledged;
    public IReadOnlyList<LostBatch> Lost => _lost;

    public bool IsAcknowledged(ulong total) => total <= _acknowledged;

    /// <summary>A batch that says which stretch is its own.</summary>
    public void Covered(EpochRun run, ulong before, ulong total)
    {
        Close(before, run);
        At = Math.Max(At ?? before, total);
    }

    /// <summary>Its header says what it held, its body is gone.</summary>
    public void Rotten(EpochRun run, in StoredBatch batch) =>
        _lost.Add(new(stream, run.Epoch, run.Place, batch.Sequence, batch.Readings, batch.ReadingsTotal, batch.SealedUs, Rot));

    public void Missing(EpochRun run, ulong sequence)
    {
        _lost.Add(new(stream, run.Epoch, run.Place, sequence, 0, At ?? 0, 0, null));
        _open = _lost.Count - 1;
    }

    /// <summary>The line is known again from <paramref name="reached"/> on, where <paramref name="run"/> goes on.</summary>
    public void Close(ulong reached, EpochRun run)
    {
        var readings = At is { } from && reached > from ? reached - from : 0;
        // A number of the epoch before may be sent and dropped as known while a whole epoch between the two is not: then it cannot speak for it.
        var speaks = _open >= 0 && _lost[_open].Place + 1 >= run.Place;
        if (_open >= 0) _lost[_open] = _lost[_open] with { Words = AtMost };
        if (speaks) _lost[_open] = _lost[_open] with { Readings = readings, ReadingsTotal = Math.Max(reached, At ?? 0) };
        else if (readings > 0) _lost.Add(new(stream, run.Epoch, run.Place, 0, readings, reached, 0, AtMost));
        _open = -1;
        At = Math.Max(At ?? 0, reached);
    }
}
