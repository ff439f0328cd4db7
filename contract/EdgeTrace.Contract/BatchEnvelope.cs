using System.Buffers.Binary;
using System.IO.Hashing;

namespace EdgeTrace.Contract;

/// <summary>
/// The part of a batch's identity that travels in MQTT 5 Correlation Data, with checksums, so that an unreadable body can
/// still be quarantined under its number and its stream go on. Gateway and stream are in the topic.
/// </summary>
/// <remarks>
/// 32 bytes, little-endian (drawn in README.md):
/// <code>
///  0        4        12         20       24       28       32
///  +--------+---------+----------+--------+--------+--------+
///  | "ETB1" |  epoch  | sequence | length | CRC32  | CRC32  |
///  |        |   u64   |   u64    | body   | body   | 0..27  |
///  +--------+---------+----------+--------+--------+--------+
/// </code>
/// </remarks>
public readonly record struct BatchEnvelope(ulong Epoch, ulong Sequence, uint BodyLength, uint BodyCrc)
{
    public const int Length = 32;
    const uint Magic = 0x31425445;   // "ETB1"

    public static BatchEnvelope For(ulong epoch, ulong sequence, ReadOnlySpan<byte> body) =>
        new(epoch, sequence, (uint)body.Length, Crc32.HashToUInt32(body));

    /// <summary>Whether <paramref name="body"/> is the one this envelope was written for.</summary>
    public bool Seals(ReadOnlySpan<byte> body) => body.Length == BodyLength && Crc32.HashToUInt32(body) == BodyCrc;

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="Length"/>.</exception>
    public void Write(Span<byte> destination)
    {
        if (destination.Length < Length) throw new ArgumentException($"An envelope needs {Length} bytes, got {destination.Length}.");
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[4..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[12..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], BodyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], BodyCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Crc32.HashToUInt32(destination[..28]));
    }

    /// <summary>False when the bytes are no envelope: wrong length, mark or checksum, or an epoch or sequence of 0.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BatchEnvelope envelope)
    {
        envelope = default;
        if (bytes.Length != Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc32.HashToUInt32(bytes[..28])) return false;
        envelope = new(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        return envelope is { Epoch: not 0, Sequence: not 0 };
    }
}
