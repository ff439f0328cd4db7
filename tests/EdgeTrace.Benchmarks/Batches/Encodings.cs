using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Benchmarks.Batches;

/// <summary>One read as JSON: short names, the time as a number, nothing that is not told.</summary>
public sealed record JsonRead(string Epc, long T, int Ant, double Rssi, int? Ph);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<JsonRead>))]
sealed partial class JsonReads : JsonSerializerContext;

/// <summary>The same reads in the house's columns and in what a user would pick instead; each with a writer that is used again, as a gateway would.</summary>
sealed class Encodings(BatchRows batch)
{
    readonly ReadColumnsWriter _columns = new();
    readonly ReadColumns _decoded = new();
    readonly ArrayBufferWriter<byte> _output = new(1 << 18);

    public ReadOnlySpan<byte> Columns()
    {
        _columns.Clear();
        for (var i = 0; i < batch.Rows.Length; i++) _columns.Add(batch.Rows[i], batch.Epcs[batch.Tag[i]]);
        _output.ResetWrittenCount();
        _columns.WriteTo(_output);
        return _output.WrittenSpan;
    }

    public ReadColumns FromColumns(ReadOnlySpan<byte> bytes)
    {
        _decoded.Decode(bytes);
        return _decoded;
    }

    public ReadOnlySpan<byte> Protobuf()
    {
        var rows = new Rows();
        for (var i = 0; i < batch.Rows.Length; i++)
        {
            ref readonly var read = ref batch.Rows[i];
            var row = new Row { Epc = ByteString.CopyFrom(batch.Epcs[batch.Tag[i]]), TimeUs = read.TimeUs, Antenna = read.Antenna, RssiCentiDbm = read.RssiCentiDbm };
            if (read.Phase != ReadRow.PhaseNotTold) row.Phase = (uint)read.Phase;
            rows.Rows_.Add(row);
        }
        _output.ResetWrittenCount();
        rows.WriteTo(_output);
        return _output.WrittenSpan;
    }

    public static Rows FromProtobuf(ReadOnlySpan<byte> bytes) => Rows.Parser.ParseFrom(bytes);

    public ReadOnlySpan<byte> Json()
    {
        var reads = new List<JsonRead>(batch.Rows.Length);
        for (var i = 0; i < batch.Rows.Length; i++)
        {
            ref readonly var read = ref batch.Rows[i];
            reads.Add(new(Convert.ToHexString(batch.Epcs[batch.Tag[i]]), read.TimeUs, read.Antenna, read.RssiCentiDbm / 100.0, read.Phase == ReadRow.PhaseNotTold ? null : read.Phase));
        }
        _output.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_output);
        JsonSerializer.Serialize(writer, reads, JsonReads.Default.ListJsonRead);
        return _output.WrittenSpan;
    }

    public static List<JsonRead> FromJson(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize(bytes, JsonReads.Default.ListJsonRead)!;
}
