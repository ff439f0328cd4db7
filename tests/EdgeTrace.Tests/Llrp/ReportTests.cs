using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Tests.Llrp;

public class ReportTests
{
    [Fact]
    public void A_usual_tag_is_told_in_full()
    {
        var tag = First("report-epc96");
        Assert.Equal("30ABCDEF0000000000000003", Convert.ToHexString(tag.Epc));
        Assert.Equal((96, (ushort)1, (sbyte)-48, (ushort)4), (tag.EpcBits, tag.Antenna, tag.PeakRssiDbm, tag.SeenCount));
        Assert.Equal((0x5A9E4BEF862E0ul, 0x5A9E4BEF862E5ul), (tag.FirstSeenUtcUs, tag.LastSeenUtcUs));
        Assert.Equal((ushort)0x3000, tag.Pc);
        // R420 inventory reports carry access spec 0.
        Assert.True(tag.Has(TagFields.AccessSpecId | TagFields.Channel) && tag.AccessSpecId == 0);
        Assert.False(tag.Has(TagFields.RoSpecId));
    }

    [Fact]
    public void An_odd_epc_an_unknown_parameter_and_impinjs_fields_are_told()
    {
        var tag = First("report-odd");
        Assert.Equal((13, "ABC8"), (tag.EpcBits, Convert.ToHexString(tag.Epc)));
        Assert.Equal("E2801160600002061234ABCD", Convert.ToHexString(tag.Tid));
        Assert.Equal(((ushort)2, (ushort)2048, (short)-4750, (short)-16), (tag.Antenna, tag.ImpinjPhase, tag.ImpinjRssiCentiDbm, tag.ImpinjDoppler));
    }

