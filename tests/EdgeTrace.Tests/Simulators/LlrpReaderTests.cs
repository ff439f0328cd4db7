using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Simulators.Llrp;
using Microsoft.Extensions.Time.Testing;
using StatusCode = EdgeTrace.Llrp.Parameters.StatusCode;

namespace EdgeTrace.Tests.Simulators;

public class LlrpReaderTests
{
    static readonly byte[] Epc = Convert.FromHexString("30340789000000000000A1B2");

    static Sighting Seen(int antenna, long us = 1_000_000) => new(Epc, antenna, us, -5630, 2048, 2);

    static LlrpReader Reader(TimeProvider? time = null, ReaderFaults faults = ReaderFaults.None) => new("test-reader", 0, time ?? TimeProvider.System, faults);

    static async Task<ReaderClient> GreetedAsync(LlrpReader reader)
    {
        var client = await ReaderClient.ConnectAsync(reader.Port);
        var greeting = await client.ReadAsync<ReaderEventNotification>();
        Assert.Equal(ConnectionAttemptStatus.Success, greeting.Data.Event<ConnectionAttemptEvent>()?.Status);
        return client;
    }

    [Fact]
    public async Task A_second_client_is_told_who_holds_the_reader_and_the_first_hears_of_it()
    {
        await using var reader = Reader();
        using var first = await GreetedAsync(reader);
        using var second = await ReaderClient.ConnectAsync(reader.Port);
        var refusal = await second.ReadAsync<ReaderEventNotification>();
        Assert.Equal(ConnectionAttemptStatus.ClientInitiatedConnectionExists, refusal.Data.Event<ConnectionAttemptEvent>()?.Status);
        Assert.True(await second.IsClosedAsync());
        var told = await first.ReadAsync<ReaderEventNotification>();
        Assert.Equal(ConnectionAttemptStatus.AnotherConnectionAttempted, told.Data.Event<ConnectionAttemptEvent>()?.Status);
        Assert.Equal(StatusCode.Success, await first.AskAsync(new GetRoSpecs()));
    }

    [Fact]
    public async Task A_pulled_antenna_is_told_to_who_asked_for_it_and_hears_nothing()
    {
        await using var reader = Reader();
        using var client = await GreetedAsync(reader);
        Assert.Equal(StatusCode.Success, await client.AskAsync(new SetReaderConfig { Parameters = [new ReaderEventNotificationSpec { Parameters = [new EventNotificationState(ReaderEventType.Antenna, Enabled: true)] }] }));
        reader.SetAntenna(2, plugged: false);
        Assert.Equal(new AntennaEvent(false, 2), (await client.ReadAsync<ReaderEventNotification>()).Data.Event<AntennaEvent>());
        reader.SetAntenna(2, plugged: true);
        Assert.Equal(new AntennaEvent(true, 2), (await client.ReadAsync<ReaderEventNotification>()).Data.Event<AntennaEvent>());
    }

    [Fact]
    public async Task Capabilities_and_configuration_are_read_whole_by_the_gateways_codec()
    {
        await using var reader = Reader();
        using var client = await GreetedAsync(reader);
        await client.SendAsync(new GetReaderCapabilities(), 5);
        var capabilities = await client.ReadAsync<GetReaderCapabilitiesResponse>();
        Assert.Equal(StatusCode.Success, capabilities.Status.Code);
        Assert.Equal(81, capabilities.ToFrame(5).AsSpan().Count<byte>([0x00, 0x91, 0x00, 0x08]));   // TransmitPowerLevelTableEntry
        await client.SendAsync(new GetReaderConfig(), 6);
        var configuration = await client.ReadAsync<GetReaderConfigResponse>();
        Assert.Equal(4, configuration.Antennas.Count());
        Assert.False(configuration.Holding is null);
    }

