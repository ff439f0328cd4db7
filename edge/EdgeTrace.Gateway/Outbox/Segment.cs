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
    public const ushort Current = 2;

    /// <summary>1 marks no end of its own.</summary>
    public ushort Version { get; init; } = Current;
    const uint Mark = 0x31534F45;   // "EOS1"

    public void Write(Span<byte> to)
    {
        to[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Mark);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], Current);
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
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (version is 0 or > Current) return false;
        header = new(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..])) { Version = version };
        return true;
    }
}

/// <summary>
/// What stands behind the last record of a segment and is written over by the next: without it something was torn off. Records alone do not tell,
/// for behind them lies whatever a recycled file held in its earlier life.
/// </summary>
static class SegmentEnd
{
    public const int Length = 16;
    const uint Mark = 0x5A534F45;   // "EOSZ"

    public static void Write(Span<byte> to, ulong segment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Mark);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], segment);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Crc32.HashToUInt32(to[8..Length]));
    }

    public static bool StandsAt(ReadOnlySpan<byte> bytes, int at, ulong segment) =>
        at <= bytes.Length - Length
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) == Mark
        && BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 8)..]) == segment
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]) == Crc32.HashToUInt32(bytes[(at + 8)..(at + Length)]);
}

/// <summary>A record and where it lies.</summary>
/// <param name="End">Where the next begins; the header says so even when the body is cut off.</param>
/// <param name="BodyReads">False: the header stands, the body is rotten or cut off.</param>
readonly record struct PlacedRecord(Record Record, int At, int BodyAt, int End, bool BodyReads);

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
            if (Record.TryRead(Bytes[..limit], at, Number, names, out var placed))
            {
                Records.Add(placed);
                if (!placed.BodyReads && placed.Record.Kind != RecordKind.Batch) Damage.Add((at, placed.BodyAt));
                at = placed.End;
                End = Math.Min(at, limit);
                continue;
            }
            var next = NextAfter(at, limit, names);
            if (next < 0) break;
            Damage.Add((at, next));
            at = next;
        }
        if (end >= 0 ? at < end : !EndsAt(at)) Damage.Add((at, end >= 0 ? end : Math.Max(at, Bytes.Length)));
    }

    bool EndsAt(int at) => Header is { Version: 1 }
        ? at <= Bytes.Length && !(at + 16 <= Bytes.Length && Record.LooksTorn(Bytes.Span[at..], Number))
        : SegmentEnd.StandsAt(Bytes.Span, at, Number);

    int NextAfter(int at, int limit, StreamNames names)
    {
        for (var next = at + 8 & ~7; next < limit; next += 8)
            if (Record.TryRead(Bytes[..limit], next, Number, names, out _)) return next;
        return -1;
    }
}
