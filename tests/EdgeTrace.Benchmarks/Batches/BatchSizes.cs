using System.IO.Compression;
using EdgeTrace.Contract;

namespace EdgeTrace.Benchmarks.Batches;

/// <summary>How many bytes does a read take in a batch? Counted, not timed.</summary>
static class BatchSizes
{
    public static void Print(TextWriter output)
    {
        output.WriteLine("### Bytes per read in one second's batch");
        output.WriteLine();
        output.WriteLine("| reads of tags in the batch, phase | **columns** | + the batch's header | protobuf rows | + gzip | + brotli-4 | JSON | + gzip | + brotli-4 |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (reads, tags) in ((int, int)[])[(1000, 200), (1000, 1000), (10, 4)])
            foreach (var phase in (bool[])[false, true])
                Print(output, reads, tags, phase);
        output.WriteLine();
    }

    static void Print(TextWriter output, int reads, int tags, bool phase)
    {
        var rows = new BatchRows(reads, tags, phase);
        var encodings = new Encodings(rows);
        var columns = encodings.Columns().ToArray();
        var (protobuf, json) = (encodings.Protobuf().ToArray(), encodings.Json().ToArray());
        int[] sizes = [Sealed(columns, rows), protobuf.Length, Gzip(protobuf), Brotli(protobuf), json.Length, Gzip(json), Brotli(json)];
        output.Write($"| {reads} of {tags}, {(phase ? "with" : "without")} | **{Each(columns.Length)}** |");
        foreach (var size in sizes) output.Write($" {Each(size)} |");
        output.WriteLine();

        string Each(int bytes) => $"{bytes / (double)reads:0.0}";
    }

    /// <summary>The whole MQTT payload: identity, times and quality of the batch around its columns, with names as a hospital has them.</summary>
    static int Sealed(byte[] columns, BatchRows rows) => new Batch
    {
        Header = new()
        {
            Gateway = "gw-store-2", Stream = "reads/store-2-door", Epoch = 0x8F3A_77C1_02D4_99EE, Sequence = 86_400, Boot = "5f1d3c9a0b7e4d21",
            SealedUs = TagSet.StartUs, ThroughUs = TagSet.StartUs, FirstUs = TagSet.StartUs, LastUs = TagSet.StartUs, Readings = (uint)rows.Rows.Length,
            TimeQuality = TimeQuality.Ntp, ConfigurationHash = 0x1F2E_3D4C_5B6A_7988,
        },
        Reads = new() { Columns = Google.Protobuf.ByteString.CopyFrom(columns) },
    }.CalculateSize();

    static int Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var zip = new GZipStream(output, CompressionLevel.Optimal)) zip.Write(bytes);
        return output.ToArray().Length;
    }

    static int Brotli(byte[] bytes)
    {
        var output = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, output, out var written, quality: 4, window: 22) ? written : throw new InvalidOperationException("Brotli did not fit its own bound.");
    }
}
