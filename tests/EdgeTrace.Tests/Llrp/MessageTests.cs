using CsCheck;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Tests.Llrp;

public class MessageTests
{
    [Fact]
    public void Our_own_frames_come_back_byte_for_byte()
    {
        foreach (var (name, frame) in LlrpVectors.Own()) AssertSame(name, frame);
    }

    [Fact]
    public void Every_public_frame_comes_back_byte_for_byte()
    {
        var frames = LlrpVectors.Public();
        foreach (var (name, frame) in frames) AssertSame(name, frame);
        Assert.True(frames.Count > 950, $"{frames.Count} frames");
    }

    [Fact]
    public void Nothing_a_session_needs_is_left_unread_in_public_frames()
    {
        var unread = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (_, frame) in LlrpVectors.Public())
        {
            var message = LlrpMessage.Decode(LlrpVectors.Frame(frame));
            Assert.IsNotType<RawMessage>(message);
            Count(message.Parameters, unread);
        }

        // Survey, access, hopping and filter parameters, and one test vendor's: nothing a portal asks for.
        var expected = new HashSet<string>(StringComparer.Ordinal)
        {
            "AccessSpec", "HoppingEvent", "RfSurveyEvent", "RfSurveySpec", "RfSurveyReportData", "C1G2Filter",
            "C1G2StateAwareSingulationAction", "Custom 1111/1111",
        };
        Assert.True(expected.IsSupersetOf(unread.Keys), string.Join(", ", unread));
    }

    [Fact]
    public void Every_frame_cut_short_inside_is_a_violation_or_a_shorter_message()
    {
        foreach (var (_, frame) in LlrpVectors.Own())
        {
            var whole = LlrpVectors.Frame(frame);
            var body = frame[LlrpFrame.HeaderBytes..];
            for (var cut = 0; cut < body.Length; cut++) AssertBenign(whole.Type, body[..cut]);
        }
    }

    [Fact]
    public void Public_payloads_cut_at_every_byte_and_with_bits_flipped_never_do_worse_than_a_violation()
    {
        var bodies = LlrpVectors.Public().DistinctBy(vector => (LlrpVectors.Frame(vector.Frame).Type, vector.Frame.Length))
            .Select(vector => (LlrpVectors.Frame(vector.Frame).Type, Body: vector.Frame[LlrpFrame.HeaderBytes..])).ToArray();
        foreach (var (type, body) in bodies)
            for (var cut = 0; cut < body.Length; cut += body.Length > 2048 ? 7 : 1) AssertBenign(type, body[..cut]);

        Mutations(bodies.Where(vector => vector.Body.Length is > 0 and < 2048).ToArray())
            .Sample(vector => AssertBenign(vector.Type, vector.Body), iter: 20_000);
    }

    [Fact]
    public void Our_own_frames_with_bits_flipped_never_do_worse_than_a_violation() =>
        Mutations([.. LlrpVectors.Own().Select(vector => (LlrpVectors.Frame(vector.Frame).Type, vector.Frame[LlrpFrame.HeaderBytes..]))
                .Where(vector => vector.Item2.Length > 0)])
            .Sample(vector => AssertBenign(vector.Type, vector.Body), iter: 20_000);

    [Fact]
    public void An_unknown_parameter_inside_a_known_one_is_kept_where_it_stood()
    {
        var spec = new RoSpec(1, 0, RoSpecState.Disabled)
        {
            Parameters =
            [
                new RawParameter((ParameterType)700, new byte[] { 1, 2, 3 }),
                new RoBoundarySpec(new RoSpecStartTrigger(RoSpecStartTriggerType.Null), new RoSpecStopTrigger(RoSpecStopTriggerType.Null, 0)),
                new RawCustomParameter(161, 99, new byte[] { 9 }),
            ],
        };
        var bytes = new AddRoSpec(spec).ToFrame(1);
        var read = LlrpVectors.Decode<AddRoSpec>(bytes);
        Assert.Equal((ParameterType)700, Assert.IsType<RawParameter>(read.Spec.Parameters[0]).Type);
        Assert.Equal(RoSpecStartTriggerType.Null, read.Spec.Boundary.Start.Trigger);
        Assert.Equal(bytes, read.ToFrame(1));
    }

    [Fact]
    public void A_vendors_parameter_of_another_length_than_documented_is_not_guessed_at()
    {
        var odd = new RawCustomParameter(Impinj.Vendor, (uint)ImpinjSubtype.InventorySearchMode, new byte[] { 0, 1, 2 });
        var bytes = new SetReaderConfig { Parameters = [odd] }.ToFrame(1);
        var read = LlrpVectors.Decode<SetReaderConfig>(bytes);
        Assert.IsType<RawCustomParameter>(read.Parameters[0]);
        Assert.Equal(bytes, read.ToFrame(1));
    }

    [Fact]
    public void Parameters_nested_without_end_are_a_violation_not_a_stack_overflow()
    {
        // ParameterError inside ParameterError, as often as 64 KiB allow.
        const int Levels = 8000;
        var bytes = new byte[Levels * 8];
        for (var level = 0; level < Levels; level++)
        {
            var length = bytes.Length - level * 8;
            byte[] head = [0x01, 0x21, (byte)(length >> 8), (byte)length, 0, 0, 0, 0];
            head.CopyTo(bytes, level * 8);
        }

        Assert.Throws<LlrpProtocolException>(() => LlrpMessage.Decode(LlrpMessageType.ErrorMessage, bytes));
    }

    [Fact]
    public void A_violation_says_where_and_what()
    {
        // The status's text claims two bytes and has none.
        var violation = Assert.Throws<LlrpProtocolException>(() =>
            LlrpMessage.Decode(LlrpMessageType.AddRoSpecResponse, Convert.FromHexString("011F000800000002")));
        Assert.Equal(18, violation.Offset);
        Assert.Equal("LlrpStatus in AddRoSpecResponse", violation.Place);
        Assert.Equal(("2 bytes", "0"), (violation.Expected, violation.Got));
    }

    [Fact]
    public void Events_tell_what_happened()
    {
        Assert.Equal(ConnectionAttemptStatus.Success, Event<ConnectionAttemptEvent>("connected-utc").Status);
        Assert.Equal(ConnectionAttemptStatus.ClientInitiatedConnectionExists, Event<ConnectionAttemptEvent>("taken-by-a-client").Status);
        Assert.Equal(new AntennaEvent(false, 2), Event<AntennaEvent>("antenna-2-lost"));
        Assert.Equal(new GpiEvent(1, true), Event<GpiEvent>("gpi-1-high"));
        Event<ReportBufferOverflowErrorEvent>("buffer-overflow");
        var fault = Event<ReaderExceptionEvent>("reader-exception");
        Assert.Equal(("Frett", (ushort)3), (fault.Message, fault.Antenna!.Value));

        Assert.Equal(16_000_000ul, LlrpVectors.Decode<ReaderEventNotification>(LlrpVectors.Own("connected-uptime")).Data.UptimeUs);
        Assert.Equal(1596721689842138ul, LlrpVectors.Decode<ReaderEventNotification>(LlrpVectors.Own("connected-utc")).Data.UtcUs);

        static T Event<T>(string name) where T : LlrpParameter =>
            Assert.IsType<T>(LlrpVectors.Decode<ReaderEventNotification>(LlrpVectors.Own(name)).Data.Event<T>());
    }

    static void AssertSame(string name, byte[] bytes)
    {
        var frame = LlrpVectors.Frame(bytes);
        var again = LlrpMessage.Decode(frame).ToFrame(frame.Id, frame.Version);
        Assert.True(bytes.AsSpan().SequenceEqual(again), $"{name}: {frame}\n{Convert.ToHexString(bytes)}\n{Convert.ToHexString(again)}");
    }

    static void AssertBenign(LlrpMessageType type, byte[] body)
    {
        try
        {
            LlrpMessage.Decode(type, body);
        }
        catch (LlrpProtocolException)
        {
        }

        try
        {
            var tags = new LlrpReportReader(body);
            while (tags.TryRead(out _))
            {
            }
        }
        catch (LlrpProtocolException)
        {
        }
    }

    static Gen<(LlrpMessageType Type, byte[] Body)> Mutations((LlrpMessageType Type, byte[] Body)[] bodies) =>
        from index in Gen.Int[0, bodies.Length - 1]
        let vector = bodies[index]
        from bits in Gen.Int[0, vector.Body.Length * 8 - 1].Array[1, 8]
        select (vector.Type, Flip(vector.Body, bits));

    static byte[] Flip(byte[] body, int[] bits)
    {
        var flipped = (byte[])body.Clone();
        foreach (var bit in bits) flipped[bit / 8] ^= (byte)(1 << bit % 8);
        return flipped;
    }

    static void Count(ParameterList parameters, SortedDictionary<string, int> unread)
    {
        foreach (var parameter in parameters)
        {
            var name = parameter switch
            {
                RawParameter => parameter.Type.ToString(),
                RawCustomParameter custom => $"Custom {custom.Vendor}/{custom.Subtype}",
                _ => null,
            };
            if (name is not null) unread[name] = unread.GetValueOrDefault(name) + 1;
            Count(parameter.Parameters, unread);
        }
    }
}
