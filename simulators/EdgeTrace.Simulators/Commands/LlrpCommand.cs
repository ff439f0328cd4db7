using System.CommandLine;
using System.Globalization;
using EdgeTrace.Simulators.Hospital;
using EdgeTrace.Simulators.Llrp;

namespace EdgeTrace.Simulators.Commands;

/// <summary><c>llrp</c>: one reader with some tags standing before its antennas.</summary>
static class LlrpCommand
{
    const int ReadsPerSecond = 200;
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    const string Examples = """
        One LLRP reader (as an R420, four ports) with tags standing before it.

          edgetrace-sim llrp --port 5084 --tags 20
          edgetrace-sim llrp --port 5084 --tags 5 --fault split-frames --fault clock-2000
          edgetrace-sim llrp --port 5084 --fault silent --fault-after 5s
        """;

    public static Command Create(TimeProvider time)
    {
        var port = new Option<int>("--port") { Description = "TCP port on 127.0.0.1; 0 takes any free one.", DefaultValueFactory = _ => 5084 };
        var tags = new Option<int>("--tags") { Description = "How many tags stand there.", DefaultValueFactory = _ => 10 };
        var faults = new Option<string[]>("--fault") { Description = "Misbehave; may be given several times." };
        faults.AcceptOnlyFromAmong([.. ReaderFaultNames.All.Keys]);
        var after = new Option<string>("--fault-after") { Description = "When a connection is dropped or falls silent.", DefaultValueFactory = _ => "10s" };
        var command = new Command("llrp", Examples) { port, tags, faults, after };
        command.SetAction(async (parsed, stop) =>
        {
            await using var reader = new LlrpReader(
                "sim-reader", parsed.GetValue(port), time, ReaderFaultNames.Parse(parsed.GetValue(faults) ?? []), Durations.Parse(parsed.GetRequiredValue(after)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"LLRP reader on 127.0.0.1:{reader.Port}; Ctrl-C ends it."));
            await StandAsync(reader, parsed.GetValue(tags), time, stop);
            return 0;
        });
        return command;
    }

    static async Task StandAsync(LlrpReader reader, int tags, TimeProvider time, CancellationToken stop)
    {
        var random = new Random(1);
        var epcs = Enumerable.Range(1, tags).Select(n => TagEncoding.Sgtin96(Catalogue.Products[n % Catalogue.Products.Count], (ulong)n)).ToArray();
        using var timer = new PeriodicTimer(Beat, time);
        var outputs = reader.Outputs;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (reader.Outputs is var now && !now.SetEquals(outputs)) Console.WriteLine(now.Count == 0 ? "Outputs: all off" : $"Outputs on: {string.Join(", ", now.Order())}");
                outputs = now;
                if (epcs.Length == 0) continue;
                var nowUs = Clock.Microseconds(time);
                var count = (int)(ReadsPerSecond * Beat.TotalSeconds);
                reader.Observe(Enumerable.Range(0, count).Select(n => new Sighting(
                    epcs[random.Next(epcs.Length)], 1 + n * 2 / count, nowUs - (count - n) * 1000, -5500 - random.Next(800), random.Next(4096), 1 + random.Next(4))));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
