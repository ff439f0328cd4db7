using System.Buffers.Binary;

namespace EdgeTrace.Contract;

/// <summary>The columns of a ReadBatch by number; unknown ones are stepped over by length, so that newer gateways can add.</summary>
enum Column : byte
{
    Epcs = 1,
    Entry = 2,
    Time = 3,
    Antenna = 4,
    RssiDbm = 5,
    RssiCentiDbm = 6,
    Count = 7,
    Last = 8,
    Phase = 9,
    Channel = 10,
    Doppler = 11,
    Pc = 12,
    Tid = 13,
}

/// <summary>The bytes are no ReadBatch columns; the message says which column and why.</summary>
public sealed class ColumnFormatException(string message) : FormatException(message);

/// <summary>
/// The reads of one batch, decoded column by column into arrays that are reused: nothing is allocated per read once warm.
/// The format is drawn in README.md. Not thread-safe.
/// </summary>
public sealed class ReadColumns
{
    public const byte Version = 1;

    /// <summary>A reader's transmit buffer holds about 2,000 tag reports (Impinj Octane 5.12); fifty of them is a bound, not a goal.</summary>
    public const int ReadsMax = 100_000;

    /// <summary>31 words, the most that the length bits of the protocol-control word can say (Gen2 §6.3.2.1.2.2).</summary>
    public const int EpcBytesMax = 62;

    public const int TidBytesMax = 62;

    int[] _entry = [];
    long[] _time = [];
    long[] _last = [];
    ushort[] _antenna = [];
    short[] _rssi = [];
    ushort[] _count = [];
    short[] _phase = [];
    ushort[] _channel = [];
    short[] _doppler = [];
    byte[] _epcBytes = [];
    int[] _epcEnd = [];
    ushort[] _pc = [];
    byte[] _tidBytes = [];
    int[] _tidEnd = [];

    public int Count { get; private set; }
    public int DistinctTags { get; private set; }

    /// <summary>Index of each read's tag: 0 to <see cref="DistinctTags"/> − 1.</summary>
    public ReadOnlySpan<int> Entry => _entry.AsSpan(0, Count);

    /// <summary>First seen, µs since 1970 UTC.</summary>
    public ReadOnlySpan<long> TimeUs => _time.AsSpan(0, Count);

    /// <summary>Last seen, µs since 1970 UTC.</summary>
    public ReadOnlySpan<long> LastUs => _last.AsSpan(0, Count);
    public ReadOnlySpan<ushort> Antenna => _antenna.AsSpan(0, Count);

    /// <summary>Peak RSSI, dBm × 100.</summary>
    public ReadOnlySpan<short> RssiCentiDbm => _rssi.AsSpan(0, Count);
    public ReadOnlySpan<ushort> SeenCount => _count.AsSpan(0, Count);

    /// <summary>2π/4096, or <see cref="ReadRow.PhaseNotTold"/>.</summary>
    public ReadOnlySpan<short> Phase => _phase.AsSpan(0, Count);
    public ReadOnlySpan<ushort> Channel => _channel.AsSpan(0, Count);

    /// <summary>Hz × 16, or <see cref="ReadRow.DopplerNotTold"/>.</summary>
    public ReadOnlySpan<short> Doppler => _doppler.AsSpan(0, Count);

    /// <summary>The EPC of tag <paramref name="entry"/>.</summary>
    public ReadOnlySpan<byte> Epc(int entry) => Slice(_epcBytes, _epcEnd, entry);

    /// <summary>The protocol-control word of tag <paramref name="entry"/>; 0 = not told.</summary>
    public ushort Pc(int entry) => _pc[entry];

    /// <summary>The TID of tag <paramref name="entry"/>; empty = not told.</summary>
    public ReadOnlySpan<byte> Tid(int entry) => Slice(_tidBytes, _tidEnd, entry);

    public ReadRow Row(int read) => new(_time[read], _antenna[read], _rssi[read])
    {
        Count = _count[read], LastUs = _last[read], Phase = _phase[read], Channel = _channel[read], Doppler = _doppler[read],
    };

    /// <summary>Replaces what this holds by the reads in <paramref name="bytes"/>.</summary>
    /// <exception cref="ColumnFormatException">The bytes are not columns of a version this side knows.</exception>
    public void Decode(ReadOnlySpan<byte> bytes)
    {
        (Count, DistinctTags) = (0, 0);
        if (bytes.IsEmpty) throw new ColumnFormatException("No bytes.");
        if (bytes[0] != Version) throw new ColumnFormatException($"Version {bytes[0]}; this side knows {Version}.");
        var cursor = new ColumnCursor(bytes[1..]);
        var count = cursor.Number("read count", ReadsMax);
        var tags = cursor.Number("tag count", Math.Min(count, ReadsMax));
        var firstUs = cursor.ZigZag("first time");
        Reserve(count, tags);

        var seen = 0u;
        while (!cursor.AtEnd)
        {
            var column = (Column)cursor.Byte("column number");
            var body = new ColumnCursor(cursor.Bytes("column", cursor.Number("column length", int.MaxValue)));
            if (column is < Column.Epcs or > Column.Tid) continue;   // a newer gateway's
            if ((seen & 1u << (int)column) != 0) throw new ColumnFormatException($"Column {column} is there twice.");
            seen |= 1u << (int)column;
            ReadColumn(column, ref body, count, tags, firstUs);
            if (!body.AtEnd) throw new ColumnFormatException($"Column {column} has {body.Left} bytes too many.");
        }
        if (count > 0) Demand(seen);
        // Columns may come in any order, so a last-seen distance is added only now.
        for (var i = 0; i < count; i++) _last[i] += _time[i];
        (Count, DistinctTags) = (count, tags);
    }

