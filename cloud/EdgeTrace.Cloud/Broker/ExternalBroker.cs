using System.Buffers;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Contract;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeTrace.Cloud.Broker;

/// <summary>Where a link is, and why.</summary>
public sealed record BrokerState(string Name, string Reason)
{
    public static BrokerState Connecting { get; } = new("connecting", "");
    public static BrokerState Connected { get; } = new("connected", "");
}

/// <summary>The same ingest over an MQTT 5 broker elsewhere: connect, subscribe, take messages as there is room, back off, again.</summary>
sealed partial class ExternalBroker : BackgroundService, IGatewayPost
{
    /// <summary>The library's inbound queue has no bound of its own; unacknowledged messages are what the broker holds back by.</summary>
    const ushort ReceiveMax = 64;
    const int SocketBufferBytes = 256 << 10;
    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);

    readonly ExternalBrokerOptions _options;
    readonly ConfigurationFile _file;
    readonly IServiceProvider _services;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public ExternalBroker(IOptions<ExternalBrokerOptions> options, ConfigurationFile file, IServiceProvider services, TimeProvider time, ILogger<ExternalBroker> logger)
    {
        (_options, _file, _services, _time, _logger) = (options.Value, file, services, time, logger);
        _client.ApplicationMessageReceivedAsync += ReceiveAsync;
    }

    public BrokerState State { get; private set; } = BrokerState.Connecting;

    public async Task SendAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var message = new MqttApplicationMessage { Topic = topic, PayloadSegment = payload.ToArray(), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };
        var result = await _client.PublishAsync(message, cancellation);
        if (!result.IsSuccess) throw new InvalidOperationException($"the broker refused it: {result.ReasonCode}");
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = RetryFirst;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(() => delay = RetryFirst, stoppingToken);
            }
            catch (Exception error) when (error is MqttCommunicationException or MqttClientNotConnectedException or MqttProtocolViolationException or IOException
                || (error is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                SetState(new("disconnected", $"{_options.Host}:{_options.Port}: {error.GetBaseException().Message}"));
            }
            // Full jitter, so that several clouds do not return in step.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble() / 2), _time, stoppingToken);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, RetryMax.Ticks));
        }
    }

    async Task RunAsync(Action connected, CancellationToken stopping)
    {
        var lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task OnLostAsync(MqttClientDisconnectedEventArgs loss)
        {
            lost.TrySetResult(loss.Exception?.GetBaseException().Message ?? loss.ReasonString ?? loss.Reason.ToString());
            return Task.CompletedTask;
        }
        _client.DisconnectedAsync += OnLostAsync;
        try
        {
            var answer = await _client.ConnectAsync(ClientOptions(), stopping);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                SetState(new("refused", $"{_options.Host}:{_options.Port} said {answer.ResultCode} {answer.ReasonString}: check ExternalBroker.UserName and PasswordFile."));
                return;
            }
            // No local copies: our own acks match this filter too.
            var all = new MqttTopicFilter { Topic = GatewayTopics.AllGateways, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce, NoLocal = true };
            var granted = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [all] }, stopping);
            if (granted.Items.Any(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
            {
                SetState(new("refused", $"{_options.Host}:{_options.Port} does not let '{_options.UserName}' subscribe to {GatewayTopics.AllGateways}: check the broker's ACL."));
                await _client.DisconnectAsync(new(), stopping);
                return;
            }
            connected();
            SetState(BrokerState.Connected);
            SetState(new("disconnected", $"{_options.Host}:{_options.Port}: {await lost.Task.WaitAsync(stopping)}"));
        }
        finally
        {
            _client.DisconnectedAsync -= OnLostAsync;
        }
    }

    /// <summary>The library calls this one message at a time; the broker's PUBACK waits for room in ingest.</summary>
    async Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        received.AutoAcknowledge = false;
        var message = received.ApplicationMessage;
        var ingest = _services.GetRequiredService<IngestLoop>();
        await ingest.AdmitAsync(new(message.Topic, message.Payload.ToArray(), message.CorrelationData, CloudTrace.ReadTraceparent(message.UserProperties)), CancellationToken.None);
        try
        {
            await received.AcknowledgeAsync(CancellationToken.None);
        }
        catch (MqttCommunicationException)
        {
            // The link is gone and its own loop says so; a new session gets the message again only from the gateway.
        }
    }

    MqttClientOptions ClientOptions()
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(_options.Host, _options.Port).WithTcpServer(tcp => tcp.BufferSize = SocketBufferBytes)
            .WithProtocolVersion(MqttProtocolVersion.V500).WithClientId($"edgetrace-cloud-{Environment.MachineName}-{Environment.ProcessId}")
            .WithCleanStart(true).WithReceiveMaximum(ReceiveMax).WithMaximumPacketSize(BoundedChannel.PacketBytesMax)
            .WithKeepAlivePeriod(KeepAlive).WithTimeout(ConnectMax);
        if (_options.UserName.Length > 0)
            builder.WithCredentials(_options.UserName, _options.PasswordFile.Length > 0 ? Secret.Read(_file.Resolve(_options.PasswordFile)) : "");
        return builder.Build();
    }

    void SetState(BrokerState state)
    {
        if (state == State) return;
        State = state;
        if (state == BrokerState.Connected) LogConnected(_options.Host, _options.Port);
        else LogNotConnected(state.Name, state.Reason);
    }

    [LoggerMessage(3220, LogLevel.Information, "Connected to the broker {Host}:{Port}")]
    partial void LogConnected(string host, int port);

    [LoggerMessage(3221, LogLevel.Warning, "Broker {State}: {Reason}")]
    partial void LogNotConnected(string state, string reason);
}
