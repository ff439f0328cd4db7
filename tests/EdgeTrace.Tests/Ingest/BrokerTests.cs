using System.Net.Sockets;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeTrace.Tests.Ingest;

/// <summary>The embedded broker and ingest over real sockets.</summary>
public sealed class BrokerTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-broker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Batches_are_logged_and_acknowledged_and_counters_balance()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        for (var sequence = 1ul; sequence <= 50; sequence++) Assert.Equal(MqttClientPublishReasonCode.Success, await gateway.SendAsync("scans/desk", sequence));
        await Patience.Until(() => gateway.Upto("scans/desk") == 50, "ack of 50");
        Assert.Equal(50, cloud.Log.Head);
        Assert.True(cloud.Meter.Counts.Balance, cloud.Meter.Counts.ToString());
    }

    [Fact]
    public async Task No_acknowledgement_is_heard_that_a_crash_at_that_moment_could_undo()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        for (var sequence = 1ul; sequence <= 20; sequence++)
        {
            await gateway.SendAsync("scans/desk", sequence);
            await Patience.Until(() => gateway.Upto("scans/desk") >= sequence, $"ack of {sequence}");
            var crashed = Directory.CreateDirectory(Path.Combine(_folder, $"crash-{sequence}")).FullName;
            foreach (var name in (string[])["log.db", "log.db-wal"]) File.Copy(Path.Combine(_folder, "data", name), Path.Combine(crashed, name));
            await using var reopened = BatchLog.Open(crashed, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<BatchLog>.Instance);
            Assert.Equal((long)sequence, reopened.Head);
        }
    }

    [Fact]
    public async Task While_the_disk_is_full_nothing_is_acknowledged_births_are_still_answered_and_it_recovers()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        cloud.Log.BytesMax = 1;
        await gateway.PublishAsync(Batches.Topics.Stream("reads/door"), BigBody(1), Batches.Envelope(BigBody(1), 1));
        await Patience.Until(() => cloud.Log.State.Name == "disk full", "the state is named");
        await gateway.SendAsync("scans/desk", 1);
        await gateway.BirthAsync(new() { Gateway = "gw-1", Boot = "b1", Connection = 1 });
        await Patience.Until(() => gateway.Acks.Any(ack => ack.AnswersBoot == "b1"), "the birth is answered");
        Assert.Equal(0ul, gateway.Upto("reads/door"));
        Assert.Equal(0ul, gateway.Upto("scans/desk"));

        cloud.Log.BytesMax = 0;
        await Patience.Until(() => gateway.Upto("reads/door") == 1, "what waited is acknowledged");
        await gateway.SendAsync("scans/desk", 1);
        await Patience.Until(() => gateway.Upto("scans/desk") == 1, "what was dropped is taken when sent again");
        Assert.True(cloud.Meter.Counts.Balance, cloud.Meter.Counts.ToString());

        static byte[] BigBody(ulong sequence) => Batches.Scan("reads/door", sequence, new string('x', 1 << 20));
    }

    [Fact]
    public async Task Early_batches_are_held_and_released_in_order()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        foreach (var sequence in (ulong[])[3, 2, 5, 1, 4]) await gateway.SendAsync("scans/desk", sequence);
        await Patience.Until(() => gateway.Upto("scans/desk") == 5, "ack of 5");
        Assert.Equal([1ul, 2, 3, 4, 5], cloud.Log.Read(0, 10).Select(batch => batch.Id.Sequence));
        Assert.Equal(0, cloud.Meter.Counts.Held);
        Assert.True(cloud.Meter.Counts.Balance, cloud.Meter.Counts.ToString());
    }

    [Fact]
    public async Task A_redelivery_is_acknowledged_again_and_another_body_under_its_number_is_a_security_event()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using (var first = await WireGateway.ConnectAsync(cloud.Port))
        {
            await first.SendAsync("scans/desk", 1);
            await Patience.Until(() => first.Upto("scans/desk") == 1, "ack");
        }
        await using var again = await WireGateway.ConnectAsync(cloud.Port);
        await again.SendAsync("scans/desk", 1);
        await Patience.Until(() => again.Upto("scans/desk") == 1, "ack again");
        await again.SendAsync("scans/desk", 1, text: "forged");
        await Patience.Until(() => cloud.Meter.Counts.Redelivered == 2, "second redelivery");
        await cloud.WriteSecurityEventsAsync();
        await Patience.Until(() => cloud.Log.Reader.SecurityEvents(10).Any(happened => happened.Kind == "identity-reused"), "security event");
        Assert.Equal(1, cloud.Log.Head);
    }

    [Fact]
    public async Task An_unreadable_body_is_rejected_under_its_number_and_the_stream_goes_on()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        byte[] rubbish = [0xFF, 0xFE, 1, 2, 3];
        await gateway.PublishAsync(Batches.Topics.Stream("scans/desk"), rubbish, Batches.Envelope(rubbish, 1));
        await gateway.SendAsync("scans/desk", 2);
        await Patience.Until(() => gateway.Upto("scans/desk") == 2, "ack of 2");
        var rejection = Assert.Single(gateway.Acks.SelectMany(ack => ack.Streams).SelectMany(stream => stream.Rejected));
        Assert.Equal(1ul, rejection.Sequence);
        Assert.StartsWith("no Batch", rejection.Why, StringComparison.Ordinal);
        Assert.Equal(rejection.Why, cloud.Log.Read(0, 1).Single().QuarantineCause);
    }

    [Fact]
    public async Task Rubbish_without_an_envelope_is_kept_with_topic_and_cause_and_never_acknowledged()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var body = new byte[random.Next(100)];
            random.NextBytes(body);
            await gateway.PublishAsync(Batches.Topics.Stream("scans/desk"), body, i % 2 == 0 ? null : body);
        }
        await gateway.SendAsync("scans/desk", 1);
        await Patience.Until(() => gateway.Upto("scans/desk") == 1, "the stream goes on");
        Assert.Equal(300, cloud.Log.Reader.Quarantine(1000).Count);
        Assert.Equal(1, cloud.Log.Head);
        Assert.True(cloud.Meter.Counts.Balance, cloud.Meter.Counts.ToString());
    }

    [Fact]
    public async Task A_birth_is_answered_with_everything_known_and_what_the_gateway_forgot_is_recorded_as_lost()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        await gateway.SendAsync("scans/desk", 1);
        await gateway.BirthAsync(new()
        {
            Gateway = "gw-1", Boot = "b1", Connection = 1, Version = "0.1.0", Portals = { "door" },
            Streams =
            {
                new StreamPosition { Stream = "scans/desk", Epoch = Batches.Epoch, NextSequence = 2, OldestUnacked = 1 },
                new StreamPosition { Stream = "reads/door", Epoch = 9, NextSequence = 1, OldestUnacked = 1 },
                new StreamPosition { Stream = "samples/fridge-1", Epoch = 8, NextSequence = 60, OldestUnacked = 42 },
            },
        });
        await Patience.Until(() => gateway.Acks.Any(ack => ack.AnswersBoot == "b1"), "the answer");
        var answer = gateway.Acks.First(ack => ack.AnswersBoot == "b1").Streams.ToDictionary(stream => stream.Stream);
        Assert.Equal((true, 1ul), (answer["scans/desk"].Known, answer["scans/desk"].Upto));
        Assert.Equal((false, 0ul), (answer["reads/door"].Known, answer["reads/door"].Upto));
        Assert.Equal((true, 41ul), (answer["samples/fridge-1"].Known, answer["samples/fridge-1"].Upto));
        Assert.Equal((1ul, 41ul), cloud.Log.Reader.Gaps().Select(gap => (gap.FromSequence, gap.ToSequence)).Single());
        Assert.Equal("door", cloud.Directory.Find("gw-1")!.Birth!.Portals.Single());
    }

    [Fact]
    public async Task A_restart_knows_streams_and_gateways_and_answers_a_restored_image_with_its_own_upto()
    {
        await using (var cloud = await CloudUnderTest.StartAsync(_folder))
        {
            await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
            await gateway.BirthAsync(new() { Gateway = "gw-1", Boot = "b1", Connection = 1, Version = "0.1.0" });
            for (var sequence = 1ul; sequence <= 5; sequence++) await gateway.SendAsync("scans/desk", sequence);
            await Patience.Until(() => gateway.Upto("scans/desk") == 5, "ack of 5");
        }
        await using var restarted = await CloudUnderTest.StartAsync(_folder);
        Assert.Equal("0.1.0", restarted.Directory.Find("gw-1")!.Birth!.Version);
        await using var restored = await WireGateway.ConnectAsync(restarted.Port);
        await restored.BirthAsync(new() { Gateway = "gw-1", Boot = "b2", Connection = 1, Streams = { new StreamPosition { Stream = "scans/desk", Epoch = Batches.Epoch, NextSequence = 3, OldestUnacked = 3 } } });
        await Patience.Until(() => restored.Acks.Any(ack => ack.AnswersBoot == "b2"), "the answer");
        Assert.Equal(5ul, restored.Upto("scans/desk"));
    }

    [Fact]
    public async Task States_of_older_connections_and_late_wills_are_ignored()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        await State(online: true, "b2", 2);
        await Patience.Until(() => cloud.Directory.Find("gw-1") is { Online: true, Boot: "b2" }, "online");
        await State(online: false, "b1", 7);
        await State(online: false, "b2", 1);
        await gateway.PublishAsync(Batches.Topics.Heartbeat, new Heartbeat { Boot = "b2", Ordinal = 1, Streams = { new StreamThrough { Stream = "reads/door", Epoch = 3, NextSequence = 4, ThroughUs = 500 } } }.ToByteArray());
        await Patience.Until(() => cloud.Watermarks.Version == 1, "the heartbeat");
        Assert.True(cloud.Directory.Find("gw-1")!.Online);
        Assert.True(cloud.Watermarks.TryGet("gw-1", "reads/door", out var mark));
        Assert.Equal((3ul, 4ul, 500L), (mark.Epoch, mark.NextSequence, mark.ThroughUs));
        await State(online: false, "b2", 2);
        await Patience.Until(() => !cloud.Directory.Find("gw-1")!.Online, "offline");

        Task State(bool online, string boot, uint connection) =>
            gateway.PublishAsync(Batches.Topics.State, new GatewayState { Online = online, Boot = boot, Connection = connection }.ToByteArray(), retain: true);
    }

    [Fact]
    public async Task A_gateway_may_speak_only_below_its_own_name_and_hear_only_its_own_ack_and_cmd()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        var other = new GatewayTopics("demo-trust", "st-elsewhere", "gw-2");
        foreach (var topic in (string[])[other.Birth, other.Stream("scans/desk"), Batches.Topics.Ack, Batches.Topics.Command, "edgetrace/v1/other/st-elsewhere/gw/gw-1/birth", "events/x"])
            Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, await gateway.PublishAsync(topic, [1]));
        foreach (var filter in (string[])[other.Ack, "#", GatewayTopics.AllGateways, Batches.Topics.Root + "#", "$SYS/#"])
            Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, await gateway.SubscribeAsync(filter));
        await cloud.WriteSecurityEventsAsync();
        await Patience.Until(() => cloud.Log.Reader.SecurityEvents(100).Count == 11, "eleven security events");
        Assert.True(gateway.IsConnected);
        Assert.Equal(0, cloud.Log.Head);
    }

    [Fact]
    public async Task A_wrong_password_a_stranger_another_client_id_and_mqtt_3_are_refused_with_the_reason()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        using var client = new MqttClientFactory().CreateMqttClient();
        async Task<MqttClientConnectResultCode> Try(MqttClientOptionsBuilder options) => (await client.ConnectAsync(options.Build())).ResultCode;
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await Try(WireGateway.Options(cloud.Port, "gw-1").WithCredentials("gw-1", "guess")));
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await Try(WireGateway.Options(cloud.Port, "gw-9")));
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, await Try(WireGateway.Options(cloud.Port, "gw-1").WithClientId("gw-2")));
        Assert.Equal(MqttClientConnectResultCode.UnsupportedProtocolVersion, await Try(WireGateway.Options(cloud.Port, "gw-1").WithProtocolVersion(MqttProtocolVersion.V311)));
        await cloud.WriteSecurityEventsAsync();
        await Patience.Until(() => cloud.Log.Reader.SecurityEvents(100).Count == 3, "three security events");
    }

    [Fact]
    public async Task A_second_live_session_of_one_gateway_is_a_security_event()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        await gateway.SendAsync("scans/desk", 1);
        await Patience.Until(() => gateway.Upto("scans/desk") == 1, "it is alive");
        await using var clone = await WireGateway.ConnectAsync(cloud.Port);
        await cloud.WriteSecurityEventsAsync();
        await Patience.Until(() => cloud.Log.Reader.SecurityEvents(100).Any(happened => happened.Kind == "second-session"), "security event");
    }

    [Theory]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F })]   // CONNECT of 256 MiB, before anybody has signed in
    [InlineData(new byte[] { 0x30, 0x81, 0x80, 0x80, 0x01 })]   // PUBLISH of 2 MiB and one byte
    [InlineData(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]   // a length of five bytes is none
    public async Task An_oversize_packet_ends_the_connection_before_memory_is_taken_for_it(byte[] head)
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        using var socket = new TcpClient("127.0.0.1", cloud.Port) { ReceiveTimeout = 20_000 };
        await socket.GetStream().WriteAsync(head);
        Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[10]));
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        await gateway.SendAsync("scans/desk", 1);
        await Patience.Until(() => gateway.Upto("scans/desk") == 1, "others are served");
    }

    [Fact]
    public async Task Random_bytes_on_the_socket_never_stop_the_broker()
    {
        await using var cloud = await CloudUnderTest.StartAsync(_folder);
        var random = new Random(11);
        for (var i = 0; i < 100; i++)
        {
            using var socket = new TcpClient("127.0.0.1", cloud.Port);
            var rubbish = new byte[random.Next(1, 200)];
            random.NextBytes(rubbish);
            await socket.GetStream().WriteAsync(rubbish);
        }
        await using var gateway = await WireGateway.ConnectAsync(cloud.Port);
        await gateway.SendAsync("scans/desk", 1);
        await Patience.Until(() => gateway.Upto("scans/desk") == 1, "others are served");
    }
}
