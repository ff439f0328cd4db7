using System.Threading.Channels;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;
using Google.Protobuf;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>Carries what the cloud says to gateways; the embedded broker and an external one each do it their way.</summary>
interface IGatewayPost
{
    /// <summary>Publishes at QoS 1; a gateway that is not there misses it and asks again by what it sends.</summary>
    Task SendAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation);
}

/// <summary>Messages in, batches to the log in order, acknowledgements out once durable. One loop owns all sequencing.</summary>
sealed partial class IngestLoop : BackgroundService
{
    /// <summary>With packets of at most 2 MiB this is 64 MiB at worst; a broker's thread waits here, which is the back-pressure.</summary>
    const int WaitingMax = 32;

    /// <summary>The first ack after a pause leaves at once, later ones are gathered for so long.</summary>
    static readonly TimeSpan AckEvery = TimeSpan.FromMilliseconds(20);

    readonly BatchLog _log;
    readonly GatewayDirectory _directory;
    readonly StreamWatermarks _watermarks;
    readonly SecurityDesk _security;
    readonly IngestMeter _meter;
    readonly IGatewayPost _post;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Sequencing _sequencing;
    readonly AckBook _acks;
    readonly DamageBook _damage = new();
    readonly Channel<Checked> _waiting = Channel.CreateBounded<Checked>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    readonly Dictionary<string, (ReadOnlyMemory<byte> Birth, ReadOnlyMemory<byte> State)> _remembered;

    public IngestLoop(
        BatchLog log, GatewayDirectory directory, StreamWatermarks watermarks, SecurityDesk security, IngestMeter meter, IGatewayPost post,
        TimeProvider time, ILogger<IngestLoop> logger)
    {
        (_log, _directory, _watermarks, _security, _meter, _post, _time, _logger) = (log, directory, watermarks, security, meter, post, time, logger);
        var logged = log.Streams();
        (_sequencing, _acks) = (new(logged), new(logged));
        _remembered = log.Reader.Gateways().ToDictionary(row => row.Gateway, row => (row.Birth, row.State));
    }

    long NowUs => _time.GetUtcNow().ToUnixTimeMicroseconds();

