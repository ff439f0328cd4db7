using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>What a record of a segment says; numbers are on disk for ever (FORMAT.md).</summary>
enum RecordKind : byte
{
    Batch = 1,
    Position = 2,
    Forget = 3,
    Sending = 4,
    Contact = 5,
    Loss = 6,
    Redrawn = 7,
    Acknowledged = 8,
}

[Flags]
enum RecordFlags : byte
{
    None = 0,

    /// <summary>The last record of a group commit.</summary>
    CommitEnds = 1,

    /// <summary>A batch written again while its old segment was cleaned: it carries no new losses.</summary>
    Copy = 2,

    /// <summary>A batch without its body: thinned, or lost to corruption.</summary>
    Emptied = 4,

    /// <summary>The position of the epoch in which the stream goes on.</summary>
    Current = 8,

    /// <summary>A batch sealed by a process that the cloud had not answered yet: it cannot have been sent when it was written.</summary>
    Fresh = 16,
}

/// <summary>One record of a segment, drawn in FORMAT.md. Its header has a checksum of its own, so that a rotten body still has a name and a number.</summary>
readonly record struct Record(RecordKind Kind, string Stream)
{
    public const uint Mark = 0x31525445;   // "ETR1"
    const int Fixed = 88;
    public const int StreamBytesMax = 64;   // "samples/" and 40 letters are 48

    public RecordFlags Flags { get; init; }
    public ulong Segment { get; init; }
    public ulong Commit { get; init; }
    public ulong Epoch { get; init; }
    public ulong Sequence { get; init; }

    /// <summary>TagReads, scans, samples … of this stream since the outbox was made, this batch included.</summary>
    public ulong ReadingsTotal { get; init; }
    public ulong BatchesTotal { get; init; }
    public ulong DroppedTotal { get; init; }
    public long SealedUs { get; init; }
    public uint Readings { get; init; }
    public ReadOnlyMemory<byte> Body { get; init; }

    public int HeaderLength => HeaderLengthFor(Stream.Length);

    /// <summary>What the record takes in a segment, padding included.</summary>
    public int Length => HeaderLength + Padded(Body.Length);

    static int HeaderLengthFor(int name) => Padded(Fixed + name + 4);
    static int Padded(int length) => length + 7 & ~7;

    public void Write(Span<byte> to)
    {
        var header = HeaderLength;
        to[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Mark);
        to[4] = (byte)Kind;
        to[5] = (byte)Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)header);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], Segment);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], Commit);
        BinaryPrimitives.WriteUInt64LittleEndian(to[24..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(to[32..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(to[40..], ReadingsTotal);
        BinaryPrimitives.WriteUInt64LittleEndian(to[48..], BatchesTotal);
        BinaryPrimitives.WriteUInt64LittleEndian(to[56..], DroppedTotal);
        BinaryPrimitives.WriteInt64LittleEndian(to[64..], SealedUs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[72..], Readings);
        BinaryPrimitives.WriteUInt32LittleEndian(to[76..], (uint)Body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[80..], Crc32.HashToUInt32(Body.Span));
        to[84] = StreamName.TrySplit(Stream, out var lane, out _) ? (byte)lane : byte.MaxValue;
        to[85] = (byte)Encoding.ASCII.GetBytes(Stream, to[Fixed..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[(header - 4)..], Crc32.HashToUInt32(to[..(header - 4)]));
        Body.Span.CopyTo(to[header..]);
    }

    /// <summary>Reads the record at <paramref name="at"/>; false when no record of <paramref name="segment"/> begins there.</summary>
    /// <param name="segment">What a record must name: a recycled file still holds records of its earlier life.</param>
    /// <param name="record">The record; <see cref="Body"/> is a slice of <paramref name="bytes"/>.</param>
    /// <param name="bodyReads">False: the header stands, the body is rotten or cut off.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, int at, ulong segment, StreamNames names, out Record record, out bool bodyReads)
    {
        (record, bodyReads) = (default, false);
        var span = bytes.Span[at..];
        if (span.Length < Fixed + 4 || BinaryPrimitives.ReadUInt32LittleEndian(span) != Mark) return false;
        if (BinaryPrimitives.ReadUInt64LittleEndian(span[8..]) != segment) return false;
        int header = BinaryPrimitives.ReadUInt16LittleEndian(span[6..]);
        int name = span[85];
        if (name > StreamBytesMax || header != HeaderLengthFor(name) || header > span.Length) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(span[(header - 4)..]) != Crc32.HashToUInt32(span[..(header - 4)])) return false;

        var bodyLength = BinaryPrimitives.ReadUInt32LittleEndian(span[76..]);
        var whole = bodyLength <= span.Length - header;
        var body = whole ? bytes.Slice(at + header, (int)bodyLength) : default;
        bodyReads = whole && Crc32.HashToUInt32(body.Span) == BinaryPrimitives.ReadUInt32LittleEndian(span[80..]);
        record = new((RecordKind)span[4], names.Of(span.Slice(Fixed, name)))
        {
            Flags = (RecordFlags)span[5],
            Segment = segment,
            Commit = BinaryPrimitives.ReadUInt64LittleEndian(span[16..]),
            Epoch = BinaryPrimitives.ReadUInt64LittleEndian(span[24..]),
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(span[32..]),
            ReadingsTotal = BinaryPrimitives.ReadUInt64LittleEndian(span[40..]),
            BatchesTotal = BinaryPrimitives.ReadUInt64LittleEndian(span[48..]),
            DroppedTotal = BinaryPrimitives.ReadUInt64LittleEndian(span[56..]),
            SealedUs = BinaryPrimitives.ReadInt64LittleEndian(span[64..]),
            Readings = BinaryPrimitives.ReadUInt32LittleEndian(span[72..]),
            Body = body,
        };
        return true;
    }

    /// <summary>Whether these bytes look as if a record of <paramref name="segment"/> had begun here and did not survive.</summary>
    public static bool LooksTorn(ReadOnlySpan<byte> span, ulong segment) =>
        span.Length >= 16
        && (BinaryPrimitives.ReadUInt32LittleEndian(span) == Mark && !IsWholeOfAnother(span, segment)
            || BinaryPrimitives.ReadUInt64LittleEndian(span[8..]) == segment);

    // A recycled file's earlier record may begin exactly where the new life ends; it is whole and names a smaller segment.
    static bool IsWholeOfAnother(ReadOnlySpan<byte> span, ulong segment)
    {
        if (span.Length < Fixed + 4 || BinaryPrimitives.ReadUInt64LittleEndian(span[8..]) >= segment) return false;
        int header = BinaryPrimitives.ReadUInt16LittleEndian(span[6..]);
        return header == HeaderLengthFor(span[85]) && header <= span.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(span[(header - 4)..]) == Crc32.HashToUInt32(span[..(header - 4)]);
    }
}

/// <summary>The streams' names seen so far, so that a million records make a dozen strings.</summary>
sealed class StreamNames
{
    readonly Dictionary<string, string> _known = [];

    public string Of(ReadOnlySpan<byte> ascii)
    {
        Span<char> letters = stackalloc char[Record.StreamBytesMax];
        var name = letters[..Encoding.ASCII.GetChars(ascii, letters)];
        var lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var known)) return known;
        var added = name.ToString();
        return _known[added] = added;
    }
}