    [Fact]
    public async Task Every_wrong_step_of_a_ROSpec_is_refused_with_a_status()
    {
        await using var reader = Reader();
        using var client = await GreetedAsync(reader);
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new EnableRoSpec(1)));
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new AddRoSpec(ReaderClient.Spec(antennas: [9]))));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new AddRoSpec(ReaderClient.Spec())));
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new AddRoSpec(ReaderClient.Spec())));
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new AddRoSpec(ReaderClient.Spec(id: 2))));   // it holds one
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new StartRoSpec(1)));
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new StopRoSpec(1)));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new EnableRoSpec(1)));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new StartRoSpec(1)));
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new StartRoSpec(1)));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new StopRoSpec(1)));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new DisableRoSpec(1)));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new DeleteRoSpec(1)));
        Assert.NotEqual(StatusCode.Success, await client.AskAsync(new DeleteRoSpec(1)));
        Assert.Equal(StatusCode.Success, await client.AskAsync(new DeleteRoSpec(0)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((int)ReaderFaults.SplitFrames)]
    public async Task A_report_holds_what_was_asked_for_and_nothing_else(int faults)
    {
        await using var reader = Reader(faults: (ReaderFaults)faults);
        using var client = await GreetedAsync(reader);
        await client.AskAsync(new AddRoSpec(ReaderClient.Spec(antennas: [1, 2])));
        await client.AskAsync(new EnableRoSpec(1));
        reader.Observe([Seen(1)]);                        // nobody started it
        await client.AskAsync(new StartRoSpec(1));
        reader.Observe([Seen(3), Seen(2, 1_234_567)]);    // antenna 3 is not the ROSpec's
        var report = await client.ReadAsync<RoAccessReport>();
        Check(report.ToFrame(1).AsSpan(10));

        static void Check(ReadOnlySpan<byte> body)
        {
            var tags = new LlrpReportReader(body);
            Assert.True(tags.TryRead(out var tag));
            Assert.Equal(Epc, tag.Epc.ToArray());
            Assert.Equal((2, -56, 1_234_567UL), (tag.Antenna, tag.PeakRssiDbm, tag.FirstSeenUtcUs));
            Assert.Equal(TagFields.Epc | TagFields.Antenna | TagFields.PeakRssi | TagFields.FirstSeenUtc, tag.Fields);
            Assert.False(tags.TryRead(out _));
        }
    }

    [Fact]
    public async Task Held_reports_wait_for_the_client_that_returns()
    {
        await using var reader = Reader();
        using (var client = await GreetedAsync(reader))
        {
            Assert.Equal(StatusCode.Success, await client.AskAsync(new SetReaderConfig { Parameters = [new EventsAndReports(true)] }));
            await client.AskAsync(new AddRoSpec(ReaderClient.Spec()));
            await client.AskAsync(new EnableRoSpec(1));
            await client.AskAsync(new StartRoSpec(1));
            Assert.Equal(StatusCode.Success, await client.AskAsync(new CloseConnection()));
            Assert.True(await client.IsClosedAsync());
        }
        reader.Observe([Seen(1), Seen(2, 2_000_000)]);
        using var again = await GreetedAsync(reader);
        Assert.Equal(StatusCode.Success, await again.AskAsync(new GetRoSpecs()));   // answered, and no report came before it
        Assert.Equal(0, reader.Reported);
        await again.SendAsync(new EnableEventsAndReports(), 9);
        await again.ReadAsync<RoAccessReport>();
        await again.ReadAsync<RoAccessReport>();
        Assert.Equal(2, reader.Reported);
    }

    [Fact]
    public async Task Unanswered_keepalives_end_the_link()
    {
        var time = new FakeTimeProvider();
        await using var reader = Reader(time);
        using var client = await GreetedAsync(reader);
        await client.AskAsync(new SetReaderConfig { Parameters = [new KeepaliveSpec(true, 10_000)] });
        for (var missed = 0; missed < 3; missed++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await client.ReadAsync<KeepAlive>();
        }
        time.Advance(TimeSpan.FromSeconds(10));
        var last = await client.ReadAsync<ReaderEventNotification>();
        Assert.NotNull(last.Data.Event<ConnectionCloseEvent>());
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Unknown_messages_and_versions_are_answered_with_ERROR_MESSAGE_and_the_link_goes_on()
    {
        await using var reader = Reader();
        using var client = await GreetedAsync(reader);
        await client.SendAsync([0x04, 0x5A, 0, 0, 0, 10, 0, 0, 0, 77]);   // type 90
        var error = await client.ReadAsync<ErrorMessage>();
        Assert.Equal(109, (int)error.Status.Code);
        await client.SendAsync([0x08, 0x2E, 0, 0, 0, 10, 0, 0, 0, 78]);   // GET_SUPPORTED_VERSION of LLRP 1.1
        error = await client.ReadAsync<ErrorMessage>();
        Assert.Equal(110, (int)error.Status.Code);
        await client.SendAsync([0x04, 20, 0, 0, 0, 16, 0, 0, 0, 79, 0, 177, 0xFF, 0xFF, 0, 0]);   // a ROSpec longer than its message
        Assert.Equal(100, (int)(await client.ReadAsync<StatusResponse>()).Status.Code);
        Assert.Equal(StatusCode.Success, await client.AskAsync(new GetRoSpecs()));
    }

    [Fact]
    public void Omitted_fields_are_those_that_did_not_change()
    {
        var reader = new ReaderMachine("test", ReaderFaults.OmitParams, 0);
        reader.Connect(0);
        foreach (var request in new LlrpMessage[] { new AddRoSpec(ReaderClient.Spec()), new EnableRoSpec(1), new StartRoSpec(1) }) reader.Receive(request.ToFrame(1), 0);
        reader.Out.Clear();
        reader.Observe([Seen(1), Seen(1, 2_000_000), Seen(2, 3_000_000)], 0);
        Assert.Equal([41, 36, 39], Lengths(reader.Out.Written.ToArray()));   // all · antenna and RSSI left out · antenna back
    }

    [Theory]
    [InlineData((int)ReaderFaults.Clock2000, 946_684_800_000_000 + 250)]
    [InlineData((int)ReaderFaults.UptimeOnly, 250)]
    public void A_reader_whose_clock_is_wrong_says_what_it_believes(int faults, long expectedUs)
    {
        const long bootUs = 1_700_000_000_000_000;
        var reader = new ReaderMachine("test", (ReaderFaults)faults, bootUs);
        reader.Connect(bootUs + 250);
        var greeting = (ReaderEventNotification)LlrpMessage.Decode(LlrpMessageType.ReaderEventNotification, reader.Out.Written.Span[10..]);
        Assert.Equal((ulong)expectedUs, greeting.Data.UtcUs ?? greeting.Data.UptimeUs);
        Assert.Equal(((ReaderFaults)faults).HasFlag(ReaderFaults.UptimeOnly), greeting.Data.UtcUs is null);
    }

    static IEnumerable<int> Lengths(byte[] frames)
    {
        for (var at = 0; at < frames.Length;)
        {
            var length = (frames[at + 4] << 8) | frames[at + 5];
            yield return length;
            at += length;
        }
    }
}
