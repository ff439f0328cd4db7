using System.Net;
using System.Net.Sockets;
using EdgeTrace.Contract;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeTrace.Faults;

/// <summary>Those who say what they should not, while a real gateway works.</summary>
static class HostileRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("malformed", "random and half-right bytes at the broker's port, by the seed", MalformedAsync) { Smoke = true },
        new("spoofed", "a gateway publishes ack, cmd, another gateway's stream, and listens to all", context => SpoofedAsync(context, mosquitto: false)) { Smoke = true },
        new("spoofed-mosquitto", "the same through Mosquitto and its ACL", context => SpoofedAsync(context, mosquitto: true)),
        new("replayed", "what the gateway sent is sent again, whole and changed", ReplayedAsync) { Smoke = true },
        new("knocking", "500 clients connect at once and say nothing, again and again", KnockingAsync),
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

    static async Task<FaultResult> SpoofedAsync(FaultContext context, bool mosquitto)
    {
        await using var rig = await Rig.MakeAsync(context, mosquitto);
        await Pretender.IntroduceAsync(rig);
        await rig.StartAllAsync();
        var root = "edgetrace/v1/fault-trust/st-elsewhere/gw";
        List<string> allowed = [];
        foreach (var topic in new[] { $"{root}/gw-1/ack", $"{root}/gw-1/cmd", $"{root}/gw-1/reads/load-1", $"{root}/gw-1/birth", $"{root}/gw-2/ack", $"{root}/gw-2/cmd" })
        {
            using var client = await Pretender.ConnectAsync(rig, context.Stop);
            if (await client.MayPublishAsync(topic, "spoof"u8.ToArray(), context.Stop)) allowed.Add("publish " + topic);
        }
        foreach (var filter in new[] { "#", $"{root}/gw-1/#", $"{root}/+/ack" })
        {
            using var client = await Pretender.ConnectAsync(rig, context.Stop);
            if (await client.HearsAsync(filter, context.LoadFor / 6, context.Stop) > 0) allowed.Add("hear " + filter);
        }
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
            await client.ConnectAsync(LightGateway.Options("gw-1", rig.BrokerPort, (await File.ReadAllTextAsync(rig.File("gw-1.secret"))).Trim()), context.Stop);
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

    static async Task<FaultResult> KnockingAsync(FaultContext context)
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
}
