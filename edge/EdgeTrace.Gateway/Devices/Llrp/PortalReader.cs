using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices.Policy;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Session;
using EdgeTrace.Llrp.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Devices.Llrp;

/// <summary>
/// One reader's life: connect, set it up for its portals, read, and when the link is lost come back.
/// <code>
///   connecting → fine ⇄ (overflowed, antenna lost, no-tid: told, and reading goes on)
///       ↑          │
///       └─ unreachable · taken · refused · silent · disconnected · protocol-error ←┘   each with its sentence; retried for ever
/// </code>
/// </summary>
sealed partial class PortalReader
{
    /// <summary>Reports come at once (one tag each); a second covers a busy network and a busy box.</summary>
    static readonly TimeSpan LagMax = TimeSpan.FromSeconds(1);

    /// <summary>A buffer that ran over is told for so long after the last time: a person must have a chance to see it.</summary>
    static readonly TimeSpan OverflowTold = TimeSpan.FromMinutes(1);

    static readonly TimeSpan PromiseEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>A reader that holds reports while we are away may still bring old ones; after this long the cloud is no longer kept waiting for them.</summary>
    static readonly TimeSpan HoldMax = TimeSpan.FromMinutes(2);

    /// <summary>A dead connection is freed by an Impinj reader after 3.5 s: a retry within 4 s says nothing about who holds it (Octane 5.12).</summary>
    static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(1);
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(15);

    readonly LlrpOptions _options;
    readonly HealthBoard _health;
    readonly TimeProvider _time;
    readonly ILogger<PortalReader> _logger;
    readonly IReadOnlyList<BeaconLamp> _lamps;
    readonly PortalReads?[] _byAntenna;
    readonly List<PortalReads> _portals = [];
    long _heardUs;
    long _promiseFromUs;
    long? _overflowedAt;
    bool _lacksTids;

