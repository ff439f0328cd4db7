using System.CommandLine;
using EdgeTrace.Gateway.Doctor;
using EdgeTrace.Gateway.Health;
using EdgeTrace.Gateway.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeTrace.Gateway;

/// <summary>What one can type: run, check, doctor, outbox.</summary>
static class Commands
{
    static readonly Option<FileInfo> Config = new("--config") { Description = "The gateway's configuration file (JSON).", Required = true };
    static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    public static RootCommand Root { get; } = new(
        """
        Reads RFID portals, barcode scanners and temperature probes, and loses nothing on the way to the cloud.

        Examples:
          edgetrace-gateway check --config /etc/edgetrace/gateway.json     names every mistake, opens nothing
          edgetrace-gateway run --config /etc/edgetrace/gateway.json
          edgetrace-gateway doctor --config /etc/edgetrace/gateway.json    clock, disk, devices, link: what is wrong and what to do
          edgetrace-gateway outbox --config /etc/edgetrace/gateway.json    what was sealed, what the cloud has yet to acknowledge
        """)
    {
        Command("run", "Runs until it is told to stop (SIGTERM, Ctrl+C).", [Config], RunAsync),
        Command("check", "Checks the configuration and says every mistake at once.", [Config], CheckAsync),
        Command("doctor", "Looks at clock, disk, devices and link, and says in plain words what is wrong; beside a running gateway or alone. Exit code 1 when something is.", [Config, Json], DoctorAsync),
        Command("outbox", "Tells what the outbox holds; beside a running gateway too.", [Config, Json], OutboxAsync),
    };

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (Load(parsed) is not { } configuration) return 2;
        try
        {
            SteadyClock clock;
            do
            {
                clock = new(TimeProvider.System);
                using var host = Host(configuration, clock);
                await host.RunAsync(stop);
            }
            while (clock.MustFollow && !stop.IsCancellationRequested);
            return 0;
        }
        catch (OutboxLockedException taken)
        {
            await Console.Error.WriteLineAsync(taken.Message);
            return 3;
        }
    }

    static Task<int> CheckAsync(ParseResult parsed, CancellationToken stop)
    {
        if (Load(parsed) is not { } configuration) return Task.FromResult(2);
        Console.WriteLine(
            $"{parsed.GetValue(Config)} is right: {configuration.Llrp.Count} readers with {configuration.Llrp.Sum(reader => reader.Portals.Count)} portals, "
            + $"{configuration.Barcode.Count} scanners, {configuration.Temperature.Count} probes, {configuration.EpcPolicy.Count} EPC rules.");
        return Task.FromResult(0);
    }

    static async Task<int> DoctorAsync(ParseResult parsed, CancellationToken stop)
    {
        if (Load(parsed) is not { } configuration) return 2;
        var seen = await new GatewayDoctor(configuration, TimeProvider.System).ExamineAsync(stop);
        GatewayDoctor.Print(seen, parsed.GetValue(Json), Console.Out);
        return seen.Worst >= Verdict.Warning ? 1 : 0;
    }

    static Task<int> OutboxAsync(ParseResult parsed, CancellationToken stop)
    {
        if (Load(parsed) is not { } configuration) return Task.FromResult(2);
        try
        {
            var summary = OutboxSummary.Read(configuration.OutboxFolder);
            if (parsed.GetValue(Json)) Console.WriteLine(summary.ToJson());
            else
                foreach (var stream in summary.Streams)
                    Console.WriteLine($"{stream.Stream,-32} {stream.SealedReadings,12:N0} readings in {stream.SealedBatches,8:N0} batches, {stream.UnackedBatches,6:N0} batches not acknowledged");
            return Task.FromResult(0);
        }
        catch (DirectoryNotFoundException none)
        {
            Console.Error.WriteLine(none.Message);
            return Task.FromResult(1);
        }
    }

    static GatewayConfiguration? Load(ParseResult parsed)
    {
        try
        {
            return GatewayConfiguration.Load(parsed.GetRequiredValue(Config).FullName);
        }
        catch (ConfigurationException wrong)
        {
            Console.Error.WriteLine($"{wrong.Mistakes.Count} {(wrong.Mistakes.Count == 1 ? "mistake" : "mistakes")} in {parsed.GetValue(Config)}:");
            foreach (var mistake in wrong.Mistakes) Console.Error.WriteLine("  " + mistake);
            return null;
        }
    }

    static IHost Host(GatewayConfiguration configuration, SteadyClock clock)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "edgetrace-gateway" });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        builder.Services.AddSystemd().AddSingleton<TimeProvider>(clock).AddSingleton(clock).AddSingleton(configuration);
        // In the order of the data: a consumer starts before its producer and stops after it.
        builder.Services.AddOutbox(configuration).AddUplink(configuration).AddHealth().AddTelemetry().AddDevices();
        return builder.Build();
    }

    static Command Command(string name, string description, Option[] options, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(action);
        return command;
    }
}
