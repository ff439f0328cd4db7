using EdgeTrace.ColdChain;
using EdgeTrace.Gateway.Devices.Barcode;
using EdgeTrace.Gateway.Devices.Llrp;
using EdgeTrace.Gateway.Devices.Policy;
using EdgeTrace.Gateway.Devices.Temperature;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway.Devices;

/// <summary>Runs every configured device, each in its own loop: one that fails leaves the others undisturbed.</summary>
sealed partial class DeviceLoops(GatewayConfiguration configuration, Sealer sealer, Beacons beacons, HealthBoard health, TimeProvider time, ILoggerFactory loggers, ILogger<DeviceLoops> logger)
    : BackgroundService
{
    /// <summary>A device's loop that dies of a bug begins again after this; the bug is in the log with its stack.</summary>
    static readonly TimeSpan AfterBug = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var policy = new EpcPolicy(configuration.EpcPolicy);
        return Task.WhenAll(
        [
            .. configuration.Llrp.Select(reader => Keep("reader", reader.Name, new PortalReader(reader, sealer, policy, beacons, health, time, loggers.CreateLogger<PortalReader>()).RunAsync, stoppingToken)),
            .. configuration.Barcode.Select(scanner => Keep("scanner", scanner.Name, new Scanner(scanner, sealer.Scans(scanner.Name), health, time).RunAsync, stoppingToken)),
            .. configuration.Temperature.Select(probe => Keep("probe", probe.Point, new Probe(probe, configuration.Sensors, sealer.Samples(probe.Point), Judge(probe), health, time).RunAsync, stoppingToken)),
        ]);
    }

    LocalJudge? Judge(TemperatureOptions probe) =>
        probe.Class is { Length: > 0 } code && StorageClass.Find(code) is { } storageClass ? new(probe.Point, storageClass, sealer.Alarms(probe.Point)) : null;

    async Task Keep(string kind, string name, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await run(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                LogBug(kind, name, bug);
                health.Report(kind, name, DeviceCondition.Failed, $"The gateway's own loop for it failed: {bug.Message}", "Send the gateway's log to its makers; the device is tried again.");
                await Task.Delay(AfterBug, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(1003, LogLevel.Error, "The loop of {Kind} {Name} failed; it begins again")]
    partial void LogBug(string kind, string name, Exception bug);
}
