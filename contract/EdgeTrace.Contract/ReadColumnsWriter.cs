using System.Buffers;
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
    int[] _numbers = new int[256];
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

        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Count * 10, PackedNumbers.BytesMax(Count)), _bytesUsed + DistinctTags * 4));
        if (_numbers.Length < Count) _numbers = new int[_rows.Length];
        try
        {
            WriteColumn(output, Column.Epcs, scratch, WriteEpcs(scratch));
            WriteColumn(output, Column.Entry, scratch, WriteEntries(scratch));
            WriteColumn(output, Column.Time, scratch, WriteTimes(rows, scratch));
            WriteNumbers(output, rows, scratch);
            if (AnyLast(rows)) WriteColumn(output, Column.Last, scratch, WriteLasts(rows, scratch));
            if (_entries.AsSpan(0, DistinctTags).ContainsAnyWhere(static entry => entry.TidLength != 0)) WriteColumn(output, Column.Tid, scratch, WriteTids(scratch));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    void WriteNumbers(IBufferWriter<byte> output, ReadOnlySpan<ReadRow> rows, byte[] scratch)
    {
        var numbers = _numbers.AsSpan(0, Count);
        for (var i = 0; i < rows.Length; i++) numbers[i] = rows[i].Antenna;
        WriteNumbers(output, Column.Antenna, scratch, numbers);
        for (var i = 0; i < rows.Length; i++) numbers[i] = rows[i].RssiCentiDbm;
        WriteNumbers(output, Column.RssiCentiDbm, scratch, numbers, RssiStep(numbers));
        for (var i = 0; i < rows.Length; i++) numbers[i] = rows[i].Count;
        if (numbers.ContainsAnyExcept(1)) WriteNumbers(output, Column.Count, scratch, numbers);
        for (var i = 0; i < rows.Length; i++) numbers[i] = rows[i].Phase;
        if (numbers.ContainsAnyExcept(ReadRow.PhaseNotTold)) WriteNumbers(output, Column.Phase, scratch, numbers);
        for (var i = 0; i < rows.Length; i++) numbers[i] = rows[i].Channel;
        if (numbers.ContainsAnyExcept(0)) WriteNumbers(output, Column.Channel, scratch, numbers);
        for (var i = 0; i < rows.Length; i++) numbers[i] = rows[i].Doppler;
        if (numbers.ContainsAnyExcept(ReadRow.DopplerNotTold)) WriteNumbers(output, Column.Doppler, scratch, numbers);
        numbers = numbers[..DistinctTags];
        for (var i = 0; i < DistinctTags; i++) numbers[i] = _entries[i].Pc;
        if (numbers.ContainsAnyExcept(0)) WriteNumbers(output, Column.Pc, scratch, numbers);
    }

    /// <summary>Readers tell whole dBm, or half ones (Impinj), or hundredths.</summary>
    static int RssiStep(ReadOnlySpan<int> centiDbm)
    {
        var (least, wholes, halves) = (centiDbm[0], true, true);
        foreach (var value in centiDbm)
        {
            wholes &= (value - least) % 100 == 0;
            halves &= (value - least) % 50 == 0;
        }
        return wholes ? 100 : halves ? 50 : 1;
    }

    static void WriteNumbers(IBufferWriter<byte> output, Column column, byte[] scratch, ReadOnlySpan<int> numbers, int step = 1) =>
        WriteColumn(output, column, scratch, PackedNumbers.Write(scratch, numbers, step));

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
            var asLong = epc.Length == previous.Length;
            to[at++] = (byte)(asLong ? shared | 0x80 : shared);
            if (!asLong) to[at++] = (byte)(epc.Length - shared);
            epc[shared..].CopyTo(to.AsSpan(at));
            at += epc.Length - shared;
            previous = epc;
        }
        return at;
    }

    // How many tags back; 0 is the next new one.
    int WriteEntries(byte[] to)
    {
        var known = 0;
        var numbers = _numbers.AsSpan(0, Count);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = known - _entryOf[i];
            if (numbers[i] == 0) known++;
        }
        return PackedNumbers.Write(to, numbers, step: 1);
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

    static int WriteLasts(ReadOnlySpan<ReadRow> rows, byte[] to)
    {
        var at = 0;
        foreach (ref readonly var row in rows) at += Varint.Write(to.AsSpan(at), Varint.ZigZag(row.LastUs - row.TimeUs));
        return at;
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

    static bool AnyLast(ReadOnlySpan<ReadRow> rows)
    {
        foreach (ref readonly var row in rows)
            if (row.LastUs != row.TimeUs) return true;
        return false;
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
