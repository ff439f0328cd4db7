using System.Diagnostics.Metrics;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Store;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Telemetry;

/// <summary>
/// What the cloud's parts already know, as instruments that look when they are asked: gateways, streams, log, projections, alarms, disk.
/// Ingest's own balance is on <see cref="IngestMeter"/>, a meter of the same name. Parts that the roles leave out have no instruments.
/// </summary>
sealed partial class CloudMeter : IHostedService
{
    /// <summary>The whole status with its percentiles reads tens of thousands of rows: asked for less often than a scrape may come.</summary>
    static readonly TimeSpan StatusLasts = TimeSpan.FromSeconds(5);

    readonly Meter _meter;
    readonly IngestMeter _ingest;
    readonly TimeProvider _time;
    readonly ILogger<CloudMeter> _logger;

    public CloudMeter(IMeterFactory meters, IServiceProvider services, TimeProvider time, ILogger<CloudMeter> logger)
    {
        (_meter, _time, _logger) = (meters.Create(IngestMeter.Name), time, logger);
        _ingest = services.GetRequiredService<IngestMeter>();
        MeterLog(services.GetRequiredService<BatchLog>());
        MeterGateways(services.GetRequiredService<GatewayDirectory>());
        MeterDisk(ProjectionServices.DataDirectory(services));
        if (services.GetRequiredService<IConfiguration>()["Backup:Directory"] is { Length: > 0 } backups) MeterBackups(services.GetRequiredService<ConfigurationFile>().Resolve(backups));
        var external = services.GetService<ExternalBroker>();
        Gauge("edgetrace_broker_connected", () => external is null || external.State == BrokerState.Connected ? 1 : 0, null, "1 while the cloud is connected to the broker and subscribed; its own broker always is.");
        if (services.GetService<StorageBook>() is { } storage) MeterForecast(storage);
        if (services.GetService<StatusQuery>() is { } status)
            MeterProjections(status, services.GetRequiredService<ProjectionPump>(), services.GetRequiredService<EquipmentBoard>(), services.GetRequiredService<AlarmViews>());
        if (services.GetService<LedgerReader>() is { } ledger) MeterCompleteness(ledger);
        if (services.GetService<ReadingsElsewhere>() is { } elsewhere)
            _meter.CreateObservableCounter("edgetrace_store_missed", () => elsewhere.Missed().Select(missed => new Measurement<long>(missed.Count, Tag("store", missed.Store), Tag("cause", missed.Cause))), null, "Batches and lines that a readings store elsewhere will never have.");
        Gauge("edgetrace_process_memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");
    }

    // Making the instruments was all; what has not happened yet is shown as none, or nobody could tell it from not counted.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ingest.SecurityEvents.Add(0, Tag("kind", "any"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    long NowUs => _time.GetUtcNow().ToUnixTimeMicroseconds();

    void MeterLog(BatchLog log)
    {
        Gauge("edgetrace_log_position", () => log.Head, null, "Position of the newest durable batch.");
        Gauge("edgetrace_log_writable", () => log.State.IsFine ? 1 : 0, null, "1 while the batch log takes writes; else nothing is acknowledged and gateways keep what they read.");
        var streams = new Moment<IReadOnlyList<IGrouping<(string Gateway, string Stream), StreamUpto>>>(
            () => [.. Asked(log.Streams, []).GroupBy(stream => (stream.Gateway, stream.Stream))], _time);
        _meter.CreateObservableCounter("edgetrace_stream_readings", () => streams.Now().Select(stream => Of(stream.Key, stream.Sum(epoch => epoch.Readings))), "{reading}", "Readings of the stream in the batch log, ever.");
        _meter.CreateObservableCounter("edgetrace_stream_batches", () => streams.Now().Select(stream => Of(stream.Key, stream.Sum(epoch => epoch.Batches))), "{batch}", "Batches of the stream in the batch log, ever.");
        _meter.CreateObservableGauge("edgetrace_stream_silence", () => streams.Now().Select(stream => Of(stream.Key, Seconds(NowUs - stream.Max(epoch => epoch.LastReceivedUs)))), "s", "Since the last batch of the stream came.");
    }

    void MeterGateways(GatewayDirectory directory)
    {
        _meter.CreateObservableGauge("edgetrace_gateway_online", () => directory.All.Select(gateway => new Measurement<int>(gateway.Online ? 1 : 0, Tag("gateway", gateway.Gateway))), null, "1 while the gateway, or its Will, says that it is there.");
        _meter.CreateObservableGauge("edgetrace_gateway_silence", () => directory.All.Select(gateway => new Measurement<double>(Seconds(NowUs - gateway.LastHeardUs), Tag("gateway", gateway.Gateway))), "s", "Since anything of the gateway was heard; heartbeats come every second.");
    }

    void MeterDisk(string folder)
    {
        _meter.CreateObservableGauge("edgetrace_store_size", () => Asked(() => Files(folder), []), "By", "What a store takes on disk, its write-ahead log included.");
        Gauge("edgetrace_disk_free", () => new DriveInfo(folder).AvailableFreeSpace, "By", "Free on the disk of Cloud.DataDirectory.");
    }

    /// <summary>Not a number while there is no hour to measure from, so that nobody is woken; infinite when no disk is planned so far ahead.</summary>
    void MeterForecast(StorageBook storage) => _meter.CreateObservableGauge("edgetrace_disk_full_in", () => Asked(storage.Look, null)?.DaysUntilFull switch
    {
        null => double.NaN,
        >= StorageForecast.DaysMax => double.PositiveInfinity,
        { } days => TimeSpan.FromDays(days).TotalSeconds,
    }, "s", "Until the disk of Cloud.DataDirectory is full, if the growth of the last week goes on.");

