using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>The bytes of a tracker at rest; drawn in this room's README, little-endian throughout.</summary>
static class ZoneSnapshot
{
    const uint Magic = 0x545A5445;   // "ETZT"
    const ushort Version = 1;
    const int HeaderBytes = 56;
    const int RunBytesMax = 1 + Epc.BytesMax + 4 * 8 + 3 * 4 + 4 * 2 + 3 + 2 * Evidence.SlotsMax * SlotBytes;
    const int SlotBytes = 16;
    const byte LateFlag = 1;

    public readonly record struct Totals(long ThroughUs, long NewestUs, long Reads, long LateReads, long TruncatedVisits);

    public static void Write(ZoneTracker tracker, PortalTimeline timeline, RunTable runs, IBufferWriter<byte> output)
    {
        var order = new List<int>(runs.Count);
        for (var at = 0; at < runs.End; at++)
            if (runs[at].Open) order.Add(at);
        order.Sort((a, b) =>
        {
            var byEpc = runs[a].Epc.CompareTo(runs[b].Epc);
            return byEpc != 0 ? byEpc : runs[a].FirstUs.CompareTo(runs[b].FirstUs);
        });

        var header = new Pen(stackalloc byte[HeaderBytes]);
        header.U32(Magic);
        header.U16(Version);
        header.U16(0);
        header.U32(timeline.Fingerprint(tracker.NewestUs));
        header.U32((uint)order.Count);
        header.I64(tracker.ThroughUs);
        header.I64(tracker.NewestUs);
        header.I64(tracker.Reads);
        header.I64(tracker.LateReads);
        header.I64(tracker.TruncatedVisits);
        var crc = Append(0, header.Written, output);

        Span<byte> space = stackalloc byte[RunBytesMax];
        foreach (var at in order)
        {
            var pen = new Pen(space);
            ref var run = ref runs[at];
            WriteRun(ref pen, in run, runs.Evidence.First(in run.Evidence), runs.Evidence.Last(ref run.Evidence));
            crc = Append(crc, pen.Written, output);
        }
        var tail = new Pen(stackalloc byte[4]);
        tail.U32(crc);
        output.Write(tail.Written);
    }

    public static Totals Read(ReadOnlySpan<byte> snapshot, PortalTimeline timeline, RunTable runs)
    {
        if (snapshot.Length < HeaderBytes + 4) throw Refused($"{snapshot.Length} bytes are too few");
        var cursor = new Cursor(snapshot[..^4]);
        if (cursor.U32() != Magic) throw Refused("it does not begin with ETZT");
        var version = cursor.U16();
        if (version != Version) throw Refused($"version {version} is not known, only {Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(snapshot[^4..]) != Crc(0, snapshot[..^4])) throw Refused("its checksum is wrong");
        cursor.U16();
        var fingerprint = cursor.U32();
        var count = cursor.U32();
        var totals = new Totals(cursor.I64(), cursor.I64(), cursor.I64(), cursor.I64(), cursor.I64());
        if (fingerprint != timeline.Fingerprint(totals.NewestUs)) throw Refused("it was made under other portal models");
        for (var i = 0u; i < count; i++) ReadRun(ref cursor, runs);
        if (!cursor.AtEnd) throw Refused("bytes are left over");
        return totals;
    }

    static void WriteRun(ref Pen pen, in Run run, ReadOnlySpan<Slot> first, ReadOnlySpan<Slot> last)
    {
        Span<byte> epc = stackalloc byte[Epc.BytesMax];
        var length = run.Epc.CopyTo(epc);
        pen.U8((byte)length);
        pen.Bytes(epc[..length]);
        pen.I64(run.FirstUs);
        pen.I64(run.LastUs);
        pen.I64(run.ContinuesFromUs);
        pen.I64(run.Count);
        pen.U32((uint)run.Reads);
        pen.U32((uint)run.ReadsInside);
        pen.U32((uint)run.ReadsOutside);
        pen.U16((ushort)run.Peak);
        pen.U16((ushort)run.PeakInside);
        pen.U16((ushort)run.PeakOutside);
        pen.U16(run.PeakAntenna);
        pen.U8(run.Late ? LateFlag : (byte)0);
        pen.U8((byte)first.Length);
        pen.U8((byte)last.Length);
        foreach (var slot in first) WriteSlot(ref pen, slot);
        foreach (var slot in last) WriteSlot(ref pen, slot);
    }

    static void WriteSlot(ref Pen pen, Slot slot)
    {
        pen.I64(slot.Number);
        pen.U32(slot.Inside);
        pen.U32(slot.Outside);
    }

    static void ReadRun(ref Cursor cursor, RunTable runs)
    {
        var length = cursor.U8();
        if (length > Epc.BytesMax) throw Refused($"an EPC of {length} bytes");
        var at = runs.Add(Epc.From(cursor.Bytes(length)));
        ref var run = ref runs[at];
        run.FirstUs = cursor.I64();
        run.LastUs = cursor.I64();
        run.ContinuesFromUs = cursor.I64();
        run.Count = cursor.I64();
        run.Reads = (int)cursor.U32();
        run.ReadsInside = (int)cursor.U32();
        run.ReadsOutside = (int)cursor.U32();
        run.Peak = (short)cursor.U16();
        run.PeakInside = (short)cursor.U16();
        run.PeakOutside = (short)cursor.U16();
        run.PeakAntenna = cursor.U16();
        run.Late = (cursor.U8() & LateFlag) != 0;
        var (firstSlots, lastSlots) = (cursor.U8(), cursor.U8());
        if (firstSlots > Evidence.SlotsMax || lastSlots > Evidence.SlotsMax) throw Refused("more evidence than a run can hold");
        Span<Slot> first = stackalloc Slot[firstSlots], last = stackalloc Slot[lastSlots];
        ReadSlots(ref cursor, first);
        ReadSlots(ref cursor, last);
        runs.Evidence.Set(ref run.Evidence, first, last);
    }

    static void ReadSlots(ref Cursor cursor, scoped Span<Slot> slots)
    {
        foreach (ref var slot in slots) slot = new Slot { Number = cursor.I64(), Inside = cursor.U32(), Outside = cursor.U32() };
    }

    static uint Append(uint crc, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        output.Write(bytes);
        return Crc(crc, bytes);
    }

    /// <summary>CRC-32C without the customary inversions: the lengths are in the format, so leading zeros cannot hide.</summary>
    static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    static InvalidDataException Refused(string why) => new($"Tracker snapshot refused: {why}.");

    ref struct Pen(Span<byte> space)
    {
        readonly Span<byte> _space = space;
        int _at;

        public readonly ReadOnlySpan<byte> Written => _space[.._at];

        public void U8(byte value) => Take(1)[0] = value;
        public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
        public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
        public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
        public void Bytes(scoped ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

        Span<byte> Take(int length)
        {
            var taken = _space.Slice(_at, length);
            _at += length;
            return taken;
        }
    }

    ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> _bytes = bytes;

        public readonly bool AtEnd => _bytes.IsEmpty;

        public byte U8() => Bytes(1)[0];
        public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));
        public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
        public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

        public ReadOnlySpan<byte> Bytes(int length)
        {
            if (length > _bytes.Length) throw Refused("it ends too early");
            var taken = _bytes[..length];
            _bytes = _bytes[length..];
            return taken;
        }
    }
}
