using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Contract;
using Google.Protobuf;

namespace EdgeTrace.Tests.Ingest;

public class InspectionTests
{
    [Fact]
    public void A_sound_batch_is_numbered_and_counted()
    {
        var body = Batches.Reads("reads/door", 5, 200);
        var numbered = Inspect(new(Batches.Topics.Stream("reads/door"), body, Batches.Envelope(body, 5)));
        Assert.Null(numbered.Batch.QuarantineCause);
        Assert.Equal(200u, numbered.Batch.Readings);
        Assert.Equal(new BatchId("gw-1", "reads/door", Batches.Epoch, 5), numbered.Batch.Id);
    }

    [Theory]
    [InlineData("edgetrace/v1/demo-trust/st-elsewhere/gw/gw-1/nonsense", "the topic is not one of")]
    [InlineData("somebody/else", "the topic is not one of")]
    [InlineData("edgetrace/v1/demo-trust/st-elsewhere/gw/gw-1/scans/desk", "no envelope")]
    [InlineData("edgetrace/v1/demo-trust/st-elsewhere/gw/gw-1/birth", "no Birth")]
    public void What_cannot_be_placed_in_a_stream_is_unreadable_with_its_cause(string topic, string cause)
    {
        var unreadable = Assert.IsType<Checked.Unreadable>(Inspection.Inspect(new(topic, new byte[] { 0xFF, 1, 2 }, null), 0));
        Assert.StartsWith(cause, unreadable.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_not_the_envelopes_is_quarantined_under_its_number()
    {
        var body = Batches.Scan("scans/desk", 3);
        var envelope = Batches.Envelope(body, 3);
        body[^1] ^= 1;
        var numbered = Inspect(new(Batches.Topics.Stream("scans/desk"), body, envelope));
        Assert.Contains("not the one the envelope", numbered.Batch.QuarantineCause, StringComparison.Ordinal);
        Assert.Equal(3ul, numbered.Batch.Id.Sequence);
    }

    [Fact]
    public void A_header_that_names_another_gateway_stream_or_number_is_quarantined_and_suspicious()
    {
        foreach (var body in new[] { Batches.Scan("scans/desk", 3, gateway: "gw-2"), Batches.Scan("scans/other", 3), Batches.Scan("scans/desk", 4), Batches.Scan("scans/desk", 3, epoch: 9) })
        {
            var numbered = Inspect(new(Batches.Topics.Stream("scans/desk"), body, Batches.Envelope(body, 3)));
            Assert.Contains("the header says", numbered.Batch.QuarantineCause, StringComparison.Ordinal);
            Assert.NotNull(numbered.Suspicion);
        }
    }

    [Fact]
    public void A_wrong_count_a_foreign_body_and_damaged_columns_are_quarantined_with_their_cause()
    {
        Assert.Contains("the header counts 7", Cause(batch => batch.Header.Readings = 7), StringComparison.Ordinal);
        Assert.Contains("a Samples body on a Reads stream", Cause(batch => batch.Samples = new()), StringComparison.Ordinal);
        Assert.Contains("columns are damaged", Cause(batch => batch.Reads.Columns = ByteString.CopyFrom(9, 9, 9)), StringComparison.Ordinal);
        Assert.Contains("no header", Cause(batch => batch.Header = null), StringComparison.Ordinal);

        static string Cause(Action<Batch> spoil)
        {
            var batch = Batch.Parser.ParseFrom(Batches.Reads("reads/door", 1, 3));
            spoil(batch);
            var body = batch.ToByteArray();
            return Inspect(new(Batches.Topics.Stream("reads/door"), body, Batches.Envelope(body, 1))).Batch.QuarantineCause!;
        }
    }

    [Fact]
    public void Ten_thousand_rubbish_messages_with_and_without_envelope_never_throw()
    {
        var random = new Random(20261122);
        string[] leaves = ["birth", "state", "heartbeat", "ack", "reads/door", "scans/desk", "samples/fridge-1", "alarms/fridge-1", "health", "x"];
        var sound = Batches.Reads("reads/door", 1, 50);
        for (var i = 0; i < 10_000; i++)
        {
            var body = i % 2 == 0 ? new byte[random.Next(200)] : [.. sound];
            if (i % 2 == 0) random.NextBytes(body);
            else for (var flips = random.Next(1, 8); flips > 0; flips--) body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            var envelope = (i % 3) switch { 0 => null, 1 => Batches.Envelope(body, 1), _ => RandomBytes(random, random.Next(64)) };
            var inspected = Inspection.Inspect(new(Batches.Topics.Root + leaves[random.Next(leaves.Length)], body, envelope), 0);
            if (inspected is Checked.Numbered { Batch.QuarantineCause: "" }) Assert.Fail("A cause is a sentence.");
        }
    }

    static Checked.Numbered Inspect(Inbound inbound) => Assert.IsType<Checked.Numbered>(Inspection.Inspect(inbound, 0));

    static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
