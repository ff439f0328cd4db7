namespace EdgeTrace.Faults;

/// <summary>The link between gateway and broker, through <see cref="FaultProxy"/>.</summary>
static class NetworkRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("link-cut", "the link is reset again and again", context => ThroughAsync(context, CutAsync)) { Smoke = true },
        new("link-black-holed", "the link swallows everything and tells nobody", context => ThroughAsync(context, BlackHoleAsync)),
        new("link-slow", "200 ms and 64 kbit/s, then free", context => ThroughAsync(context, SlowAsync)),
        new("link-corrupted", "one bit flipped in one of 40 chunks", context => ThroughAsync(context, CorruptAsync)) { Smoke = true },
        new("link-duplicated", "one of 40 chunks arrives twice", context => ThroughAsync(context, DuplicateAsync)),
    ];

    static async Task<FaultResult> ThroughAsync(FaultContext context, Func<FaultContext, Rig, FaultProxy, Task<string?>> fault)
    {
        // The proxy must know the broker's port and the gateway the proxy's: the rig is made first and then told.
        await using var rig = await Rig.MakeAsync(context);
        await using var proxy = new FaultProxy(rig.BrokerPort, context.Seed);
        rig.Amend("gateway.json", gateway => gateway["Broker"]!["Port"] = proxy.Port);
        rig.Cloud.Start();
        await rig.UntilUpAsync();
        rig.Gateway.Start();
        rig.StartLoad();
        await rig.UntilReadsAsync(0);
        var wrong = await fault(context, rig, proxy);
        (proxy.BlackHole, proxy.Delay, proxy.Rate, proxy.CorruptOneIn, proxy.DuplicateOneIn) = (false, default, 0, 0, 0);
        proxy.Cut();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        return await rig.JudgeAsync(recovery, wrong);
    }

    static async Task<string?> CutAsync(FaultContext context, Rig rig, FaultProxy proxy)
    {
        for (var i = 0; i < 8; i++)
        {
            await rig.DelayAsync(context.LoadFor / 10);
            proxy.Cut();
        }
        return null;
    }

    static async Task<string?> BlackHoleAsync(FaultContext context, Rig rig, FaultProxy proxy)
    {
        proxy.BlackHole = true;
        await rig.DelayAsync(context.LoadFor);
        return null;
    }

    static async Task<string?> SlowAsync(FaultContext context, Rig rig, FaultProxy proxy)
    {
        (proxy.Delay, proxy.Rate) = (TimeSpan.FromMilliseconds(200), 8_000);
        await rig.DelayAsync(context.LoadFor);
        return null;
    }

    static async Task<string?> CorruptAsync(FaultContext context, Rig rig, FaultProxy proxy)
    {
        proxy.CorruptOneIn = context.Length == "smoke" ? 10 : 40;
        await rig.DelayAsync(context.LoadFor);
        return proxy.Corrupted == 0 ? "nothing was corrupted" : null;
    }

    static async Task<string?> DuplicateAsync(FaultContext context, Rig rig, FaultProxy proxy)
    {
        proxy.DuplicateOneIn = 40;
        await rig.DelayAsync(context.LoadFor);
        return proxy.Duplicated == 0 ? "nothing was duplicated" : null;
    }
}
