using System.Buffers.Binary;
using System.IO.Hashing;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>The first 64 bytes of a segment file (FORMAT.md).</summary>
/// <param name="Number">1, 2, 3 …: also the file's name and in every record.</param>
/// <param name="Previous">The segment written before this one; 0 = none.</param>
/// <param name="PreviousEnd">Where that one's last durable record ended: what lies beyond was never durable.</param>
readonly record struct SegmentHeader(ulong Number, ulong Previous, uint PreviousEnd)
{
    public const int Length = 64;
    public const ushort Version = 1;
    const uint Mark = 0x31534F45;   // "EOS1"

    public void Write(Span<byte> to)
    {
        to[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Mark);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], Previous);
        BinaryPrimitives.WriteUInt32LittleEndian(to[24..], PreviousEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(to[60..], Crc32.HashToUInt32(to[..60]));
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Crc32.HashToUInt32(bytes[..60])) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) != Version) return false;
        header = new(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        return true;
    }
}

/// <summary>A record and where it lies.</summary>
readonly record struct PlacedRecord(Record Record, int At, bool BodyReads);

/// <summary>Everything readable in one segment, and where it was not. Pure: bytes in, findings out.</summary>
sealed class SegmentScan
{
    public required ulong Number { get; init; }
    public required ReadOnlyMemory<byte> Bytes { get; init; }
    public SegmentHeader? Header { get; private set; }
    public List<PlacedRecord> Records { get; } = [];

    /// <summary>Stretches, from and to, where records were and cannot be read.</summary>
    public List<(int From, int To)> Damage { get; } = [];

    /// <summary>Where the readable part ends.</summary>
    public int End { get; private set; }

    public bool IsDamaged => Damage.Count > 0 || Header is null || Records.Exists(placed => !placed.BodyReads);

    /// <param name="bytes">The whole file.</param>
    /// <param name="number">What its name says.</param>
    /// <param name="end">Where it is known to end (said by the next segment), or −1 for the newest.</param>
    public static SegmentScan Of(ReadOnlyMemory<byte> bytes, ulong number, int end, StreamNames names)
    {
        var scan = new SegmentScan { Number = number, Bytes = bytes, End = SegmentHeader.Length };
        if (SegmentHeader.TryRead(bytes.Span, out var header) && header.Number == number) scan.Header = header;
        scan.Walk(end, names);
        return scan;
    }

    void Walk(int end, StreamNames names)
    {
        var limit = end < 0 ? Bytes.Length : Math.Min(end, Bytes.Length);
        var at = SegmentHeader.Length;
        while (at < limit)
        {
            if (Record.TryRead(Bytes[..limit], at, Number, names, out var record, out var bodyReads))
            {
                Records.Add(new(record, at, bodyReads));
                if (!bodyReads && record.Kind != RecordKind.Batch) Damage.Add((at, at + record.HeaderLength));
                at += bodyReads ? record.Length : record.HeaderLength;
                End = at;
                if (bodyReads) continue;
            }
            var next = NextAfter(at, limit, names);
            if (next < 0) break;
            if (Records is not [.., { BodyReads: false } last] || last.At + last.Record.HeaderLength != at) Damage.Add((at, next));
            at = next;
        }
        if (end >= 0 && at < end && !EndsInRottenBody(at)) Damage.Add((at, end));
        if (end < 0 && at + 16 <= Bytes.Length && Record.LooksTorn(Bytes.Span[at..], Number)) Damage.Add((at, Bytes.Length));
    }

    bool EndsInRottenBody(int at) => Records is [.., { BodyReads: false } last] && last.At + last.Record.HeaderLength == at;

    int NextAfter(int at, int limit, StreamNames names)
    {
        for (var next = at + 8 & ~7; next < limit; next += 8)
            if (Record.TryRead(Bytes[..limit], next, Number, names, out _, out _)) return next;
        return -1;
    }
}
