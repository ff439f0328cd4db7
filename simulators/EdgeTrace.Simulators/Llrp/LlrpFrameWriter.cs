using System.Buffers.Binary;
using System.Text;

namespace EdgeTrace.Simulators.Llrp;

/// <summary>
/// Writes LLRP 1.0.1 messages into one growing buffer. Lengths are patched when a frame or parameter ends.
/// Written by hand beside the gateway's codec on purpose: the double must not share its bugs.
/// </summary>
sealed class LlrpFrameWriter
{
    const int StartBytes = 4096;
    const int DepthMax = 16;   // LLRP's deepest tree (capabilities, custom inside report) stays below 8

    byte[] _buffer = new byte[StartBytes];
    readonly int[] _starts = new int[DepthMax];
    int _depth;

    public int Length { get; private set; }
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>3 bits reserved, 3 bits version, 10 bits type · length u32 with the header · id u32.</summary>
    public void BeginMessage(MessageType type, uint id, int version = 1)
    {
        Push();
        U16((ushort)((version << 10) | (int)type)).U32(0).U32(id);
    }

    public void EndMessage()
    {
        var start = Pop();
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(start + 2), (uint)(Length - start));
    }

    /// <summary>6 bits reserved, 10 bits type · length u16 with these 4 bytes.</summary>
    public LlrpFrameWriter Begin(ParameterType type)
    {
        Push();
        return U16((ushort)type).U16(0);
    }

    public LlrpFrameWriter End()
    {
        var start = Pop();
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(start + 2), checked((ushort)(Length - start)));
        return this;
    }

    public LlrpFrameWriter BeginCustom(uint vendor, uint subtype) => Begin(ParameterType.Custom).U32(vendor).U32(subtype);

    /// <summary>A TV parameter: first bit 1, 7 bits type, then a value of fixed size.</summary>
    public LlrpFrameWriter Tv(TvType type) => U8((byte)(0x80 | (int)type));

    public LlrpFrameWriter U8(int value)
    {
        Room(1)[0] = (byte)value;
        return this;
    }

    public LlrpFrameWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Room(2), (ushort)value);
        return this;
    }

    public LlrpFrameWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
        return this;
    }

    public LlrpFrameWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);
        return this;
    }

    public LlrpFrameWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        return this;
    }

    /// <summary>u16 count of bytes, then UTF-8.</summary>
    public LlrpFrameWriter Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return U16(bytes.Length).Bytes(bytes);
    }

    void Push() => _starts[_depth++] = Length;
    int Pop() => _starts[--_depth];

    Span<byte> Room(int count)
    {
        if (Length + count > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        Length += count;
        return _buffer.AsSpan(Length - count, count);
    }
}
