using System.Diagnostics;
using System.Text.Json;

namespace EdgeTrace.Faults;

/// <summary>Compares what was generated, outboxed, committed and projected, asking only what a user may ask.</summary>
static class Oracle
{
    public static async Task<(long Reads, long Unacked)> OutboxAsync(Rig rig)
    {
        var outbox = await AskJsonAsync("EdgeTrace.Gateway", "edgetrace-gateway", "outbox", "--config", rig.File("gateway.json"), "--json");
        return (outbox.GetProperty("totals").GetProperty("reads").GetInt64(), outbox.GetProperty("streams").EnumerateArray().Sum(stream => stream.GetProperty("unackedBatches").GetInt64()));
    }

    /// <summary>The log, every body decoded.</summary>
    public static Task<JsonElement> LogAsync(Rig rig) => AskJsonAsync("EdgeTrace.Cloud", "edgetrace-cloud", "log", "--json", "--config", rig.File("cloud.json"));

    /// <param name="outboxedElsewhere">Reads that a disk since replaced had outboxed.</param>
    public static async Task<FaultResult> JudgeAsync(Rig rig, double recoverySeconds, string? wrong, long outboxedElsewhere)
    {
        var outboxed = (await OutboxAsync(rig)).Reads + outboxedElsewhere;
        var log = await LogAsync(rig);
        var committed = log.GetProperty("totals").GetProperty("reads").GetInt64();
        var losses = log.GetProperty("losses").EnumerateArray().ToList();
        var named = losses.Where(loss => loss.GetProperty("cause").GetString() is "thinned" or "corrupt").Sum(loss => loss.GetProperty("readings").GetInt64());
        var blind = losses.Where(loss => loss.GetProperty("cause").GetString() == "blind").Sum(loss => loss.GetProperty("seconds").GetDouble());
        var twice = log.GetProperty("duplicateIdentities").GetInt64() + log.GetProperty("duplicateReads").GetInt64();
        // A replay tells open visits too.
        if (!rig.LastVisitsStayOpen && await DumpAsync(rig, replay: false) != await DumpAsync(rig, replay: true)) wrong ??= "the ledger differs from its replay";
        return new(rig.Load.Reported, outboxed, committed, Math.Max(0, outboxed - committed - named), twice + Math.Max(0, committed - outboxed), blind, recoverySeconds, wrong);
    }

    static Task<string> DumpAsync(Rig rig, bool replay) =>
        AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", ["ledger", "dump", "--canonical", "--config", rig.File("cloud.json"), .. replay ? ["--replay"] : Array.Empty<string>()]);

    static async Task<JsonElement> AskJsonAsync(string project, string program, params string[] arguments) =>
        JsonDocument.Parse(await AskAsync(project, program, arguments)).RootElement;

    public static async Task<string> AskAsync(string project, string program, params string[] arguments)
    {
        var command = Rig.Command(project, program, arguments);
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new FaultException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}: {await error}");
    }
}
