using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;

namespace EdgeTrace.Contract;

/// <summary>One read of one tag, as it travels: everything a portal may know, with the values that mean "not told".</summary>
/// <param name="TimeUs">First seen, event time, µs since 1970 UTC.</param>
/// <param name="Antenna">The reader's port, 1-based.</param>
/// <param name="RssiCentiDbm">Peak RSSI in dBm × 100.</param>
public readonly record struct ReadRow(long TimeUs, ushort Antenna, short RssiCentiDbm)
{
    public const short PhaseNotTold = -1;
    public const short DopplerNotTold = short.MinValue;

    /// <summary>How many singulations the reader folded into this report.</summary>
    public ushort Count { get; init; } = 1;

    /// <summary>Last seen; equal to <see cref="TimeUs"/> where the reader did not say.</summary>
    public long LastUs { get; init; } = TimeUs;

    /// <summary>RF phase in 2π/4096, or <see cref="PhaseNotTold"/>.</summary>
    public short Phase { get; init; } = PhaseNotTold;

    /// <summary>Index in the reader's hop or frequency table; 0 = not told.</summary>
    public ushort Channel { get; init; }

    /// <summary>Doppler in Hz × 16, or <see cref="DopplerNotTold"/>.</summary>
    public short Doppler { get; init; } = DopplerNotTold;
}

/// <summary>Writes the reads of one batch as columns (drawn in README.md). Reused batch after batch; not thread-safe.</summary>
public sealed class ReadColumnsWriter
{
    ReadRow[] _rows = new ReadRow[256];
    int[] _entryOf = new int[256];
    Entry[] _entries = new Entry[64];
    int[] _buckets = NewBuckets(128);
    byte[] _bytes = new byte[64 * 12];
    int _bytesUsed;

    public int Count { get; private set; }
    public int DistinctTags { get; private set; }

    /// <summary>Upper estimate of what <see cref="WriteTo"/> will write, in bytes.</summary>
    public int LengthEstimate => 32 + _bytesUsed + DistinctTags * 8 + Count * 12;

    public void Clear()
    {
        (Count, DistinctTags, _bytesUsed) = (0, 0, 0);
        Array.Fill(_buckets, -1);
    }

