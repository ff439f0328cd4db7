using System.Buffers;
using EdgeTrace.Contract;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeTrace.Faults;

/// <summary>A second gateway, gw-2, that has its own name and password and says what a row wants it to say.</summary>
sealed class Pretender : IDisposable
{
    public const string Id = "gw-2";
    const string Secret = "another password";
    public static readonly GatewayTopics Topics = new("fault-trust", "st-elsewhere", Id);

    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly Dictionary<string, ulong> _upto = [];
    readonly List<string> _rejected = [];

    public bool IsConnected => _client.IsConnected;

    /// <summary>Makes it known to the broker of a chain that has not started yet.</summary>
    public static async Task IntroduceAsync(Rig rig)
    {
        await File.WriteAllTextAsync(rig.File("gw-2.secret"), Secret);
        if (rig.Mosquitto is { } mosquitto) await mosquitto.AddUsersAsync([(Id, Secret)]);
        else
            rig.Amend("cloud.json", cloud => cloud["Broker"]!["Gateways"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject
            {
                ["Id"] = Id, ["Trust"] = "fault-trust", ["Site"] = "st-elsewhere", ["PasswordFile"] = "gw-2.secret",
            }));
    }

    public static async Task<Pretender> ConnectAsync(Rig rig, CancellationToken stop)
    {
        var pretender = new Pretender();
        pretender._client.ApplicationMessageReceivedAsync += received =>
        {
            pretender.Receive(Ack.Parser.ParseFrom(received.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await pretender._client.ConnectAsync(LightGateway.Options(Id, rig.BrokerPort, Secret), stop);
        await pretender._client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(Topics.Ack, MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
        return pretender;
    }

    public ulong Upto(string stream)
    {
        lock (_upto) return _upto.GetValueOrDefault(stream);
    }

    /// <summary>Why the cloud would not have what it was sent; each reason as it was said.</summary>
    public IReadOnlyList<string> Rejected
    {
        get
        {
            lock (_upto) return [.. _rejected];
        }
    }

    public Task SendAsync(string stream, ulong epoch, ulong sequence, byte[] body, CancellationToken stop) =>
        LightGateway.PublishAsync(_client, Topics.Stream(stream), body, BatchEnvelope.For(epoch, sequence, body).ToArray(), stop);

    /// <summary>Publishes anything anywhere; false when the broker refuses, by a reason code or by ending the connection.</summary>
    public async Task<bool> MayPublishAsync(string topic, byte[] body, CancellationToken stop)
    {
        try
        {
            var answer = await _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(body).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
            return answer.IsSuccess && _client.IsConnected;
        }
        catch (Exception refused) when (refused is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttClientDisconnectedException or MQTTnet.Exceptions.MqttClientNotConnectedException)
        {
            return false;
        }
    }

    /// <summary>How many messages a filter brings within a time in which gw-1 says and is told many. A broker may grant a subscription and still give nothing.</summary>
    public async Task<int> HearsAsync(string filter, TimeSpan within, CancellationToken stop)
    {
        var heard = 0;
        Task CountAsync(MqttApplicationMessageReceivedEventArgs received)
        {
            if (!received.ApplicationMessage.Topic.StartsWith(Topics.Root, StringComparison.Ordinal)) Interlocked.Increment(ref heard);
            return Task.CompletedTask;
        }
        try
        {
            _client.ApplicationMessageReceivedAsync += CountAsync;
            await _client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter).Build(), stop);
            await Task.Delay(within, TimeProvider.System, stop);
            return heard;
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            return 0;
        }
        finally
        {
            _client.ApplicationMessageReceivedAsync -= CountAsync;
        }
    }

    void Receive(Ack ack)
    {
        lock (_upto)
            foreach (var stream in ack.Streams)
            {
                _upto[stream.Stream] = Math.Max(_upto.GetValueOrDefault(stream.Stream), stream.Upto);
                _rejected.AddRange(stream.Rejected.Select(rejection => rejection.Why));
            }
    }

    // Without a goodbye: some rows have it thrown out, and MQTTnet notices that late.
    public void Dispose() => _client.Dispose();
}
