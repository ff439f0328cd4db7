using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>All open runs of a zone in flat arrays, found by EPC; nothing is allocated for a read of a tag already here.</summary>
/// <remarks>
/// <code>
/// hash of EPC → buckets: (hash, run) … next bucket while taken …       8 B each, at most three quarters taken
///                               └→ runs: the sums of a visit           one to an EPC, nearly always; others follow by Next
///                                          └→ evidence: blocks of slots
/// </code>
/// Three waits for memory when a million tags are open. So a batch asks for all its tags at once (<see cref="Guess"/>), a step at a time.
/// The hash is drawn anew by every process (as <see cref="HashCode"/> does): nobody can write tags that all fall into one bucket.
/// </remarks>
sealed class RunTable
{
    Bucket[] _buckets = new Bucket[32];
    Run[] _runs = new Run[16];
    int _tags;
    int _free = -1;

    public int Count { get; private set; }

    /// <summary>Places ever used; those whose run is not open are free.</summary>
    public int End { get; private set; }

    public EvidenceStore Evidence { get; } = new();

    public ref Run this[int at] => ref _runs[at];

    /// <summary>Some run of this EPC, or -1; the others follow by <see cref="Run.Next"/>, in no order.</summary>
    public int Find(in Epc epc)
    {
        var at = FindBucket(epc);
        return at < 0 ? -1 : _buckets[at].Run;
    }

    /// <summary>Where each EPC's run probably is, -1 where nowhere, and its memory on the way. To be checked (<see cref="Run.IsOnlyRunOf"/>): hashes alone were compared.</summary>
    public void Guess(ReadOnlySpan<Epc> epcs, Span<int> places)
    {
        var mask = _buckets.Length - 1;
        for (var i = 0; i < epcs.Length; i++)
        {
            places[i] = epcs[i].GetHashCode();
            Ahead.Fetch(ref _buckets[places[i] & mask]);
        }
        foreach (ref var place in places)
        {
            var hash = (uint)place;
            var at = (int)hash & mask;
            while (_buckets[at].IsTaken && _buckets[at].Hash != hash) at = at + 1 & mask;
            place = _buckets[at].Run;
            if (place < 0) continue;
            Ahead.Fetch(ref _runs[place].Epc);
            Ahead.Fetch(ref _runs[place].Evidence);
        }
        foreach (var place in places)
            if (place >= 0) Evidence.Fetch(in _runs[place].Evidence);
    }

    public int Add(in Epc epc)
    {
        var at = _free;
        if (at >= 0) _free = _runs[at].Next;
        else
        {
            at = End++;
            if (at == _runs.Length) Array.Resize(ref _runs, 2 * at);
        }
        _runs[at] = new Run
        {
            Epc = epc, Open = true, Only = true, Next = -1, ContinuesFromUs = Run.NotContinued,
            FirstUs = long.MaxValue, LastUs = long.MinValue,
            Peak = short.MinValue, PeakInside = short.MinValue, PeakOutside = short.MinValue, PeakAntenna = ushort.MaxValue,
        };
        var known = FindBucket(epc);
        if (known < 0) AddTag((uint)epc.GetHashCode(), at);
        else
        {
            ref var head = ref _runs[_buckets[known].Run];
            (_runs[at].Next, head.Next) = (head.Next, at);
            (_runs[at].Only, head.Only) = (false, false);
        }
        Count++;
        return at;
    }

    public void Remove(int at)
    {
        var bucket = FindBucket(_runs[at].Epc);
        var head = _buckets[bucket].Run;
        if (head != at)
        {
            var before = head;
            while (_runs[before].Next != at) before = _runs[before].Next;
            _runs[before].Next = _runs[at].Next;
        }
        else if ((head = _runs[at].Next) >= 0) _buckets[bucket] = new(_buckets[bucket].Hash, head);
        else RemoveTag(bucket);
        if (head >= 0) _runs[head].Only = _runs[head].Next < 0;

        Evidence.Release(in _runs[at].Evidence);
        _runs[at] = new Run { Next = _free };
        _free = at;
        Count--;
    }

    /// <summary>Pours one run into another of the same EPC and forgets it.</summary>
    public void Merge(int into, int from)
    {
        ref var a = ref _runs[into];
        ref var b = ref _runs[from];
        a.FirstUs = Math.Min(a.FirstUs, b.FirstUs);
        a.LastUs = Math.Max(a.LastUs, b.LastUs);
        a.ContinuesFromUs = Math.Max(a.ContinuesFromUs, b.ContinuesFromUs);
        a.Count += b.Count;
        a.Reads += b.Reads;
        a.ReadsInside += b.ReadsInside;
        a.ReadsOutside += b.ReadsOutside;
        a.AddPeak(b.Peak, b.PeakAntenna);
        a.PeakInside = Math.Max(a.PeakInside, b.PeakInside);
        a.PeakOutside = Math.Max(a.PeakOutside, b.PeakOutside);
        a.Late |= b.Late;
        Evidence.Merge(ref a.Evidence, ref b.Evidence);
        Remove(from);
    }

    /// <summary>The bucket of an EPC's first run; negative when it has none.</summary>
    int FindBucket(in Epc epc)
    {
        var (hash, mask) = ((uint)epc.GetHashCode(), _buckets.Length - 1);
        for (var at = (int)hash & mask; _buckets[at].IsTaken; at = at + 1 & mask)
            if (_buckets[at].Hash == hash && _runs[_buckets[at].Run].Epc.Equals(epc)) return at;
        return -1;
    }

    void AddTag(uint hash, int run)
    {
        if (++_tags * 4 > _buckets.Length * 3)
        {
            var old = _buckets;
            _buckets = new Bucket[2 * old.Length];
            foreach (var bucket in old)
                if (bucket.IsTaken) Put(bucket);
        }
        Put(new(hash, run));
    }

    void Put(Bucket bucket)
    {
        var mask = _buckets.Length - 1;
        var at = (int)bucket.Hash & mask;
        while (_buckets[at].IsTaken) at = at + 1 & mask;
        _buckets[at] = bucket;
    }

    // What stands behind closes up, unless it is in its own place already: so a search may end at the first free bucket.
    void RemoveTag(int hole)
    {
        _tags--;
        var mask = _buckets.Length - 1;
        for (var at = hole + 1 & mask; _buckets[at].IsTaken; at = at + 1 & mask)
        {
            var home = (int)_buckets[at].Hash & mask;
            if ((at - home & mask) < (at - hole & mask)) continue;
            _buckets[hole] = _buckets[at];
            hole = at;
        }
        _buckets[hole] = default;
    }

    readonly struct Bucket(uint hash, int run)
    {
        readonly int _runFrom1 = run + 1;   // so that a zeroed array is free buckets

        public uint Hash { get; } = hash;
        public int Run => _runFrom1 - 1;
        public bool IsTaken => _runFrom1 != 0;
    }
}
