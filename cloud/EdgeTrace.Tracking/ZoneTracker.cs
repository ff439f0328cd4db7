using System.Buffers;
using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>Turns the TagReads of a zone into Visits, by event time alone. Not thread-safe: one owner at a time.</summary>
/// <remarks>
/// The order of reads and how they were batched change nothing. <see cref="Advance"/> says that nothing older than <c>through</c> follows: it decides
/// <em>when</em> a visit is emitted, never what it says. Redelivered batches are dropped before they come here (by identity, at ingest): a read applied
/// twice is counted twice. A zone is one portal.
/// </remarks>
public sealed class ZoneTracker
{
    /// <summary>Four times the stock of the largest store-room we know of; about 33 MB. Beyond it the oldest visits are emitted as truncated.</summary>
    public const int DefaultOpenVisitsMax = 65_536;

    /// <summary>So many reads' tags are looked up before the reads are applied: their four pages each then stay in a processor's table of pages (1,024 to 3,072 of them).</summary>
    const int ReadsAhead = 128;

    readonly PortalTimeline _timeline;
    readonly RunTable _runs = new();
    readonly List<int> _closing = [];
    int[] _places = [];
    PortalTimeline.Segment _segment;
    Side[] _sides = [];
    long _gapUs;
    long _nothingClosesUntilUs = long.MaxValue;   // a lower bound of last + gap over all runs: below it, advancing looks at none

    public ZoneTracker(IEnumerable<PortalModel> models, int openVisitsMax = DefaultOpenVisitsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(openVisitsMax, 1);
        _timeline = new(models);
        OpenVisitsMax = openVisitsMax;
        Enter(_timeline.SegmentAt(0));
    }

    public string Portal => _timeline.Portal;

    public int OpenVisitsMax { get; }

    /// <summary>The promise of the stream so far: no read older than this follows.</summary>
    public long ThroughUs { get; private set; } = long.MinValue;

    /// <summary>Reads applied since the tracker's first snapshot.</summary>
    public long Reads { get; private set; }

    /// <summary>Reads that broke the promise of <see cref="ThroughUs"/>. They are tracked, and their visits say so.</summary>
    public long LateReads { get; private set; }

    /// <summary>Visits emitted early because <see cref="OpenVisitsMax"/> was reached.</summary>
    public long TruncatedVisits { get; private set; }

    public int OpenVisits => _runs.Count;

    /// <summary>The newest event time of any read; <see cref="long.MinValue"/> before the first.</summary>
    public long NewestUs { get; private set; } = long.MinValue;

    /// <summary>First read of the oldest open visit: the log before it is no longer needed. <see cref="long.MaxValue"/> when none is open.</summary>
    public long OldestOpenUs
    {
        get
        {
            var oldest = long.MaxValue;
            for (var at = 0; at < _runs.End; at++)
                if (_runs[at].Open) oldest = Math.Min(oldest, _runs[at].FirstUs);
            return oldest;
        }
    }

    /// <summary>Takes reads in any order. Only truncated visits are added to <paramref name="closed"/>; all others wait for <see cref="Advance"/>.</summary>
    public void Apply(ReadOnlySpan<TagRead> reads, List<Visit> closed)
    {
        foreach (ref readonly var read in reads)
        {
            var place = -1;
            Apply(read.Epc, ref place, read.TimeUs, read.LastTimeUs, read.Antenna, read.RssiCentiDbm, read.Count, closed);
        }
    }

    /// <inheritdoc cref="Apply(ReadOnlySpan{TagRead}, List{Visit})"/>
    /// <remarks>Each tag of the batch is looked up once, and the memory of all of them is fetched at the same time.</remarks>
    public void Apply(in TagReadColumns reads, List<Visit> closed)
    {
        if (_places.Length < reads.Epcs.Length) _places = new int[Math.Max(reads.Epcs.Length, 2 * _places.Length)];
        var (read, looked) = (0, 0);
        while (read < reads.Tag.Length)
        {
            var next = reads.Tag[read..Math.Min(read + ReadsAhead, reads.Tag.Length)];
            // A batch names its tags in the order they come, so those of the next reads lie together.
            var tags = looked;
            foreach (var tag in next) tags = Math.Max(tags, tag + 1);
            _runs.Guess(reads.Epcs[looked..tags], _places.AsSpan(looked, tags - looked));
            looked = tags;
            foreach (var tag in next)
            {
                Apply(
                    in reads.Epcs[tag], ref _places[tag], reads.TimeUs[read], reads.LastTimeUs[read], reads.Antenna[read], reads.RssiCentiDbm[read], reads.Count[read], closed);
                read++;
            }
        }
    }

