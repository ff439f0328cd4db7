using System.Buffers.Binary;
using System.Numerics;

namespace EdgeTrace.Contract;

/// <summary>
/// Numbers of a small range, each in as few bits as the widest needs: what a batch says of antennas, RSSI or phase has a few bits of news a read.
/// <code>
/// +----------------+--------+----------+----------------------------------------------------+
/// | least, zigzag  | step   | width w  | (number − least) / step, w bits each, low bit first |
/// | varint         | varint | u8, 0…32 | padded with zero bits to whole bytes                |
/// +----------------+--------+----------+----------------------------------------------------+
/// </code>
/// </summary>
static class PackedNumbers
{
    public const int WidthMax = 32;

    /// <summary>The most that <see cref="Write"/> needs for so many.</summary>
    public static int BytesMax(int count) => 5 + 5 + 1 + 4 * count + 4;

    /// <param name="step">Divides the distance of any two of the values.</param>
    public static int Write(Span<byte> to, ReadOnlySpan<int> values, int step)
    {
        var (least, most) = (int.MaxValue, int.MinValue);
        foreach (var value in values) (least, most) = (Math.Min(least, value), Math.Max(most, value));
        var width = 32 - BitOperations.LeadingZeroCount((uint)(((long)most - least) / step));
        var at = Varint.Write(to, Varint.ZigZag(least));
        at += Varint.Write(to[at..], (ulong)step);
        to[at++] = (byte)width;
        if (width == 0) return at;

        var (bits, held) = (0ul, 0);
        foreach (var value in values)
        {
            var distance = (uint)(value - least);
            bits |= (ulong)(step == 1 ? distance : distance / (uint)step) << held;
            held += width;
            if (held < 32) continue;
            BinaryPrimitives.WriteUInt32LittleEndian(to[at..], (uint)bits);
            (at, bits, held) = (at + 4, bits >> 32, held - 32);
        }
        for (; held > 0; held -= 8, bits >>= 8) to[at++] = (byte)bits;
        return at;
    }

    public static int BytesOf(int count, int width) => (int)(((long)count * width + 7) / 8);

    /// <summary>Fills <paramref name="to"/> and says the greatest of them, which may be beyond what an int holds.</summary>
    /// <param name="bytes">Exactly <see cref="BytesOf"/> bytes.</param>
    public static long Read(ReadOnlySpan<byte> bytes, int width, int least, int step, Span<int> to)
    {
        var mask = (1ul << width) - 1;
        var (bit, most) = (0L, (long)least);
        foreach (ref var value in to)
        {
            var rest = bytes[(int)(bit >> 3)..];
            var word = rest.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(rest) : Tail(rest);
            var number = least + step * (long)(word >> (int)(bit & 7) & mask);
            most = Math.Max(most, number);
            value = (int)number;
            bit += width;
        }
        return most;
    }

    static ulong Tail(ReadOnlySpan<byte> rest)
    {
        var word = 0ul;
        for (var i = 0; i < rest.Length; i++) word |= (ulong)rest[i] << 8 * i;
        return word;
    }
}
