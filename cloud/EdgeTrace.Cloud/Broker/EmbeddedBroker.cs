using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeTrace.Cloud.Broker;

/// <summary>
/// The broker inside this process, on 127.0.0.1. A gateway's publication goes to ingest from the interceptor, which waits for
/// room: the library's subscriber queues drop silently while telling the publisher success (DESIGN.md, corridor 2 and 8).
/// </summary>
sealed partial class EmbeddedBroker : IHostedService, IGatewayPost, IAsyncDisposable
{
    /// <summary>The signature of a message this process injected; a client cannot bring it.</summary>
    static readonly object s_ours = new();

    /// <summary>Acks a slow gateway has not taken; what is dropped is asked for again.</summary>
    const int PendingMax = 256;

    /// <summary>Heartbeats come every second: a session heard so recently is alive, so a second one is a clone, not a return.</summary>
    static readonly TimeSpan AliveWithin = TimeSpan.FromSeconds(3);

    readonly IServiceProvider _services;
    readonly GatewayDirectory _directory;
    readonly SecurityDesk _security;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Dictionary<string, Account> _accounts;
    readonly LoopbackListener _listener;
    readonly MqttServer _server;

    public EmbeddedBroker(
        IOptions<BrokerOptions> options, ConfigurationFile file, IServiceProvider services, GatewayDirectory directory, SecurityDesk security,
        TimeProvider time, ILogger<EmbeddedBroker> logger)
    {
        (_services, _directory, _security, _time, _logger) = (services, directory, security, time, logger);
        _accounts = options.Value.Gateways.ToDictionary(
            gateway => gateway.Id,
            gateway => new Account(new(gateway.Trust, gateway.Site, gateway.Id), Digest(Secret.Read(file.Resolve(gateway.PasswordFile)))));
        _listener = new(options.Value.Port, logger);
        _server = new(
            new MqttServerOptionsBuilder().WithoutDefaultEndpoint().WithMaxPendingMessagesPerClient(PendingMax)
                .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage).Build(),
            [_listener], new MqttNetEventLogger());
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingSubscriptionAsync += SubscribeAsync;
        _server.InterceptingPublishAsync += PublishAsync;
        _server.ClientDisconnectedAsync += DisconnectedAsync;
    }

    /// <summary>The port in use, also where 0 was configured.</summary>
    public int Port => _listener.Port;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync();
            LogListening(Port, _accounts.Count);
        }
        catch (SocketException error)
        {
            throw new StartRefusedException($"Broker.Port {_listener.PortWanted} cannot be opened ({error.Message}): stop what uses it, or choose another port.", error);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.IsStarted ? _server.StopAsync(new MqttServerStopOptions()) : Task.CompletedTask;

    public Task SendAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation) => _server.InjectApplicationMessage(
        new(new MqttApplicationMessage { Topic = topic, PayloadSegment = payload.ToArray(), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce })
        {
            SenderClientId = "cloud", CustomSessionItems = new Dictionary<object, object> { [s_ours] = s_ours },
        }, cancellation);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    Task ValidateAsync(ValidatingConnectionEventArgs connection)
    {
        if (connection.ProtocolVersion != MqttProtocolVersion.V500)
        {
            (connection.ReasonCode, connection.ReasonString) = (MqttConnectReasonCode.UnsupportedProtocolVersion, "MQTT 5 only: an acknowledgement and its reason do not fit into MQTT 3");
            LogOldProtocol(connection.RemoteEndPoint?.ToString() ?? "", connection.ProtocolVersion);
            return Task.CompletedTask;
        }
        var account = _accounts.GetValueOrDefault(connection.UserName ?? "");
        // Compared also when there is no such account, so that the time taken tells nothing.
        var right = CryptographicOperations.FixedTimeEquals(Digest(connection.Password ?? ""), account?.PasswordDigest ?? s_nobody);
        if (account is null || !right)
        {
            (connection.ReasonCode, connection.ReasonString) = (MqttConnectReasonCode.BadUserNameOrPassword, "user name or password is wrong");
            _security.Report("wrong-password", connection.UserName ?? "", connection.ClientId ?? "", $"from {connection.RemoteEndPoint}");
        }
        else if (connection.ClientId != account.Topics.Gateway && connection.ClientId != GatewayTopics.DoctorOf(account.Topics.Gateway))
        {
            (connection.ReasonCode, connection.ReasonString) = (MqttConnectReasonCode.ClientIdentifierNotValid, "the client id must be the gateway's id");
            _security.Report("other-client-id", account.Topics.Gateway, connection.ClientId ?? "", $"from {connection.RemoteEndPoint}");
        }
        else
        {
            connection.SessionItems[typeof(Account)] = account;
        }
        return Task.CompletedTask;
    }

    Task SubscribeAsync(InterceptingSubscriptionEventArgs subscription)
    {
        if (subscription.SessionItems[typeof(Account)] is Account { Topics: var topics })
        {
            if (subscription.TopicFilter.Topic == topics.Ack || subscription.TopicFilter.Topic == topics.Command) return Task.CompletedTask;
            if (subscription.ClientId != GatewayTopics.DoctorOf(topics.Gateway)) _security.Report("denied-subscription", topics.Gateway, subscription.TopicFilter.Topic, "a gateway may hear only its own ack and cmd");
        }
        subscription.ProcessSubscription = false;
        subscription.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        return Task.CompletedTask;
    }

    async Task PublishAsync(InterceptingPublishEventArgs publication)
    {
        if (publication.SessionItems[s_ours] == s_ours) return;
        publication.ProcessPublish = false;
        var message = publication.ApplicationMessage;
        if (publication.SessionItems[typeof(Account)] is not Account { Topics: var topics } || !MayPublish(topics, message.Topic))
        {
            publication.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            var gateway = publication.ClientId;
            // A gateway's doctor asks whether it would be refused: with nothing in its hands.
            if (!message.Payload.IsEmpty || !IsDoctor(publication)) _security.Report("denied-publication", gateway, message.Topic ?? "", "a gateway may speak only below its own name, and never on ack or cmd");
            return;
        }
        // Asked of the container here, not in the constructor: ingest needs this broker to send acks.
        var ingest = _services.GetRequiredService<IngestLoop>();
        var body = message.Payload.IsSingleSegment ? message.Payload.First : System.Buffers.BuffersExtensions.ToArray(message.Payload);
        await ingest.AdmitAsync(new(message.Topic, body, message.CorrelationData, CloudTrace.ReadTraceparent(message.UserProperties)), publication.CancellationToken);
        if (message.Retain && IsKept(topics, message.Topic)) await _server.UpdateRetainedMessageAsync(message);
    }

    static bool IsDoctor(InterceptingPublishEventArgs publication) =>
        publication.SessionItems[typeof(Account)] is Account { Topics.Gateway: var gateway } && publication.ClientId == GatewayTopics.DoctorOf(gateway);

    static bool MayPublish(GatewayTopics own, string? topic) =>
        topic is not null && topic.StartsWith(own.Root, StringComparison.Ordinal) && topic != own.Ack && topic != own.Command;

    static bool IsKept(GatewayTopics own, string topic) => topic == own.Birth || topic == own.State;

    Task DisconnectedAsync(ClientDisconnectedEventArgs disconnection)
    {
        if (disconnection.DisconnectType != MqttClientDisconnectType.Takeover) return Task.CompletedTask;
        var heard = _directory.Find(disconnection.ClientId)?.LastHeardUs ?? 0;
        if (_time.GetUtcNow().ToUnixTimeMicroseconds() - heard <= AliveWithin.TotalMicroseconds)
            _security.Report("second-session", disconnection.ClientId, disconnection.ClientId, $"a live session from {disconnection.RemoteEndPoint} was taken over: is the gateway's card cloned?");
        else LogReturned(disconnection.ClientId);
        return Task.CompletedTask;
    }

    static readonly byte[] s_nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <summary>Digests have one length, so comparing them tells nothing of the password's.</summary>
    static byte[] Digest(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));

    sealed record Account(GatewayTopics Topics, byte[] PasswordDigest);

    [LoggerMessage(3210, LogLevel.Information, "The embedded broker listens on 127.0.0.1:{Port} for {Gateways} gateways")]
    partial void LogListening(int port, int gateways);

    [LoggerMessage(3211, LogLevel.Warning, "{Remote} speaks {Version}: refused, MQTT 5 only")]
    partial void LogOldProtocol(string remote, MqttProtocolVersion version);

    [LoggerMessage(3212, LogLevel.Information, "Gateway {Gateway} returned while its old connection was still open")]
    partial void LogReturned(string gateway);
}
