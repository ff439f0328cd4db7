using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Wire;

/// <summary>Writes frames into one growing buffer that is used again; lengths are filled in when a message or parameter ends.</summary>
public sealed class LlrpWriter(int capacity = 1024)
{
    byte[] _buffer = new byte[capacity];
    int _length;

    public int Length => _length;
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);
    public void Clear() => _length = 0;

    public LlrpWriter U8(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public LlrpWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);
        return this;
    }

    public LlrpWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    public LlrpWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        return this;
    }

    public LlrpWriter S8(sbyte value) => U8((byte)value);
    public LlrpWriter S16(short value) => U16((ushort)value);
    /// <summary>One bit, first in its byte; seven reserved ones follow.</summary>
    public LlrpWriter Flag(bool value) => U8(value ? (byte)0x80 : (byte)0);

    public LlrpWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    public LlrpWriter Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        U16(checked((ushort)count));
        Encoding.UTF8.GetBytes(value, Take(count));
        return this;
    }

    public LlrpWriter U16Array(IReadOnlyList<ushort> values)
    {
        U16(checked((ushort)values.Count));
        foreach (var value in values) U16(value);
        return this;
    }

    public LlrpWriter U32Array(IReadOnlyList<uint> values)
    {
        U16(checked((ushort)values.Count));
        foreach (var value in values) U32(value);
        return this;
    }

    /// <summary>Opens a message; give what it returns to <see cref="EndMessage"/>.</summary>
    public int BeginMessage(LlrpMessageType type, uint id, byte version = 1)
    {
        var start = _length;
        U16((ushort)(version << 10 | (ushort)type)).U32(0).U32(id);
        return start;
    }

    public void EndMessage(int start) =>
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(start + 2), (uint)(_length - start));

    /// <summary>Opens a TLV parameter; give what it returns to <see cref="EndTlv"/>.</summary>
    public int BeginTlv(ParameterType type)
    {
        var start = _length;
        U16((ushort)type).U16(0);
        return start;
    }

    public void EndTlv(int start)
    {
        var length = _length - start;
        if (length > ushort.MaxValue) throw new InvalidOperationException($"A parameter holds at most {ushort.MaxValue} bytes; this one came to {length}.");
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(start + 2), (ushort)length);
    }

    /// <summary>Room for bytes that the caller fills at once.</summary>
    internal Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_length + count, _buffer.Length * 2));
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    /// <summary>What was written, for <see cref="LlrpFrame.TryRead"/> and the like.</summary>
    public ReadOnlySequence<byte> WrittenSequence => new(WrittenMemory);
}
