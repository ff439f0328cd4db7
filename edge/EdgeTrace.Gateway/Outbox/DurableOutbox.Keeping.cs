using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>
/// What the cloud has acknowledged is kept a while longer: a cloud that loses its disk and is restored from a backup asks again for what
/// came after the backup. It is the first thing to go when the disk is wanted for anything else.
/// </summary>
sealed partial class DurableOutbox
{
    /// <summary>Kept batches may take this share of the disk budget: a start reads them all, and 128 MiB of a card are read in about 3 s.</summary>
    const int KeptShareOfBudget = 8;

    /// <summary>About 90 B of memory each.</summary>
    const int KeptBatchesMax = 50_000;

    /// <summary>A Forget record for every stream, every second, would cost as much as a thin stream's batches.</summary>
    static readonly TimeSpan LetGoEvery = TimeSpan.FromMinutes(1);

    long _letGoAtUs;

    void AcknowledgeUpto(StreamBook book, EpochRun run, ulong upto)
    {
        if (_options.KeepAcknowledgedFor == TimeSpan.Zero)
        {
            ForgetUpto(book, run, upto);
            return;
        }
        var before = run.Acknowledged;
        run.Acknowledge(upto);
        if (run.Acknowledged == before) return;
        if (run.Acknowledged < before) LogWentBack(book.Name, before, run.Acknowledged);
        if (!_pendingAcknowledgements.TryGetValue((book.Name, run.Epoch), out var entry))
            _pendingAcknowledgements[(book.Name, run.Epoch)] = entry = Enqueue(book, new(RecordKind.Acknowledged, book.Name) { Epoch = run.Epoch });
        entry.Record = entry.Record with { Sequence = run.Acknowledged };
    }

    bool ForgetUpto(StreamBook book, EpochRun run, ulong upto)
    {
        if (upto <= run.Forgotten) return false;
        if (!_pendingForgets.TryGetValue((book.Name, run.Epoch), out var entry))
            _pendingForgets[(book.Name, run.Epoch)] = entry = Enqueue(book, new(RecordKind.Forget, book.Name) { Epoch = run.Epoch });
        run.Forget(upto, stored => entry.Releases.Add(stored.Segment));
        entry.Record = entry.Record with { Sequence = run.Forgotten, ReadingsTotal = run.ReadingsBefore };
        return true;
    }

    /// <summary>Lets go of what is acknowledged: what has been kept long enough or is too much, or all of it when the disk is in want.</summary>
    void LetGo(bool all)
    {
        lock (_gate)
        {
            var nowUs = NowUs;
            if (!all && nowUs - _letGoAtUs < LetGoEvery.TotalMicroseconds && nowUs >= _letGoAtUs) return;
            _letGoAtUs = nowUs;
            var keptMax = all ? 0 : KeptBatchesMax;
            var olderUs = nowUs - (long)_options.KeepAcknowledgedFor.TotalMicroseconds;
            var kept = _books.Values.Sum(book => book.Runs.Sum(run => run.Kept));
            var beforeSegment = all ? ulong.MaxValue : FirstSegmentKept();
            foreach (var book in _books.Values)
                foreach (var run in book.Runs)
                {
                    // A stream gives up at most its share of what is too much.
                    var spare = kept > keptMax ? (int)((long)run.Kept * (kept - keptMax) / kept) : 0;
                    var upto = run.Forgotten;
                    while (upto < run.Acknowledged && run.TryGet(upto + 1, out var stored)
                           && (all || spare-- > 0 || stored.SealedUs < olderUs || stored.Segment < beforeSegment)) upto++;
                    ForgetUpto(book, run, upto);
                }
        }
    }

    // The newest segments that together fill the share: what lies before them goes.
    ulong FirstSegmentKept()
    {
        var room = _options.DiskBudgetBytes / KeptShareOfBudget;
        foreach (var number in _live.Keys.OrderDescending())
            if ((room -= _disk.LengthOf(number)) < 0) return number;
        return 0;
    }

    [LoggerMessage(2008, LogLevel.Warning, "The cloud had {Stream} up to {Before} and now has it up to {Upto}: it was restored, the rest is sent again")]
    partial void LogWentBack(string stream, ulong before, ulong upto);
}
