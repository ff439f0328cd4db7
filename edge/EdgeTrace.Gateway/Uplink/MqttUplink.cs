using System.Diagnostics;
using System.Threading.Channels;
using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Gateway.Telemetry;
using Google.Protobuf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Uplink;

/// <summary>
/// Sends the outbox, alarms first, a window at a time, and lets it forget only what the cloud has acknowledged.
/// <code>
///   connect → subscribe ack, cmd → state, birth → (the cloud answers: all uptos) → send · heartbeat · receive → lost → back off ┐
///      ↑──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
/// </code>
/// </summary>
sealed partial class MqttUplink(DurableOutbox outbox, Sealer sealer, BrokerLink link, BirthWriter births, Beacons beacons, HealthBoard health, BrokerOptions options, TimeProvider time, ILogger<MqttUplink> logger)
    : BackgroundService
{
    /// <summary>How long the cloud has to answer a birth before it is said again.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(1);

    /// <summary>A session must have lasted before the next retry is quick again: one that is kicked after each birth would else come back every second.</summary>
    static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    readonly SendWindow _window = new();
    readonly RetryDelay _delay = new(options.RetryDelayMax, Random.Shared);
    readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile BrokerSession? _session;
    uint _connections;
    ulong _heartbeats;
    long _answeredAt;
    public LinkState State { get; private set; } = LinkState.Connecting;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        outbox.Committed += Wake;
        health.OutboxTold += SayBirthAgain;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await RunConnectionAsync(stoppingToken);
                }
                catch (LinkException lost)
                {
                    Become(lost.State, lost.Message);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                var pause = _delay.Next();
                LogRetry(options.Host, options.Port, pause);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop while backing off: what is unacknowledged stays in the outbox.
        }
        finally
        {
            outbox.Committed -= Wake;
            health.OutboxTold -= SayBirthAgain;
        }
    }

    async Task RunConnectionAsync(CancellationToken stop)
    {
        lock (_gate) _window.Clear();
        _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = ++_connections;
        await using var session = await link.OpenAsync(births.State(online: false, connection, "The gateway stopped answering."), stop);
        OutboxMeter.Connections.Add(1);
        _session = session;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop, session.Lost);
        try
        {
            await session.PublishAsync(link.Topics.State, births.State(online: true, connection, "").ToByteArray(), retain: true, null, lost.Token);
            await Task.WhenAll(
                UntilLost(ReceiveAsync(session, lost.Token), lost),
                UntilLost(BirthAsync(session, connection, lost.Token), lost),
                UntilLost(SendAsync(session, lost.Token), lost),
                UntilLost(HeartbeatAsync(session, lost.Token), lost));
        }
        catch (OperationCanceledException) when (session.Lost.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new LinkException(LinkState.Unreachable, $"The connection to {options.Host}:{options.Port} was lost: {session.LostReason}");
        }
        finally
        {
            _session = null;
            if (stop.IsCancellationRequested) await session.SayGoodbyeAsync(link.Topics.State, births.State(online: false, connection, "Stopped on request.").ToByteArray());
        }
    }

    // Whichever of the loops ends first takes the others with it.
    static async Task UntilLost(Task loop, CancellationTokenSource lost)
    {
        try
        {
            await loop;
        }
        finally
        {
            await lost.CancelAsync();
        }
    }

    /// <summary>Says what this gateway is, until the cloud has answered; and again whenever the cloud asks.</summary>
    async Task BirthAsync(BrokerSession session, uint connection, CancellationToken lost)
    {
        while (true)
        {
            var answered = _answered.Task;
            await session.PublishAsync(link.Topics.Birth, births.Birth(connection).ToByteArray(), retain: true, null, lost);
            try
            {
                await answered.WaitAsync(AnswerMax, time, lost);
                await session.Rebirth.WaitAsync(lost);
            }
            catch (TimeoutException)
            {
                Become(LinkState.CloudNotListening, "The broker takes our batches, but no cloud has answered for 5 s.");
            }
        }
    }

    async Task SendAsync(BrokerSession session, CancellationToken lost)
    {
        await _answered.Task.WaitAsync(lost);
        while (true)
        {
            while (TakeNext() is { } batch)
                await session.StartPublishAsync(link.Topics.Stream(batch.Stream), batch.Body, batch.Envelope, batch.Span?.Id, delivery => NoteDelivery(delivery, batch.Span), lost);
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(lost);
            var work = _work.Reader.ReadAsync(wake.Token).AsTask();
            var tick = Task.Delay(HeartbeatEvery, time, wake.Token);
            await Task.WhenAny(work, tick);
            await wake.CancelAsync();
            lost.ThrowIfCancellationRequested();
            RewindStale();
        }
    }

    /// <summary>The oldest batch of the most urgent lane that the window admits, read from disk and marked as sent.</summary>
    OutgoingBatch? TakeNext()
    {
        lock (_gate)
        {
            foreach (var (stream, kind) in outbox.Streams)
            {
                var last = _window.LastSent(stream);
                if (outbox.Next(stream, last.Epoch, last.Sequence) is not { } batch || !_window.Admits(stream, kind, batch.Length)) continue;
                // Later or gone: the outbox says when there is more (Committed).
                if (outbox.Take(batch, out var body) != TakeVerdict.Taken) continue;
                OutboxMeter.Sent.Add(1);
                _window.Sent(stream, batch.Epoch, batch.Sequence, body!.Length, time.GetTimestamp());
                return new(stream, body, BatchEnvelope.For(batch.Epoch, batch.Sequence, body).ToArray(), GatewayTrace.Publish(stream, batch.Epoch, batch.Sequence));
            }
            return null;
        }
    }

    void RewindStale()
    {
        int batches;
        lock (_gate) batches = _window.Rewind(time.GetTimestamp(), (long)(options.ResendAfter.TotalSeconds * time.TimestampFrequency));
        if (batches == 0) return;
        for (var i = 0; i < batches; i++) sealer.CountResent();
        OutboxMeter.Resent.Add(batches);
        if (State == LinkState.Online) Become(LinkState.Stalled, $"{batches} batches unacknowledged for {options.ResendAfter.TotalSeconds:0} s; sending them again.");
        LogResent(batches, options.ResendAfter);
    }

    void NoteDelivery(Delivery delivery, Activity? span)
    {
        if (delivery.Refused is not null) span?.SetStatus(ActivityStatusCode.Error, delivery.Refused);
        span?.Dispose();
        if (delivery.NobodySubscribed) Become(LinkState.CloudNotListening, "The broker has nobody to give our batches to.");
        else if (delivery.Refused is { } why) Become(LinkState.Refused, $"The broker refuses our batches: {why}");
    }

    async Task HeartbeatAsync(BrokerSession session, CancellationToken lost)
    {
        await _answered.Task.WaitAsync(lost);
        using var timer = new PeriodicTimer(HeartbeatEvery, time);
        do
        {
            var beat = births.Heartbeat(++_heartbeats);
            await session.PublishAsync(link.Topics.Heartbeat, beat.ToByteArray(), retain: false, null, lost);
        }
        while (await timer.WaitForNextTickAsync(lost));
    }

    async Task ReceiveAsync(BrokerSession session, CancellationToken lost)
    {
        await foreach (var (topic, payload) in session.Messages.ReadAllAsync(lost))
        {
            try
            {
                if (topic == link.Topics.Ack) Receive(Ack.Parser.ParseFrom(payload));
                else if (topic == link.Topics.Command) Receive(Command.Parser.ParseFrom(payload), session);
            }
            catch (InvalidProtocolBufferException unreadable)
            {
                LogUnreadable(topic, unreadable.Message);
            }
        }
    }

    void Receive(Ack ack)
    {
        if (ack.AnswersBoot.Length > 0)
        {
            if (ack.AnswersBoot == outbox.Boot) ReceiveAnswer(ack);   // else it answers an earlier life of ours
            return;
        }
        foreach (var stream in ack.Streams)
        {
            OutboxMeter.Rejected.Add(stream.Rejected.Count);
            foreach (var rejected in stream.Rejected) LogRejected(stream.Stream, rejected.Sequence, rejected.Why);
            if (outbox.Acknowledge(stream.Stream, stream.Epoch, stream.Upto) == AcknowledgeVerdict.BeyondSent) LogImpossible(stream.Stream, stream.Upto);
            else lock (_gate) _window.Acknowledged(stream.Stream, stream.Epoch, stream.Upto);
        }
        if (State is LinkState.Stalled or LinkState.CloudNotListening or LinkState.Refused) Become(LinkState.Online, "");
        if (time.GetElapsedTime(_answeredAt) >= SteadyAfter) _delay.Reset();
        Wake();
    }

    // Sending begins only now: what the cloud has is forgotten, and a restored disk has drawn new epochs.
    void ReceiveAnswer(Ack answer)
    {
        lock (_gate)
        {
            if (!outbox.Answered(answer.Streams))
            {
                LogOutboxRefuses(outbox.StateReason);
                return;
            }
            _window.Clear();
        }
        Become(LinkState.Online, "");
        if (!_answered.Task.IsCompleted) _answeredAt = time.GetTimestamp();
        _answered.TrySetResult();
        Wake();
    }

    void Receive(Command command, BrokerSession session)
    {
        if (command.ExpiresUs != 0 && command.ExpiresUs < time.GetUtcNow().ToUnixTimeMicroseconds())
        {
            LogExpired(command.Id);
            return;
        }
        switch (command.WhatCase)
        {
            case Command.WhatOneofCase.Rebirth: session.AskRebirth(); break;
            case Command.WhatOneofCase.Beacon: beacons.Take(command.Id, command.Beacon); break;
            default: LogUnknownCommand(command.Id); break;
        }
    }

    void Wake() => _work.Writer.TryWrite(true);

    void SayBirthAgain() => _session?.AskRebirth();

    void Become(LinkState state, string reason)
    {
        State = state;
        var (word, remedy) = state switch
        {
            LinkState.Online => (DeviceCondition.Fine, ""),
            LinkState.Refused => (DeviceCondition.Refused, "Check the password file and that the broker knows this gateway."),
            LinkState.CloudNotListening => (DeviceCondition.CloudNotListening, "Start edgetrace-cloud, or check that it is connected to this broker."),
            LinkState.Stalled => (DeviceCondition.Stalled, "Look at the cloud's disk and log: it has stopped acknowledging."),
            LinkState.Connecting => (DeviceCondition.Connecting, ""),
            _ => (DeviceCondition.Unreachable, $"Check the network and that a broker runs at {options.Host}:{options.Port}. Nothing is lost meanwhile."),
        };
        health.Report("link", "broker", word, reason, remedy);
    }

    [LoggerMessage(2101, LogLevel.Information, "Trying {Host}:{Port} again in {Delay}")]
    partial void LogRetry(string host, int port, TimeSpan delay);

    [LoggerMessage(2102, LogLevel.Warning, "Sending {Batches} batches again: not acknowledged within {Limit}")]
    partial void LogResent(int batches, TimeSpan limit);

    [LoggerMessage(2103, LogLevel.Error, "The cloud quarantined batch {Sequence} of {Stream}: {Why}")]
    partial void LogRejected(string stream, ulong sequence, string why);

    [LoggerMessage(2104, LogLevel.Error, "The cloud acknowledges {Stream} up to {Upto}, which was never sent: ignored")]
    partial void LogImpossible(string stream, ulong upto);

    [LoggerMessage(2105, LogLevel.Error, "The cloud answered, but the outbox cannot note it: {Why}")]
    partial void LogOutboxRefuses(string why);

    [LoggerMessage(2106, LogLevel.Warning, "A message on {Topic} cannot be read: {Why}")]
    partial void LogUnreadable(string topic, string why);

    [LoggerMessage(2107, LogLevel.Warning, "Command {Id} is not known here; a newer cloud than gateway?")]
    partial void LogUnknownCommand(string id);

    [LoggerMessage(2108, LogLevel.Warning, "Command {Id} came after it had expired: not followed")]
    partial void LogExpired(string id);

    readonly record struct OutgoingBatch(string Stream, byte[] Body, byte[] Envelope, Activity? Span);
}
