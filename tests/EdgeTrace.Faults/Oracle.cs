using System.Diagnostics;
using System.Text.Json;

namespace EdgeTrace.Faults;

/// <summary>Compares what was generated, outboxed, committed and projected, asking only what a user may ask.</summary>
static class Oracle
{
    /// <summary>Reads made durable, and their batches that the cloud has not acknowledged; probes go on for ever and are not waited for.</summary>
    public static async Task<(long Reads, long Unacked)> OutboxAsync(Rig rig)
    {
        var outbox = await AskJsonAsync("EdgeTrace.Gateway", "edgetrace-gateway", "outbox", "--config", rig.File("gateway.json"), "--json");
        return (outbox.GetProperty("totals").GetProperty("reads").GetInt64(), outbox.GetProperty("streams").EnumerateArray()
            .Where(stream => stream.GetProperty("stream").GetString()!.StartsWith("reads/", StringComparison.Ordinal)).Sum(stream => stream.GetProperty("unackedBatches").GetInt64()));
    }

    /// <summary>The log, every body decoded.</summary>
    public static Task<JsonElement> LogAsync(Rig rig) => AskJsonAsync("EdgeTrace.Cloud", "edgetrace-cloud", "log", "--json", "--config", rig.File("cloud.json"));

    /// <summary>Reads in the log of the gateways that are meant.</summary>
    public static async Task<long> CommittedAsync(Rig rig, Func<string, bool> gateway) => Committed(await LogAsync(rig), gateway);

    static long Committed(JsonElement log, Func<string, bool> gateway) => log.GetProperty("streams").EnumerateArray()
        .Where(stream => gateway(stream.GetProperty("gateway").GetString()!) && stream.GetProperty("stream").GetString()!.StartsWith("reads/", StringComparison.Ordinal))
        .Sum(stream => stream.GetProperty("readings").GetInt64());

    /// <inheritdoc cref="Rig.JudgeAsync"/>
    public static async Task<FaultResult> JudgeAsync(Rig rig, double recoverySeconds, string? wrong, long outboxedElsewhere, long tornOff)
    {
        var outboxed = (await OutboxAsync(rig)).Reads + outboxedElsewhere + tornOff;
        var log = await LogAsync(rig);
        var committed = Committed(log, gateway => gateway == "gw-1");
        var losses = log.GetProperty("losses").EnumerateArray().ToList();
        var named = losses.Where(loss => loss.GetProperty("cause").GetString() is "thinned" or "corrupt").Sum(loss => loss.GetProperty("readings").GetInt64());
        var blind = losses.Where(loss => loss.GetProperty("cause").GetString() == "blind").Sum(loss => loss.GetProperty("seconds").GetDouble());
        var twice = log.GetProperty("duplicateIdentities").GetInt64() + log.GetProperty("duplicateReads").GetInt64();
        // A loss that nobody can count must still be told.
        var missing = outboxed - committed - named;
        var told = losses.Exists(loss => loss.GetProperty("cause").GetString() == "corrupt") ? Math.Min(Math.Max(0, missing), tornOff) : 0;
        // A replay tells open visits too.
        if (!rig.LastVisitsStayOpen && await DumpAsync(rig, replay: false) != await DumpAsync(rig, replay: true)) wrong ??= "the ledger differs from its replay";
        return new(
            rig.Load.Reported, outboxed, committed, Math.Max(0, missing - told), twice + Math.Max(0, committed - outboxed), blind, recoverySeconds, wrong,
            named + told > 0 ? $"{named:N0} named as lost{(told > 0 ? $", {told:N0} in what was torn off" : "")}" : null);
    }

    static Task<string> DumpAsync(Rig rig, bool replay) =>
        AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", ["ledger", "dump", "--canonical", "--config", rig.File("cloud.json"), .. replay ? ["--replay"] : Array.Empty<string>()]);

    static async Task<JsonElement> AskJsonAsync(string project, string program, params string[] arguments) =>
        JsonDocument.Parse(await AskAsync(project, program, arguments)).RootElement;

    /// <summary>What a doctor says of a chain; that it found something is no failure.</summary>
    public static async Task<JsonElement> DoctorAsync(Rig rig, string project, string program, string config, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(Rig.Command(project, program, "doctor", "--config", rig.File(config), "--json"), environment);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode is 0 or 1 ? JsonDocument.Parse(output).RootElement : throw new FaultException($"{program} doctor failed with exit code {process.ExitCode}.");
    }

    public static async Task<string> AskAsync(string project, string program, params string[] arguments)
    {
        using var process = Start(Rig.Command(project, program, arguments));
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new FaultException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}: {await error}");
    }

    static Process Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return Process.Start(start)!;
    }
}
