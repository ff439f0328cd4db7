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
public sealed partial class ReadColumns
{
    /// <summary>What <see cref="ReadColumnsWriter"/> writes; version 1 is still read.</summary>
    public const byte Version = 2;

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
    int[] _numbers = [];

    public int Count { get; private set; }
    public int DistinctTags { get; private set; }

    /// <summary>Whether any tag told its TID; where none did, nobody need look.</summary>
    public bool HasTids => DistinctTags > 0 && _tidEnd.AsSpan(0, DistinctTags).ContainsAnyExcept(0);

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
        var version = bytes[0];
        if (version is not (1 or Version)) throw new ColumnFormatException($"Version {version}; this side knows 1 and {Version}.");
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
            if (version == 1) ReadColumn1(column, ref body, count, tags, firstUs);
            else ReadColumn(column, ref body, count, tags, firstUs);
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
            (_count, _phase, _channel, _doppler, _numbers) = (new ushort[size], new short[size], new ushort[size], new short[size], new int[size]);
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
            case Column.Entry: ReadEntries(ref body, count, tags); break;
            case Column.Antenna: ReadNumbers(ref body, "antenna", _antenna.AsSpan(0, count)); break;
            case Column.RssiCentiDbm: ReadNumbers(ref body, "RSSI", _rssi.AsSpan(0, count)); break;
            case Column.Count: ReadNumbers(ref body, "seen count", _count.AsSpan(0, count)); break;
            case Column.Phase: ReadNumbers(ref body, "phase", _phase.AsSpan(0, count)); break;
            case Column.Channel: ReadNumbers(ref body, "channel", _channel.AsSpan(0, count)); break;
            case Column.Doppler: ReadNumbers(ref body, "Doppler", _doppler.AsSpan(0, count)); break;
            case Column.Pc: ReadNumbers(ref body, "PC", _pc.AsSpan(0, tags)); break;
            case Column.Time or Column.Last or Column.Tid: ReadColumn1(column, ref body, count, tags, firstUs); break;
            case Column.RssiDbm: throw new ColumnFormatException("Column RssiDbm is of version 1.");
        }
    }

    // A tag that is new in the batch is 0, the newest of those before it 1: where no tag comes twice no bit is spent.
    void ReadEntries(ref ColumnCursor body, int count, int tags)
    {
        var known = 0;
        var entries = _entry.AsSpan(0, count);
        body.Numbers("tag index", entries, 0, tags);
        foreach (ref var entry in entries)
        {
            var back = entry;
            if (back > known || (back == 0 && known == tags)) throw new ColumnFormatException($"A tag index leads {back} back among {known} of {tags} tags.");
            entry = known - back;
            if (back == 0) known++;
        }
    }

    void ReadNumbers(ref ColumnCursor body, string what, Span<ushort> to)
    {
        var numbers = _numbers.AsSpan(0, to.Length);
        body.Numbers(what, numbers, 0, ushort.MaxValue);
        for (var i = 0; i < to.Length; i++) to[i] = (ushort)numbers[i];
    }

    void ReadNumbers(ref ColumnCursor body, string what, Span<short> to)
    {
        var numbers = _numbers.AsSpan(0, to.Length);
        body.Numbers(what, numbers, short.MinValue, short.MaxValue);
        for (var i = 0; i < to.Length; i++) to[i] = (short)numbers[i];
    }

    void ReadEpcs(ref ColumnCursor body, int tags)
    {
        var previous = 0;
        for (var (i, end) = (0, 0); i < tags; i++)
        {
            var head = body.Byte("shared prefix");
            var shared = head & 0x7F;
            var rest = body.Bytes("EPC", head >= 0x80 ? Math.Max(previous - shared, 0) : body.Byte("EPC length"));
            previous = AddEpc(i, ref end, shared, previous, rest);
        }
    }

    int AddEpc(int tag, ref int end, int shared, int previous, ReadOnlySpan<byte> rest)
    {
        var length = shared + rest.Length;
        if (shared > previous || length > EpcBytesMax) throw new ColumnFormatException($"EPC {tag} shares {shared} of {previous} bytes and has {length}.");
        if (_epcBytes.Length < end + length) Array.Resize(ref _epcBytes, Math.Max(1024, (end + length) * 2));
        _epcBytes.AsSpan(end - previous, shared).CopyTo(_epcBytes.AsSpan(end));
        rest.CopyTo(_epcBytes.AsSpan(end + shared));
        _epcEnd[tag] = end += length;
        return length;
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
}
