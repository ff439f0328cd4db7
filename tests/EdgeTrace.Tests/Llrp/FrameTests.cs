using System.Buffers;
using CsCheck;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Tests.Llrp;

public class FrameTests
{
    static readonly byte[] Epc96 = LlrpVectors.Own("report-epc96");

    [Fact]
    public void A_header_tells_type_id_version_and_length()
    {
        var frame = LlrpVectors.Frame(LlrpVectors.Own("enable-rospec"));
        Assert.Equal((LlrpMessageType.EnableRoSpec, 2u, 1, 14L), (frame.Type, frame.Id, frame.Version, frame.Length));
    }

    [Fact]
    public void A_frame_split_at_any_byte_waits_and_is_then_the_same()
    {
        var two = (byte[])[.. Epc96, .. LlrpVectors.Own("keepalive")];
        for (var cut = 0; cut <= two.Length; cut++)
        {
            var part = new ReadOnlySequence<byte>(two, 0, cut);
            var whole = 0;
            while (LlrpFrame.TryRead(ref part, out _)) whole++;
            Assert.Equal(cut < Epc96.Length ? 0 : cut < two.Length ? 1 : 2, whole);

            var split = Sequences.Of(two[..cut], two[cut..]);
            Assert.True(LlrpFrame.TryRead(ref split, out var first));
            Assert.Equal(Epc96[LlrpFrame.HeaderBytes..], first.Body.ToArray());
            Assert.True(LlrpFrame.TryRead(ref split, out var second));
            Assert.Equal(LlrpMessageType.KeepAlive, second.Type);
            Assert.True(split.IsEmpty);
        }
    }

    [Fact]
    public void A_frame_of_one_byte_segments_is_read_the_same()
    {
        var sequence = Sequences.Of([.. Epc96.Select(octet => new[] { octet })]);
        Assert.True(LlrpFrame.TryRead(ref sequence, out var frame));
        byte[] scratch = [];
        Assert.Equal(Epc96[LlrpFrame.HeaderBytes..], frame.BodySpan(ref scratch).ToArray());
    }

    [Theory]
    [InlineData("043D FFFFFFFF", "a length of 4 GiB")]
    [InlineData("043D 00400001", "one byte over the maximum")]
    [InlineData("043D 00000009", "shorter than its header")]
    [InlineData("043D 00000000", "empty")]
    [InlineData("003D 0000000A", "version 0")]
    [InlineData("1C3D 0000000A", "version 7")]
    [InlineData("443D 0000000A", "a reserved bit")]
    [InlineData("485454502F31", "a web server")]
    [InlineData("160301008001", "TLS")]
    [InlineData("5353482D322E", "SSH")]
    public void What_cannot_begin_a_frame_is_refused_before_its_body_is_awaited(string hex, string what)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var violation = Assert.Throws<LlrpProtocolException>(() => LlrpFrame.TryRead(ref buffer, out _));
        Assert.True(violation.Offset is 0 or 2, what);
    }

    [Fact]
    public void The_longest_public_report_fits_and_a_smaller_maximum_holds()
    {
        var buffer = new ReadOnlySequence<byte>(Epc96);
        Assert.Throws<LlrpProtocolException>(() => LlrpFrame.TryRead(ref buffer, out _, bytesMax: Epc96.Length - 1));
        Assert.True(LlrpFrame.TryRead(ref buffer, out _, bytesMax: Epc96.Length));
    }

    [Fact]
    public void Random_bytes_end_in_a_frame_a_wait_or_a_violation() =>
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            var buffer = new ReadOnlySequence<byte>(bytes);
            try
            {
                while (LlrpFrame.TryRead(ref buffer, out var frame)) LlrpMessage.Decode(frame);
            }
            catch (LlrpProtocolException)
            {
            }
        }, iter: 20_000);
}

/// <summary>Buffers in pieces, the way a socket gives them.</summary>
static class Sequences
{
    public static ReadOnlySequence<byte> Of(params byte[][] parts)
    {
        var first = new Segment(parts[0], 0);
        var last = first;
        foreach (var part in parts.Skip(1)) last = last.Then(part);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public Segment Then(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