    /// <summary>
    /// Nothing older than <paramref name="throughUs"/> follows: adds every visit that no read can extend any more, oldest first. A promise
    /// behind <see cref="ThroughUs"/> (a gateway whose clock was set back) closes what late reads began, as far as it goes.
    /// </summary>
    public void Advance(long throughUs, List<Visit> closed)
    {
        ThroughUs = Math.Max(ThroughUs, throughUs);
        if (throughUs <= _nothingClosesUntilUs) return;

        _nothingClosesUntilUs = long.MaxValue;
        for (var at = 0; at < _runs.End; at++)
        {
            if (!_runs[at].Open) continue;
            // A read at through itself may still come, and one at last + gap would extend the visit.
            var extensibleUntil = ExtensibleUntil(in _runs[at]);
            if (extensibleUntil < throughUs) _closing.Add(at);
            else _nothingClosesUntilUs = Math.Min(_nothingClosesUntilUs, extensibleUntil);
        }
        CloseOldestFirst(_closing.Count, truncated: false, closed);
    }

    /// <summary>The stream has ended (a replay, a test): emits everything.</summary>
    public void Flush(List<Visit> closed) => Advance(long.MaxValue, closed);

    /// <summary>Writes the open state in the format drawn in this room's README. Equal reads, promises and cuts give equal bytes.</summary>
    public void Snapshot(IBufferWriter<byte> output) => ZoneSnapshot.Write(this, _timeline, _runs, output);

    /// <summary>Continues from a snapshot.</summary>
    /// <exception cref="InvalidDataException">
    /// The bytes are damaged, of an unknown version, or were made under other models than those given: replay the log instead.
    /// </exception>
    public static ZoneTracker Restore(ReadOnlySpan<byte> snapshot, IEnumerable<PortalModel> models, int openVisitsMax = DefaultOpenVisitsMax)
    {
        var tracker = new ZoneTracker(models, openVisitsMax);
        var totals = ZoneSnapshot.Read(snapshot, tracker._timeline, tracker._runs);
        tracker.ThroughUs = totals.ThroughUs;
        tracker.NewestUs = totals.NewestUs;
        tracker.Reads = totals.Reads;
        tracker.LateReads = totals.LateReads;
        tracker.TruncatedVisits = totals.TruncatedVisits;
        tracker._nothingClosesUntilUs = long.MinValue;
        return tracker;
    }

    /// <param name="place">Where the tag's run is thought to be, -1 for no idea; afterwards where it is.</param>
    void Apply(in Epc epc, ref int place, long timeUs, long lastUs, ushort antenna, short rssi, int count, List<Visit> closed)
    {
        Reads++;
        if (timeUs < _segment.StartUs || timeUs >= _segment.EndUs) Enter(_timeline.SegmentAt(timeUs));
        NewestUs = Math.Max(NewestUs, timeUs);

        // An aggregated report that reaches over a cut stays in the period it began in.
        lastUs = Math.Min(Math.Max(lastUs, timeUs), _segment.EndUs - 1);
        if (place < 0 || !_runs[place].IsOnlyRunOf(in epc) || !Touches(in _runs[place], timeUs, lastUs))
        {
            place = RunTouching(in epc, timeUs, lastUs);
            if (place < 0)
            {
                if (_runs.Count >= OpenVisitsMax) Truncate(closed);
                place = _runs.Add(in epc);
            }
        }
        Extend(ref _runs[place], timeUs, lastUs, antenna, rssi, count);
    }

    void Enter(PortalTimeline.Segment segment)
    {
        _segment = segment;
        _gapUs = _timeline[segment.Model].GapUs;
        _sides = _timeline.SidesByPort(segment.Model);
    }

    bool Touches(in Run run, long timeUs, long lastUs) =>
        run.FirstUs >= _segment.StartUs && run.FirstUs < _segment.EndUs && timeUs - run.LastUs <= _gapUs && run.FirstUs - lastUs <= _gapUs;

    /// <summary>The run within a gap of the read; where the read bridges two or more, they become one.</summary>
    int RunTouching(in Epc epc, long timeUs, long lastUs)
    {
        var touching = -1;
        for (var at = _runs.Find(in epc); at >= 0;)
        {
            var next = _runs[at].Next;
            if (Touches(in _runs[at], timeUs, lastUs))
            {
                if (touching < 0) touching = at;
                else _runs.Merge(touching, at);
            }
            at = next;
        }
        return touching;
    }

