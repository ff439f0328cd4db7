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
[Description("EPCs of any scheme, into elements | tag")]
public class AnyEpcDecode
{
    readonly Epc _long = Epc.Parse("3666C4409047E159B2C2BF100000000000000000000000000000");
    readonly Epc _plus = Epc.Parse("F7909506000134352624B510622F517385D0");

    [Benchmark(Baseline = true, Description = "SGTIN-198")]
    public int Decode_long() => TagContent.TryDecode(_long, out var content, out _) ? content.Key.Length : 0;

    [Benchmark(Description = "SGTIN+ with lot and use-by date")]
    public int Decode_plus() => TagContent.TryDecode(_plus, out var content, out _) ? content.Elements.Length : 0;
}

/// <inheritdoc cref="EpcDecode"/>
[MemoryDiagnoser]
[Description("Scans parsed: GTIN, use-by date, lot, serial | scan")]
public class ScanParse
{
    readonly string _label = "]d20109506000134352172712311042A\u001D21S1234567";

    readonly string _swallowed = "]d2010541234500001310ABC12345678901729033121S-400500";
    readonly string _hibc = "+A99912345/$$52001510X3/16D20111212/S77DEFG457";

    [Benchmark(Baseline = true, Description = "GS1 DataMatrix with identifier and separators")]
    public string? Parse_gs1_elements() => ScanCode.Parse(_label, 2026).Serial;

    [Benchmark(Description = "the same kind with its separators lost, put back")]
    public string? Parse_without_separators() => ScanCode.Parse(_swallowed, 2026).Serial;

    [Benchmark(Description = "HIBC, both parts in one")]
    public string? Parse_hibc() => ScanCode.Parse(_hibc, 2026).Serial;
}
