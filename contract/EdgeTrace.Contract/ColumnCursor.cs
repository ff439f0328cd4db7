namespace EdgeTrace.Contract;

/// <summary>Walks the bytes of a column; every step is bounds-checked and says what it wanted.</summary>
ref struct ColumnCursor(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at;

    public readonly bool AtEnd => _at == _bytes.Length;
    public readonly int Left => _bytes.Length - _at;

    public byte Byte(string what) => _at < _bytes.Length ? _bytes[_at++] : throw Short(what);

    public ReadOnlySpan<byte> Bytes(string what, int length)
    {
        if (length > Left) throw Short(what);
        var slice = _bytes.Slice(_at, length);
        _at += length;
        return slice;
    }

    /// <summary>A number from 0 to <paramref name="max"/>.</summary>
    public int Number(string what, int max)
    {
        var value = Unsigned(what);
        return value <= (ulong)Math.Max(max, 0) && max >= 0 ? (int)value : throw new ColumnFormatException($"The {what} is {value}; at most {max} can be.");
    }

    public long ZigZag(string what)
    {
        var value = Unsigned(what);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>As many packed numbers as fill <paramref name="to"/>, each from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public void Numbers(string what, Span<int> to, int min, int max)
    {
        var least = ZigZag(what);
        var (step, width) = (Number(what, ushort.MaxValue + 1), Byte(what));
        if (least < min || least > max) throw new ColumnFormatException($"The least {what} is {least}; {min} to {max} can be.");
        if (width > PackedNumbers.WidthMax) throw new ColumnFormatException($"The {what} is {width} bits wide; at most {PackedNumbers.WidthMax} can be.");
        var most = PackedNumbers.Read(Bytes(what, PackedNumbers.BytesOf(to.Length, width)), width, (int)least, step, to);
        if (most > max) throw new ColumnFormatException($"The {what} is {most}; at most {max} can be.");
    }

    ulong Unsigned(string what)
    {
        if (_at < _bytes.Length && _bytes[_at] < 0x80) return _bytes[_at++];
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte(what);
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new ColumnFormatException($"The {what} is longer than 64 bits.");
    }

    readonly ColumnFormatException Short(string what) => new($"The bytes end at {_at}, inside the {what}.");
}

/// <summary>Base-128 numbers, least significant group first, as protocol buffers write them.</summary>
static class Varint
{
    public static ulong ZigZag(long value) => (ulong)(value << 1 ^ value >> 63);

    public static int Write(Span<byte> to, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[at++] = (byte)value;
        return at;
    }
}
