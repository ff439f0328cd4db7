using System.Runtime.InteropServices;
using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>All open runs of a zone in flat arrays, found by EPC; nothing is allocated for a read of a tag already here.</summary>
sealed class RunTable
{
    const int SlotsPerRun = 2 * Evidence.SlotsMax;

    readonly Dictionary<Epc, int> _heads = [];
    Run[] _runs = new Run[16];
    Slot[] _slots = new Slot[16 * SlotsPerRun];
    int _free = -1;

    public int Count { get; private set; }

    /// <summary>Places ever used; those whose run is not open are free.</summary>
    public int End { get; private set; }

    public ref Run this[int at] => ref _runs[at];

    public Span<Slot> First(int at) => _slots.AsSpan(at * SlotsPerRun, Evidence.SlotsMax);

    public Span<Slot> Last(int at) => _slots.AsSpan(at * SlotsPerRun + Evidence.SlotsMax, Evidence.SlotsMax);

    /// <summary>Some run of this EPC, or -1; the others follow by <see cref="Run.Next"/>, in no order.</summary>
    public int Find(Epc epc) => _heads.TryGetValue(epc, out var at) ? at : -1;

    public int Add(Epc epc)
    {
        var at = _free;
        if (at >= 0) _free = _runs[at].Next;
        else
        {
            at = End++;
            if (at == _runs.Length)
            {
                Array.Resize(ref _runs, 2 * at);
                Array.Resize(ref _slots, 2 * at * SlotsPerRun);
            }
        }
        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, epc, out var known);
        _runs[at] = new Run
        {
            Epc = epc, Open = true, Next = known ? head : -1, ContinuesFromUs = Run.NotContinued,
            FirstUs = long.MaxValue, LastUs = long.MinValue,
            Peak = short.MinValue, PeakInside = short.MinValue, PeakOutside = short.MinValue, PeakAntenna = ushort.MaxValue,
        };
        head = at;
        Count++;
        return at;
    }

    public void Remove(int at)
    {
        var epc = _runs[at].Epc;
        ref var head = ref CollectionsMarshal.GetValueRefOrNullRef(_heads, epc);
        if (head == at)
        {
            if (_runs[at].Next < 0) _heads.Remove(epc);
            else head = _runs[at].Next;
        }
        else
        {
            var before = head;
            while (_runs[before].Next != at) before = _runs[before].Next;
            _runs[before].Next = _runs[at].Next;
        }
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
        foreach (var slot in First(from)[..b.FirstSlots]) Evidence.AddFirst(First(into), ref a.FirstSlots, slot.Number, slot.Inside, slot.Outside);
        foreach (var slot in Last(from)[..b.LastSlots]) Evidence.AddLast(Last(into), ref a.LastSlots, slot.Number, slot.Inside, slot.Outside);
        Remove(from);
    }
}
