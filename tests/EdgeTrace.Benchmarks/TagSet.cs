using System.Buffers.Binary;

namespace EdgeTrace.Benchmarks;

/// <summary>The stock that every benchmark reads: SGTIN-96 of 20 products of one company, serial numbers drawn at random.</summary>
static class TagSet
{
    /// <summary>2023-11-14T22:13:20Z: some moment of today's length in every encoding.</summary>
    public const long StartUs = 1_700_000_000_000_000;

    const int Products = 20;

    public static byte[][] Epcs(int count, int seed)
    {
        var random = new Random(seed);
        var epcs = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            // Header 30h, filter 1, partition 5 (a company prefix of 7 digits), then 20 bits of item reference and 38 of serial.
            var reference = (ulong)(1000 + random.Next(Products) * 37);
            var bits = (UInt128)0x30 << 88 | (UInt128)1 << 85 | (UInt128)5 << 82 | (UInt128)4_012_345 << 58 | (UInt128)reference << 38 | (UInt128)random.NextInt64(1L << 38);
            epcs[i] = new byte[12];
            BinaryPrimitives.WriteUInt64BigEndian(epcs[i], (ulong)(bits >> 32));
            BinaryPrimitives.WriteUInt32BigEndian(epcs[i].AsSpan(8), (uint)bits);
        }
        return epcs;
    }
}
