using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeTrace.Contract;
using EdgeTrace.Simulators.Load;

namespace EdgeTrace.Benchmarks.Chain;

/// <summary>A read as an integrator would write it down.</summary>
sealed record JsonRead(string Epc, DateTimeOffset Time, int Antenna, double Rssi, int Phase, int Channel);

sealed record JsonBatch(string Gateway, string Portal, ulong Sequence, IReadOnlyList<JsonRead> Reads);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonBatch))]
sealed partial class JsonBatches : JsonSerializerContext;

/// <summary>The same reads as <see cref="PortalStream"/>'s in JSON, encoded beforehand too; only the sequence is written as it goes.</summary>
sealed class JsonStream : LoadStream
{
    const int Cycle = 64;
    const int SequenceDigits = 12;

    readonly byte[][] _bodies;
    readonly int[] _sequenceAt;

    public JsonStream(LoadPlan plan, int gateway, int portal, long startUs) : base(StreamName.Reads(plan.Portal(gateway, portal)))
    {
        var reads = new PortalStream(plan, gateway, portal, "json", startUs);
        var (bytes, columns) = (new byte[reads.LengthMax], new ReadColumns());
        // A placeholder of as many digits as the sequence will have room for.
        const ulong placeholder = 999_999_999_999;
        _bodies = [.. Enumerable.Range(1, Cycle).Select(n =>
        {
            var batch = Batch.Parser.ParseFrom(bytes.AsSpan(0, reads.Write((ulong)n, bytes)));
            columns.Decode(batch.Reads.Columns.Span);
            return JsonSerializer.SerializeToUtf8Bytes(new JsonBatch(plan.Topics(gateway).Gateway, plan.Portal(gateway, portal), placeholder, Rows(columns)), JsonBatches.Default.JsonBatch);
        })];
        _sequenceAt = [.. _bodies.Select(body => body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(placeholder.ToString(CultureInfo.InvariantCulture))))];
    }

    public override ulong Epoch => 0;
    public override bool HasEnvelope => false;
    public override int LengthMax => _bodies.Max(body => body.Length);
    public override long LastUs(ulong sequence) => 0;

    public override int Write(ulong sequence, Span<byte> to)
    {
        var n = (int)(sequence % Cycle);
        _bodies[n].CopyTo(to);
        var digits = to.Slice(_sequenceAt[n], SequenceDigits);
        digits.Fill((byte)' ');   // white space before a number is JSON
        Span<byte> number = stackalloc byte[20];
        sequence.TryFormat(number, out var length, default, CultureInfo.InvariantCulture);
        number[..length].CopyTo(digits[(SequenceDigits - length)..]);
        return _bodies[n].Length;
    }

    static List<JsonRead> Rows(ReadColumns columns) => [.. Enumerable.Range(0, columns.Count).Select(read => new JsonRead(
        Convert.ToHexString(columns.Epc(columns.Entry[read])), DateTimeOffset.UnixEpoch.AddMicroseconds(columns.TimeUs[read]), columns.Antenna[read],
        columns.RssiCentiDbm[read] / 100.0, columns.Phase.IsEmpty ? 0 : columns.Phase[read], columns.Channel.IsEmpty ? 0 : columns.Channel[read]))];
}
