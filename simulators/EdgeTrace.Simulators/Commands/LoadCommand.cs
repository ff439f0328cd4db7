using System.CommandLine;
using EdgeTrace.Simulators.Load;

namespace EdgeTrace.Simulators.Commands;

/// <summary><c>load</c>: gateways with nothing behind them, to find out how much a cloud takes.</summary>
static class LoadCommand
{
    const string Examples = """
        Speaks to a broker as gateways do and sends batches of reads encoded beforehand, as fast as the cloud acknowledges them (a
        backlog of yesterday's) or at a rate (reads of this moment). Reads count when the cloud has acknowledged them: they are in its
        log. The load's own CPU is shown apart. Prints BEGIN and END around the counted time, then the figures.

          edgetrace-sim load --write .                        (site.json for these gateways' doors, then ends)
          edgetrace-sim load --port 1883 --password-file load.secret --for 10s --batch 1000 --gateways 2 --portals 4 --phase
          edgetrace-sim load --password-file load.secret --rate 10000 --for 60s --json

        Gateways are called load-1, load-2, …: their user names with the broker, all with the same password.
        """;

    public static Command Create(TimeProvider time)
    {
        var host = new Option<string>("--host") { Description = "The broker.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { Description = "Its MQTT port.", DefaultValueFactory = _ => 1883 };
        var password = new Option<FileInfo?>("--password-file") { Description = "The gateways' password on its first line." };
        var length = new Option<string>("--for") { Description = "The counted time.", DefaultValueFactory = _ => "10s" };
        var warmUp = new Option<string>("--warm-up") { Description = "Sent before it and not counted.", DefaultValueFactory = _ => "3s" };
        var gateways = Number("--gateways", "How many gateways.", 2, 500);
        var portals = Number("--portals", "Doors of each.", 4, 500);
        var batch = Number("--batch", "Reads in a batch.", 1000, 100_000);
        var tags = Number("--tags", "Tags in a door's field at a time.", 100, 100_000);
        var phase = new Option<bool>("--phase") { Description = "Phase and channel with each read." };
        var rate = new Option<double?>("--rate") { Description = "Reads a second of all doors together; without it as many as are acknowledged." };
        var write = new Option<DirectoryInfo?>("--write") { Description = "Writes the site model of these doors there and ends." };
        var json = new Option<bool>("--json") { Description = "The figures as one line of JSON." };
        var command = new Command("load", Examples) { host, port, password, length, warmUp, gateways, portals, batch, tags, phase, rate, write, json };
        command.SetAction(async (parsed, stop) =>
        {
            var plan = new LoadPlan
            {
                Gateways = parsed.GetValue(gateways), Portals = parsed.GetValue(portals), Batch = parsed.GetValue(batch), Tags = parsed.GetValue(tags),
                Phase = parsed.GetValue(phase), Rate = parsed.GetValue(rate),
            };
            if (parsed.GetValue(write) is { } folder)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "site.json"), plan.SiteModel().ToJsonString(new() { WriteIndented = true }), stop);
                return 0;
            }
            var run = new LoadRun(plan, parsed.GetRequiredValue(host), parsed.GetValue(port), parsed.GetValue(password) is { } file ? File.ReadLines(file.FullName).FirstOrDefault("").Trim() : "", time);
            var (boot, startUs) = (Guid.NewGuid().ToString("N"), plan.StartUs(time));
            try
            {
                var summary = await run.RunAsync(
                    gateway => Enumerable.Range(1, plan.Portals).Select(portal => new PortalStream(plan, gateway, portal, boot, startUs)),
                    Durations.Parse(parsed.GetRequiredValue(warmUp)), Durations.Parse(parsed.GetRequiredValue(length)), answered: true, Console.WriteLine, stop);
                Console.WriteLine(parsed.GetValue(json) ? summary.ToJson() : summary.ToString());
                return summary is { Rejected: 0, Refused: 0, Unacked: 0 } ? 0 : 1;
            }
            catch (Exception failed) when (failed is LoadException or TimeoutException)
            {
                await Console.Error.WriteLineAsync(failed is TimeoutException ? "The cloud answers no birth: does it run, and with this broker?" : failed.Message);
                return 2;
            }
        });
        return command;
    }

    static Option<int> Number(string name, string description, int usual, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1 || result.GetValueOrDefault<int>() > max) result.AddError($"{name} is 1 to {max}.");
        });
        return option;
    }
}
