using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using EdgeTrace.Contract;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Gateway.Uplink;

/// <summary>The link cannot be had or is gone: a state with its reason, not a bug.</summary>
sealed class LinkException(LinkState state, string message) : Exception(message)
{
    public LinkState State { get; } = state;
}

/// <summary>What became of a publish.</summary>
readonly record struct Delivery(bool NobodySubscribed, string? Refused);

/// <summary>Opens MQTT 5 connections to the broker as this gateway.</summary>
sealed class BrokerLink(GatewayTopics topics, BrokerOptions options)
{
    /// <summary>A frozen broker accepts TCP and then says nothing (measured with SIGSTOP): without this a CONNECT hangs for ever.</summary>
    static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);

    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>A network that blinks should not show the gateway offline.</summary>
    const uint WillDelaySeconds = 5;

    /// <summary>MQTTnet's default of 8 KiB costs 2.4 to 2.8 times the throughput at 16 KiB batches (facts: performance §3).</summary>
    const int SocketBufferBytes = 262_144;

    public GatewayTopics Topics => topics;

    /// <exception cref="LinkException">Nothing answers, or the broker says no.</exception>
    public async Task<BrokerSession> OpenAsync(GatewayState will, CancellationToken stop)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        var session = new BrokerSession(client);
        try
        {
            var result = await client.ConnectAsync(ReadOptions(will), stop);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
                throw new LinkException(LinkState.Refused, $"The broker at {options.Host}:{options.Port} refused {topics.Gateway}: {result.ResultCode} {result.ReasonString}".TrimEnd());
            session.Limit(result.ReceiveMaximum ?? ushort.MaxValue);
            await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter(topics.Ack, MqttQualityOfServiceLevel.AtLeastOnce)
                .WithTopicFilter(topics.Command, MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
            return session;
        }
        catch (Exception failed) when (failed is MqttCommunicationException or MqttProtocolViolationException or IOException or System.Net.Sockets.SocketException)
        {
            await session.DisposeAsync();
            throw new LinkException(LinkState.Unreachable, $"No broker answers at {options.Host}:{options.Port}: {failed.InnerException?.Message ?? failed.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await session.DisposeAsync();
            throw new LinkException(LinkState.Unreachable, $"{options.Host}:{options.Port} takes the connection and then says nothing for {ConnectMax.TotalSeconds:0} s.");
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection beside the running gateway's, under a client id of its own and without a Will; the caller disposes it.</summary>
    /// <exception cref="LinkException">Nothing answers, or the broker says no.</exception>
    public async Task<IMqttClient> OpenDoctorAsync(CancellationToken stop)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            var wanted = ReadOptions(new());
            (wanted.ClientId, wanted.WillTopic, wanted.WillPayload, wanted.WillRetain, wanted.SessionExpiryInterval) = (GatewayTopics.DoctorOf(topics.Gateway), null, null, false, 0);
            var result = await client.ConnectAsync(wanted, stop);
            return result.ResultCode == MqttClientConnectResultCode.Success ? client
                : throw new LinkException(LinkState.Refused, $"The broker at {options.Host}:{options.Port} refused {topics.Gateway}: {result.ResultCode} {result.ReasonString}".TrimEnd());
        }
        catch (Exception failed) when (failed is MqttCommunicationException or IOException or System.Net.Sockets.SocketException || (failed is OperationCanceledException && !stop.IsCancellationRequested))
        {
            client.Dispose();
            throw new LinkException(LinkState.Unreachable, $"No broker answers at {options.Host}:{options.Port}: {failed.InnerException?.Message ?? failed.Message}");
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    MqttClientOptions Options(GatewayState will)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(topics.Gateway)
            .WithCredentials(topics.Gateway, File.ReadLines(options.PasswordFile).FirstOrDefault()?.Trim() ?? "")
            .WithCleanStart()
            .WithKeepAlivePeriod(KeepAlive)
            .WithTimeout(ConnectMax)
            .WithReceiveMaximum(BrokerSession.MessagesMax)
            .WithWillTopic(topics.State).WithWillPayload(will.ToByteArray()).WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillDelayInterval(WillDelaySeconds)
            // A Will delay lasts no longer than the session (MQTT 5, 3.1.3.2.2).
            .WithSessionExpiryInterval(WillDelaySeconds)
            .WithTcpServer(options.Host, options.Port)
            .WithTcpServer(tcp => tcp.BufferSize = SocketBufferBytes);
        if (options.Tls)
            builder.WithTlsOptions(tls =>
            {
                tls.UseTls().WithTargetHost(options.Host);
                if (options.CaFile is not { Length: > 0 }) return;   // those of the system
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(options.CaFile);
                tls.WithTrustChain(authorities);
            });
        return builder.Build();
    }

    // Both files may be changed while the gateway runs: a mistake in them is a state of the link, not its end.
    MqttClientOptions ReadOptions(GatewayState will)
    {
        try
        {
            return Options(will);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            throw new LinkException(LinkState.Refused, $"The password or CA file cannot be read: {unreadable.Message}");
        }
    }
}

/// <summary>One MQTT connection: publishes within the broker's Receive Maximum, hands on what arrives through a bounded queue.</summary>
sealed class BrokerSession : IAsyncDisposable
{
    /// <summary>Acknowledgements and commands not yet looked at. The broker is told the same number as our Receive Maximum.</summary>
    public const ushort MessagesMax = 256;

    /// <summary>20 to 100 publishes at once are where MQTTnet stops gaining (facts: performance §3).</summary>
    const int PublishesMax = 64;

    readonly IMqttClient _client;
    readonly CancellationTokenSource _lost = new();
    readonly Channel<(string Topic, byte[] Payload)> _messages =
        Channel.CreateBounded<(string, byte[])>(new BoundedChannelOptions(MessagesMax) { FullMode = BoundedChannelFullMode.Wait });
    readonly SemaphoreSlim _rebirth = new(0, 1);
    readonly HashSet<Task> _publishes = [];
    SemaphoreSlim _slots = new(PublishesMax);

    public BrokerSession(IMqttClient client)
    {
        _client = client;
        client.ApplicationMessageReceivedAsync += async received =>
            await _messages.Writer.WriteAsync((received.ApplicationMessage.Topic, received.ApplicationMessage.Payload.ToArray()), _lost.Token);
        client.DisconnectedAsync += async disconnected =>
        {
            LostReason = disconnected.Exception?.Message ?? disconnected.ReasonString ?? disconnected.Reason.ToString();
            await _lost.CancelAsync();
        };
    }

    public CancellationToken Lost => _lost.Token;
    public string LostReason { get; private set; } = "";
    public ChannelReader<(string Topic, byte[] Payload)> Messages => _messages.Reader;

    /// <summary>Completes once for each time the cloud asks for a birth.</summary>
    public SemaphoreSlim Rebirth => _rebirth;

    public void AskRebirth()
    {
        if (_rebirth.CurrentCount == 0) _rebirth.Release();
    }

    /// <summary>The client does not hold itself to the broker's Receive Maximum (read in its source), so we do.</summary>
    public void Limit(int receiveMaximum) => _slots = new(Math.Clamp(receiveMaximum, 1, PublishesMax));

    public async Task<Delivery> PublishAsync(string topic, byte[] payload, bool retain, byte[]? envelope, CancellationToken stop, string? traceparent = null)
    {
        await _slots.WaitAsync(stop);
        try
        {
            var result = await _client.PublishAsync(Message(topic, payload, retain, envelope, traceparent), stop);
            return new(
                result.ReasonCode == MqttClientPublishReasonCode.NoMatchingSubscribers,
                result.IsSuccess ? null : $"{result.ReasonCode} {result.ReasonString}".TrimEnd());
        }
        catch (Exception failed) when (failed is MqttCommunicationException or MqttClientDisconnectedException or MqttClientNotConnectedException or InvalidOperationException)
        {
            await _lost.CancelAsync();
            throw new OperationCanceledException(failed.Message, failed, _lost.Token);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Begins to publish as soon as there is a slot; the outcome is told when the broker answers. The batch stays in the outbox either way.</summary>
    public async Task StartPublishAsync(string topic, byte[] payload, byte[] envelope, string? traceparent, Action<Delivery> delivered, CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        _slots.Release();
        lock (_publishes) _publishes.RemoveWhere(publish => publish.IsCompleted);
        var publish = TellAsync();
        lock (_publishes) _publishes.Add(publish);

        async Task TellAsync()
        {
            try
            {
                delivered(await PublishAsync(topic, payload, retain: false, envelope, stop, traceparent));
            }
            catch (OperationCanceledException)
            {
                // The connection went; the batch is unacknowledged and goes again on the next one.
            }
        }
    }

    /// <summary>A planned end is told before the connection closes, so that nobody waits for the Will.</summary>
    public async Task SayGoodbyeAsync(string topic, byte[] state)
    {
        if (!_client.IsConnected) return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await _client.PublishAsync(Message(topic, state, retain: true, null), patience.Token);
            await _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.NormalDisconnection }, patience.Token);
        }
        catch (Exception gone) when (gone is MqttCommunicationException or OperationCanceledException or InvalidOperationException)
        {
            LostReason = gone.Message;   // the Will then says it for us
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        Task[] publishes;
        lock (_publishes) publishes = [.. _publishes];
        _client.Dispose();
        await Task.WhenAll(publishes);
        _slots.Dispose();
        _rebirth.Dispose();
    }

    static MqttApplicationMessage Message(string topic, byte[] payload, bool retain, byte[]? envelope, string? traceparent = null) => new()
    {
        Topic = topic,
        PayloadSegment = payload,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = retain,
        CorrelationData = envelope,
        UserProperties = traceparent is null ? null : [new("traceparent", Encoding.ASCII.GetBytes(traceparent))],
    };
}
