using EdgeTrace.Contract;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// Which chips answered with which number at one portal: one look a tag a batch, and a pass over the reads only where something is new.
/// It forgets without harm: what is told again changes nothing in the ledger.
/// </summary>
sealed class ChipWatch(string portal)
{
    /// <summary>As many as a portal keeps names of (<see cref="PortalZone"/>); beyond it all are told once more.</summary>
    const int ChipsMax = 100_000;

    /// <summary>So often a chip that lies there is told anew: where it was last is then known to the minute.</summary>
    const long MinuteUs = 60_000_000;

    readonly Dictionary<Epc, Seen> _seen = [];
    readonly List<int> _anew = [];
    long[] _first = [], _last = [];
    int _count;

    /// <summary>A chip that has answered with an EPC; several hang on one another.</summary>
    sealed class Seen(byte[] tid, Seen? next)
    {
        public byte[] Tid { get; } = tid;
        public Seen? Next { get; } = next;
        public long FirstUs { get; set; } = long.MaxValue;

        /// <summary>The first read of its newest minute.</summary>
        public long LastUs { get; set; } = long.MinValue;
    }

    /// <param name="epcs">Of the batch's tags.</param>
    /// <param name="fromUs">The batch's first read, and its last.</param>
    /// <param name="keyOf">An EPC's Item; null: it names no single thing, and any number of tags may carry it.</param>
    public void Look(ReadColumns columns, ReadOnlySpan<Epc> epcs, long fromUs, long toUs, Func<Epc, string?> keyOf, LedgerCommit facts)
    {
        if (!columns.HasTids) return;
        _anew.Clear();
        for (var tag = 0; tag < epcs.Length; tag++)
            if (Tid.IsOne(columns.Tid(tag)) && !Knows(epcs[tag], columns.Tid(tag), fromUs, toUs)) _anew.Add(tag);
        if (_anew.Count == 0) return;
        Pass(columns);
        foreach (var tag in _anew)
            if (_first[tag] != long.MaxValue && Remember(epcs[tag], columns.Tid(tag), _first[tag], _last[tag]) && keyOf(epcs[tag]) is { } item)
                facts.Chips.Add(new(item, Convert.ToHexString(columns.Tid(tag)), _first[tag], _last[tag], portal));
    }

    /// <summary>Whether nothing that the batch can say of a chip is news: neither an earlier read nor a newer minute.</summary>
    bool Knows(Epc epc, ReadOnlySpan<byte> tid, long fromUs, long toUs) =>
        Find(epc, tid) is { } seen && seen.FirstUs <= fromUs && Minute(toUs) <= Minute(seen.LastUs) && (seen.LastUs <= fromUs || Minute(toUs) < Minute(seen.LastUs));

    /// <summary>Of every tag of the batch the first read, and the first of its newest minute.</summary>
    void Pass(ReadColumns columns)
    {
        if (_first.Length < columns.DistinctTags) (_first, _last) = (new long[columns.DistinctTags * 2], new long[columns.DistinctTags * 2]);
        _first.AsSpan(0, columns.DistinctTags).Fill(long.MaxValue);
        _last.AsSpan(0, columns.DistinctTags).Fill(long.MinValue);
        var entry = columns.Entry;
        var time = columns.TimeUs;
        for (var i = 0; i < entry.Length; i++)
        {
            var (tag, at) = (entry[i], time[i]);
            if (at < _first[tag]) _first[tag] = at;
            if (IsNewer(at, _last[tag])) _last[tag] = at;
        }
    }

    /// <summary>Whether it is news.</summary>
    bool Remember(Epc epc, ReadOnlySpan<byte> tid, long firstUs, long lastUs)
    {
        if (_count >= ChipsMax)
        {
            _seen.Clear();
            _count = 0;
        }
        var seen = Find(epc, tid);
        if (seen is null)
        {
            _seen[epc] = seen = new(tid.ToArray(), _seen.GetValueOrDefault(epc));
            _count++;
        }
        if (firstUs >= seen.FirstUs && !IsNewer(lastUs, seen.LastUs)) return false;
        seen.FirstUs = Math.Min(seen.FirstUs, firstUs);
        if (IsNewer(lastUs, seen.LastUs)) seen.LastUs = lastUs;
        return true;
    }

    Seen? Find(Epc epc, ReadOnlySpan<byte> tid)
    {
        for (var seen = _seen.GetValueOrDefault(epc); seen is not null; seen = seen.Next)
            if (tid.SequenceEqual(seen.Tid)) return seen;
        return null;
    }

    static bool IsNewer(long at, long last) => last == long.MinValue || Minute(at) > Minute(last) || Minute(at) == Minute(last) && at < last;

    static long Minute(long us) => us / MinuteUs;
}
