namespace EdgeTrace.Store.Log;

/// <summary>
/// The newest batches of the log, as they were when they became durable: every projection that keeps up reads each of them, and reading it back from the
/// file costs as much as putting it there. Safe from any thread.
/// </summary>
sealed class RecentBatches
{
    /// <summary>A third of a second of the fastest ingest measured.</summary>
    const int BytesMax = 8 << 20;

    /// <summary>
    /// A projection that keeps up has read a batch within two seconds. What is kept longer outlives the collector's young generations and is then garbage
    /// that only a full collection finds: 25 MB an hour at 1,000 reads/s.
    /// </summary>
    const long KeptUs = 4_000_000;

    /// <summary>A power of two: a batch lies at its position modulo this.</summary>
    const int BatchesMax = 4096;

    readonly Lock _lock = new();
    readonly LoggedBatch?[] _batches = new LoggedBatch?[BatchesMax];
    long _oldest = 1, _newest;
    long _bytes;

    public void Add(LoggedBatch batch)
    {
        lock (_lock)
        {
            // The first one since the start, or none: what came before is in the file.
            if (_oldest > _newest) (_oldest, _newest) = (batch.Position, batch.Position - 1);
            if (_newest + 1 - _oldest == BatchesMax) Forget();
            _newest = batch.Position;
            _batches[_newest % BatchesMax] = batch;
            _bytes += batch.Body.Length;
            while (_oldest < _newest && (_bytes > BytesMax || _batches[_oldest % BatchesMax]!.ReceivedUs < batch.ReceivedUs - KeptUs)) Forget();
        }
    }

    /// <summary>The log no longer has these: nobody may be shown them as though it had.</summary>
    public void ForgetUpto(long position)
    {
        lock (_lock)
            while (_oldest <= Math.Min(position, _newest)) Forget();
    }

    /// <summary>Batches beyond <paramref name="after"/>, oldest first; null when the next one is no longer, or not, here.</summary>
    public IReadOnlyList<LoggedBatch>? Read(long after, int max)
    {
        lock (_lock)
        {
            if (after + 1 < _oldest || after >= _newest) return null;
            var page = new LoggedBatch[Math.Min(max, _newest - after)];
            for (var i = 0; i < page.Length; i++) page[i] = _batches[(after + 1 + i) % BatchesMax]!;
            return page;
        }
    }

    void Forget()
    {
        var slot = _oldest++ % BatchesMax;
        _bytes -= _batches[slot]!.Body.Length;
        _batches[slot] = null;
    }
}