    /// <summary>Adds a read.</summary>
    /// <param name="row">What the reader said.</param>
    /// <param name="epc">The EPC, 0 to <see cref="ReadColumns.EpcBytesMax"/> bytes.</param>
    /// <param name="pc">Protocol-control bits; 0 = not told.</param>
    /// <param name="tid">The TID bank, or empty.</param>
    /// <exception cref="ArgumentException">An EPC or TID longer than a tag can hold, or a batch already full.</exception>
    public void Add(in ReadRow row, ReadOnlySpan<byte> epc, ushort pc = 0, ReadOnlySpan<byte> tid = default)
    {
        if (epc.Length > ReadColumns.EpcBytesMax) throw new ArgumentException($"An EPC has at most {ReadColumns.EpcBytesMax} bytes, got {epc.Length}.");
        if (tid.Length > ReadColumns.TidBytesMax) throw new ArgumentException($"A TID has at most {ReadColumns.TidBytesMax} bytes, got {tid.Length}.");
        if (Count == ReadColumns.ReadsMax) throw new ArgumentException($"A batch has at most {ReadColumns.ReadsMax} reads.");
        if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, Count * 2);
            Array.Resize(ref _entryOf, Count * 2);
        }
        _entryOf[Count] = FindOrAdd(epc, pc, tid);
        _rows[Count++] = row;
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        var rows = _rows.AsSpan(0, Count);
        var first = Count == 0 ? 0 : rows[0].TimeUs;
        var head = output.GetSpan(32);
        head[0] = ReadColumns.Version;
        var used = 1;
        used += Varint.Write(head[used..], (ulong)Count);
        used += Varint.Write(head[used..], (ulong)DistinctTags);
        used += Varint.Write(head[used..], Varint.ZigZag(first));
        output.Advance(used);
        if (Count == 0) return;

        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(Count * 10, _bytesUsed + DistinctTags * 4));
        try
        {
            WriteColumn(output, Column.Epcs, scratch, WriteEpcs(scratch));
            WriteColumn(output, Column.Entry, scratch, WriteEntryIndexes(scratch));
            WriteColumn(output, Column.Time, scratch, WriteTimes(rows, scratch));
            WriteColumn(output, Column.Antenna, scratch, WriteEach(rows, scratch, static row => row.Antenna));
            if (All(rows, static row => row.RssiCentiDbm % 100 == 0 && row.RssiCentiDbm / 100 is >= sbyte.MinValue and <= sbyte.MaxValue))
                WriteColumn(output, Column.RssiDbm, scratch, WriteRssi(rows, scratch));
            else
                WriteColumn(output, Column.RssiCentiDbm, scratch, WriteShorts(rows, scratch, static row => row.RssiCentiDbm));
            if (!All(rows, static row => row.Count == 1))
                WriteColumn(output, Column.Count, scratch, WriteEach(rows, scratch, static row => row.Count));
            if (!All(rows, static row => row.LastUs == row.TimeUs))
                WriteColumn(output, Column.Last, scratch, WriteEach(rows, scratch, static row => Varint.ZigZag(row.LastUs - row.TimeUs)));
            if (!All(rows, static row => row.Phase == ReadRow.PhaseNotTold))
                WriteColumn(output, Column.Phase, scratch, WriteShorts(rows, scratch, static row => row.Phase));
            if (!All(rows, static row => row.Channel == 0))
                WriteColumn(output, Column.Channel, scratch, WriteEach(rows, scratch, static row => row.Channel));
            if (!All(rows, static row => row.Doppler == ReadRow.DopplerNotTold))
                WriteColumn(output, Column.Doppler, scratch, WriteShorts(rows, scratch, static row => row.Doppler));
            var entries = _entries.AsSpan(0, DistinctTags);
            if (entries.ContainsAnyWhere(static entry => entry.Pc != 0)) WriteColumn(output, Column.Pc, scratch, WritePcs(scratch));
            if (entries.ContainsAnyWhere(static entry => entry.TidLength != 0)) WriteColumn(output, Column.Tid, scratch, WriteTids(scratch));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    static void WriteColumn(IBufferWriter<byte> output, Column column, byte[] scratch, int length)
    {
        var span = output.GetSpan(6 + length);
        span[0] = (byte)column;
        var used = 1 + Varint.Write(span[1..], (ulong)length);
        scratch.AsSpan(0, length).CopyTo(span[used..]);
        output.Advance(used + length);
    }

    int WriteEpcs(byte[] to)
    {
        var at = 0;
        ReadOnlySpan<byte> previous = [];
        for (var i = 0; i < DistinctTags; i++)
        {
            var epc = _bytes.AsSpan(_entries[i].Offset, _entries[i].EpcLength);
            var shared = previous.CommonPrefixLength(epc);
            to[at++] = (byte)shared;
            to[at++] = (byte)(epc.Length - shared);
            epc[shared..].CopyTo(to.AsSpan(at));
            at += epc.Length - shared;
            previous = epc;
        }
        return at;
    }

    int WriteEntryIndexes(byte[] to)
    {
        var at = 0;
        for (var i = 0; i < Count; i++) at += Varint.Write(to.AsSpan(at), (ulong)_entryOf[i]);
        return at;
    }

    static int WriteTimes(ReadOnlySpan<ReadRow> rows, byte[] to)
    {
        var (at, previous) = (0, rows[0].TimeUs);
        foreach (ref readonly var row in rows)
        {
            at += Varint.Write(to.AsSpan(at), Varint.ZigZag(row.TimeUs - previous));
            previous = row.TimeUs;
        }
        return at;
    }

    static int WriteRssi(ReadOnlySpan<ReadRow> rows, byte[] to)
    {
        for (var i = 0; i < rows.Length; i++) to[i] = (byte)(sbyte)(rows[i].RssiCentiDbm / 100);
        return rows.Length;
    }

    static int WriteEach(ReadOnlySpan<ReadRow> rows, byte[] to, Func<ReadRow, ulong> value)
    {
        var at = 0;
        foreach (ref readonly var row in rows) at += Varint.Write(to.AsSpan(at), value(row));
        return at;
    }

    static int WriteShorts(ReadOnlySpan<ReadRow> rows, byte[] to, Func<ReadRow, short> value)
    {
        for (var i = 0; i < rows.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(to.AsSpan(i * 2), value(rows[i]));
        return rows.Length * 2;
    }

    int WritePcs(byte[] to)
    {
        for (var i = 0; i < DistinctTags; i++) BinaryPrimitives.WriteUInt16LittleEndian(to.AsSpan(i * 2), _entries[i].Pc);
        return DistinctTags * 2;
    }

    int WriteTids(byte[] to)
    {
        var at = 0;
        for (var i = 0; i < DistinctTags; i++)
        {
            ref readonly var entry = ref _entries[i];
            to[at++] = entry.TidLength;
            _bytes.AsSpan(entry.Offset + entry.EpcLength, entry.TidLength).CopyTo(to.AsSpan(at));
            at += entry.TidLength;
        }
        return at;
    }

    static bool All(ReadOnlySpan<ReadRow> rows, Func<ReadRow, bool> holds)
    {
        foreach (ref readonly var row in rows)
            if (!holds(row)) return false;
        return true;
    }

    // Two tags may carry one EPC (a clone): what tells them apart makes another entry, never an overwrite.
    int FindOrAdd(ReadOnlySpan<byte> epc, ushort pc, ReadOnlySpan<byte> tid)
    {
        var hash = (uint)XxHash3.HashToUInt64(epc, pc) ^ (tid.IsEmpty ? 0 : (uint)XxHash3.HashToUInt64(tid));
        var mask = _buckets.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var found = _buckets[slot];
            if (found < 0)
            {
                if ((DistinctTags + 1) * 2 > _buckets.Length)
                {
                    Rehash();
                    return FindOrAdd(epc, pc, tid);
                }
                return _buckets[slot] = Append(hash, epc, pc, tid);
            }
            ref readonly var entry = ref _entries[found];
            if (entry.Hash == hash && entry.Pc == pc
                && _bytes.AsSpan(entry.Offset, entry.EpcLength).SequenceEqual(epc)
                && _bytes.AsSpan(entry.Offset + entry.EpcLength, entry.TidLength).SequenceEqual(tid)) return found;
        }
    }

    int Append(uint hash, ReadOnlySpan<byte> epc, ushort pc, ReadOnlySpan<byte> tid)
    {
        var needed = _bytesUsed + epc.Length + tid.Length;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)needed));
        if (DistinctTags == _entries.Length) Array.Resize(ref _entries, DistinctTags * 2);
        _entries[DistinctTags] = new(hash, _bytesUsed, (byte)epc.Length, (byte)tid.Length, pc);
        epc.CopyTo(_bytes.AsSpan(_bytesUsed));
        tid.CopyTo(_bytes.AsSpan(_bytesUsed + epc.Length));
        _bytesUsed = needed;
        return DistinctTags++;
    }

    void Rehash()
    {
        _buckets = NewBuckets(_buckets.Length * 2);
        var mask = _buckets.Length - 1;
        for (var i = 0; i < DistinctTags; i++)
        {
            var slot = (int)_entries[i].Hash & mask;
            while (_buckets[slot] >= 0) slot = (slot + 1) & mask;
            _buckets[slot] = i;
        }
    }

    static int[] NewBuckets(int length)
    {
        var buckets = new int[length];
        Array.Fill(buckets, -1);
        return buckets;
    }

    readonly record struct Entry(uint Hash, int Offset, byte EpcLength, byte TidLength, ushort Pc);
}

file static class SpanExtensions
{
    public static bool ContainsAnyWhere<T>(this Span<T> span, Func<T, bool> holds)
    {
        foreach (var item in span)
            if (holds(item)) return true;
        return false;
    }
}
