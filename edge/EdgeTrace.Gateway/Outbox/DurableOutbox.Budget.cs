using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>The outbox over its disk budget or on a damaged segment: what is kept, what is thinned, in which order.</summary>
sealed partial class DurableOutbox
{
    bool TryClean()
    {
        try
        {
            while (_toQuarantine.TryPeek(out var damaged))
            {
                if (!Clean(damaged, thinBelow: null)) return false;
                _toQuarantine.Dequeue();
                _live.Remove(damaged);
                _disk.Quarantine(damaged);
                LogQuarantined(damaged);
            }
            if (_disk.SegmentBytes <= _options.DiskBudgetBytes) return true;
            _disk.DropSpares();
            if (!GiveUpKept()) return false;
            // Every segment once: where many streams' checkpoints fill the new ones, cleaning gives little back, and the next commit goes on with it.
            for (var left = _live.Count; left > 0 && _disk.SegmentBytes > _options.DiskBudgetBytes; left--)
            {
                if (CleanOne()) continue;
                Become(OutboxState.OverBudget, $"{_disk.SegmentBytes >> 20} MiB on disk, budget {_options.DiskBudgetBytes >> 20} MiB, nothing left that may be thinned");
                break;
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Become(OutboxState.Refused, e.Message);
            return false;
        }
    }

    bool GiveUpKept()
    {
        LetGo(all: true);
        lock (_gate)
        {
            _committing.AddRange(_pending.FindAll(entry => entry.Record.Kind == RecordKind.Forget));
            _pending.RemoveAll(entry => entry.Record.Kind == RecordKind.Forget);
            _pendingForgets.Clear();
        }
        return _committing.Count == 0 || TryWrite();
    }

    // First what costs no reading, then reads, then samples and scans; of the segments that give a quarter back, the oldest.
    bool CleanOne()
    {
        var kept = KeptBytes();
        foreach (var thin in (StreamKind?[])[null, StreamKind.Reads, StreamKind.Scans])
            foreach (var number in _live.Keys.Where(number => number != _active).Order())
            {
                var bytes = kept.TryGetValue(number, out var sums) ? thin is null ? sums.All : thin == StreamKind.Reads ? sums.WithoutReads : sums.AlarmsOnly : 0;
                if (bytes * 4 > _ends.GetValueOrDefault(number) * 3L) continue;
                return Clean(number, thin) && !_live.ContainsKey(number);
            }
        return false;
    }

    // What cleaning would write again of each segment: all of it, without unsent reads, and without anything unsent but alarms.
    Dictionary<ulong, (long All, long WithoutReads, long AlarmsOnly)> KeptBytes()
    {
        const int EmptiedBytes = 320;   // a record's header and a batch's header with one loss
        Dictionary<ulong, (long All, long WithoutReads, long AlarmsOnly)> kept = [];
        lock (_gate)
        {
            foreach (var book in _books.Values)
                foreach (var run in book.Runs)
                    for (var sequence = run.Forgotten + 1; run.TryGet(sequence, out var stored); sequence++)
                    {
                        var whole = stored.BodyAt - stored.RecordAt + stored.BodyLength;
                        var thin = stored.Emptied || sequence <= run.SentUpto ? whole : Math.Min(EmptiedBytes, whole);
                        var sums = kept.GetValueOrDefault(stored.Segment);
                        kept[stored.Segment] = (sums.All + whole, sums.WithoutReads + (MayThin(book.Kind, StreamKind.Reads) ? thin : whole), sums.AlarmsOnly + (MayThin(book.Kind, StreamKind.Scans) ? thin : whole));
                    }
        }
        return kept;
    }

    /// <summary>Writes again what is still needed of a segment, thinner where allowed, and lets the segment go.</summary>
    bool Clean(ulong number, StreamKind? thinBelow)
    {
        foreach (var (book, record, readings) in LiveIn(number, thinBelow))
        {
            _committing.Add(new(book, record, long.MinValue));
            lock (_gate) _pendingBytes += record.Length;
            if (readings == 0) continue;
            LogThinned(book.Name, record.Sequence, readings);
            OutboxMeter.Thinned.Add(readings, new KeyValuePair<string, object?>("stream", book.Name));
        }
        return _committing.Count == 0 || TryWrite();
    }

    // Read outside of the gate; a batch forgotten meanwhile is written once more for nothing, which Settle sees.
    List<(StreamBook Book, Record Record, uint Thinned)> LiveIn(ulong number, StreamKind? thinBelow)
    {
        List<(StreamBook, Record, uint)> live = [];
        var scan = SegmentScan.Of(OutboxDisk.ReadWhole(_disk.Folder, number), number, _ends.TryGetValue(number, out var end) ? (int)end : -1, new());
        lock (_gate)
        {
            foreach (var placed in scan.Records)
            {
                var record = placed.Record;
                if (record.Kind != RecordKind.Batch || !placed.BodyReads || !_books.TryGetValue(record.Stream, out var book)) continue;
                if (book.Run(record.Epoch) is not { } run || !run.TryGet(record.Sequence, out var stored) || stored.Segment != number || stored.RecordAt != placed.At) continue;
                var flags = Flags(stored);
                if (MayThin(book.Kind, thinBelow) && !stored.Emptied && record.Sequence > run.SentUpto)
                {
                    run.Replace(stored with { Claimed = true });   // from here on it is not sent until the thinner one stands
                    live.Add((book, record with { Flags = flags | RecordFlags.Emptied, Body = EmptiedBatch.Thin(record.Body, LossCause.Thinned, "over the outbox's disk budget") }, record.Readings));
                }
                else
                    live.Add((book, record with { Flags = flags, Body = record.Body.ToArray() }, 0));
            }
        }
        return live;
    }

    static bool MayThin(StreamKind kind, StreamKind? below) => below switch
    {
        null => false,
        StreamKind.Reads => kind == StreamKind.Reads,
        _ => kind is not StreamKind.Alarms,
    };
}
