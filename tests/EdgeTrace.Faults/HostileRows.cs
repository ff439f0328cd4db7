using System.Net;
using System.Net.Sockets;
using EdgeTrace.Contract;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Faults;

/// <summary>Those who say what they should not, at the embedded broker, while a real gateway works.</summary>
static class HostileRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("malformed", "random and half-right bytes at the broker's port, by the seed", MalformedAsync) { Smoke = true },
        new("spoofed", "a gateway publishes ack, cmd, another gateway's stream, and subscribes to all", SpoofedAsync) { Smoke = true },
        new("replayed", "what the gateway sent is sent again, whole and changed", ReplayedAsync) { Smoke = true },
        new("herd", "500 clients connect at once, again and again", HerdAsync),
    ];

    static async Task<FaultResult> MalformedAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        var ends = TimeProvider.System.GetTimestamp() + (long)(context.LoadFor.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (TimeProvider.System.GetTimestamp() < ends)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, rig.BrokerPort, context.Stop);
            var bytes = new byte[context.Random.Next(1, 600)];
            context.Random.NextBytes(bytes);
            // Half of them begin as a CONNECT of MQTT 5, so that they are refused further in.
            if (context.Random.Next(2) == 0) ((ReadOnlySpan<byte>)[0x10, 0x7F, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5]).CopyTo(bytes.Length >= 9 ? bytes : bytes = new byte[9]);
            try
            {
                var stream = client.GetStream();
                await stream.WriteAsync(bytes, context.Stop);
                client.Client.Shutdown(SocketShutdown.Send);
                _ = await stream.ReadAsync(new byte[64], context.Stop);
            }
            catch (Exception thrownOut) when (thrownOut is IOException or SocketException)
            {
                // Thrown out: as it should be.
            }
        }
        return await rig.JudgeAsync(await rig.RecoveryAsync(), rig.Cloud.HasExited ? "the cloud ended" : null);
    }

    static async Task<FaultResult> SpoofedAsync(FaultContext context)
    {
        await using var rig = await Rig.MakeAsync(context);
        await File.WriteAllTextAsync(rig.File("gw-2.secret"), "another password");
        rig.Amend("cloud.json", cloud => cloud["Broker"]!["Gateways"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject
        {
            ["Id"] = "gw-2", ["Trust"] = "fault-trust", ["Site"] = "st-elsewhere", ["PasswordFile"] = "gw-2.secret",
        }));
        rig.Cloud.Start();
        await rig.UntilUpAsync();
        rig.Gateway.Start();
        rig.StartLoad();
        await rig.UntilReadsAsync(0);

        var root = "edgetrace/v1/fault-trust/st-elsewhere/gw";
        List<string> allowed = [];
        foreach (var topic in new[] { $"{root}/gw-1/ack", $"{root}/gw-1/cmd", $"{root}/gw-1/reads/load-1", $"{root}/gw-2/ack", $"{root}/gw-2/cmd" })
            if (await MayPublishAsync(rig, topic, context.Stop)) allowed.Add("publish " + topic);
        foreach (var filter in new[] { "#", $"{root}/gw-1/#", $"{root}/+/ack" })
            if (await MaySubscribeAsync(rig, filter, context.Stop)) allowed.Add("subscribe " + filter);
        await rig.DelayAsync(context.LoadFor / 2);
        return await rig.JudgeAsync(0, allowed.Count > 0 ? "gw-2 may " + string.Join(", ", allowed) : null);
    }

    static async Task<FaultResult> ReplayedAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        await rig.DelayAsync(context.LoadFor / 2);
        // A thief of the password sends what nobody sent: a number already used, with another body.
        await rig.Gateway.KillAsync();
        var log = await Oracle.LogAsync(rig);
        var stream = log.GetProperty("streams").EnumerateArray().First(s => s.GetProperty("stream").GetString() == "reads/load-1");
        var epoch = Convert.ToUInt64(stream.GetProperty("epoch").GetString(), 16);
        using (var client = new MqttClientFactory().CreateMqttClient())
        {
            await client.ConnectAsync(Options(rig, "gw-1", "gw-1.secret"), context.Stop);
            for (var sequence = 1ul; sequence <= (ulong)stream.GetProperty("upto").GetInt64(); sequence++)
            {
                var body = new byte[200];
                context.Random.NextBytes(body);
                await client.PublishAsync(
                    new MqttApplicationMessageBuilder().WithTopic("edgetrace/v1/fault-trust/st-elsewhere/gw/gw-1/reads/load-1").WithPayload(body)
                        .WithCorrelationData(BatchEnvelope.For(epoch, sequence, body).ToArray()).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), context.Stop);
            }
            await client.DisconnectAsync(new(), context.Stop);
        }
        rig.Gateway.Start();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        return await rig.JudgeAsync(recovery, rig.Cloud.Said("identity-reused") ? null : "nobody was told that a number came with another body");
    }

    static async Task<FaultResult> HerdAsync(FaultContext context)
    {
        const int Clients = 500;
        await using var rig = await Rig.StartAsync(context);
        var before = rig.Cloud.ResidentMiB();
        for (var round = 0; round < 3; round++)
        {
            var herd = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async n =>
            {
                var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, rig.BrokerPort, context.Stop);
                return client;
            }));
            await rig.DelayAsync(context.LoadFor / 6);
            foreach (var client in herd) client.Dispose();
        }
        var recovery = await rig.RecoveryAsync();
        var grown = rig.Cloud.ResidentMiB() - before;
        return await rig.JudgeAsync(recovery, grown > 300 ? $"the cloud grew by {grown:0} MiB" : null);
    }

    static MqttClientOptions Options(Rig rig, string id, string secretFile) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", rig.BrokerPort).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(id).WithCredentials(id, File.ReadAllText(rig.File(secretFile)).Trim()).Build();

    // A broker may refuse with a reason code or by closing the connection; both are a no.
    static async Task<bool> MayPublishAsync(Rig rig, string topic, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            await client.ConnectAsync(Options(rig, "gw-2", "gw-2.secret"), stop);
            var answer = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload("spoof").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
            return answer.IsSuccess && client.IsConnected;
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            return false;
        }
    }

    static async Task<bool> MaySubscribeAsync(Rig rig, string filter, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            await client.ConnectAsync(Options(rig, "gw-2", "gw-2.secret"), stop);
            var answer = await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter).Build(), stop);
            return answer.Items.All(item => item.ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2);
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            return false;
        }
    }
}