    /// <summary>Takes a message over from a broker; returns when there was room for it. Then the broker may say PUBACK.</summary>
    public ValueTask AdmitAsync(Inbound inbound, CancellationToken cancellation) => _waiting.Writer.WriteAsync(Inspection.Inspect(inbound, NowUs), cancellation);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TakeAsync(stoppingToken), AcknowledgeAsync(stoppingToken));

    async Task TakeAsync(CancellationToken stopping)
    {
        await foreach (var message in _waiting.Reader.ReadAllAsync(stopping))
        {
            switch (message)
            {
                case Checked.Numbered numbered: await TakeBatchAsync(numbered, stopping); break;
                case Checked.Born born: await TakeBirthAsync(born, stopping); break;
                case Checked.Stated stated: await TakeStateAsync(stated, stopping); break;
                case Checked.Beat beat:
                    _directory.Heard(beat.Gateway, NowUs);
                    _directory.Take(beat.Gateway.Gateway, beat.Heartbeat, NowUs);
                    _watermarks.Take(beat.Gateway.Gateway, beat.Heartbeat);
                    break;
                case Checked.Unreadable unreadable: await QuarantineAsync(unreadable, stopping); break;
            }
        }
    }

    async Task TakeBatchAsync(Checked.Numbered numbered, CancellationToken stopping)
    {
        var (gateway, batch) = (numbered.Gateway, numbered.Batch);
        _meter.Received();
        _directory.Heard(gateway, NowUs);
        if (numbered.Suspicion is { } suspicion) _security.Report("identity-mismatch", gateway.Gateway, numbered.Topic, suspicion);
        if (!await _log.IsReadyAsync(stopping))
        {
            _meter.Dropped();
            return;
        }
        if (numbered.Damaged && _damage.MayBeWholeNextTime(batch.Id))
        {
            _meter.Dropped();
            LogDamaged(batch.Id, batch.QuarantineCause ?? "");
            await _log.QuarantineAsync(numbered.Topic, $"damaged on the way, to be sent again: {batch.QuarantineCause}", batch.Body, stopping);
            return;
        }
        switch (_sequencing.Offer(batch))
        {
            case Verdict.Accepted:
                await AppendAsync(gateway, batch, stopping);
                await ReleaseAsync(gateway, batch.Id, stopping);
                break;
            case Verdict.Redelivered: TakeRedelivery(gateway, batch); break;
            case Verdict.Held: _meter.Held(_sequencing.Held); break;
            case Verdict.Dropped: _meter.Dropped(); break;
            case Verdict.Rejected:
                _meter.Rejected();
                _security.Report("identity-reused", gateway.Gateway, batch.Id.ToString(), "two bodies under one number, or more epochs than a gateway can have");
                break;
        }
    }

    async Task AppendAsync(GatewayTopics gateway, NewBatch batch, CancellationToken stopping)
    {
        _meter.Appended(batch.QuarantineCause is not null);
        if (batch.QuarantineCause is { } cause) LogQuarantined(batch.Id, cause);
        var span = CloudTrace.Append(batch.Id);
        void Durable()
        {
            span?.Dispose();
            _acks.Durable(gateway, batch.Id, batch.QuarantineCause);
        }
        ReportRefusal(await _log.AdmitAsync(batch, Durable, stopping), batch.Id);
    }

    async Task ReleaseAsync(GatewayTopics gateway, BatchId id, CancellationToken stopping)
    {
        while (_sequencing.Release(id) is { } held) await AppendAsync(gateway, held, stopping);
        _meter.Held(_sequencing.Held);
    }

    /// <summary>Another owner of this log, or a bug of ours: the gateway sends it again, and somebody must know.</summary>
    void ReportRefusal(Task<long> durable, BatchId id) => durable.ContinueWith(
        task => LogRefused(id, task.Exception!.GetBaseException().Message), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    void TakeRedelivery(GatewayTopics gateway, NewBatch batch)
    {
        _meter.Redelivered();
        if (_log.Reader.Find(batch.Id) is { Quarantined: false } logged && (logged.BodyCrc != batch.BodyCrc || batch.QuarantineCause is not null))
            _security.Report("identity-reused", gateway.Gateway, batch.Id.ToString(), "sent again with another body; the first one stands");
        _acks.Again(gateway, batch.Id);
    }

    async Task TakeBirthAsync(Checked.Born born, CancellationToken stopping)
    {
        var (gateway, birth) = (born.Gateway, born.Birth);
        if (!_directory.Take(gateway, birth, NowUs)) return;
        LogBorn(gateway.Gateway, birth.Version, birth.Boot, birth.Connection);
        if (!await _log.IsReadyAsync(stopping))
        {
            _acks.Born(gateway, birth);
            return;
        }
        foreach (var told in birth.Streams)
        {
            if (!StreamName.IsValid(told.Stream) || told.Epoch == 0) continue;
            if (_sequencing.Skip(gateway.Gateway, told.Stream, told.Epoch, told.OldestUnacked) is not { } gap) continue;
            LogForgotten(gateway.Gateway, told.Stream, gap.From, gap.To);
            var id = new BatchId(gateway.Gateway, told.Stream, told.Epoch, gap.To);
            var lost = new LoggedGap(gateway.Gateway, told.Stream, told.Epoch, gap.From, gap.To, "already forgotten by the gateway", NowUs);
            ReportRefusal(await _log.AdmitAsync(lost, () => _acks.Durable(gateway, id, quarantineCause: null), stopping), id);
            await ReleaseAsync(gateway, id, stopping);
        }
        // Behind everything admitted before it, so that the answer names all of that.
        await _log.RememberAsync(Remember(gateway, birth: born.Body), () => _acks.Born(gateway, birth), stopping);
    }

    async Task TakeStateAsync(Checked.Stated stated, CancellationToken stopping)
    {
        if (!_directory.Take(stated.Gateway, stated.State, NowUs)) return;
        LogStated(stated.Gateway.Gateway, stated.State.Online ? "online" : "offline", stated.State.Reason);
        var row = Remember(stated.Gateway, state: stated.Body);
        if (await _log.IsReadyAsync(stopping)) await _log.RememberAsync(row, null, stopping);
    }

    GatewayRow Remember(GatewayTopics gateway, ReadOnlyMemory<byte>? birth = null, ReadOnlyMemory<byte>? state = null)
    {
        var before = _remembered.GetValueOrDefault(gateway.Gateway);
        var now = _remembered[gateway.Gateway] = (birth ?? before.Birth, state ?? before.State);
        return new(gateway.Gateway, gateway.Trust, gateway.Site, now.Birth, now.State, NowUs);
    }

    async Task QuarantineAsync(Checked.Unreadable unreadable, CancellationToken stopping)
    {
        _meter.Received();
        _meter.Rejected();
        LogUnreadable(unreadable.Topic, unreadable.Cause, unreadable.Body.Length);
        if (await _log.IsReadyAsync(stopping)) await _log.QuarantineAsync(unreadable.Topic, unreadable.Cause, unreadable.Body, stopping);
    }

    async Task AcknowledgeAsync(CancellationToken stopping)
    {
        while (true)
        {
            await _acks.WaitDueAsync(stopping);
            foreach (var (gateway, ack) in _acks.TakeDue())
            {
                var spans = ack.Streams.Select(stream => CloudTrace.Acknowledge(new(gateway.Gateway, stream.Stream, stream.Epoch, stream.Upto))).ToList();
                await SendAsync(gateway.Ack, ack, stopping);
                foreach (var span in spans) span?.Dispose();
            }
            await Task.Delay(AckEvery, _time, stopping);
        }
    }

    async Task SendAsync(string topic, Ack ack, CancellationToken stopping)
    {
        try
        {
            await _post.SendAsync(topic, ack.ToByteArray(), stopping);
        }
        catch (Exception error) when (error is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttClientNotConnectedException or InvalidOperationException)
        {
            // The link names its own state; the gateway will send again what it was not told about.
            LogUntold(topic, error.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Gateway {Gateway} {Version} said birth: boot {Boot}, connection {Connection}")]
    partial void LogBorn(string gateway, string version, string boot, uint connection);

    [LoggerMessage(3002, LogLevel.Information, "Gateway {Gateway} is {State} {Reason}")]
    partial void LogStated(string gateway, string state, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "Gateway {Gateway} no longer has {Stream} {From} to {To}: recorded as lost")]
    partial void LogForgotten(string gateway, string stream, ulong from, ulong to);

    [LoggerMessage(3004, LogLevel.Warning, "{Batch} is kept in quarantine under its number: {Cause}")]
    partial void LogQuarantined(BatchId batch, string cause);

    [LoggerMessage(3005, LogLevel.Warning, "A message on {Topic} ({Length} bytes) is quarantined: {Cause}")]
    partial void LogUnreadable(string topic, string cause, int length);

    [LoggerMessage(3006, LogLevel.Error, "The log refused {Batch}: {Why}")]
    partial void LogRefused(BatchId batch, string why);

    [LoggerMessage(3008, LogLevel.Warning, "{Batch} was damaged on the way and is not acknowledged, so that it is sent again: {Cause}")]
    partial void LogDamaged(BatchId batch, string cause);

    [LoggerMessage(3007, LogLevel.Warning, "{Topic} could not be sent: {Why}")]
    partial void LogUntold(string topic, string why);
}
