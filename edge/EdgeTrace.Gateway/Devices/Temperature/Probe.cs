using EdgeTrace.Contract;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;

namespace EdgeTrace.Gateway.Devices.Temperature;

/// <summary>Measures one probe at its interval; every measurement becomes a sample, also the one that failed and why.</summary>
sealed class Probe(TemperatureOptions options, SensorsOptions sensors, SampleStream samples, LocalJudge? judge, HealthBoard health, TimeProvider time)
{
    readonly KernelThermometer _thermometer = new(options, sensors.Root);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            Measure();
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    void Measure()
    {
        var nowUs = time.GetUtcNow().ToUnixTimeMicroseconds();
        var measured = _thermometer.Read();
        var sample = new Sample { TimeUs = nowUs, Kind = SampleKind.Temperature, MilliCelsius = measured.MilliCelsius, Fault = measured.Fault, Raw = measured.Raw };
        samples.Add(sample);
        // A probe is read by one loop, in order: nothing older than this sample follows it.
        samples.Promise(nowUs);
        judge?.Judge(sample);
        Report(measured);
    }

    void Report(Measurement measured)
    {
        var name = options.Point;
        switch (measured.Fault)
        {
            case ProbeFault.None:
                health.Fine("probe", name);
                break;
            case ProbeFault.Vanished:
                health.Report("probe", name, DeviceCondition.Unplugged, $"The kernel no longer shows the probe {options.Device}.", "Check the connector at the probe and at the gateway. Read the thermometer by hand meanwhile.");
                break;
            case ProbeFault.Checksum:
                health.Report("probe", name, DeviceCondition.Unreadable, $"The probe {options.Device} answers with a bad checksum.", "Check the cable for damage, length and a missing pull-up resistor.");
                break;
            case ProbeFault.PowerOnValue:
                health.Report("probe", name, DeviceCondition.Implausible, $"The probe {options.Device} says 85 °C, its value before a first conversion.", "Check the probe's power; it restarts while being read.");
                break;
            case ProbeFault.OutOfRange:
                health.Report("probe", name, DeviceCondition.Implausible, $"The probe {options.Device} says a value it cannot measure ({measured.Raw}).", "Check the connector; replace the probe if it goes on.");
                break;
            default:
                health.Report("probe", name, DeviceCondition.Unreadable, $"The probe {options.Device} cannot be read: {measured.Raw}", "Check the driver and the cable.");
                break;
        }
    }
}
