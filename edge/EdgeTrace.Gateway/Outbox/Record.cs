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
    Doubt = 9,
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

    /// <summary>A position before which no batch of the epoch is fresh any more, should the Contact that says so be lost.</summary>
    Confirmed = 32,
}

/// <summary>One record of a segment, drawn in FORMAT.md. Its header has a checksum of its own, so that a rotten body still has a name and a number.</summary>
readonly record struct Record(RecordKind Kind, string Stream)
{
    const uint Mark = 0x32525445;    // "ETR2"
    const uint Mark1 = 0x31525445;   // "ETR1": the same without its last 8 fixed bytes
    const int Fixed = 96;
    const int Fixed1 = 88;
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

    /// <summary>The stream's readings in total that the cloud had acknowledged when this was written; null in version 1. The last one counts.</summary>
    public ulong? AcknowledgedTotal { get; init; }

    /// <summary>The epoch's place among the stream's: of two epochs the greater goes on after the other. 0 in version 1, or without an epoch.</summary>
    public ushort Place { get; init; }
    public ReadOnlyMemory<byte> Body { get; init; }

    public int HeaderLength => Padded(Fixed + Stream.Length + 4);

    /// <summary>What the record takes in a segment, padding included.</summary>
    public int Length => HeaderLength + Padded(Body.Length);

    static int Padded(int length) => length + 7 & ~7;
    static long Padded(uint length) => length + 7L & ~7L;

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
        BinaryPrimitives.WriteUInt16LittleEndian(to[86..], Place);
        BinaryPrimitives.WriteUInt64LittleEndian(to[88..], AcknowledgedTotal ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(to[(header - 4)..], Crc32.HashToUInt32(to[..(header - 4)]));
        Body.Span.CopyTo(to[header..]);
    }

    /// <summary>Reads the record at <paramref name="at"/>, of either version; false when no record of <paramref name="segment"/> begins there.</summary>
    /// <param name="segment">What a record must name: a recycled file still holds records of its earlier life.</param>
    /// <param name="placed">The record; its body is a slice of <paramref name="bytes"/>.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, int at, ulong segment, StreamNames names, out PlacedRecord placed)
    {
        placed = default;
        var span = bytes.Span[at..];
        if (!HeaderStands(span, out var header) || BinaryPrimitives.ReadUInt64LittleEndian(span[8..]) != segment) return false;
        var old = BinaryPrimitives.ReadUInt32LittleEndian(span) == Mark1;
        var bodyLength = BinaryPrimitives.ReadUInt32LittleEndian(span[76..]);
        var whole = bodyLength <= span.Length - header;
        var body = whole ? bytes.Slice(at + header, (int)bodyLength) : default;
        var record = new Record((RecordKind)span[4], names.Of(span.Slice(old ? Fixed1 : Fixed, span[85])))
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
            AcknowledgedTotal = old ? null : BinaryPrimitives.ReadUInt64LittleEndian(span[88..]),
            Place = old ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(span[86..]),
            Body = body,
        };
        placed = new(record, at, at + header, (int)Math.Min(at + header + Padded(bodyLength), int.MaxValue), whole && Crc32.HashToUInt32(body.Span) == BinaryPrimitives.ReadUInt32LittleEndian(span[80..]));
        return true;
    }

    static bool HeaderStands(ReadOnlySpan<byte> span, out int header)
    {
        header = 0;
        if (span.Length < Fixed1 + 4) return false;
        var mark = BinaryPrimitives.ReadUInt32LittleEndian(span);
        if (mark is not (Mark or Mark1)) return false;
        header = BinaryPrimitives.ReadUInt16LittleEndian(span[6..]);
        int name = span[85];
        return name <= StreamBytesMax && header == Padded((mark == Mark ? Fixed : Fixed1) + name + 4) && header <= span.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(span[(header - 4)..]) == Crc32.HashToUInt32(span[..(header - 4)]);
    }

    /// <summary>Whether these bytes look as if a record of <paramref name="segment"/> had begun here and did not survive: all that a version 1 segment tells of its end.</summary>
    public static bool LooksTorn(ReadOnlySpan<byte> span, ulong segment) =>
        span.Length >= 16
        && (BinaryPrimitives.ReadUInt32LittleEndian(span) == Mark1 && !IsWholeOfAnother(span, segment)
            || BinaryPrimitives.ReadUInt64LittleEndian(span[8..]) == segment);

    // A recycled file's earlier record may begin exactly where the new life ends; it is whole and names a smaller segment.
    static bool IsWholeOfAnother(ReadOnlySpan<byte> span, ulong segment) => BinaryPrimitives.ReadUInt64LittleEndian(span[8..]) < segment && HeaderStands(span, out _);
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
