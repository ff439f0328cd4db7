using EdgeTrace.Faults;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeTrace.EndToEnd;

/// <summary>Somebody with a password, and somebody without one, say what they should not, to the cloud's own broker.</summary>
static class NightOfStrangers
{
    public static async Task<IReadOnlyList<NamedFault>> RunAsync(string folder, CancellationToken stop)
    {
        await using var rig = await Rig.MakeAsync(new("smoke", 3, TimeSpan.Zero, folder, _ => { }, stop));
        await Pretender.IntroduceAsync(rig);
        rig.Amend("site.json", site => site["portals"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""
            {"id":"odd","name":"Odd door","kind":"door","gateway":"gw-2","inside":"store","outside":"corridor","antennas":[{"antenna":1,"side":"outside"},{"antenna":2,"side":"inside"}]}
            """)));
        await rig.StartAllAsync();
        // The doctor tries what it may not: asking is no fault.
        await Oracle.DoctorAsync(rig, "EdgeTrace.Gateway", "edgetrace-gateway", "gateway.json");
        Assert.False(rig.Cloud.Said("Security:"), rig.Cloud.LastWords());

        using var first = await Pretender.ConnectAsync(rig, stop);
        await first.SendAsync("reads/odd", 1, 1, "no batch at all"u8.ToArray(), stop);
        await rig.UntilAsync("the poison has its answer", () => Task.FromResult(first.Upto("reads/odd") == 1));
        using (var second = await Pretender.ConnectAsync(rig, stop))
            await second.MayPublishAsync("edgetrace/v1/fault-trust/st-elsewhere/gw/gw-1/ack", "spoof"u8.ToArray(), stop);
        using (var stranger = new MqttClientFactory().CreateMqttClient())
            try
            {
                await stranger.ConnectAsync(LightGateway.Options("gw-1", rig.BrokerPort, "a guess"), stop);
            }
            catch (MqttCommunicationException)
            {
                // Refused, by a reason code or by being hung up on.
            }
        using (var talker = await Pretender.ConnectAsync(rig, stop))
            await talker.MayPublishAsync(Pretender.Topics.Stream("reads/odd"), "without an envelope"u8.ToArray(), stop);
        return
        [
            await NamedFault.OnPageAsync(rig, "a batch cannot be read (poison)", "projection", "quarantined"),
            await NamedFault.OnPageAsync(rig, "a message is no batch", "quarantine", "unreadable"),
            await NamedFault.OnPageAsync(rig, "a gateway speaks on another's topic", "security", "denied-publication"),
            await NamedFault.OnPageAsync(rig, "two gateways have one name (a cloned card)", "security", "second-session"),
            await NamedFault.OnPageAsync(rig, "somebody tries a wrong password", "security", "wrong-password"),
        ];
    }
}