    public PortalReader(LlrpOptions options, Sealer sealer, EpcPolicy policy, Beacons beacons, HealthBoard health, TimeProvider time, ILogger<PortalReader> logger)
    {
        (_options, _lamps, _health, _time, _logger) = (options, beacons.Of(options), health, time, logger);
        _byAntenna = new PortalReads?[options.Portals.SelectMany(portal => portal.Antennas).DefaultIfEmpty((ushort)0).Max() + 1];
        foreach (var portal in options.Portals)
        {
            var reads = new PortalReads(sealer.Reads(portal.Name), policy);
            _portals.Add(reads);
            foreach (var antenna in portal.Antennas) _byAntenna[antenna] = reads;
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var delay = RetryDelayMin;
        _health.Report("reader", _options.Name, DeviceCondition.Connecting, $"Connecting to {_options.Host}:{_options.Port}.", "");
        while (true)
        {
            var wasFine = false;
            try
            {
                await using var connection = await LlrpConnection.ConnectAsync(_options.Host, _options.Port, null, _time, stop);
                await ReadAsync(connection, () => wasFine = true, stop);
            }
            catch (LlrpConnectionException lost)
            {
                var (state, remedy) = Describe(lost.Failure);
                _health.Report("reader", _options.Name, state, lost.Message, remedy);
            }
            catch (LlrpStatusException refused)
            {
                _health.Report("reader", _options.Name, DeviceCondition.Refused, refused.Message, "Compare the reader's model and firmware with those known to work.");
            }
            catch (PortalSettingsException unfit)
            {
                _health.Report("reader", _options.Name, DeviceCondition.Refused, unfit.Message, "Change this reader's entry in the gateway's configuration.");
            }
            catch (LlrpProtocolException violation)
            {
                _health.Report("reader", _options.Name, DeviceCondition.Protocol, violation.Message, "Note the reader's firmware; restart the reader if it goes on.");
            }
            delay = wasFine ? RetryDelayMin : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, RetryDelayMax.Ticks));
            await WaitAsync(delay, stop);
        }
    }

    async Task ReadAsync(LlrpConnection connection, Action becameFine, CancellationToken stop)
    {
        var greetedUs = connection.GreetedUtc.ToUnixTimeMicroseconds();
        var clock = new ReaderClock((long)(connection.Greeting.UtcUs ?? connection.Greeting.UptimeUs ?? (ulong)greetedUs), greetedUs);
        var memory = PortalPlan.NewMemory();
        var starting = Portal.StartAsync(connection, Settings(), stop);
        var reading = connection.ReadAsync(stop).AsTask();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var driving = Task.CompletedTask;
        var fine = false;
        var turnedAt = _time.GetTimestamp();
        try
        {
            while (true)
            {
                var tick = Task.Delay(PromiseEvery, _time, stop);
                await (fine ? Task.WhenAny(reading, tick) : Task.WhenAny(reading, tick, starting));
                if (!fine && starting.IsCompleted)
                {
                    Started(await starting, greetedUs);
                    becameFine();
                    fine = true;
                    // Beside the reading, which must go on while a lamp's order is on its way to the reader and back.
                    driving = Task.WhenAll(_lamps.Select(lamp => lamp.DriveAsync(connection, leaving.Token)));
                }
                if (driving.IsFaulted) await driving;
                // After a pause of our own what lies in the socket is older than it looks: read it before promising anything.
                var rested = _time.GetElapsedTime(turnedAt) < PromiseEvery * 2;
                turnedAt = _time.GetTimestamp();
                if (_overflowedAt is { } at && _time.GetElapsedTime(at) >= OverflowTold) Recovered();
                if (reading.IsCompleted)
                {
                    using var inbound = await reading;
                    await AcceptAsync(inbound, connection, clock, memory, stop);
                    reading = connection.ReadAsync(stop).AsTask();
                }
                else if (fine && rested) Promise(NowUs());
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await Task.WhenAll(Settled(starting), Settled(reading), Settled(driving));
        }
    }

    // Their failure, if any, is the one that ended the connection and has been thrown already.
    static Task Settled(Task task) => task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    void Started(Portal portal, long greetedUs)
    {
        foreach (var note in portal.Notes) LogNote(_options.Name, note);
        LogStarted(_options.Name, portal.Capabilities.Device?.Model ?? 0, portal.Capabilities.Device?.Firmware ?? "");
        var held = portal.Before.Holding is { HoldUponReconnect: true };
        if (_heardUs != 0 && !held)
            foreach (var reads in _portals) reads.Stream.AddBlind(_heardUs, greetedUs, "the reader was disconnected and does not keep reports");
        // Held reports come first and are old: a moment for them before anything is promised.
        _promiseFromUs = NowUs() + (long)LagMax.TotalMicroseconds;
        _lacksTids = portal.Plan.LacksTids;
        Recovered();
    }

    void Recovered()
    {
        _overflowedAt = null;
        if (_lacksTids) _health.Report("reader", _options.Name, DeviceCondition.NoTid, "It reads EPCs, and has no way to tell the tags' own numbers (TID) with them.", "Put an Impinj reader there, or take Tid off this reader in the gateway's configuration.");
        else _health.Fine("reader", _options.Name);
    }

    async Task AcceptAsync(LlrpInbound inbound, LlrpConnection connection, ReaderClock clock, LlrpReportMemory memory, CancellationToken stop)
    {
        var receivedUs = inbound.ReceivedUtc.ToUnixTimeMicroseconds();
        switch (inbound.Type)
        {
            case LlrpMessageType.RoAccessReport:
                AcceptReport(inbound, clock, memory, receivedUs);
                break;
            case LlrpMessageType.ReaderEventNotification:
                var happened = ((ReaderEventNotification)inbound.Decode()).Data;
                if (happened.Event<ReportBufferLevelWarningEvent>() is not null) await connection.SendAsync(new GetReport(), stop);
                Accept(happened, clock, receivedUs);
                break;
            default:
                LogUnexpected(_options.Name, inbound.Type);
                break;
        }
    }

    void AcceptReport(LlrpInbound inbound, ReaderClock clock, LlrpReportMemory memory, long receivedUs)
    {
        var newest = long.MinValue;
        var tags = inbound.Tags();
        while (tags.TryRead(out var tag))
        {
            memory.Complete(ref tag);
            if (PortalReads.NewestUs(tag) is { } said && said > newest) newest = said;
        }
        if (newest != long.MinValue) clock.Observe(newest, receivedUs);
        var placed = newest == long.MinValue ? receivedUs : Math.Min(clock.Place(newest), receivedUs);

        tags = inbound.Tags();
        while (tags.TryRead(out var tag))
        {
            memory.Complete(ref tag);
            if (tag.Antenna < _byAntenna.Length && _byAntenna[tag.Antenna] is { } portal) portal.Add(tag, clock, receivedUs);
            else LogStrayAntenna(_options.Name, tag.Antenna);
        }
        if (tags.UnreadBytes > 0) LogUnread(_options.Name, tags.UnreadBytes);
        // By what the reader says, not by when it came: after a pause of ours more of the same age is still in the socket.
        Promise(placed);
    }

    void Accept(ReaderEventNotificationData happened, ReaderClock clock, long receivedUs)
    {
        var atUs = (happened.UtcUs ?? happened.UptimeUs) is { } said ? clock.Place((long)said) : receivedUs;
        if (happened.Event<AntennaEvent>() is { } antenna)
        {
            Tell(atUs, PortalEventKind.Antenna, antenna.Antenna, antenna.Connected, "", antenna.Antenna);
            if (antenna.Connected) _health.Fine("antenna", $"{_options.Name}-{antenna.Antenna}");
            else _health.Report("antenna", $"{_options.Name}-{antenna.Antenna}", DeviceCondition.Unplugged, $"Antenna {antenna.Antenna} of {_options.Name} no longer answers.", "Check the antenna's cable and connector.");
        }
        if (happened.Event<GpiEvent>() is { } input) Tell(atUs, PortalEventKind.Beam, input.Port, input.High, "", null);
        if (happened.Event<ReportBufferOverflowErrorEvent>() is not null)
        {
            Tell(atUs, PortalEventKind.Overflow, 0, true, "the reader's report buffer ran over", null);
            foreach (var reads in _portals) reads.Stream.AddBlind(atUs, atUs, "the reader's report buffer ran over: reads were lost there");
            _health.Report("reader", _options.Name, DeviceCondition.Overflowed, "The reader's report buffer ran over; reads were lost in it.", "Check the network between reader and gateway.");
            _overflowedAt = _time.GetTimestamp();
        }
        if (happened.Event<ReaderExceptionEvent>() is { } exception) LogReaderSays(_options.Name, exception.Message);
        if (happened.Event<ConnectionAttemptEvent>() is { Status: ConnectionAttemptStatus.AnotherConnectionAttempted }) LogRival(_options.Name);
    }

    void Tell(long atUs, PortalEventKind kind, uint port, bool on, string detail, ushort? antenna)
    {
        foreach (var reads in antenna is { } one && one < _byAntenna.Length && _byAntenna[one] is { } its ? [its] : _portals)
            reads.Stream.AddEvent(new() { TimeUs = atUs, Kind = kind, Port = port, On = on, Detail = detail });
    }

    void Promise(long heardUs)
    {
        if (_promiseFromUs == 0 || heardUs < _promiseFromUs) return;
        _heardUs = Math.Max(_heardUs, heardUs);
        foreach (var reads in _portals) reads.Stream.Promise(heardUs - (long)LagMax.TotalMicroseconds);
    }

    // While the reader is away nothing can be promised for as long as it may be holding reports for us.
    async Task WaitAsync(TimeSpan delay, CancellationToken stop)
    {
        await Task.Delay(delay, _time, stop);
        var nowUs = NowUs();
        if (_heardUs != 0 && nowUs - _heardUs < (long)HoldMax.TotalMicroseconds) return;
        foreach (var reads in _portals) reads.Stream.Promise(nowUs - (long)HoldMax.TotalMicroseconds);
    }

    PortalSettings Settings() => new()
    {
        Antennas = [.. _options.Portals.SelectMany(portal => portal.Antennas)], PowerDbm = _options.PowerDbm, KeepalivePeriod = _options.Keepalive, Tids = _options.Tid,
    };

    static (string State, string Remedy) Describe(LlrpLinkFailure failure) => failure switch
    {
        LlrpLinkFailure.TakenByClient or LlrpLinkFailure.TakenByReader => (DeviceCondition.Taken, "Stop the other program, or restart the reader."),
        LlrpLinkFailure.Silent or LlrpLinkFailure.NoAnswer => (DeviceCondition.Silent, "Check the reader's power and network cable."),
        LlrpLinkFailure.Refused => (DeviceCondition.Refused, "Restart the reader if it goes on."),
        LlrpLinkFailure.NotLlrp or LlrpLinkFailure.NoGreeting => (DeviceCondition.Protocol, "Check that this is the reader's LLRP port."),
        LlrpLinkFailure.Unreachable => (DeviceCondition.Unreachable, "Check its power, its network cable and the address."),
        _ => (DeviceCondition.Disconnected, "It is tried again by itself."),
    };

    long NowUs() => _time.GetUtcNow().ToUnixTimeMicroseconds();

    [LoggerMessage(1101, LogLevel.Information, "Reader {Name} reads: model {Model}, firmware {Firmware}")]
    partial void LogStarted(string name, uint model, string firmware);

    [LoggerMessage(1102, LogLevel.Information, "Reader {Name}: {Note}")]
    partial void LogNote(string name, string note);

    [LoggerMessage(1103, LogLevel.Warning, "Reader {Name} sent {Type}, which nobody asked for")]
    partial void LogUnexpected(string name, LlrpMessageType type);

    [LoggerMessage(1104, LogLevel.Trace, "Reader {Name} reports antenna {Antenna}, which belongs to no portal")]
    partial void LogStrayAntenna(string name, ushort antenna);

    [LoggerMessage(1105, LogLevel.Warning, "Reader {Name} ended a report with {Bytes} bytes of unknown kind")]
    partial void LogUnread(string name, int bytes);

    [LoggerMessage(1106, LogLevel.Warning, "Reader {Name} says: {Message}")]
    partial void LogReaderSays(string name, string message);

    [LoggerMessage(1107, LogLevel.Warning, "Another program tried to connect to reader {Name} while we hold it")]
    partial void LogRival(string name);
}
