using System.Diagnostics;
using System.Globalization;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Gateway.Uplink;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeTrace.Gateway.Doctor;

/// <summary>The broker with this gateway's own password, beside the running gateway: may it do what it must, and nothing else?</summary>
sealed class LinkCheck(GatewayConfiguration configuration, TimeProvider time)
{
    /// <summary>Three seals and their way there and back.</summary>
    static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(3);

    readonly GatewayTopics _topics = new(configuration.Gateway.Trust, configuration.Gateway.Site, configuration.Gateway.Id);

    public async Task<IReadOnlyList<Finding>> LookAsync(bool gatewayRuns, CancellationToken stop)
    {
        var where = $"{configuration.Broker.Host}:{configuration.Broker.Port}";
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var client = await new BrokerLink(_topics, configuration.Broker).OpenDoctorAsync(stop);
            var connected = Stopwatch.GetElapsedTime(started);
            List<Finding> findings = [new("link", Verdict.Fine, string.Create(CultureInfo.InvariantCulture, $"{where} lets this gateway in, {connected.TotalMilliseconds:0} ms{(configuration.Broker.Tls ? " with TLS" : "")}."))];
            if (!configuration.Broker.Tls && configuration.Broker.Host is not ("127.0.0.1" or "localhost" or "::1"))
                findings.Add(new("link in the clear", Verdict.Warning, "Passwords and readings cross the network unencrypted.", "Set Broker.Tls and port 8883."));
            // First what needs the connection: a broker may end it over a right that is not there.
            var cloud = await CloudAsync(client, gatewayRuns, stop);
            findings.AddRange([await RightsAsync(client, stop), cloud]);
            await client.DisconnectAsync(new(), stop);
            return findings;
        }
        catch (LinkException wrong)
        {
            return [new("link", Verdict.Alarm, wrong.Message, wrong.State == LinkState.Refused
                ? "Check Broker.PasswordFile and that the broker knows this gateway by that name." : "Check the network, the broker and any firewall between. Nothing is lost meanwhile.")];
        }
    }

    /// <summary>Rule 2 of the corridor rests on it: who may say ack could make every gateway forget.</summary>
    async Task<Finding> RightsAsync(IMqttClient client, CancellationToken stop)
    {
        List<string> tooMuch = [];
        var elsewhere = new GatewayTopics(configuration.Gateway.Trust, configuration.Gateway.Site, "gateway-of-nobody");
        long micros = 0;
        foreach (var topic in new[] { _topics.Ack, _topics.Command, elsewhere.Heartbeat })
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                // An empty message: where it is let through, it says nothing.
                var answer = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
                micros = (long)Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                if (answer.IsSuccess) tooMuch.Add($"publish {topic}");
            }
            catch (MqttCommunicationException)
            {
                return new("rights", Verdict.Unknown, $"The broker closed the connection when {topic} was tried: it refuses, and how much else cannot be asked.");
            }
        }
        var all = await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("#").Build(), stop);
        if (all.Items.All(item => item.ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2)) tooMuch.Add("subscribe #");
        // Mosquitto grants any filter and withholds the messages; only its own ACL tells, so that is a note and no warning.
        var loose = tooMuch.RemoveAll(word => word == "subscribe #") > 0;
        if (tooMuch.Count > 0) return new("rights", Verdict.Alarm, $"This gateway may {string.Join(" and ", tooMuch)}: a thief of its password could make others forget what they have.", "Install deploy/mosquitto/edgetrace.acl on the broker.");
        return new("rights", loose ? Verdict.Note : Verdict.Fine, string.Create(CultureInfo.InvariantCulture,
            $"The broker refuses what this gateway may not say (ack, cmd, another's topics); a round trip takes {micros / 1000.0:0.0} ms.{(loose ? " It accepts a subscription to everything, as Mosquitto does, and delivers by its ACL." : "")}"));
    }

    async Task<Finding> CloudAsync(IMqttClient client, bool gatewayRuns, CancellationToken stop)
    {
        // Empty and not retained on our own state topic: it says nothing, and its acknowledgement tells whether anybody listens there.
        var heard = await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(_topics.State).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
        if (heard.ReasonCode == MqttClientPublishReasonCode.NoMatchingSubscribers)
            return new("cloud", Verdict.Alarm, "The broker has nobody to give this gateway's batches to: no cloud listens. The outbox keeps them.", "Start edgetrace-cloud, or check that it is connected to this broker.");
        if (!gatewayRuns) return new("cloud", Verdict.Unknown, "Only a running gateway can tell whether the cloud acknowledges.");
        var before = Progress();
        if (before.Waiting == 0) return new("cloud", Verdict.Fine, "Everything sealed is acknowledged.");
        await Task.Delay(AcknowledgedWithin, time, stop);
        var after = Progress();
        return after.Waiting == 0 || after.Acknowledged > before.Acknowledged
            ? new("cloud", Verdict.Fine, $"It acknowledges: {after.Acknowledged - before.Acknowledged} batches in {AcknowledgedWithin.TotalSeconds:0} s, {after.Waiting} wait.")
            : new("cloud", Verdict.Warning, $"It has acknowledged nothing for {AcknowledgedWithin.TotalSeconds:0} s, and {after.Waiting} batches wait for it.", "Run edgetrace-cloud doctor on the server: its disk or log refuses.");
    }

    (long Acknowledged, long Waiting) Progress()
    {
        var streams = OutboxSummary.Read(configuration.OutboxFolder).Streams;
        var waiting = streams.Sum(stream => stream.UnackedBatches);
        return ((long)streams.Sum(stream => (decimal)stream.SealedBatches) - waiting, waiting);
    }
}
