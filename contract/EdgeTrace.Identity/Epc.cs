using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace EdgeTrace.Identity;

/// <summary>The bits a tag carries as its EPC, exactly as read: 0 to 62 bytes, compared and ordered as bytes. Says nothing of what they mean.</summary>
/// <remarks>Sixteen bytes live in the value itself, so that the 96- and 128-bit tags that fill a hospital cost no allocation; what is longer keeps its rest in an array nobody else holds.</remarks>
public readonly struct Epc : IEquatable<Epc>, IComparable<Epc>, ISpanFormattable, ISpanParsable<Epc>
{
    /// <summary>The longest EPC the air protocol can say: 31 words (Gen2 PC bits 10h–14h).</summary>
    public const int BytesMax = 62;

    const int InlineBytes = 16;

    readonly ulong _high;    // bytes 0–7, first byte most significant, absent bytes zero
    readonly ulong _low;     // bytes 8–15
    readonly byte[]? _rest;  // bytes 16…, null when there are none
    readonly byte _length;

    Epc(ulong high, ulong low, byte[]? rest, int length)
    {
        _high = high;
        _low = low;
        _rest = rest;
        _length = (byte)length;
    }

    /// <summary>Length in bytes.</summary>
    public int Length => _length;

    public bool IsEmpty => _length == 0;

    /// <summary>The first byte, which names the scheme (TDS §14.2); 0, "unprogrammed", for an empty EPC.</summary>
    public byte Header => (byte)(_high >> 56);

    /// <summary>Bytes 0–7 as a big-endian number, absent bytes zero.</summary>
    internal ulong High => _high;

    /// <summary>Bytes 8–15 as a big-endian number, absent bytes zero.</summary>
    internal ulong Low => _low;

    public static Epc From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, BytesMax, nameof(bytes));
        if (bytes.Length == 12)
            return new(BinaryPrimitives.ReadUInt64BigEndian(bytes), (ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) << 32, null, 12);

        Span<byte> inline = stackalloc byte[InlineBytes];
        inline.Clear();
        bytes[..Math.Min(bytes.Length, InlineBytes)].CopyTo(inline);
        var rest = bytes.Length > InlineBytes ? bytes[InlineBytes..].ToArray() : null;
        return new(BinaryPrimitives.ReadUInt64BigEndian(inline), BinaryPrimitives.ReadUInt64BigEndian(inline[8..]), rest, bytes.Length);
    }

    /// <summary>A 96-bit EPC from its first 64 and last 32 bits.</summary>
    internal static Epc From96(ulong high, uint low) => new(high, (ulong)low << 32, null, 12);

    /// <summary>Copies the bytes and says how many there were.</summary>
    public int CopyTo(Span<byte> destination)
    {
        if (destination.Length < _length) throw new ArgumentException($"{_length} bytes do not fit into {destination.Length}.", nameof(destination));
        Span<byte> inline = stackalloc byte[InlineBytes];
        BinaryPrimitives.WriteUInt64BigEndian(inline, _high);
        BinaryPrimitives.WriteUInt64BigEndian(inline[8..], _low);
        inline[..Math.Min(Length, InlineBytes)].CopyTo(destination);
        _rest.AsSpan().CopyTo(destination[Math.Min(Length, InlineBytes)..]);
        return _length;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[_length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Whether the leading bytes are those of <paramref name="prefix"/>; an empty prefix matches every tag.</summary>
    public bool StartsWith(Epc prefix)
    {
        if (prefix._length > _length) return false;
        if (prefix._length <= 8) return ((_high ^ prefix._high) & Leading(prefix._length)) == 0;
        if (prefix._length <= InlineBytes) return _high == prefix._high && ((_low ^ prefix._low) & Leading(prefix._length - 8)) == 0;
        return _high == prefix._high && _low == prefix._low && _rest.AsSpan().StartsWith(prefix._rest);
    }

    static ulong Leading(int bytes) => bytes == 0 ? 0 : ulong.MaxValue << (64 - 8 * bytes);

    public bool Equals(Epc other) =>
        _high == other._high && _low == other._low && _length == other._length
        && (_length <= InlineBytes || _rest.AsSpan().SequenceEqual(other._rest));

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Epc other && Equals(other);

    public override int GetHashCode()
    {
        if (_rest is null) return HashCode.Combine(_high, _low, _length);
        var hash = new HashCode();
        hash.Add(_high);
        hash.Add(_low);
        hash.AddBytes(_rest);
        return hash.ToHashCode();
    }

    /// <summary>Byte order, a prefix before what it begins.</summary>
    public int CompareTo(Epc other)
    {
        if (_high != other._high) return _high.CompareTo(other._high);
        if (_low != other._low) return _low.CompareTo(other._low);
        var rest = _rest.AsSpan().SequenceCompareTo(other._rest);
        return rest != 0 ? rest : _length.CompareTo(other._length);
    }

    public static bool operator ==(Epc left, Epc right) => left.Equals(right);
    public static bool operator !=(Epc left, Epc right) => !left.Equals(right);
    public static bool operator <(Epc left, Epc right) => left.CompareTo(right) < 0;
    public static bool operator >(Epc left, Epc right) => left.CompareTo(right) > 0;
    public static bool operator <=(Epc left, Epc right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Epc left, Epc right) => left.CompareTo(right) >= 0;

    /// <summary>Upper-case hexadecimal, two digits a byte.</summary>
    public override string ToString() => string.Create(_length * 2, this, static (text, epc) => epc.TryFormat(text, out _));

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> bytes = stackalloc byte[BytesMax];
        return Convert.TryToHexString(bytes[..CopyTo(bytes)], destination, out charsWritten);
    }

    /// <summary>Reads hexadecimal of either case. An odd number of digits is refused: which nibble was lost cannot be known.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Epc epc)
    {
        epc = default;
        if (hex.Length > 2 * BytesMax || hex.Length % 2 != 0) return false;
        Span<byte> bytes = stackalloc byte[BytesMax];
        if (Convert.FromHexString(hex, bytes, out _, out var written) != System.Buffers.OperationStatus.Done) return false;
        epc = From(bytes[..written]);
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Epc result) => TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Epc result)
    {
        result = default;
        return s is not null && TryParse(s.AsSpan(), out result);
    }

    public static Epc Parse(ReadOnlySpan<char> hex) =>
        TryParse(hex, out var epc) ? epc : throw new FormatException($"'{hex}' is not an EPC: 0 to {2 * BytesMax} hexadecimal digits, an even number of them.");

    static Epc ISpanParsable<Epc>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static Epc IParsable<Epc>.Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());
}
