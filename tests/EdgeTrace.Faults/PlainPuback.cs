using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Faults;

/// <summary>
/// What a user would build instead: publish at QoS 1, take the broker's PUBACK for delivery, subscribe with a durable session.
/// The same oracle: what the publisher was told is safe, and what the subscriber got. Mosquitto with its package's defaults.
/// </summary>
static class PlainPuback
{
    public static IReadOnlyList<(string Name, string What, Func<FaultContext, Mosquitto, int, Counts, Task> Fault)> All { get; } =
    [
        ("puback-broker-kill", "Mosquitto kill -9 while the subscriber is away", KilledAsync),
        ("puback-subscriber-away", "the subscriber is away for a while", AwayAsync),
    ];

    /// <summary>Numbered messages of 100 reads each.</summary>
    internal sealed class Counts
    {
        public const int ReadsEach = 100;
        public HashSet<int> Acknowledged { get; } = [];
        public HashSet<int> Received { get; } = [];
        public long Twice { get; set; }
    }

    public static async Task<FaultResult> RunAsync(FaultContext context, Func<FaultContext, Mosquitto, int, Counts, Task> fault)
    {
        var folder = Directory.CreateDirectory(Path.Combine(context.Directory, Guid.NewGuid().ToString("N")[..8])).FullName;
        var port = Rig.FreePort();
        var mosquitto = await Mosquitto.DefaultsAsync(folder, port);
        await using var server = mosquitto.Server;
        server.Start();
        var counts = new Counts();
        await fault(context, mosquitto, port, counts);
        var (acked, received) = (counts.Acknowledged.Count * (long)Counts.ReadsEach, counts.Acknowledged.Count(counts.Received.Contains) * (long)Counts.ReadsEach);
        return new(acked, acked, received, acked - received, counts.Twice * Counts.ReadsEach, 0, 0);
    }

    static async Task KilledAsync(FaultContext context, Mosquitto mosquitto, int port, Counts counts)
    {
        await (await SubscribeAsync(context, port, counts)).DisconnectAsync(new(), context.Stop);
        await PublishAsync(context, port, counts, messages: 900);
        await mosquitto.Server.KillAsync();
        mosquitto.Server.Start();
        await ReceiveRestAsync(context, port, counts);
    }

    static async Task AwayAsync(FaultContext context, Mosquitto mosquitto, int port, Counts counts)
    {
        await (await SubscribeAsync(context, port, counts)).DisconnectAsync(new(), context.Stop);
        await PublishAsync(context, port, counts, messages: 5000);
        await ReceiveRestAsync(context, port, counts);
    }

    static async Task<IMqttClient> SubscribeAsync(FaultContext context, int port, Counts counts)
    {
        var client = await ConnectAsync(context, port, "subscriber", counts);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("reads", MqttQualityOfServiceLevel.AtLeastOnce).Build(), context.Stop);
        return client;
    }

    static async Task ReceiveRestAsync(FaultContext context, int port, Counts counts)
    {
        using var client = await ConnectAsync(context, port, "subscriber", counts);
        for (var (quiet, seen) = (0, -1); quiet < 10;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, context.Stop);
            int now;
            lock (counts) now = counts.Received.Count;
            (quiet, seen) = now == seen ? (quiet + 1, seen) : (0, now);
        }
    }

    static async Task<IMqttClient> ConnectAsync(FaultContext context, int port, string id, Counts counts)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += message =>
        {
            var number = int.Parse(message.ApplicationMessage.ConvertPayloadToString(), System.Globalization.CultureInfo.InvariantCulture);
            lock (counts)
                if (!counts.Received.Add(number)) counts.Twice++;
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(id)
            .WithCleanStart(false).WithSessionExpiryInterval(3600).Build();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.ConnectAsync(options, context.Stop);
                return client;
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException) when (attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, context.Stop);   // the broker is coming up
            }
        }
    }

    static async Task PublishAsync(FaultContext context, int port, Counts counts, int messages)
    {
        using var client = await ConnectAsync(context, port, "publisher", counts);
        for (var n = 0; n < messages; n++)
        {
            var answer = await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("reads").WithPayload(n.ToString(System.Globalization.CultureInfo.InvariantCulture)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), context.Stop);
            if (answer.IsSuccess) counts.Acknowledged.Add(n);
        }
        await client.DisconnectAsync(new(), context.Stop);
    }
}
