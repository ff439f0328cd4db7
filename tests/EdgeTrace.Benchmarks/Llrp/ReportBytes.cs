using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Benchmarks.Llrp;

/// <summary>500 reports of 200 tags, 43 B a tag: EPC-96, antenna, peak RSSI, first and last seen, count; what a reader sends when it is asked for what a portal needs.</summary>
static class ReportBytes
{
    public const int Reports = 500;
    public const int TagsPerReport = 200;
    public const int Tags = Reports * TagsPerReport;

    public static byte[] Make()
    {
        var random = new Random(1);
        var epcs = TagSet.Epcs(1000, seed: 1);
        var writer = new LlrpWriter(Tags * 43 + Reports * 10);
        var atUs = TagSet.StartUs;
        for (var report = 0; report < Reports; report++)
        {
            var start = writer.BeginMessage(LlrpMessageType.RoAccessReport, (uint)report);
            for (var i = 0; i < TagsPerReport; i++)
            {
                atUs += random.Next(2000);
                writer.Tag(new LlrpTagReport
                {
                    Epc = epcs[random.Next(epcs.Length)],
                    Antenna = (ushort)random.Next(1, 5),
                    PeakRssiDbm = (sbyte)random.Next(-75, -35),
                    FirstSeenUtcUs = (ulong)atUs,
                    LastSeenUtcUs = (ulong)(atUs + random.Next(2) * 20_000),
                    SeenCount = (ushort)random.Next(1, 4),
                });
            }
            writer.EndMessage(start);
        }
        return writer.WrittenSpan.ToArray();
    }
}