    /// <summary>Infinite while there is none: whoever asks to be woken for an old one is woken for that.</summary>
    void MeterBackups(string folder) => _meter.CreateObservableGauge(
        "edgetrace_backup_age", () => Asked(() => BackupManifest.Newest(folder) is { } newest ? (_time.GetUtcNow() - newest.Manifest.TakenAt).TotalSeconds : double.PositiveInfinity, double.PositiveInfinity),
        "s", "Since the newest backup in Backup.Directory was taken.");

    void MeterProjections(StatusQuery status, ProjectionPump pump, EquipmentBoard equipment, AlarmViews alarms)
    {
        var told = new Moment<IReadOnlyList<StatusView>>(() => Asked<IReadOnlyList<StatusView>>(() => [status.Status()], []), _time, StatusLasts);
        IEnumerable<ProjectionView> Projections() => told.Now().SelectMany(now => now.Projections).Where(view => view.State is not ("quarantined" or "rebuilt"));
        _meter.CreateObservableGauge("edgetrace_projection_lag", () => Projections().Select(view => new Measurement<long>(view.Lag, Tag("projection", view.Name))), "{batch}", "Batches in the log that the projection has not applied.");
        _meter.CreateObservableGauge("edgetrace_projection_moving", () => Projections().Select(view => new Measurement<int>(view.IsMoving() ? 1 : 0, Tag("projection", view.Name))), null, "0 while what the projection writes to refuses.");
        Gauge("edgetrace_zones_faulty", () => pump.Faults.Count, "{zone}", "Zones that stepped over a batch, or stand still.");
        Gauge("edgetrace_visits_open", () => pump.OpenVisits, "{visit}", "Visits that wait for their stream's promise.");
        _meter.CreateObservableGauge("edgetrace_equipment_fine", () => equipment.Views().Select(device => new Measurement<int>(device.State == "fine" ? 1 : 0, Tag("gateway", device.Gateway), Tag("kind", device.Kind), Tag("name", device.Name))), null, "1 when the device is fine by its gateway's last word.");
        var open = new Moment<IReadOnlyList<AlarmView>>(() => Asked(alarms.Open, []), _time);
        _meter.CreateObservableGauge("edgetrace_alarms_open", () => Enum.GetValues<Severity>().Select(severity => new Measurement<int>(
            open.Now().Count(alarm => alarm.Severity == severity), Tag("severity", severity.ToString().ToLowerInvariant()))), "{alarm}", "Alarms that still go on or still want an answer.");
        Gauge("edgetrace_alarms_unanswered", () => open.Now().Count(alarm => !alarm.Acknowledged), "{alarm}", "Open alarms nobody has acknowledged.");
        _meter.CreateObservableGauge("edgetrace_read_to_feed", () => told.Now().SelectMany(now => now.Counters).Where(counter => counter.Key is "readToFeedP50Ms" or "readToFeedP99Ms")
            .Select(counter => new Measurement<double>(counter.Value / 1e3, Tag("quantile", counter.Key == "readToFeedP50Ms" ? "0.5" : "0.99"))), "s", "From a tag's last read at a door to the movement in the live feed.");
    }

    void MeterCompleteness(LedgerReader ledger)
    {
        var told = new Moment<IReadOnlyDictionary<string, LossTotal>>(() => Asked(() => ledger.LossTotals(), []).ToDictionary(total => total.Cause), _time, StatusLasts);
        IEnumerable<Measurement<long>> ByCause(Func<LossTotal, long> part) => LossCauses.All.Where(cause => cause != LossCauses.Blind)
            .Select(cause => new Measurement<long>(told.Now().TryGetValue(cause, out var total) ? part(total) : 0, Tag("cause", cause)));
        _meter.CreateObservableCounter("edgetrace_completeness_lost", () => ByCause(total => total.Readings), "{reading}", "Readings that were made and will never come, as far as they can be counted, ever.");
        _meter.CreateObservableCounter("edgetrace_completeness_uncounted", () => ByCause(total => total.Uncounted), "{loss}", "Losses that nobody can count, ever.");
        _meter.CreateObservableCounter("edgetrace_completeness_blind", () => told.Now().TryGetValue(LossCauses.Blind, out var blind) ? Seconds(blind.Us) : 0, "s", "Time in which devices could not tell, over all streams, ever.");
    }

    static IEnumerable<Measurement<long>> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*.db")
        .Select(file => new Measurement<long>(new[] { file, file + "-wal" }.Where(File.Exists).Sum(part => new FileInfo(part).Length), Tag("store", Path.GetFileNameWithoutExtension(file))))];

    /// <summary>A store that cannot be read is said by its own instrument; the others must still answer.</summary>
    T Asked<T>(Func<T> question, T otherwise)
    {
        try
        {
            return question();
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or IOException or UnauthorizedAccessException or InvalidDataException or LogUnusableException)
        {
            LogNotAsked(error.Message);
            return otherwise;
        }
    }

    void Gauge(string name, Func<long> look, string? unit, string description) => _meter.CreateObservableGauge(name, look, unit, description);

    static Measurement<T> Of<T>((string Gateway, string Stream) stream, T value) where T : struct => new(value, Tag("gateway", stream.Gateway), Tag("stream", stream.Stream));

    static double Seconds(long us) => Math.Max(0, us) / 1e6;

    static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    [LoggerMessage(5101, LogLevel.Warning, "Some metrics are missing from this scrape: {Why}")]
    partial void LogNotAsked(string why);
}
