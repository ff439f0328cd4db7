namespace EdgeTrace.Faults;

/// <summary>A real Mosquitto that dies, forgets and freezes.</summary>
static class BrokerRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("broker-kill", "Mosquitto kill -9, all it knew wiped, started again", KillAsync) { Smoke = true },
        new("broker-frozen", "SIGSTOP of Mosquitto: connections accept and say nothing", FrozenAsync),
    ];

    static async Task<FaultResult> KillAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context, mosquitto: true);
        var recovery = 0.0;
        for (var i = 0; i < (context.Length == "smoke" ? 1 : 4); i++)
        {
            await rig.DelayAsync(context.LoadFor / 6);
            await rig.Mosquitto!.Server.KillAsync();
            rig.Mosquitto.Server.Start();
            recovery = Math.Max(recovery, await rig.RecoveryAsync());
        }
        return await rig.JudgeAsync(recovery);
    }

    static async Task<FaultResult> FrozenAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context, mosquitto: true);
        await rig.Mosquitto!.Server.FreezeAsync();
        await rig.DelayAsync(context.LoadFor);
        await rig.Mosquitto.Server.ThawAsync();
        var recovery = await rig.RecoveryAsync();
        return await rig.JudgeAsync(recovery);
    }
}
