using System.Net;
using System.Net.Sockets;

namespace EdgeTrace.Faults;

/// <summary>A process that may open nothing more (RLIMIT_NOFILE): it says so, goes on with what it has open or ends, and nothing is lost.</summary>
static class DescriptorRows
{
    const string Sentence = "Too many open files";

    /// <summary>A complaint a quarter of a second, and the rest of a log.</summary>
    const int LinesMax = 1000;

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("gateway-no-descriptors", "the gateway may open nothing more, and loses its link", GatewayAsync) { Smoke = true },
        new("cloud-no-descriptors", "the cloud may open nothing more, and 40 clients knock", CloudAsync),
    ];

    static async Task<FaultResult> GatewayAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context, prepare: rig => rig.Amend("gateway.json", gateway => gateway["Outbox"] = new System.Text.Json.Nodes.JsonObject { ["SegmentBytes"] = 64 << 10 }));
        // It has lost a link before: what .NET loads for that is loaded.
        await rig.Cloud.KillAsync();
        rig.Cloud.Start();
        await rig.RecoveryAsync();
        await rig.Gateway.LimitDescriptorsAsync(true);
        await rig.Cloud.KillAsync();
        rig.Cloud.Start();
        await UntilSaidAsync(rig, rig.Gateway);
        await rig.DelayAsync(context.LoadFor / 2);
        return await LiftAsync(context, rig, rig.Gateway);
    }

    static async Task<FaultResult> CloudAsync(FaultContext context)
    {
        await using var rig = await Rig.StartAsync(context);
        await rig.Cloud.LimitDescriptorsAsync(true);
        List<TcpClient> knocking = [];
        try
        {
            for (var i = 0; i < 40; i++)
            {
                knocking.Add(new());
                await knocking[^1].ConnectAsync(IPAddress.Loopback, rig.BrokerPort, context.Stop);
            }
            await UntilSaidAsync(rig, rig.Cloud);
            await rig.DelayAsync(context.LoadFor / 2);
        }
        finally
        {
            foreach (var client in knocking) client.Dispose();
        }
        return await LiftAsync(context, rig, rig.Cloud);
    }

    static Task UntilSaidAsync(Rig rig, Server whom) =>
        rig.UntilAsync($"{whom.Name} says that it may open nothing, or ends", () => Task.FromResult(whom.Said(Sentence) || whom.HasExited));

    static async Task<FaultResult> LiftAsync(FaultContext context, Rig rig, Server whom)
    {
        // .NET's own runtime may want a file in the meantime and end the process; then systemd starts it again.
        var ended = whom.HasExited;
        if (ended) whom.Start();
        else await whom.LimitDescriptorsAsync(false);
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        var wrong = whom.HasExited ? $"{whom.Name} ended" : whom.LinesSaid > LinesMax ? $"{whom.Name} filled its log: {whom.LinesSaid} lines" : null;
        var result = await rig.JudgeAsync(recovery, wrong);
        return result with { Note = ended ? "it ended (the runtime could open nothing), and was started again" : "it went on" };
    }
}
