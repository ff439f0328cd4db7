using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeTrace.Contract;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeTrace.Tests.Uplink;

/// <summary>A real broker in this process and, on it, a cloud that does as the test says.</summary>
sealed class ScriptedCloud : IAsyncDisposable
{
    readonly GatewayTopics _topics;
    readonly SemaphoreSlim _changed = new(0);
    MqttServer? _broker;
    IMqttClient? _cloud;

    ScriptedCloud(GatewayTopics topics) => _topics = topics;

    public int Port { get; private set; }
    public ConcurrentQueue<(BatchEnvelope Envelope, Batch Batch)> Batches { get; } = [];
    public ConcurrentQueue<Birth> Births { get; } = [];
    public ConcurrentQueue<GatewayState> States { get; } = [];
    public ConcurrentQueue<Heartbeat> Heartbeats { get; } = [];

    /// <summary>What the log holds, by (stream, epoch).</summary>
    public ConcurrentDictionary<(string Stream, ulong Epoch), ulong> Upto { get; } = [];
    public ConcurrentQueue<BatchId> Logged { get; } = [];
    public bool Acks { get; set; } = true;
    public bool Answers { get; set; } = true;
    public string Password { get; set; } = "secret";

    public static async Task<ScriptedCloud> StartAsync(GatewayTopics topics, bool listening = true)
    {
        var cloud = new ScriptedCloud(topics);
        await cloud.StartBrokerAsync();
        if (listening) await cloud.ListenAsync();
        return cloud;
    }

    public async Task StartBrokerAsync()
    {
        if (Port == 0)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        _broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
            .WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointPort(Port).Build());
        _broker.ValidatingConnectionAsync += connecting =>
        {
            if (connecting.UserName != "cloud" && connecting.Password != Password) connecting.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            return Task.CompletedTask;
        };
        await _broker.StartAsync();
    }

    public async Task ListenAsync()
    {
        _cloud = new MqttClientFactory().CreateMqttClient();
        _cloud.ApplicationMessageReceivedAsync += TakeInAsync;
        await _cloud!.ConnectAsync(new MqttClientOptionsBuilder().WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithClientId("cloud").WithCredentials("cloud", "").WithTcpServer("127.0.0.1", Port).Build());
        await _cloud!.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter => filter.WithTopic(GatewayTopics.AllGateways).WithAtLeastOnceQoS()).Build());
    }

    public async Task StopBrokerAsync()
    {
        _cloud?.Dispose();
        _cloud = null;
        await _broker!.StopAsync();
        _broker!.Dispose();
        _broker = null;
    }

    async Task TakeInAsync(MqttApplicationMessageReceivedEventArgs arrived)
    {
        var message = arrived.ApplicationMessage;
        if (!GatewayTopics.TryParse(message.Topic, out _, out var leaf)) return;
        switch (leaf)
        {
            case GatewayTopics.Leaf.Birth:
                Births.Enqueue(Birth.Parser.ParseFrom(message.Payload));
                if (Answers) await AnswerAsync(Births.Last());
                break;
            case GatewayTopics.Leaf.State: States.Enqueue(GatewayState.Parser.ParseFrom(message.Payload)); break;
            case GatewayTopics.Leaf.Heartbeat: Heartbeats.Enqueue(Heartbeat.Parser.ParseFrom(message.Payload)); break;
            case GatewayTopics.Leaf.Ack or GatewayTopics.Leaf.Command: break;
            default:
                Assert.True(BatchEnvelope.TryRead(message.CorrelationData, out var envelope));
                var batch = Batch.Parser.ParseFrom(message.Payload);
                Batches.Enqueue((envelope, batch));
                if (Acks) await LogAsync(batch.Header);
                break;
        }
        _changed.Release();
    }

    async Task LogAsync(BatchHeader header)
    {
        var key = (header.Stream, header.Epoch);
        var upto = Upto.GetValueOrDefault(key);
        if (header.Sequence == upto + 1)
        {
            Upto[key] = header.Sequence;
            Logged.Enqueue(new(header.Gateway, header.Stream, header.Epoch, header.Sequence));
        }
        await SendAsync(new Ack { Streams = { new StreamAck { Stream = header.Stream, Epoch = header.Epoch, Upto = Upto.GetValueOrDefault(key), Known = true } } });
    }

    public Task AnswerAsync(Birth birth)
    {
        var answer = new Ack { AnswersBoot = birth.Boot };
        foreach (var position in birth.Streams)
        {
            var known = Upto.TryGetValue((position.Stream, position.Epoch), out var upto);
            answer.Streams.Add(new StreamAck { Stream = position.Stream, Epoch = position.Epoch, Upto = upto, Known = known });
        }
        return SendAsync(answer);
    }

    public Task SendAsync(Ack ack) => _cloud!.PublishAsync(Message(_topics.Ack, ack.ToByteArray()));
    public Task SendAsync(Command command) => _cloud!.PublishAsync(Message(_topics.Command, command.ToByteArray()));

    static MqttApplicationMessage Message(string topic, byte[] payload) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await StopBrokerAsync();
        _changed.Dispose();
    }
}