    [Fact]
    public void What_another_programs_access_read_of_a_tag_is_no_TID()
    {
        // TagReportData of EPC-96 and a C1G2ReadOpSpecResult (349): success, OpSpec 1, three words of whatever bank that program reads.
        byte[] body =
        [
            0, 240, 0, 32, 0x8D, 0x30, 0xAB, 0xCD, 0xEF, 0, 0, 0, 0, 0, 0, 0, 3,
            0x01, 0x5D, 0, 15, 0, 0, 1, 0, 3, 0xE2, 0x80, 0x11, 0x60, 0x20, 0x00,
        ];
        var reader = new LlrpReportReader(body);
        Assert.True(reader.TryRead(out var tag));
        Assert.Equal(("30ABCDEF0000000000000003", 0, false), (Convert.ToHexString(tag.Epc), tag.Tid.Length, tag.Has(TagFields.ImpinjTid)));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_TV_of_unknown_length_ends_its_tag_and_not_the_report()
    {
        var reader = Reader("report-unknown-tv");
        Assert.True(reader.TryRead(out var first));
        Assert.True(first.Has(TagFields.Epc | TagFields.Unread));
        Assert.False(first.Has(TagFields.PeakRssi));
        Assert.True(reader.TryRead(out var second));
        Assert.Equal((sbyte)-48, second.PeakRssiDbm);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void An_empty_report_is_legal()
    {
        var reader = Reader("empty-report");
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Public_reports_are_walked_to_the_same_tags_as_their_objects()
    {
        var tags = 0;
        foreach (var (_, bytes) in LlrpVectors.Public())
        {
            if (LlrpMessage.Decode(LlrpVectors.Frame(bytes)) is not RoAccessReport report) continue;
            var reader = new LlrpReportReader(bytes.AsSpan(LlrpFrame.HeaderBytes));
            foreach (var expected in report.Tags)
            {
                Assert.True(reader.TryRead(out var tag));
                Assert.True(tag.Epc.SequenceEqual(expected.Report.Epc));
                Assert.Equal(expected.Report.Fields, tag.Fields);
                tags++;
            }

            Assert.False(reader.TryRead(out _));
            Assert.Equal(0, reader.UnreadBytes);
        }

        Assert.True(tags > 100, $"{tags} tags");
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var bytes = LlrpVectors.Own("report-epc96");
        Assert.Equal(First("report-epc96").Fields, Rewritten(bytes).Fields);
        Assert.Equal(First("report-odd").Fields, Rewritten(LlrpVectors.Own("report-odd")).Fields);

        static LlrpTagReport Rewritten(byte[] frame)
        {
            var reader = new LlrpReportReader(frame.AsSpan(LlrpFrame.HeaderBytes));
            Assert.True(reader.TryRead(out var tag));
            var writer = new LlrpWriter();
            var start = writer.BeginMessage(LlrpMessageType.RoAccessReport, 1);
            writer.Tag(tag);
            writer.EndMessage(start);
            var again = new LlrpReportReader(writer.WrittenSpan.ToArray().AsSpan(LlrpFrame.HeaderBytes));
            Assert.True(again.TryRead(out var read));
            Assert.True(read.Epc.SequenceEqual(tag.Epc) && read.Tid.SequenceEqual(tag.Tid));
            Assert.Equal((tag.EpcBits, tag.LastSeenUtcUs, tag.ImpinjPhase, tag.ImpinjRssiCentiDbm), (read.EpcBits, read.LastSeenUtcUs, read.ImpinjPhase, read.ImpinjRssiCentiDbm));
            return read;
        }
    }

    [Fact]
    public void A_tag_costs_no_memory()
    {
        var body = ManyTags(1000);
        var memory = new LlrpReportMemory(TagContent.AntennaId | TagContent.PeakRssi);
        Assert.Equal(1000, Walk(body, memory));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(body, memory);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static int Walk(byte[] body, LlrpReportMemory memory)
        {
            var reader = new LlrpReportReader(body);
            var tags = 0;
            while (reader.TryRead(out var tag))
            {
                memory.Complete(ref tag);
                tags++;
            }

            return tags;
        }
    }

    [Fact]
    public void What_an_enabled_field_said_last_holds_until_it_is_said_again()
    {
        var memory = new LlrpReportMemory(TagContent.RoSpecId | TagContent.AntennaId | TagContent.LastSeen);

        var first = new LlrpTagReport { RoSpecId = 1, Antenna = 2, PeakRssiDbm = -50, LastSeenUtcUs = 100 };
        memory.Complete(ref first);

        var second = new LlrpTagReport { LastSeenUtcUs = 200 };
        memory.Complete(ref second);
        Assert.Equal((1u, (ushort)2, 200ul), (second.RoSpecId, second.Antenna, second.LastSeenUtcUs));
        Assert.False(second.Has(TagFields.PeakRssi));   // not enabled: nothing was left out

        var other = new LlrpTagReport { RoSpecId = 9 };
        memory.Complete(ref other);
        Assert.False(other.Has(TagFields.Antenna));     // of another RoSpec nothing is known
    }

    internal static byte[] ManyTags(int count)
    {
        var writer = new LlrpWriter();
        Span<byte> epc = stackalloc byte[12];
        for (var i = 0; i < count; i++)
        {
            epc[11] = (byte)i;
            writer.Tag(new LlrpTagReport
            {
                Epc = epc, RoSpecId = 1, Antenna = (ushort)(1 + i % 4), PeakRssiDbm = -60, Channel = 3,
                FirstSeenUtcUs = 1_700_000_000_000_000ul + (ulong)i, LastSeenUtcUs = 1_700_000_000_000_000ul + (ulong)i, SeenCount = 1, Pc = 0x3000,
            });
        }

        return writer.WrittenSpan.ToArray();
    }

    static LlrpReportReader Reader(string name) => new(LlrpVectors.Own(name).AsSpan(LlrpFrame.HeaderBytes));

    static LlrpTagReport First(string name)
    {
        var reader = Reader(name);
        Assert.True(reader.TryRead(out var tag));
        return tag;
    }
}
