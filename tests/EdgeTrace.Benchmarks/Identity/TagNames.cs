using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using EdgeTrace.Identity;

namespace EdgeTrace.Benchmarks.Identity;

/// <summary>What does it cost to read what a tag, or a label, says?</summary>
[MemoryDiagnoser]
[Description("EPCs decoded: SGTIN-96 of 20 products | tag")]
public class EpcDecode
{
    const int Tags = 1000;
    readonly Epc[] _epcs = [.. TagSet.Epcs(Tags, seed: 3).Select(bytes => Epc.From(bytes))];

    [Benchmark(Baseline = true, OperationsPerInvoke = Tags, Description = "scheme, company prefix, reference, serial")]
    public ulong Decode_bits()
    {
        var sum = 0ul;
        foreach (var epc in _epcs)
            if (Gs1Tag.TryDecode(epc, out var tag)) sum += tag.Serial + tag.Reference;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Tags, Description = "the same, and the pure identity URI as text")]
    public int Decode_to_uri()
    {
        var sum = 0;
        foreach (var epc in _epcs)
            if (Gs1Tag.TryDecode(epc, out var tag)) sum += tag.ToPureUri().Length;
        return sum;
    }
}

/// <inheritdoc cref="EpcDecode"/>
[MemoryDiagnoser]
[Description("Scans parsed: GTIN, use-by date, lot, serial | scan")]
public class ScanParse
{
    readonly string _label = "]d20109506000134352172712311042A\u001D21S1234567";

    [Benchmark(Baseline = true, Description = "GS1 DataMatrix with identifier and separators")]
    public string? Parse_gs1_elements() => ScanCode.Parse(_label, 2026).Serial;
}
