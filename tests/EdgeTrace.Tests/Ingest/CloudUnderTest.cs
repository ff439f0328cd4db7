using System.Collections.Concurrent;
using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Tests.Ingest;

/// <summary>The real services of the cloud in a folder of their own, with the embedded broker on a free port or an external one.</summary>
sealed class CloudUnderTest : IAsyncDisposable
{
    readonly IHost _host;

    CloudUnderTest(IHost host) => _host = host;

    public BatchLog Log => _host.Services.GetRequiredService<BatchLog>();
    public GatewayDirectory Directory => _host.Services.GetRequiredService<GatewayDirectory>();
    public StreamWatermarks Watermarks => _host.Services.GetRequiredService<StreamWatermarks>();
    public IngestMeter Meter => _host.Services.GetRequiredService<IngestMeter>();
    public ExternalBroker External => _host.Services.GetRequiredService<ExternalBroker>();
    public int Port => _host.Services.GetRequiredService<EmbeddedBroker>().Port;

    public static async Task<CloudUnderTest> StartAsync(string folder, int? externalPort = null)
    {
        foreach (var gateway in (string[])["gw-1", "gw-2"]) await File.WriteAllTextAsync(Path.Combine(folder, gateway + ".secret"), $"secret of {gateway}\n");
        var settings = new Dictionary<string, string?> { ["Cloud:DataDirectory"] = "data", ["Broker:Port"] = "0" };
        foreach (var (i, gateway) in ((string[])["gw-1", "gw-2"]).Index())
        {
            settings[$"Broker:Gateways:{i}:Id"] = gateway;
            settings[$"Broker:Gateways:{i}:Trust"] = "demo-trust";
            settings[$"Broker:Gateways:{i}:Site"] = "st-elsewhere";
            settings[$"Broker:Gateways:{i}:PasswordFile"] = gateway + ".secret";
        }
        if (externalPort is { } port)
        {
            settings["Cloud:Roles:0"] = "Ingest";
            settings["ExternalBroker:Host"] = "127.0.0.1";
            settings["ExternalBroker:Port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddLogging();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ConfigurationFile(Path.Combine(folder, "cloud.json")));
        builder.Services.AddOptions<CloudOptions>().Bind(builder.Configuration.GetSection("Cloud"));
        builder.Services.AddIngest(builder.Configuration);
        builder.Services.AddBroker(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    public Task WriteSecurityEventsAsync() => _host.Services.GetRequiredService<SecurityDesk>().WriteAsync(CancellationToken.None);
}

/// <summary>A gateway as far as the wire goes: signs in, publishes, hears its acks.</summary>
sealed class WireGateway : IAsyncDisposable
{
    readonly IMqttClient _client;
    readonly ConcurrentQueue<Ack> _acks = new();

    WireGateway(IMqttClient client)
    {
        _client = client;
        _client.ApplicationMessageReceivedAsync += received =>
        {
            _acks.Enqueue(Ack.Parser.ParseFrom(System.Buffers.BuffersExtensions.ToArray(received.ApplicationMessage.Payload)));
            return Task.CompletedTask;
        };
    }

    public IReadOnlyCollection<Ack> Acks => _acks;
    public bool IsConnected => _client.IsConnected;

    public static async Task<WireGateway> ConnectAsync(int port, string id = "gw-1")
    {
        var gateway = new WireGateway(new MqttClientFactory().CreateMqttClient());
        var result = await gateway._client.ConnectAsync(Options(port, id).Build());
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        var topics = new GatewayTopics("demo-trust", "st-elsewhere", id);
        foreach (var topic in (string[])[topics.Ack, topics.Command]) Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await gateway.SubscribeAsync(topic));
        return gateway;
    }

    public static MqttClientOptionsBuilder Options(int port, string id) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(id).WithCredentials(id, $"secret of {id}").WithTimeout(TimeSpan.FromSeconds(20));

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string topic) =>
        (await _client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce)).Items.Single().ResultCode;

    public async Task<MqttClientPublishReasonCode> PublishAsync(string topic, byte[] body, byte[]? correlation = null, bool retain = false) =>
        (await _client.PublishAsync(new MqttApplicationMessage
        {
            Topic = topic, PayloadSegment = body, CorrelationData = correlation, Retain = retain, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        })).ReasonCode;

    public Task<MqttClientPublishReasonCode> SendAsync(string stream, ulong sequence, string text = "x", ulong epoch = Batches.Epoch)
    {
        var body = Batches.Scan(stream, sequence, text, epoch);
        return PublishAsync(Batches.Topics.Stream(stream), body, Batches.Envelope(body, sequence, epoch));
    }

    public Task<MqttClientPublishReasonCode> BirthAsync(Birth birth) => PublishAsync(Batches.Topics.Birth, birth.ToByteArray(), retain: true);

    /// <summary>The highest upto heard for a stream.</summary>
    public ulong Upto(string stream, ulong epoch = Batches.Epoch) =>
        _acks.SelectMany(ack => ack.Streams).Where(ack => ack.Stream == stream && ack.Epoch == epoch).Select(ack => ack.Upto).DefaultIfEmpty(0ul).Max();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

static class Patience
{
    /// <summary>Waits for a condition of the real world, checking often.</summary>
    public static async Task Until(Func<bool> holds, string what)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"It never came true: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
