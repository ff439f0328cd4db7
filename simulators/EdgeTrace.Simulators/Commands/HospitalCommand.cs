using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeTrace.Simulators.Hospital;

namespace EdgeTrace.Simulators.Commands;

/// <summary><c>hospital</c>: READY when all listen, START on stdin, PROGRESS every second, DONE; the devices live on until stdin closes.</summary>
static class HospitalCommand
{
    const string Examples = """
        A whole seeded hospital: doors, people, stock, fridges and desks, and the truth about them.
        Writes gateway.json, cloud.json, site.json, products.csv and gw-1.secret into --dir, prints READY,
        waits for a line START on stdin, and writes truth.jsonl while it runs.

          edgetrace-sim hospital --seed 7 --dir demo --for 30s
          edgetrace-sim hospital --seed 7 --dir demo            (runs until stdin closes)
        """;

    public static Command Create(TimeProvider time)
    {
        var seed = new Option<int>("--seed") { Description = "The same seed is the same plan.", DefaultValueFactory = _ => 1 };
        var folder = new Option<string>("--dir") { Description = "Where configurations, device files and the truth go.", Required = true };
        var length = new Option<TimeSpan?>("--for") { Description = "How long things move, as 30s or 5m; without it for ever.", CustomParser = ParseDuration };
        var broker = new Option<int>("--broker-port") { Description = "The MQTT port written into the configurations.", DefaultValueFactory = _ => 1883 };
        var http = new Option<int>("--http-port") { Description = "The page's port written into cloud.json.", DefaultValueFactory = _ => 8080 };
        var command = new Command("hospital", Examples) { seed, folder, length, broker, http };
        command.SetAction(async (parsed, stop) =>
        {
            var number = parsed.GetValue(seed);
            await using var hospital = new HospitalRun(
                parsed.GetRequiredValue(folder), number, parsed.GetValue(length), parsed.GetValue(broker), parsed.GetValue(http), time);
            // Console.In reads without yielding even when asked asynchronously; a reader of our own does not.
            using var input = new StreamReader(Console.OpenStandardInput());
            return await RunAsync(hospital, number, input, Console.Out, stop);
        });
        return command;
    }

    static async Task<int> RunAsync(HospitalRun hospital, int seed, TextReader input, TextWriter output, CancellationToken stop)
    {
        Say(output, "READY");
        while (await input.ReadLineAsync(stop) is { } line)
            if (line.Trim() == "START") goto start;
        return 0;   // stdin closed before anything was to move

    start:
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ending = CloseWithInputAsync(input, closed, stop);
        await hospital.LiveAsync(counts => Say(output, "PROGRESS " + counts.ToJson(seed)), closed.Token);
        Say(output, "DONE " + hospital.Counts.ToJson(seed));
        await ending;
        return 0;
    }

    static async Task CloseWithInputAsync(TextReader input, CancellationTokenSource closed, CancellationToken stop)
    {
        try
        {
            while (await input.ReadLineAsync(stop) is not null)
            {
                // Only the end of the input means anything from here on.
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        await closed.CancelAsync();
    }

    static void Say(TextWriter output, string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    static TimeSpan? ParseDuration(ArgumentResult result)
    {
        try
        {
            return Durations.Parse(result.Tokens[0].Value);
        }
        catch (FormatException wrong)
        {
            result.AddError(wrong.Message);
            return null;
        }
    }
}
