namespace EdgeTrace.Faults;

/// <summary>The cloud's disk is gone: what a backup and the gateways together still have.</summary>
static class RestoreRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("backup-restored", "backup under load, the cloud's disk wiped, the backup restored", context => WipedAsync(context, restore: true)) { Smoke = true },
        new("cloud-wiped", "the cloud's disk wiped, no backup: the gateway's two hours", context => WipedAsync(context, restore: false)),
    ];

    static async Task<FaultResult> WipedAsync(FaultContext context, bool restore)
    {
        await using var rig = await Rig.StartAsync(context);
        await rig.DelayAsync(context.LoadFor / 3);
        if (restore) await Oracle.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", "backup", "--config", rig.File("cloud.json"), "--to", rig.File("backups"));
        await rig.DelayAsync(context.LoadFor / 3);
        await rig.Cloud.KillAsync();
        Directory.Delete(rig.File("cloud-data"), recursive: true);
        if (restore)
            await Oracle.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", "restore", "--config", rig.File("cloud.json"), "--from", Directory.GetDirectories(rig.File("backups"))[0]);
        rig.Cloud.Start();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 3);
        return await rig.JudgeAsync(recovery);
    }
}