    void Reserve(int count, int tags)
    {
        if (_entry.Length < count)
        {
            var size = Math.Max(count, 256);
            (_entry, _time, _last, _antenna, _rssi) = (new int[size], new long[size], new long[size], new ushort[size], new short[size]);
            (_count, _phase, _channel, _doppler) = (new ushort[size], new short[size], new ushort[size], new short[size]);
        }
        if (_epcEnd.Length < tags) (_epcEnd, _tidEnd, _pc) = (new int[tags], new int[tags], new ushort[tags]);
        _last.AsSpan(0, count).Clear();
        _count.AsSpan(0, count).Fill(1);
        _phase.AsSpan(0, count).Fill(ReadRow.PhaseNotTold);
        _channel.AsSpan(0, count).Clear();
        _doppler.AsSpan(0, count).Fill(ReadRow.DopplerNotTold);
        _pc.AsSpan(0, tags).Clear();
        _tidEnd.AsSpan(0, tags).Clear();
    }

    void ReadColumn(Column column, ref ColumnCursor body, int count, int tags, long firstUs)
    {
        switch (column)
        {
            case Column.Epcs: ReadEpcs(ref body, tags); break;
            case Column.Entry:
                for (var i = 0; i < count; i++) _entry[i] = body.Number("tag index", tags - 1);
                break;
            case Column.Time:
                var at = firstUs;
                for (var i = 0; i < count; i++) _time[i] = at += body.ZigZag("time");
                break;
            case Column.Antenna:
                for (var i = 0; i < count; i++) _antenna[i] = (ushort)body.Number("antenna", ushort.MaxValue);
                break;
            case Column.RssiDbm:
                foreach (var (i, value) in Indexed(body.Bytes("RSSI", count))) _rssi[i] = (short)((sbyte)value * 100);
                break;
            case Column.RssiCentiDbm: ReadShorts(ref body, _rssi.AsSpan(0, count)); break;
            case Column.Count:
                for (var i = 0; i < count; i++) _count[i] = (ushort)body.Number("seen count", ushort.MaxValue);
                break;
            case Column.Last:
                for (var i = 0; i < count; i++) _last[i] = body.ZigZag("last seen");
                break;
            case Column.Phase: ReadShorts(ref body, _phase.AsSpan(0, count)); break;
            case Column.Channel:
                for (var i = 0; i < count; i++) _channel[i] = (ushort)body.Number("channel", ushort.MaxValue);
                break;
            case Column.Doppler: ReadShorts(ref body, _doppler.AsSpan(0, count)); break;
            case Column.Pc:
                var pcs = body.Bytes("PC", tags * 2);
                for (var i = 0; i < tags; i++) _pc[i] = BinaryPrimitives.ReadUInt16LittleEndian(pcs[(i * 2)..]);
                break;
            case Column.Tid: ReadTids(ref body, tags); break;
        }
    }

    void ReadEpcs(ref ColumnCursor body, int tags)
    {
        var (end, previous) = (0, 0);
        for (var i = 0; i < tags; i++)
        {
            var shared = body.Byte("shared prefix");
            var rest = body.Bytes("EPC", body.Byte("EPC length"));
            var length = shared + rest.Length;
            if (shared > previous || length > EpcBytesMax) throw new ColumnFormatException($"EPC {i} shares {shared} of {previous} bytes and has {length}.");
            if (_epcBytes.Length < end + length) Array.Resize(ref _epcBytes, Math.Max(1024, (end + length) * 2));
            _epcBytes.AsSpan(end - previous, shared).CopyTo(_epcBytes.AsSpan(end));
            rest.CopyTo(_epcBytes.AsSpan(end + shared));
            _epcEnd[i] = end += length;
            previous = length;
        }
    }

    void ReadTids(ref ColumnCursor body, int tags)
    {
        var end = 0;
        for (var i = 0; i < tags; i++)
        {
            var tid = body.Bytes("TID", body.Byte("TID length"));
            if (tid.Length > TidBytesMax) throw new ColumnFormatException($"TID {i} has {tid.Length} bytes.");
            if (_tidBytes.Length < end + tid.Length) Array.Resize(ref _tidBytes, Math.Max(1024, (end + tid.Length) * 2));
            tid.CopyTo(_tidBytes.AsSpan(end));
            _tidEnd[i] = end += tid.Length;
        }
    }

    static void ReadShorts(ref ColumnCursor body, Span<short> to)
    {
        var bytes = body.Bytes("16-bit values", to.Length * 2);
        for (var i = 0; i < to.Length; i++) to[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2)..]);
    }

    static void Demand(uint seen)
    {
        foreach (var column in (ReadOnlySpan<Column>)[Column.Epcs, Column.Entry, Column.Time, Column.Antenna])
            if ((seen & 1u << (int)column) == 0) throw new ColumnFormatException($"Column {column} is missing.");
        if ((seen & (1u << (int)Column.RssiDbm | 1u << (int)Column.RssiCentiDbm)) == 0) throw new ColumnFormatException("No RSSI column.");
    }

    static ReadOnlySpan<byte> Slice(byte[] bytes, int[] ends, int entry)
    {
        var start = entry == 0 ? 0 : ends[entry - 1];
        return ends[entry] < start ? [] : bytes.AsSpan(start, ends[entry] - start);
    }

    static SpanIndex Indexed(ReadOnlySpan<byte> bytes) => new(bytes);

    ref struct SpanIndex(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> _bytes = bytes;
        int _at = -1;
        public readonly SpanIndex GetEnumerator() => this;
        public bool MoveNext() => ++_at < _bytes.Length;
        public readonly (int, byte) Current => (_at, _bytes[_at]);
    }
}
