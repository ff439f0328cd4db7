using System.ComponentModel;
using BenchmarkDotNet.Attributes;

namespace EdgeTrace.Benchmarks.Batches;

/// <summary>What does a read cost to write into a batch, and to read out of it?</summary>
[MemoryDiagnoser]
[Description("Batches written: 1,000 reads of 200 tags, with phase | read")]
public class BatchEncode
{
    readonly Encodings _encodings = new(new(BatchCoding.Reads, 200, phase: true));

    [Benchmark(Baseline = true, OperationsPerInvoke = BatchCoding.Reads, Description = "**columns**")]
    public int Write_columns() => _encodings.Columns().Length;

    [Benchmark(OperationsPerInvoke = BatchCoding.Reads, Description = "protobuf rows")]
    public int Write_protobuf_rows() => _encodings.Protobuf().Length;

    [Benchmark(OperationsPerInvoke = BatchCoding.Reads, Description = "System.Text.Json, source-generated")]
    public int Write_json() => _encodings.Json().Length;
}

/// <inheritdoc cref="BatchEncode"/>
[MemoryDiagnoser]
[Description("Batches read: 1,000 reads of 200 tags, with phase | read")]
public class BatchDecode
{
    readonly Encodings _encodings = new(new(BatchCoding.Reads, 200, phase: true));
    readonly byte[] _columns, _protobuf, _json;

    public BatchDecode() => (_columns, _protobuf, _json) = (_encodings.Columns().ToArray(), _encodings.Protobuf().ToArray(), _encodings.Json().ToArray());

    [Benchmark(Baseline = true, OperationsPerInvoke = BatchCoding.Reads, Description = "**columns**")]
    public int Read_columns() => _encodings.FromColumns(_columns).Count;

    [Benchmark(OperationsPerInvoke = BatchCoding.Reads, Description = "protobuf rows")]
    public int Read_protobuf_rows() => Encodings.FromProtobuf(_protobuf).Rows_.Count;

    [Benchmark(OperationsPerInvoke = BatchCoding.Reads, Description = "System.Text.Json, source-generated")]
    public int Read_json() => Encodings.FromJson(_json).Count;
}

static class BatchCoding
{
    public const int Reads = 1000;
}
