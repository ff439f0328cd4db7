using System.CommandLine;
using System.Text.Json;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Retention;

namespace EdgeTrace.Cloud.Doctor;

/// <summary><c>edgetrace-cloud doctor</c>: process, broker, projections, databases, gateways, backups and completeness in plain words.</summary>
static class DoctorCommand
{
    static readonly JsonSerializerOptions s_json = new(Api.ApiJson.Options) { WriteIndented = true };

    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var asJson = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("doctor", """
            Says in plain words what is wrong and what to do; beside a running cloud or without one. Exit code 1 when something is wrong.

            Examples:
              edgetrace-cloud doctor --config cloud.json
              edgetrace-cloud doctor --config cloud.json --json
            """) { config, asJson };
        command.SetAction(async (parsed, stop) =>
        {
            var file = new ConfigurationFile(parsed.GetRequiredValue(config).FullName);
            Examination seen;
            try
            {
                seen = await ExamineAsync(file, TimeProvider.System, stop);
            }
            catch (Exception wrong) when (wrong is StartRefusedException or InvalidDataException or IOException)
            {
                await Console.Error.WriteLineAsync(wrong.Message);
                return CloudHost.NotStarted;
            }
            Print(seen, parsed.GetValue(asJson), Console.Out);
            return seen.Worst >= Verdict.Warning ? 1 : 0;
        });
        return command;
    }

    public static async Task<Examination> ExamineAsync(ConfigurationFile file, TimeProvider time, CancellationToken stop)
    {
        var configuration = CloudHost.CreateBuilder(file).Configuration;
        var cloud = CloudOptions.Of(configuration);
        var external = configuration.GetSection("ExternalBroker").Get<ExternalBrokerOptions>() ?? new();
        var own = configuration.GetSection("Broker").Get<BrokerOptions>() ?? new();
        var (host, port) = cloud.Has(Role.Broker) ? ("127.0.0.1", own.Port) : (external.Host, external.Port);
        var backups = configuration["Backup:Directory"];
        List<Finding> findings = [.. await new ProcessCheck(cloud, Accounts.SetUp.LocalKey(file.Resolve(cloud.DataDirectory)), host, port).LookAsync(stop)];
        findings.AddRange(await new StoresCheck(StoresCheck.Targets(configuration, file)).LookAsync(stop));
        findings.AddRange(new FilesCheck(file.Resolve(cloud.DataDirectory), backups is null ? null : file.Resolve(backups), RetentionOptions.Of(configuration), time).Look());
        findings.AddRange(new CompletenessCheck(file.Resolve(cloud.DataDirectory), time).Look());
        return new(time.GetUtcNow(), findings.Max(finding => finding.Verdict), findings);
    }

    static void Print(Examination seen, bool asJson, TextWriter to)
    {
        if (asJson)
        {
            to.WriteLine(JsonSerializer.Serialize(seen, s_json));
            return;
        }
        foreach (var finding in seen.Findings)
        {
            to.WriteLine($"{finding.Verdict.ToString().ToUpperInvariant(),-8} {finding.Name}: {finding.Says}");
            if (finding.Do.Length > 0) to.WriteLine($"{"",-8} → {finding.Do}");
        }
        var wrong = seen.Findings.Count(finding => finding.Verdict >= Verdict.Warning);
        to.WriteLine(wrong == 0 ? "Nothing is wrong." : $"{wrong} of {seen.Findings.Count} need somebody.");
    }
}
