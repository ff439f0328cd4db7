using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Wire;

/// <summary>Walks the fields and parameters inside one frame. Every read asks for its bytes first; a leftover is an error.</summary>
/// <remarks>
/// Two kinds of parameter follow a message's or parameter's fields, told apart by the first bit:
/// <code>
/// TLV  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+---------+-------------------+-------------------------------+
///     |0 0 0 0 0 0|   type 128..1023  | length, these 4 bytes included| value ...
///     +-+---------+-------------------+-------------------------------+
/// TV   0 1 2 3 4 5 6 7
///     +-+-------------+
///     |1| type 1..127 | value: its length is known by type alone, so an unknown TV cannot be skipped
///     +-+-------------+
/// </code>
/// </remarks>
public ref struct LlrpCursor
{
    readonly ReadOnlySpan<byte> _bytes;
    readonly int _base;
    int _at;

    readonly LlrpMessageType _message;
    readonly ParameterType _parameter;

    /// <summary>A cursor over a message's body.</summary>
    public LlrpCursor(ReadOnlySpan<byte> body, LlrpMessageType message)
    {
        _bytes = body;
        _base = LlrpFrame.HeaderBytes;
        _message = message;
    }

    LlrpCursor(ReadOnlySpan<byte> value, LlrpMessageType message, ParameterType parameter, int offset, int depth)
    {
        _bytes = value;
        _base = offset;
        _message = message;
        _parameter = parameter;
        Depth = depth;
    }

    /// <summary>What is being read, for the exception.</summary>
    public readonly string Place => Depth == 0 ? $"{_message}" : $"{_parameter} in {_message}";
    /// <summary>How many parameters this one stands in.</summary>
    public int Depth { get; }
    public readonly int Offset => _base + _at;
    public readonly int Remaining => _bytes.Length - _at;
    public readonly bool AtEnd => _at == _bytes.Length;

    public byte U8() => Take(1)[0];
    public sbyte S8() => (sbyte)Take(1)[0];
    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));
    public short S16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));
    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));
    public ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));
    public ReadOnlySpan<byte> Bytes(int count) => Take(count);
    public ReadOnlySpan<byte> Rest() => Take(Remaining);

    /// <summary>UTF-8 after a sixteen-bit byte count.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(U16()));

    /// <summary>Bits after a sixteen-bit count of them, first bit first, padded to whole bytes.</summary>
    public ReadOnlySpan<byte> Bits(out int count)
    {
        count = U16();
        return Take((count + 7) / 8);
    }

    /// <summary>Numbers after a sixteen-bit count of them.</summary>
    public ushort[] U16Array()
    {
        var bytes = Take(2 * U16());
        var values = new ushort[bytes.Length / 2];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]);
        return values;
    }

    /// <inheritdoc cref="U16Array"/>
    public uint[] U32Array()
    {
        var bytes = Take(4 * U16());
        var values = new uint[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * i)..]);
        return values;
    }

    /// <summary>Is a TV parameter next? (An empty cursor has none.)</summary>
    public readonly bool AtTv => !AtEnd && _bytes[_at] >= 0x80;

    /// <summary>Enters the TLV parameter that is next: its type, and a cursor over its value.</summary>
    public LlrpCursor Tlv(out ParameterType type)
    {
        if (Remaining < 4) Fail("a TLV header of 4 bytes", $"{Remaining} bytes");
        var start = Offset;
        type = (ParameterType)(U16() & 0x3FF);
        var length = U16();
        if (length < 4 || length - 4 > Remaining)
            throw new LlrpProtocolException(start + 2, $"{type} in {Place}", $"a length of 4 to {Remaining + 4}", $"{length}");
        return new LlrpCursor(Take(length - 4), _message, type, start + 4, Depth + 1);
    }

    /// <summary>Everything must have been read.</summary>
    public readonly void End()
    {
        if (!AtEnd) Fail("the end", $"{Remaining} more bytes");
    }

    [DoesNotReturn]
    public readonly void Fail(string expected, string got) => throw new LlrpProtocolException(Offset, Place, expected, got);

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining) Fail($"{count} bytes", $"{Remaining}");
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
