using System.Globalization;

namespace EdgeTrace.Faults;

/// <summary>Processes that die or freeze.</summary>
static class ProcessRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("gateway-kill", "kill -9 of the gateway at random moments", context => KillsAsync(context, rig => rig.Gateway)) { Smoke = true },
        new("cloud-kill", "kill -9 of the cloud at random moments", context => KillsAsync(context, rig => rig.Cloud)) { Smoke = true },
        new("gateway-kill-at-sync", "kill -9 of the gateway at its Nth fdatasync", context => AtSyncAsync(context, rig => rig.Gateway)) { Smoke = true },
        new("cloud-kill-at-sync", "kill -9 of the cloud at its Nth fdatasync", context => AtSyncAsync(context, rig => rig.Cloud)) { Smoke = true },
        new("gateway-frozen", "SIGSTOP of the gateway, then SIGCONT", context => FrozenAsync(context, rig => rig.Gateway, mosquitto: false)),
        new("cloud-frozen", "SIGSTOP of the cloud, then SIGCONT", context => FrozenAsync(context, rig => rig.Cloud, mosquitto: true)) { Smoke = true },
        new("restored-outbox", "an older image of the gateway's disk is put back", RestoredAsync) { Smoke = true },
    ];

    static async Task<FaultResult> KillsAsync(FaultContext context, Func<Rig, Server> whom)
    {
        await using var rig = await Rig.StartAsync(context);
        var kills = context.Length == "smoke" ? 2 : 8;
        var recovery = 0.0;
        for (var i = 0; i < kills; i++)
        {
            await rig.DelayAsync(context.LoadFor / kills * (0.5 + context.Random.NextDouble() / 2));
            await whom(rig).KillAsync();
            whom(rig).Start();
            recovery = Math.Max(recovery, await rig.RecoveryAsync());
        }
        return await rig.JudgeAsync(recovery);
    }

    // Deterministic in the program's own steps, whatever the machine's speed: before the Nth word became durable.
    static async Task<FaultResult> AtSyncAsync(FaultContext context, Func<Rig, Server> whom)
    {
        await using var rig = await Rig.StartAsync(context);
        var recovery = 0.0;
        var points = context.Length == "smoke" ? (int[])[1, 3] : [1, 2, 3, 4, 5, 7, 9, 12, 16, 20];
        foreach (var n in points)
        {
            await whom(rig).KillAsync();
            whom(rig).Start(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", $"inject=fdatasync,fsync:signal=KILL:when={n.ToString(CultureInfo.InvariantCulture)}"]);
            await rig.UntilAsync($"it dies at sync {n}", () => Task.FromResult(whom(rig).HasExited));
            whom(rig).Start();
            recovery = Math.Max(recovery, await rig.RecoveryAsync());
        }
        await rig.DelayAsync(context.LoadFor / 4);
        return await rig.JudgeAsync(recovery);
    }

    static async Task<FaultResult> FrozenAsync(FaultContext context, Func<Rig, Server> whom, bool mosquitto)
    {
        await using var rig = await Rig.StartAsync(context, mosquitto);
        await rig.DelayAsync(context.LoadFor / 4);
        await whom(rig).FreezeAsync();
        await rig.DelayAsync(context.LoadFor / 2);
        await whom(rig).ThawAsync();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        return await rig.JudgeAsync(recovery);
    }

    static async Task<FaultResult> RestoredAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        var (outbox, image) = (rig.File("gateway-data/outbox"), rig.File("image"));
        await rig.DelayAsync(context.LoadFor / 3);
        await rig.Gateway.KillAsync();
        CopyFolder(outbox, image);
        var atImage = (await Oracle.OutboxAsync(rig)).Reads;
        rig.Gateway.Start();
        await rig.DelayAsync(context.LoadFor / 3);
        // What the replaced disk had not yet sent dies with it; so it is let drain, to count exactly.
        await rig.Load.StopAsync();
        await rig.UntilAsync("the outbox is empty", async () => (await Oracle.OutboxAsync(rig)).Unacked == 0);
        await rig.Gateway.KillAsync();
        var atEnd = (await Oracle.OutboxAsync(rig)).Reads;
        Directory.Delete(outbox, recursive: true);
        CopyFolder(image, outbox);
        rig.StartLoad();
        rig.Gateway.Start();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 3);
        return await rig.JudgeAsync(recovery, outboxedElsewhere: atEnd - atImage);
    }

    static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
