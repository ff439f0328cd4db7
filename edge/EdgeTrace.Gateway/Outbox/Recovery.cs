using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

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
    (int Segment, int At) _lastDamage = (-1, -1);
    int _confirmedBefore;
    int _ordinal;

    public Dictionary<string, StreamBook> Books { get; } = [];

    /// <summary>Oldest first within a stream.</summary>
    public List<LostBatch> Lost { get; } = [];
    public List<string> Untrusted { get; } = [];
    public List<ulong> Damaged { get; } = [];
    public List<RecoveryFinding> Findings { get; } = [];

    /// <summary>The newest segment is damaged, and it alone says which streams there are: one that nothing else names may have been there too.</summary>
    public bool MayHideStreams { get; private set; }

    /// <summary>When an earlier recovery found the same, µs; null = none that is remembered.</summary>
    public long? DoubtedUs { get; private set; }

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
            Findings.Add(new(scan.Number, from, to - from, to >= scan.Bytes.Length && newest ? "torn tail" : "unreadable records"));
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
        if (record.Kind == RecordKind.Doubt) DoubtedUs = record.SealedUs;
        if (!StreamName.IsValid(record.Stream)) return;   // a later version's kind of record
        if (!_streams.TryGetValue(record.Stream, out var stream)) _streams[record.Stream] = stream = new(record.Stream);
        // Whatever only a process does that the cloud has answered confirms what was sealed before, should the Contact itself be lost.
        if (record.Kind is RecordKind.Sending or RecordKind.Acknowledged || record is { Kind: RecordKind.Batch } && (record.Flags & (RecordFlags.Copy | RecordFlags.Fresh)) == 0) _confirmedBefore = _ordinal;
        if (stream.Replay(placed, _ordinal)) stream.LastNumbered = (index, placed.At);
    }

    void Close()
    {
        foreach (var stream in _streams.Values)
        {
            if (stream.Close(_confirmedBefore, Lost) is not { } book) continue;
            Books.Add(stream.Name, book);
            if (stream.LastNumbered.CompareTo(_lastDamage) < 0) Untrusted.Add(stream.Name);
        }
    }
}
