using System.CommandLine;
using EdgeTrace.Simulators.Hospital;

namespace EdgeTrace.Simulators.Commands;

/// <summary><c>sensors</c>: the hospital's thermometers alone, with their mishaps.</summary>
static class SensorsCommand
{
    const string Examples = """
        Thermometers as the kernel shows them, under a folder of yours: 1-Wire, hwmon and IIO.
        A fridge freezes, a probe is pulled and returns, another says 85 °C once.

          edgetrace-sim sensors --root ./sensors
          cat sensors/sys/bus/w1/devices/28-000005e2fdc3/w1_slave
        """;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(TimeProvider time)
    {
        var root = new Option<string>("--root") { Description = "The folder that stands for /.", Required = true };
        var seed = new Option<int>("--seed") { Description = "The same seed is the same weather.", DefaultValueFactory = _ => 1 };
        var command = new Command("sensors", Examples) { root, seed };
        command.SetAction(async (parsed, stop) =>
        {
            var stores = ColdStores.In(parsed.GetRequiredValue(root), parsed.GetValue(seed), Interval);
            Console.WriteLine($"Sensors under {parsed.GetRequiredValue(root)}; Ctrl-C ends it.");
            using var timer = new PeriodicTimer(Interval, time);
            try
            {
                for (long at = 0; await timer.WaitForNextTickAsync(stop); at += Clock.Microseconds(Interval))
                    foreach (var store in stores) store.Step(at);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            return 0;
        });
        return command;
    }
}
