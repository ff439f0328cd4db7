using System.Buffers;
using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Benchmarks.Llrp;

/// <summary>How many tags of LLRP reports does one core decode in a second, and what does a tag allocate?</summary>
[MemoryDiagnoser]
[Description("LLRP reports decoded: 500 reports of 200 tags, 43 B a tag; from bytes to every field | tag")]
public class LlrpDecode
{
    readonly byte[] _bytes = ReportBytes.Make();
    byte[] _scratch = [];

    [Benchmark(Baseline = true, OperationsPerInvoke = ReportBytes.Tags, Description = "**EdgeTrace.Llrp**: every length checked, any order of parameters")]
    public ulong Decode_reports_of_200_tags()
    {
        var sum = 0ul;
        var buffer = new ReadOnlySequence<byte>(_bytes);
        while (LlrpFrame.TryRead(ref buffer, out var frame))
        {
            var reader = new LlrpReportReader(frame.BodySpan(ref _scratch));
            while (reader.TryRead(out var tag))
                sum += tag.FirstSeenUtcUs + tag.LastSeenUtcUs + tag.Antenna + (ulong)tag.PeakRssiDbm + tag.SeenCount + tag.Epc[11];
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = ReportBytes.Tags, Description = "an object a parameter, as the LLRP libraries do")]
    public ulong Decode_into_an_object_for_each_parameter()
    {
        var sum = 0ul;
        for (var at = 0; at < _bytes.Length;)
            foreach (var tag in ObjectDecoder.Decode(_bytes, ref at))
                sum += tag.Find<ObjectDecoder.FirstSeenUtc>()!.Microseconds + tag.Find<ObjectDecoder.LastSeenUtc>()!.Microseconds
                    + tag.Find<ObjectDecoder.AntennaId>()!.Value + (ulong)tag.Find<ObjectDecoder.PeakRssi>()!.Dbm
                    + tag.Find<ObjectDecoder.TagSeenCount>()!.Value + tag.Find<ObjectDecoder.Epc96>()!.Epc[11];
        return sum;
    }
}
