using System.Buffers;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Uplink;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Faults;

/// <summary>
/// A gateway without devices and disk, so that hundreds fit into one process: it says birth, sends numbered batches until the cloud has them,
/// and after a loss comes back by the real gateway's own <see cref="RetryDelay"/>.
/// </summary>
sealed class LightGateway(string id, int brokerPort, string password, Random random)
{
    public const int ReadsEach = 5;

    /// <summary>The real gateway's default.</summary>
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(60);

    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    readonly GatewayTopics _topics = new("fault-trust", "st-elsewhere", id);
    readonly ulong _epoch = (ulong)random.NextInt64(1, long.MaxValue);
    readonly RetryDelay _delay = new(RetryDelayMax, random);
    volatile TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    uint _connections;
    ulong _acknowledged;

    /// <summary>Batches the cloud has said are in its log.</summary>
    public long Acknowledged => (long)Volatile.Read(ref _acknowledged);

    public long Sealed { get; private set; }

    /// <summary>When the cloud answered its newest birth (a timestamp of TimeProvider.System); 0 while the link is lost.</summary>
    public long OnlineAt { get; private set; }

    string Stream => StreamName.Reads(id + "-door");

    /// <summary>Seals a batch every <paramref name="every"/> until it is told to stop; then only sends what is left.</summary>
    public async Task RunAsync(TimeSpan every, CancellationToken sealing, CancellationToken stop)
    {
        // Gateways of a building did not start in step either.
        await Task.Delay(every * random.NextDouble(), TimeProvider.System, stop);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await RunConnectionAsync(every, sealing, stop);
            }
            catch (Exception lost) when (lost is MqttCommunicationException or MqttClientNotConnectedException or MqttClientDisconnectedException or TimeoutException or InvalidOperationException
                || (lost is OperationCanceledException && !stop.IsCancellationRequested))
            {
                OnlineAt = 0;
                await Task.Delay(_delay.Next(), TimeProvider.System, stop);
            }
        }
    }

    async Task RunConnectionAsync(TimeSpan every, CancellationToken sealing, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        client.DisconnectedAsync += _ => lost.CancelAsync();
        client.ApplicationMessageReceivedAsync += received =>
        {
            Receive(Ack.Parser.ParseFrom(received.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await client.ConnectAsync(Options(id, brokerPort, password), lost.Token);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(_topics.Ack, MqttQualityOfServiceLevel.AtLeastOnce).Build(), lost.Token);
        _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await PublishAsync(client, _topics.Birth, Birth(), null, lost.Token);
        await _answered.Task.WaitAsync(AnswerMax, TimeProvider.System, lost.Token);
        OnlineAt = TimeProvider.System.GetTimestamp();
        _delay.Reset();
        var sent = _acknowledged;
        while (true)
        {
            if (!sealing.IsCancellationRequested) Sealed++;
            // What is still unacknowledged at the next turn was lost on the way: the real gateway's ResendAfter.
            sent = Math.Min(sent, Volatile.Read(ref _acknowledged));
            while (sent < (ulong)Sealed) await SendAsync(client, ++sent, lost.Token);
            await Task.Delay(every, TimeProvider.System, lost.Token);
        }
    }

    void Receive(Ack ack)
    {
        foreach (var stream in ack.Streams.Where(stream => stream.Stream == Stream && stream.Epoch == _epoch)) Volatile.Write(ref _acknowledged, stream.Upto);
        if (ack.AnswersBoot == id) _answered.TrySetResult();
    }

    Task SendAsync(IMqttClient client, ulong sequence, CancellationToken stop)
    {
        var body = Batch(id, Stream, _epoch, sequence, ReadsEach).ToByteArray();
        return PublishAsync(client, _topics.Stream(Stream), body, BatchEnvelope.For(_epoch, sequence, body).ToArray(), stop);
    }

    byte[] Birth()
    {
        var birth = new Birth { Gateway = id, Boot = id, Version = "0.0.0", SentUs = NowUs, Connection = ++_connections };
        birth.Streams.Add(new StreamPosition { Stream = Stream, Epoch = _epoch, NextSequence = (ulong)Sealed + 1, OldestUnacked = _acknowledged + 1 });
        return birth.ToByteArray();
    }

    public static MqttClientOptions Options(string id, int brokerPort, string password) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", brokerPort).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(id).WithCredentials(id, password).WithTimeout(TimeSpan.FromSeconds(10)).Build();

    public static async Task PublishAsync(IMqttClient client, string topic, byte[] body, byte[]? envelope, CancellationToken stop)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(body).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (envelope is not null) message.WithCorrelationData(envelope);
        await client.PublishAsync(message.Build(), stop);
    }

    /// <summary>A batch as a gateway seals it; no two sequences have a read in common.</summary>
    public static Batch Batch(string gateway, string stream, ulong epoch, ulong sequence, int reads)
    {
        var columns = new ReadColumnsWriter();
        for (var i = 0; i < reads; i++) columns.Add(new ReadRow(NowUs + i, 1, -6000), BitConverter.GetBytes(sequence * 1000 + (ulong)i));
        var written = new ArrayBufferWriter<byte>();
        columns.WriteTo(written);
        return new()
        {
            Header = new() { Gateway = gateway, Stream = stream, Epoch = epoch, Sequence = sequence, Readings = (uint)reads, Boot = gateway, SealedUs = NowUs, ThroughUs = NowUs },
            Reads = new() { Columns = ByteString.CopyFrom(written.WrittenSpan) },
        };
    }

    static long NowUs => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
