using System.Buffers;
using CsCheck;
using EdgeTrace.Contract;

namespace EdgeTrace.Tests.Contract;

public class ReadColumnsTests
{
    static readonly Gen<ReadRow> Row =
        from time in Gen.Long[1_700_000_000_000_000, 1_700_000_100_000_000]
        from antenna in Gen.UShort
        from rssi in Gen.OneOf(Gen.Short, Gen.SByte.Select(dbm => (short)(dbm * 100)))
        from count in Gen.UShort
        from last in Gen.Long[-5, 5_000_000]
        from phase in Gen.Short[-1, 4095]
        from channel in Gen.UShort[0, 50]
        from doppler in Gen.Short
        select new ReadRow(time, antenna, rssi) { Count = count, LastUs = time + last, Phase = phase, Channel = channel, Doppler = doppler };

    static readonly Gen<(ReadRow Row, byte[] Epc, ushort Pc, byte[] Tid)[]> Reads =
        Gen.Select(Row, Gen.Byte.Array[0, 62].Select(epc => epc.Length > 3 ? epc[..3] : epc), Gen.UShort[0, 1], Gen.Byte[0, 1].Array[0, 2]).Array[0, 300];

    [Fact]
    public void What_is_written_is_read_back() => Reads.Sample(reads =>
    {
        var columns = new ReadColumns();
        columns.Decode(Encode(reads));
        Assert.Equal(reads.Length, columns.Count);
        for (var i = 0; i < reads.Length; i++)
        {
            Assert.Equal(reads[i].Row, columns.Row(i));
            Assert.Equal(reads[i].Epc, columns.Epc(columns.Entry[i]).ToArray());
            Assert.Equal(reads[i].Pc, columns.Pc(columns.Entry[i]));
            Assert.Equal(reads[i].Tid, columns.Tid(columns.Entry[i]).ToArray());
        }
    });

    [Fact]
    public void Two_tags_with_one_EPC_but_another_TID_stay_two() 
    {
        byte[] epc = [1, 2, 3, 4];
        var columns = new ReadColumns();
        columns.Decode(Encode([(new ReadRow(1, 1, -5000), epc, 0, [1]), (new ReadRow(2, 1, -5000), epc, 0, [2])]));
        Assert.Equal(2, columns.DistinctTags);
    }

