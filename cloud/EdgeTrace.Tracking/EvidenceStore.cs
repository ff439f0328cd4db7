namespace EdgeTrace.Tracking;

/// <summary>Where a run's slots lie in the <see cref="EvidenceStore"/>. A run that no side has heard has none.</summary>
struct EvidencePlace
{
    public int First;         // block of the first slots, from 1; 0 = none yet
    public int Last;          // block of the last slots, from 1; 0 = the first slots are the last as well
    public byte FirstSlots;
    public byte LastSlots;
    public byte Oldest;       // the last slots are a ring: where in it the oldest stands
    public bool Beyond;       // the first slots are full and end before the newest of the last: what comes after that cannot change them
}

/// <summary>The slots of all runs, in blocks of <see cref="Evidence.SlotsMax"/>: one for a short stay, a second once first and last differ.</summary>
/// <remarks>
/// Nearly every read is the newest of its tag. It touches one slot: the newest of a short stay's only block, or of a long stay's ring. Everything else
/// (a read out of order, or reaching over two slots) goes the plain way of <see cref="Evidence"/>, and the outcome is the same.
/// </remarks>
sealed class EvidenceStore
{
    const int SlotsMax = Evidence.SlotsMax;

    Slot[] _slots = new Slot[16 * SlotsMax];
    int _end;
    int _free;   // block, from 1; the next free one is in its first slot's number

    /// <summary>Adds what a read says to the slot it begins in and the slot it ends in.</summary>
    public void Hear(ref EvidencePlace place, long first, long last, uint inside, uint outside)
    {
        if (place.Last == 0)
        {
            if (place.First == 0) place.First = Take();
            if (first == last && Evidence.TryAdd(Block(place.First), ref place.FirstSlots, first, inside, outside)) return;
            Part(ref place);
        }
        else if (place.Beyond && first >= Newest(in place).Number)
        {
            if (last == Newest(in place).Number) Newest(in place).Add(inside, outside);
            else Append(ref place, new Slot { Number = last, Inside = inside, Outside = outside });
            return;
        }
        AddFirst(ref place, first, inside, outside);
        AddLast(ref place, last, inside, outside);
        place.Beyond = place.FirstSlots == SlotsMax && Block(place.First)[^1].Number < Newest(in place).Number;
    }

    public ReadOnlySpan<Slot> First(in EvidencePlace place) => place.First == 0 ? [] : Block(place.First)[..place.FirstSlots];

    public ReadOnlySpan<Slot> Last(ref EvidencePlace place)
    {
        if (place.Last == 0) return First(in place);
        Straighten(ref place);
        return Block(place.Last)[..place.LastSlots];
    }

    /// <summary>Begins with the end of another stay, as <see cref="ZoneTracker"/> carries it across a cut.</summary>
    public void BeginWith(ref EvidencePlace place, ReadOnlySpan<Slot> slots)
    {
        if (slots.IsEmpty) return;
        if (place.Last == 0) Part(ref place);
        foreach (var slot in slots) AddFirst(ref place, slot.Number, slot.Inside, slot.Outside);
    }

    public void Merge(ref EvidencePlace into, ref EvidencePlace from)
    {
        if (from.First == 0) return;
        if (into.Last == 0) Part(ref into);
        foreach (var slot in First(in from)) AddFirst(ref into, slot.Number, slot.Inside, slot.Outside);
        foreach (var slot in Last(ref from)) AddLast(ref into, slot.Number, slot.Inside, slot.Outside);
    }

    /// <summary>Puts slots there as a snapshot has them.</summary>
    public void Set(ref EvidencePlace place, ReadOnlySpan<Slot> first, ReadOnlySpan<Slot> last)
    {
        if (first.IsEmpty && last.IsEmpty) return;
        place.First = Take();
        first.CopyTo(Block(place.First));
        place.FirstSlots = (byte)first.Length;
        if (first.SequenceEqual(last)) return;
        place.Last = Take();
        last.CopyTo(Block(place.Last));
        place.LastSlots = (byte)last.Length;
    }

    public void Release(in EvidencePlace place)
    {
        Give(place.First);
        Give(place.Last);
    }

    /// <summary>Has the slot fetched that the next read will most likely touch.</summary>
    public void Fetch(in EvidencePlace place)
    {
        // One that begins with what was carried across a cut has a ring with nothing in it yet.
        if (place.LastSlots != 0) Ahead.Fetch(ref Newest(in place));
        else if (place.First != 0) Ahead.Fetch(ref _slots[(place.First - 1) * SlotsMax + Math.Max(place.FirstSlots - 1, 0)]);
    }

    void AddFirst(ref EvidencePlace place, long number, uint inside, uint outside) =>
        Evidence.AddFirst(Block(place.First), ref place.FirstSlots, number, inside, outside);

    void AddLast(ref EvidencePlace place, long number, uint inside, uint outside)
    {
        Straighten(ref place);
        Evidence.AddLast(Block(place.Last), ref place.LastSlots, number, inside, outside);
    }

    // In a full ring the newest takes the oldest's place.
    void Append(ref EvidencePlace place, in Slot slot)
    {
        if (place.LastSlots < SlotsMax) place.LastSlots++;
        else place.Oldest = (byte)(place.Oldest + 1 == SlotsMax ? 0 : place.Oldest + 1);
        Newest(in place) = slot;
    }

    ref Slot Newest(in EvidencePlace place)
    {
        var at = place.Oldest + place.LastSlots - 1;
        return ref _slots[(place.Last - 1) * SlotsMax + (at >= SlotsMax ? at - SlotsMax : at)];
    }

    void Straighten(ref EvidencePlace place)
    {
        if (place.Oldest == 0) return;
        Span<Slot> ring = stackalloc Slot[SlotsMax];
        var block = Block(place.Last);
        block.CopyTo(ring);
        ring[place.Oldest..].CopyTo(block);
        ring[..place.Oldest].CopyTo(block[(SlotsMax - place.Oldest)..]);
        place.Oldest = 0;
    }

    // From here on first and last slots differ, or may.
    void Part(ref EvidencePlace place)
    {
        if (place.First == 0) place.First = Take();
        place.Last = Take();
        Block(place.First).CopyTo(Block(place.Last));
        place.LastSlots = place.FirstSlots;
    }

    Span<Slot> Block(int block) => _slots.AsSpan((block - 1) * SlotsMax, SlotsMax);

    int Take()
    {
        if (_free != 0)
        {
            var block = _free;
            _free = (int)Block(block)[0].Number;
            return block;
        }
        if (++_end * SlotsMax > _slots.Length) Array.Resize(ref _slots, 2 * _slots.Length);
        return _end;
    }

    void Give(int block)
    {
        if (block == 0) return;
        Block(block)[0].Number = _free;
        _free = block;
    }
}
