using System.Numerics;

namespace EdgeTrace.Identity;

/// <summary>Takes fields off the front of a tag's bits. Taking more than there is leaves <see cref="IsShort"/> set and gives zeros, so that a codec asks once at its end.</summary>
ref struct BitCursor(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at;

    public readonly int Left => _bytes.Length * 8 - _at;

    /// <summary>The tag ended inside a field.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Whether nothing but zeros is left.</summary>
    public readonly bool RestIsZero
    {
        get
        {
            var rest = this;
            while (rest.Left > 0)
            {
                if (rest.Take(Math.Min(64, rest.Left)) != 0) return false;
            }
            return true;
        }
    }

    /// <summary>The next bits without taking them.</summary>
    public readonly ulong Peek(int count)
    {
        var copy = this;
        return copy.Take(count);
    }

    /// <summary>Up to 64 bits as a number, the first the greatest.</summary>
    public ulong Take(int count)
    {
        if (count > Left)
        {
            IsShort = true;
            _at = _bytes.Length * 8;
            return 0;
        }
        var value = 0UL;
        for (var left = count; left > 0;)
        {
            var taken = Math.Min(left, 8 - _at % 8);
            var bits = _bytes[_at / 8] >> (8 - _at % 8 - taken) & ((1 << taken) - 1);
            value = value << taken | (uint)bits;
            _at += taken;
            left -= taken;
        }
        return value;
    }

    /// <summary>A number of any width.</summary>
    public BigInteger TakeBig(int count)
    {
        BigInteger value = 0;
        for (; count > 0; count -= Math.Min(count, 32)) value = value << Math.Min(count, 32) | Take(Math.Min(count, 32));
        return value;
    }
}

/// <summary>Puts fields one behind the other into a tag's bits. What no longer fits is refused by <see cref="TryFinish"/>.</summary>
sealed class BitWriter
{
    readonly byte[] _bytes = new byte[Epc.BytesMax];
    int _at;
    bool _overrun;

    public void Put(ulong value, int count)
    {
        for (var bit = count - 1; bit >= 0; bit--)
        {
            if (_at >= _bytes.Length * 8) { _overrun = true; return; }
            if ((value >> bit & 1) != 0) _bytes[_at / 8] |= (byte)(0x80 >> _at % 8);
            _at++;
        }
    }

    public void PutBig(BigInteger value, int count)
    {
        for (; count > 0; count -= (count - 1) % 32 + 1) Put((ulong)(value >> (count - ((count - 1) % 32 + 1)) & uint.MaxValue), (count - 1) % 32 + 1);
    }

    public void PutZeros(int count)
    {
        for (; count > 0; count -= 64) Put(0, Math.Min(64, count));
    }

    /// <summary>The bits, filled up with zeros to whole words of 16, as tags hold them; false when they are more than a tag's address can say.</summary>
    public bool TryFinish(out Epc epc)
    {
        epc = _overrun ? default : Epc.From(_bytes.AsSpan(0, (_at + 15) / 16 * 2));
        return !_overrun;
    }
}
