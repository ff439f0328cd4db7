using System.Globalization;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeTrace.Faults;

/// <summary>
/// What a user would build instead: publish at QoS 1, take the broker's PUBACK for delivery, subscribe with a durable session, store.
/// The same oracle: what the publisher was told is safe, and what the subscriber stored. Mosquitto with its package's defaults.
/// </summary>
sealed class PlainPuback : IAsyncDisposable
{
    /// <summary>A message stands for so many reads, as a batch does.</summary>
    const int ReadsEach = 100;

    /// <summary>So many publishes on the way at once, or nothing would ever queue.</summary>
    const int PublishesAtOnce = 50;

    static readonly TimeSpan CutEvery = TimeSpan.FromMilliseconds(150);

    readonly FaultContext _context;
    readonly string _folder;
    readonly int _port;
    readonly HashSet<int> _acknowledged = [];
    readonly Dictionary<int, int> _stored = [];
    readonly List<int> _unstored = [];
    readonly Lock _gate = new();
    IMqttClient? _subscriber;
    CancellationTokenSource _storing = new();
    int _published;

    PlainPuback(FaultContext context, string folder, int port, Mosquitto mosquitto) => (_context, _folder, _port, Broker) = (context, folder, port, mosquitto.Server);

    public Server Broker { get; }

    public static async Task<FaultResult> RunAsync(FaultContext context, PlainRow row)
    {
        var folder = Directory.CreateDirectory(Path.Combine(context.Directory, Guid.NewGuid().ToString("N")[..8])).FullName;
        var port = Rig.FreePort();
        await using var plain = new PlainPuback(context, folder, port, await Mosquitto.DefaultsAsync(folder, port));
        plain.Broker.Start();
        await row.DoAsync(plain);
        await plain.UntilQuietAsync();
        lock (plain._gate)
        {
            var kept = plain._acknowledged.Count(plain._stored.ContainsKey);
            return new(plain._published * ReadsEach, plain._acknowledged.Count * ReadsEach, kept * ReadsEach, (plain._acknowledged.Count - kept) * ReadsEach, plain._stored.Values.Sum(times => times - 1) * ReadsEach, 0, 0);
        }
    }

    /// <param name="each">How long it works at a message before it takes the next.</param>
    /// <param name="storesEvery">It gathers and stores so often, as a time-series writer does; default: each at once.</param>
    public async Task SubscribeAsync(TimeSpan each = default, TimeSpan storesEvery = default)
    {
        _subscriber?.Dispose();
        _subscriber = new MqttClientFactory().CreateMqttClient();
        _storing = new();
        _subscriber.ApplicationMessageReceivedAsync += async message =>
        {
            if (each > TimeSpan.Zero) await Task.Delay(each, TimeProvider.System, _context.Stop);
            var number = int.Parse(message.ApplicationMessage.ConvertPayloadToString(), CultureInfo.InvariantCulture);
            lock (_gate)
                if (storesEvery > TimeSpan.Zero) _unstored.Add(number);
                else _stored[number] = _stored.GetValueOrDefault(number) + 1;
        };
        await ConnectAsync(_subscriber, "subscriber", _port);
        await _subscriber.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("reads", MqttQualityOfServiceLevel.AtLeastOnce).Build(), _context.Stop);
        if (storesEvery > TimeSpan.Zero) _ = StoreAsync(storesEvery, _storing.Token);
    }

    public async Task UnsubscribeKeepingSessionAsync() => await _subscriber!.DisconnectAsync(new(), _context.Stop);

    /// <summary>What it has acknowledged and not stored dies with it.</summary>
    public async Task KillSubscriberAsync()
    {
        await _storing.CancelAsync();
        _subscriber!.Dispose();
        lock (_gate) _unstored.Clear();
    }

    public void Wipe() => File.Delete(Path.Combine(_folder, "mosquitto.db"));

    /// <param name="over">Spread over this time; default: as fast as it goes.</param>
    public async Task PublishAsync(int messages, TimeSpan over = default)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        await ConnectAsync(client, "publisher", _port);
        var first = Interlocked.Add(ref _published, messages) - messages;
        if (over > TimeSpan.Zero)
        {
            using var beat = new PeriodicTimer(over / messages);
            for (var number = first; number < first + messages && await beat.WaitForNextTickAsync(_context.Stop); number++) await PublishOneAsync(client, number, _context.Stop);
            return;
        }
        await Parallel.ForEachAsync(Enumerable.Range(first, messages), new ParallelOptions { MaxDegreeOfParallelism = PublishesAtOnce, CancellationToken = _context.Stop }, async (number, stop) => await PublishOneAsync(client, number, stop));
        await client.DisconnectAsync(new(), _context.Stop);
    }

    /// <summary>A careful publisher: what was not acknowledged before the link went is published again.</summary>
    public async Task PublishThroughCutsAsync(int messages)
    {
        await using var proxy = new FaultProxy(_port, _context.Seed);
        var first = Interlocked.Add(ref _published, messages) - messages;
        var left = Enumerable.Range(first, messages).ToHashSet();
        for (var cuts = 0; left.Count > 0; cuts++)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            await ConnectAsync(client, "publisher", proxy.Port);
            var publishing = Parallel.ForEachAsync(left.Order(), new ParallelOptions { MaxDegreeOfParallelism = PublishesAtOnce, CancellationToken = _context.Stop }, async (number, stop) => await PublishOneAsync(client, number, stop));
            // After twenty cuts the rest may go in peace.
            if (cuts < 20 && await Task.WhenAny(publishing, Task.Delay(CutEvery, TimeProvider.System, _context.Stop)) != publishing) proxy.Cut();
            try
            {
                await publishing;
            }
            catch (Exception cut) when (cut is MqttCommunicationException or MqttClientDisconnectedException or MqttClientNotConnectedException or InvalidOperationException)
            {
                // Cut, as was wanted: what is left goes over the next link.
            }
            lock (_gate) left.ExceptWith(_acknowledged);
        }
    }

    async Task PublishOneAsync(IMqttClient client, int number, CancellationToken stop)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic("reads").WithPayload(number.ToString(CultureInfo.InvariantCulture)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        var answer = await client.PublishAsync(message, stop);
        if (!answer.IsSuccess) return;
        lock (_gate) _acknowledged.Add(number);
    }

    async Task StoreAsync(TimeSpan every, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                lock (_gate)
                {
                    foreach (var number in _unstored) _stored[number] = _stored.GetValueOrDefault(number) + 1;
                    _unstored.Clear();
                }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Killed.
        }
    }

    async Task UntilQuietAsync()
    {
        for (var (quiet, seen) = (0, -1); quiet < 10;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, _context.Stop);
            lock (_gate) (quiet, seen) = _stored.Values.Sum() == seen ? (quiet + 1, seen) : (0, _stored.Values.Sum());
        }
    }

    async Task ConnectAsync(IMqttClient client, string id, int port)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(id)
            .WithCleanStart(false).WithSessionExpiryInterval(3600).Build();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.ConnectAsync(options, _context.Stop);
                return;
            }
            catch (MqttCommunicationException) when (attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _context.Stop);   // the broker is coming up
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _storing.CancelAsync();
        _storing.Dispose();
        _subscriber?.Dispose();
        await Broker.DisposeAsync();
    }
}
