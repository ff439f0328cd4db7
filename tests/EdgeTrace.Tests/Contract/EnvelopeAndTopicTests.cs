using CsCheck;
using EdgeTrace.Contract;

namespace EdgeTrace.Tests.Contract;

public class EnvelopeAndTopicTests
{
    [Fact]
    public void An_envelope_reads_back_and_seals_its_body() => Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.ULong[1, ulong.MaxValue], Gen.Byte.Array).Sample((epoch, sequence, body) =>
    {
        var envelope = BatchEnvelope.For(epoch, sequence, body);
        Assert.True(BatchEnvelope.TryRead(envelope.ToArray(), out var read));
        Assert.Equal(envelope, read);
        Assert.True(read.Seals(body));
        Assert.False(read.Seals([.. body, 1]));
    });

    [Fact]
    public void No_flipped_bit_passes_for_an_envelope()
    {
        var bytes = BatchEnvelope.For(7, 9, [1, 2, 3]).ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(BatchEnvelope.TryRead(bytes, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
        for (var length = 0; length < bytes.Length; length++) Assert.False(BatchEnvelope.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("edgetrace/v1/trust-1/st-elsewhere/gw/gw-1/reads/store-3-door", "reads/store-3-door")]
    [InlineData("edgetrace/v1/t/s/gw/g/health", "health")]
    [InlineData("edgetrace/v1/t/s/gw/g/birth", "birth")]
    [InlineData("edgetrace/v1/t/s/gw/g/cmd", "cmd")]
    public void A_topic_of_ours_is_split(string topic, string expected)
    {
        Assert.True(GatewayTopics.TryParse(topic, out var gateway, out var leaf));
        Assert.Equal(expected, leaf);
        Assert.Equal(topic, gateway.Root + leaf);
    }

    [Theory]
    [InlineData("edgetrace/v2/t/s/gw/g/health")]
    [InlineData("edgetrace/v1/t/s/gw/g/")]
    [InlineData("edgetrace/v1/t/s/gw/G/health")]
    [InlineData("edgetrace/v1/t/s/gw/g/reads/")]
    [InlineData("edgetrace/v1/t/s/gw/g/reads/a/b")]
    [InlineData("edgetrace/v1/t/s/gw/g/writes/a")]
    [InlineData("edgetrace/v1/t/s/gw/g/health/x")]
    [InlineData("edgetrace/v1/t//gw/g/health")]
    [InlineData("edgetrace/v1/t/s/gw/+/health")]
    [InlineData("edgetrace/v1/t/s/gw/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/health")]
    [InlineData("$SYS/broker/clients")]
    [InlineData("")]
    public void Anybody_elses_topic_is_not(string topic) => Assert.False(GatewayTopics.TryParse(topic, out _, out _));

    [Fact]
    public void Fields_of_a_newer_side_survive_an_older_one()
    {
        var batch = new Batch { Header = new() { Gateway = "gw-1", Stream = "health", Epoch = 1, Sequence = 1 } };
        byte[] newer = [.. Google.Protobuf.MessageExtensions.ToByteArray(batch), 0xBA, 0x3E, 2, 7, 7];   // field 999, length-delimited
        Assert.Equal(newer, Google.Protobuf.MessageExtensions.ToByteArray(Batch.Parser.ParseFrom(newer)));
    }
}