    void Extend(ref Run run, long timeUs, long lastUs, ushort antenna, short rssi, int count)
    {
        run.FirstUs = Math.Min(run.FirstUs, timeUs);
        run.LastUs = Math.Max(run.LastUs, lastUs);
        run.Reads++;
        run.Count += Math.Max(count, 1);
        run.AddPeak(rssi, antenna);
        if (timeUs < ThroughUs)
        {
            LateReads++;
            run.Late = true;
        }
        _nothingClosesUntilUs = Math.Min(_nothingClosesUntilUs, run.LastUs + _gapUs);

        uint inside = 0, outside = 0;
        switch (antenna < _sides.Length ? _sides[antenna] : Side.None)
        {
            case Side.Inside:
                run.ReadsInside++;
                run.PeakInside = Math.Max(run.PeakInside, rssi);
                inside = Evidence.Weigh(rssi, count);
                break;
            case Side.Outside:
                run.ReadsOutside++;
                run.PeakOutside = Math.Max(run.PeakOutside, rssi);
                outside = Evidence.Weigh(rssi, count);
                break;
            default:
                return;
        }
        var slot = Evidence.SlotOf(timeUs);
        _runs.Evidence.Hear(ref run.Evidence, slot, lastUs == timeUs ? slot : Evidence.SlotOf(lastUs), inside, outside);
    }

    long ExtensibleUntil(in Run run) => run.LastUs + _timeline[_timeline.SegmentAt(run.FirstUs).Model].GapUs;

    /// <summary>An eighth at a time, so that a flood of strange tags costs a search per thousands of reads, not per read.</summary>
    void Truncate(List<Visit> closed)
    {
        for (var at = 0; at < _runs.End; at++)
            if (_runs[at].Open) _closing.Add(at);
        CloseOldestFirst(Math.Max(1, OpenVisitsMax / 8), truncated: true, closed);
    }

    void CloseOldestFirst(int count, bool truncated, List<Visit> closed)
    {
        _closing.Sort((a, b) =>
        {
            var byTime = _runs[a].FirstUs.CompareTo(_runs[b].FirstUs);
            return byTime != 0 ? byTime : _runs[a].Epc.CompareTo(_runs[b].Epc);
        });
        for (var i = 0; i < count; i++) closed.Add(Close(_closing[i], truncated));
        if (truncated) TruncatedVisits += count;
        _closing.Clear();
    }

    Visit Close(int at, bool truncated)
    {
        ref var run = ref _runs[at];
        var segment = _timeline.SegmentAt(run.FirstUs);
        var verdict = DirectionJudge.Judge(_timeline[segment.Model], in run, _runs.Evidence.First(in run.Evidence), _runs.Evidence.Last(ref run.Evidence));
        var continues = CarryAcrossTheCut(at, segment.EndUs, ExtensibleUntil(in run));
        var visit = new Visit
        {
            Id = Visit.IdOf(Portal, run.Epc, run.FirstUs),
            Portal = Portal,
            Epc = run.Epc,
            FirstUs = run.FirstUs,
            LastUs = run.LastUs,
            Count = run.Count,
            Reads = run.Reads,
            ReadsInside = run.ReadsInside,
            ReadsOutside = run.ReadsOutside,
            PeakRssiCentiDbm = run.Peak,
            PeakAntenna = run.PeakAntenna,
            Direction = verdict.Direction,
            Side = verdict.Side,
            Confidence = verdict.Confidence,
            ContinuesFrom = run.ContinuesFromUs == Run.NotContinued ? null : Visit.IdOf(Portal, run.Epc, run.ContinuesFromUs),
            Continues = continues,
            Truncated = truncated,
            Late = run.Late,
        };
        _runs.Remove(at);
        return visit;
    }

    /// <summary>
    /// If the stay goes on after its cut, the next visit begins where this one ended: its evidence starts with this one's end. Otherwise a passage that
    /// happens to straddle the hour would be one visit outside and one inside, and no passage.
    /// </summary>
    /// <remarks>This visit closes first, and by then every read up to last + gap is here, so whether it continues does not depend on when we ask.</remarks>
    bool CarryAcrossTheCut(int at, long cutUs, long extensibleUntilUs)
    {
        var heir = -1;
        for (var other = _runs.Find(_runs[at].Epc); other >= 0; other = _runs[other].Next)
            if (_runs[other].FirstUs >= cutUs && _runs[other].FirstUs <= extensibleUntilUs && (heir < 0 || _runs[other].FirstUs < _runs[heir].FirstUs))
                heir = other;
        if (heir < 0) return false;

        ref var run = ref _runs[at];
        ref var next = ref _runs[heir];
        next.ContinuesFromUs = run.FirstUs;
        next.PeakInside = Math.Max(next.PeakInside, run.PeakInside);
        next.PeakOutside = Math.Max(next.PeakOutside, run.PeakOutside);
        _runs.Evidence.BeginWith(ref next.Evidence, _runs.Evidence.Last(ref run.Evidence));
        return true;
    }
}
