using EdgeTrace.Contract;
using EdgeTrace.Gateway;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Uplink;
using EdgeTrace.Tests.Outbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTrace.Tests.Uplink;

/// <summary>Real sockets, a real broker, real time with short patience; every wait is for a condition.</summary>
public class MqttUplinkTests
{
    static readonly GatewayTopics Topics = new("demo-trust", "st-elsewhere", "gw-1");

    sealed record Running(MqttUplink Uplink, HealthBoard Health) : IAsyncDisposable
    {
        public LinkState State => Uplink.State;
        public async ValueTask DisposeAsync()
        {
            await Uplink.StopAsync(CancellationToken.None);
            Uplink.Dispose();
        }
    }

    [Fact]
    public async Task What_a_refusing_disk_cannot_carry_is_said_in_a_birth()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        using var fixture = new OutboxFixture().Open();
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => uplink.State == LinkState.Online, "online");
        Assert.Single(cloud.Births);
        uplink.Health.Report("outbox", "outbox", DeviceCondition.DiskFull, "The disk is full.", "Free space.");
        await Until(() => cloud.Births.Count == 2, "a second birth");
        Assert.Contains(cloud.Births.Last().States, state => state is { Kind: "outbox", State: DeviceCondition.DiskFull });
        uplink.Health.Fine("outbox", "outbox");
        await Until(() => cloud.Births.Count == 3, "a third birth");
        Assert.Contains(cloud.Births.Last().States, state => state is { Kind: "outbox", State: DeviceCondition.Fine });
    }

    static async Task<Running> StartAsync(OutboxFixture fixture, int port)
    {
        var password = Path.Combine(fixture.Folder, "password");
        await File.WriteAllTextAsync(password, "secret\n");
        var configuration = new GatewayConfiguration
        {
            Gateway = new() { Id = "gw-1", Trust = "demo-trust", Site = "st-elsewhere" },
            Llrp = [new() { Name = "reader", Portals = [new() { Name = "bay", Antennas = [1], Beacon = new() { RedPort = 1 } }, new() { Name = "front", Antennas = [2] }] }],
        };
        var options = new BrokerOptions { Host = "127.0.0.1", Port = port, PasswordFile = password, ResendAfter = TimeSpan.FromMilliseconds(400), RetryDelayMax = TimeSpan.FromMilliseconds(200) };
        var health = new HealthBoard(TimeProvider.System, NullLogger<HealthBoard>.Instance);
        var beacons = new Beacons(configuration, health, TimeProvider.System, NullLogger<Beacons>.Instance);
        var uplink = new MqttUplink(
            fixture.Outbox, fixture.Sealer, new(Topics, options), new(configuration, fixture.Sealer, health, TimeProvider.System), beacons, health, options,
            TimeProvider.System, NullLogger<MqttUplink>.Instance);
        await uplink.StartAsync(TestContext.Current.CancellationToken);
        return new(uplink, health);
    }

    static async Task Until(Func<bool> holds, string what, Action? meanwhile = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, $"waited 20 s for: {what}");
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    static void Seal(OutboxFixture fixture, int batches, int first = 0)
    {
        for (var i = 0; i < batches; i++)
        {
            fixture.Reads("door", 3, (first + i) * 3);
            fixture.Sealer.SealAll();
        }
    }

    static long Unacked(OutboxFixture fixture) => fixture.Outbox.Summaries().Sum(summary => summary.UnackedBatches);

    [Fact]
    public async Task A_backlog_arrives_in_order_once_and_is_forgotten()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 100);
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => Unacked(fixture) == 0, "everything acknowledged", () => fixture.Outbox.Commit());
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (ulong)i), cloud.Logged.Select(id => id.Sequence));
        Assert.Equal(LinkState.Online, uplink.State);
        Assert.All(cloud.Batches, sent => Assert.Equal((sent.Batch.Header.Epoch, sent.Batch.Header.Sequence), (sent.Envelope.Epoch, sent.Envelope.Sequence)));
        await uplink.DisposeAsync();
        await Until(() => cloud.States.LastOrDefault() is { Online: false }, "state offline on a graceful stop");
    }

    [Fact]
    public async Task Lost_acknowledgements_make_a_resend_on_a_live_link_and_the_window_is_kept()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        cloud.Acks = false;
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 100);
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => cloud.Batches.Count(sent => sent.Batch.Header.Sequence == 1) >= 2, "the first batch comes again", () => fixture.Outbox.Commit());
        Assert.True(cloud.Batches.Max(sent => sent.Batch.Header.Sequence) <= SendWindow.UnackedPerStreamMax, "no more on the way than the cloud would hold");
        await Until(() => uplink.State == LinkState.Stalled, "the link says it is stalled");
        cloud.Acks = true;
        await Until(() => Unacked(fixture) == 0, "everything acknowledged", () => fixture.Outbox.Commit());
        Assert.Equal(100, cloud.Logged.Count);
        Assert.Equal(LinkState.Online, uplink.State);
    }

    [Fact]
    public async Task An_alarm_overtakes_a_backlog_of_reads()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        cloud.Acks = false;
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 100);
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => cloud.Batches.Count >= SendWindow.UnackedPerStreamMax, "a full window of reads", () => fixture.Outbox.Commit());
        fixture.Sealer.Alarms("fridge-1").Add(new() { Point = "fridge-1", Rule = "excursion", StartUs = 1, RaisedUs = 2 });
        fixture.Sealer.SealAll();
        await Until(() => cloud.Batches.Any(sent => sent.Batch.Alarms is not null), "the alarm", () => fixture.Outbox.Commit());
    }

    [Fact]
    public async Task A_broker_that_goes_and_comes_back_loses_and_doubles_nothing()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 20);
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => Unacked(fixture) == 0, "the first twenty", () => fixture.Outbox.Commit());
        await cloud.StopBrokerAsync();
        Seal(fixture, 20, first: 20);
        await Until(() => uplink.State == LinkState.Unreachable, "the link says the broker is gone");
        await cloud.StartBrokerAsync();
        await cloud.ListenAsync();
        await Until(() => Unacked(fixture) == 0, "the rest", () => fixture.Outbox.Commit());
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (ulong)i), cloud.Logged.Select(id => id.Sequence));
    }

    [Fact]
    public async Task A_broker_without_a_cloud_is_named_and_a_wrong_password_too()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics, listening: false);
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 3);
        await using (var uplink = await StartAsync(fixture, cloud.Port))
        {
            await Until(() => uplink.State == LinkState.CloudNotListening, "cloud not listening");
            await cloud.ListenAsync();
            await Until(() => Unacked(fixture) == 0, "everything once it listens", () => fixture.Outbox.Commit());
        }

        cloud.Password = "another";
        await using var refused = await StartAsync(fixture, cloud.Port);
        await Until(() => refused.State == LinkState.Refused, "credentials refused");
    }

    [Fact]
    public async Task A_restored_image_goes_on_in_a_new_epoch_and_loses_nothing_new()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 5);
        await using (var uplink = await StartAsync(fixture, cloud.Port))
        {
            await Until(() => Unacked(fixture) == 0, "the first five", () => fixture.Outbox.Commit());
        }
        var epoch = cloud.Logged.First().Epoch;
        cloud.Upto[("reads/door", epoch)] = 7;   // the box went on to 7 after the image was made
        fixture.Reopen();
        Seal(fixture, 4, first: 5);               // numbered 6 to 9 by the restored image: new readings all the same
        await using (var uplink = await StartAsync(fixture, cloud.Port))
        {
            await Until(() => Unacked(fixture) == 0 && cloud.Logged.Count == 9, "four more", () => fixture.Outbox.Commit());
        }
        var renumbered = cloud.Logged.Skip(5).ToArray();
        Assert.All(renumbered, id => Assert.NotEqual(epoch, id.Epoch));
        Assert.Equal([1ul, 2ul, 3ul, 4ul], renumbered.Select(id => id.Sequence));
        Assert.Equal(27ul, fixture.Summary("reads/door").SealedReadings);
    }

    [Fact]
    public async Task An_acknowledgement_of_what_was_never_sent_forgets_nothing()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        cloud.Acks = false;
        using var fixture = new OutboxFixture().Open();
        Seal(fixture, 3);
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => cloud.Batches.Count >= 3, "the batches", () => fixture.Outbox.Commit());
        var epoch = cloud.Batches.First().Batch.Header.Epoch;
        await cloud.SendAsync(new Ack { Streams = { new StreamAck { Stream = "reads/door", Epoch = epoch, Upto = 99 } } });
        await cloud.SendAsync(new Ack { Streams = { new StreamAck { Stream = "reads/door", Epoch = epoch, Upto = 1 } } });
        await Until(() => Unacked(fixture) == 2, "the honest one is followed, the other is not");
    }

    [Fact]
    public async Task Heartbeats_tell_the_watermark_and_a_command_brings_a_birth()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        using var fixture = new OutboxFixture().Open();
        fixture.Reads("door", 3);
        fixture.Sealer.Reads("door").Promise(42_000_000);
        fixture.Sealer.SealAll();
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => cloud.Heartbeats.Any(beat => beat.Streams.Any(stream => stream is { Stream: "reads/door", ThroughUs: 42_000_000, NextSequence: 2 })), "the watermark");
        await cloud.SendAsync(new Command { Id = "c1", Rebirth = true });
        await Until(() => cloud.Births.Count >= 2, "a second birth");
        Assert.Equal(fixture.Outbox.Boot, cloud.Births.Last().Boot);
    }

    [Fact]
    public async Task A_command_for_a_lamp_is_followed_and_one_that_comes_late_is_not()
    {
        await using var cloud = await ScriptedCloud.StartAsync(Topics);
        using var fixture = new OutboxFixture().Open();
        await using var uplink = await StartAsync(fixture, cloud.Port);
        await Until(() => uplink.State == LinkState.Online, "online");
        var nowUs = TimeProvider.System.GetUtcNow().ToUnixTimeMicroseconds();
        await cloud.SendAsync(new Command { Id = "late", ExpiresUs = nowUs - 1, Beacon = new() { Portal = "front", Colour = BeaconColour.Red, Seconds = 60 } });
        await cloud.SendAsync(new Command { Id = "now", ExpiresUs = nowUs + 60_000_000, Beacon = new() { Portal = "bay", Colour = BeaconColour.Red, Seconds = 60 } });
        await Until(() => uplink.Health.All().Any(state => state is { Kind: "beacon", Name: "bay" }), "the lamp was ordered");
        Assert.DoesNotContain(uplink.Health.All(), state => state is { Kind: "beacon", Name: "front" });
    }
}
