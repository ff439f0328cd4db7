using System.Buffers;
using System.Buffers.Binary;
using EdgeTrace.Llrp.Messages;

namespace EdgeTrace.Llrp.Wire;

/// <summary>One message as it stands on the wire: the ten-byte header, read; the body, not yet.</summary>
/// <remarks>
/// LLRP 1.0.1 and 1.1, section "Protocol binding"; big-endian.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-----+-----+-------------------+-------------------------------+
/// | 0 0 0 Ver |   Message type    |        Message length ...     |
/// +-----+-----+-------------------+-------------------------------+
/// |   ... including these 10 bytes|          Message id ...       |
/// +-------------------------------+-------------------------------+
/// |              ...              |   fields, then parameters     |
/// +-------------------------------+-------------------------------+
/// </code>
/// The body is a slice of the buffer it was read from and lives as long as that buffer does.
/// </remarks>
public readonly struct LlrpFrame(byte version, LlrpMessageType type, uint id, ReadOnlySequence<byte> body)
{
    public const int HeaderBytes = 10;

    /// <summary>An R420 sends what its 512 KiB buffer holds in one report; 10,000 fully described tags, the largest public vector, are 1.4 MB.</summary>
    public const int BytesMax = 4 << 20;

    const byte VersionMin = 1, VersionMax = 3;   // 1 = LLRP 1.0.1, 2 = LLRP 1.1, 3 = LLRP 2.0

    public byte Version { get; } = version;
    public LlrpMessageType Type { get; } = type;
    public uint Id { get; } = id;
    public ReadOnlySequence<byte> Body { get; } = body;
    public long Length => HeaderBytes + Body.Length;

    /// <summary>Takes one whole frame off the front of <paramref name="buffer"/>; false when more bytes are needed first.</summary>
    /// <exception cref="LlrpProtocolException">These bytes cannot begin an LLRP frame, or it would be longer than <paramref name="bytesMax"/>.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out LlrpFrame frame, int bytesMax = BytesMax)
    {
        frame = default;
        // Six bytes suffice to refuse a peer that is not LLRP, or a length nobody should wait for.
        if (buffer.Length < 6) return false;

        Span<byte> header = stackalloc byte[HeaderBytes];
        var seen = (int)Math.Min(buffer.Length, HeaderBytes);
        buffer.Slice(0, seen).CopyTo(header);

        var head = BinaryPrimitives.ReadUInt16BigEndian(header);
        var version = (byte)((head >> 10) & 7);
        if (head >> 13 != 0 || version is < VersionMin or > VersionMax)
            throw new LlrpProtocolException(0, "message header", "reserved bits 0 and version 1 to 3", $"0x{head:X4}");

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[2..]);
        if (length < HeaderBytes || length > bytesMax)
            throw new LlrpProtocolException(2, "message length", $"{HeaderBytes} to {bytesMax} bytes", $"{length}");

        if (buffer.Length < length) return false;
        var id = BinaryPrimitives.ReadUInt32BigEndian(header[6..]);
        frame = new LlrpFrame(version, (LlrpMessageType)(head & 0x3FF), id, buffer.Slice(HeaderBytes, length - HeaderBytes));
        buffer = buffer.Slice(length);
        return true;
    }

    /// <summary>The body as one span: as it stands where it is contiguous, otherwise copied into <paramref name="scratch"/>, which grows to fit.</summary>
    public ReadOnlySpan<byte> BodySpan(ref byte[] scratch)
    {
        if (Body.IsSingleSegment) return Body.FirstSpan;
        var length = (int)Body.Length;
        if (scratch.Length < length) scratch = new byte[Math.Max(length, scratch.Length * 2)];
        Body.CopyTo(scratch);
        return scratch.AsSpan(0, length);
    }

    public override string ToString() => $"{Type} id {Id}, {Length} bytes";
}