    /// <summary>The bytes in testdata are the promise to gateways already in the field: they may only ever gain a sibling.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_golden_bytes_stay_what_they_are(int version)
    {
        var golden = Convert.FromHexString(string.Concat(File.ReadLines(Path.Combine(AppContext.BaseDirectory, $"testdata/contract/read-columns-{version}.hex"))
            .Select(line => line.Split('#')[0].Replace(" ", "", StringComparison.Ordinal))));
        byte[] hip = Convert.FromHexString("3034257BF7194E4000001A85"), knee = Convert.FromHexString("3034257BF7194E4000001A86");
        var reads = new (ReadRow Row, byte[] Epc, ushort Pc, byte[] Tid)[]
        {
            (new ReadRow(1_700_000_000_000_000, 1, -4800) { Phase = 1024, LastUs = 1_700_000_000_000_300, Count = 2 }, hip, 0x3000, []),
            (new ReadRow(1_700_000_000_001_000, 2, -6150) { Phase = 4095 }, knee, 0x3000, [0xE2, 0x80]),
            (new ReadRow(1_699_999_999_999_990, 1, -5200), hip, 0x3000, []),
        };
        if (version == ReadColumns.Version) Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(Encode(reads)));
        var columns = new ReadColumns();
        columns.Decode(golden);
        Assert.Equal(reads.Select(read => read.Row), Enumerable.Range(0, 3).Select(columns.Row));
        Assert.Equal(reads.Select(read => Convert.ToHexString(read.Epc)), Enumerable.Range(0, 3).Select(read => Convert.ToHexString(columns.Epc(columns.Entry[read]))));
        Assert.Equal([0x3000, 0x3000], Enumerable.Range(0, 2).Select(tag => (int)columns.Pc(tag)));
        Assert.Equal([0xE2, 0x80], columns.Tid(1).ToArray());
    }

    [Theory]
    [InlineData("antenna", "04 05 02 01 21 00 00")]          // 33 bits wide
    [InlineData("antenna", "04 07 02 01 20 FF FF FF FF")]    // 65,535 can be
    [InlineData("antenna", "04 03 01 01 00")]                // less than 0
    [InlineData("tag index", "02 03 02 01 00")]              // one back, and no tag is known yet
    public void A_number_that_cannot_be_is_refused_by_name(string what, string column)
    {
        var bytes = Encode([(new ReadRow(1, 1, -5000), [1], 0, [])]);
        var number = Convert.FromHexString(column.Replace(" ", "", StringComparison.Ordinal));
        // The column takes the place of the one the writer made: number, length 3, least, step, no bits.
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[number[0], 3]);
        var error = Assert.Throws<ColumnFormatException>(() => new ReadColumns().Decode([.. bytes[..at], .. number, .. bytes[(at + 5)..]]));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_reads_of_two_hundred_tags_take_six_bytes_each_and_eight_with_phase()
    {
        var random = new Random(1);
        (ReadRow, byte[], ushort, byte[])[] reads = [.. Enumerable.Range(0, 1000).Select(i => (
            new ReadRow(1_700_000_000_000_000 + i * 1000 + random.Next(1000), (ushort)random.Next(1, 5), (short)(-3500 - 50 * random.Next(80))) { Phase = (short)random.Next(4096) },
            (byte[])[0x30, 0x34, 0x25, 0x7B, 0xF7, 0x19, 0x4E, .. BitConverter.GetBytes(random.Next(200) * 2_654_435_761L)[..5]], (ushort)0, Array.Empty<byte>()))];
        Assert.InRange(Encode(reads).Length, 0, 8000);
        Assert.InRange(Encode(reads.Select(read => (read.Item1 with { Phase = ReadRow.PhaseNotTold }, read.Item2, read.Item3, read.Item4))).Length, 0, 6000);
    }

    [Fact]
    public void A_column_of_a_newer_gateway_is_stepped_over()
    {
        var bytes = Encode([(new ReadRow(1, 1, -5000), [1], 0, [])]);
        var columns = new ReadColumns();
        columns.Decode([.. bytes, 200, 3, 9, 9, 9]);
        Assert.Equal(1, columns.Count);
    }

    [Fact]
    public void Every_truncation_and_any_bit_flips_end_in_one_kind_of_exception() => Gen.Select(Reads, Gen.Int, Gen.Byte).Sample((reads, at, bits) =>
    {
        var bytes = Encode(reads);
        var columns = new ReadColumns();
        TryDecode(columns, bytes.AsSpan(0, (int)((uint)at % (uint)bytes.Length)));
        bytes[(uint)at % (uint)bytes.Length] ^= bits;
        TryDecode(columns, bytes);
    });

    [Fact]
    public void A_declared_four_billion_reads_cost_no_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ColumnFormatException>(() => new ReadColumns().Decode([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_warm_decoder_allocates_nothing()
    {
        var bytes = Encode([.. Enumerable.Range(0, 1000).Select(i => (new ReadRow(i * 1000, (ushort)(i % 4), -5000), new byte[] { 48, 1, 2, (byte)(i % 50) }, (ushort)0, Array.Empty<byte>()))]);
        var columns = new ReadColumns();
        columns.Decode(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        columns.Decode(bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static void TryDecode(ReadColumns columns, ReadOnlySpan<byte> bytes)
    {
        try
        {
            columns.Decode(bytes);
        }
        catch (ColumnFormatException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    static byte[] Encode(IEnumerable<(ReadRow Row, byte[] Epc, ushort Pc, byte[] Tid)> reads)
    {
        var writer = new ReadColumnsWriter();
        writer.Clear();
        foreach (var (row, epc, pc, tid) in reads) writer.Add(row, epc, pc, tid);
        var output = new ArrayBufferWriter<byte>();
        writer.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
