using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Faults;

/// <summary>More than is usual, a store that does not keep up, and a second gateway that says it is the first.</summary>
static class LoadRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("overload", "ten times the reads for a third of the time", OverloadAsync),
        new("readings-store-locked", "the readings store takes no writes for a while", LockedAsync),
        new("cloned-gateway", "a copy of the gateway's card runs in a second box", ClonedAsync),
    ];

    static async Task<FaultResult> OverloadAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        await rig.DelayAsync(context.LoadFor / 3);
        await rig.Load.StopAsync();
        rig.Load.Start(context.ReadsPerSecond * 10, context.Seed + 1);
        await rig.DelayAsync(context.LoadFor / 3);
        await rig.Load.StopAsync();
        rig.StartLoad();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 3);
        return await rig.JudgeAsync(recovery);
    }

    // A projection's slowness delays nobody else: what is committed goes on growing, and the store catches up by itself.
    static async Task<FaultResult> LockedAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        string? wrong = null;
        await using (var holder = new SqliteConnection($"Data Source={rig.File("cloud-data/readings.db")};Pooling=False"))
        {
            await holder.OpenAsync(context.Stop);
            await using var hold = holder.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            await hold.ExecuteNonQueryAsync(context.Stop);
            var before = await rig.CommittedAsync() ?? 0;
            await rig.UntilAsync("somebody says that the readings store refuses", () => Task.FromResult(rig.Cloud.Said("The readings store refuses")), rig.Cloud);
            if ((await rig.CommittedAsync() ?? 0) < before + context.ReadsPerSecond) wrong = "the locked store held up the log";
        }
        var recovery = await rig.RecoveryAsync();
        await rig.UntilAsync("the readings store has caught up", async () => await rig.StatusAsync() is { } status
            && status.GetProperty("projections").EnumerateArray().Where(each => each.GetProperty("name").GetString()!.StartsWith("readings", StringComparison.Ordinal)).All(each => each.GetProperty("lag").GetInt64() < 200));
        return await rig.JudgeAsync(recovery, wrong);
    }

    static async Task<FaultResult> ClonedAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        await rig.DelayAsync(context.LoadFor / 3);
        Directory.CreateDirectory(rig.File("clone-data/outbox"));
        foreach (var file in Directory.EnumerateFiles(rig.File("gateway-data/outbox"), "*.segment")) File.Copy(file, Path.Combine(rig.File("clone-data/outbox"), Path.GetFileName(file)));
        File.Copy(rig.File("gateway.json"), rig.File("clone.json"));
        rig.Amend("clone.json", clone =>
        {
            clone["Gateway"]!["DataDirectory"] = "clone-data";
            clone.Remove("Llrp");   // the readers serve one client, and have it
            clone["Barcode"] = new JsonArray(new JsonObject { ["Name"] = "desk", ["Port"] = "nowhere" });
        });
        await using var clone = new Server("the clone", rig.File("clone.log"), Rig.Command("EdgeTrace.Gateway", "edgetrace-gateway", "run", "--config", rig.File("clone.json")));
        clone.Start();
        await rig.DelayAsync(context.LoadFor / 2);
        await clone.KillAsync();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        return await rig.JudgeAsync(recovery, rig.Cloud.Said("second-session") ? null : "nobody was told of two gateways with one name");
    }
}
