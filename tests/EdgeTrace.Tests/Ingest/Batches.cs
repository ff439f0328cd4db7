using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Tests.Ingest;

/// <summary>Batches as a gateway seals them.</summary>
static class Batches
{
    public const ulong Epoch = 0x1122334455667788;

    public static readonly GatewayTopics Topics = new("demo-trust", "st-elsewhere", "gw-1");

    public static byte[] Scan(string stream, ulong sequence, string text = "x", ulong epoch = Epoch, string gateway = "gw-1")
    {
        var batch = new Batch
        {
            Header = new() { Gateway = gateway, Stream = stream, Epoch = epoch, Sequence = sequence, Readings = 1 },
            Scans = new() { Scans = { new Scan { TimeUs = (long)sequence, Raw = ByteString.CopyFromUtf8($"{text} {sequence}") } } },
        };
        return batch.ToByteArray();
    }

    public static byte[] Reads(string stream, ulong sequence, int count, ulong epoch = Epoch)
    {
        var columns = new ReadColumnsWriter();
        for (var i = 0; i < count; i++) columns.Add(new((long)sequence * 1000 + i, 1, -5000), [1, 2, 3, (byte)i]);
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        columns.WriteTo(written);
        return new Batch
        {
            Header = new() { Gateway = "gw-1", Stream = stream, Epoch = epoch, Sequence = sequence, Readings = (uint)count },
            Reads = new() { Columns = ByteString.CopyFrom(written.WrittenSpan) },
        }.ToByteArray();
    }

    public static byte[] Envelope(byte[] body, ulong sequence, ulong epoch = Epoch) => BatchEnvelope.For(epoch, sequence, body).ToArray();

    public static Inbound Inbound(string stream, ulong sequence, string text = "x", ulong epoch = Epoch)
    {
        var body = Scan(stream, sequence, text, epoch);
        return new(Topics.Stream(stream), body, Envelope(body, sequence, epoch));
    }
}
