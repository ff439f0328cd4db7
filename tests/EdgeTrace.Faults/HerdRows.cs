using System.Globalization;

namespace EdgeTrace.Faults;

/// <summary>A building's gateways come back all at once, or rather do not.</summary>
static class HerdRows
{
    const int Gateways = 500;

    /// <summary>Proposed in facts: delivery-faults §5.4; the broker must have breath left for those who are in.</summary>
    const double BrokerProcessorMax = 0.7;
    static readonly TimeSpan SpreadMin = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("herd", "500 gateways lose Mosquitto for a minute and come back by the real one's backoff", ReturnAsync),
    ];

    static async Task<FaultResult> ReturnAsync(FaultContext context)
    {
        await using var rig = await Rig.MakeAsync(context, mosquitto: true);
        var herd = Enumerable.Range(1, Gateways).Select(n => new LightGateway($"herd-{n}", rig.BrokerPort, $"secret {n}", new(context.Seed + n))).ToList();
        await rig.Mosquitto!.AddUsersAsync(Enumerable.Range(1, Gateways).Select(n => ($"herd-{n}", $"secret {n}")));
        rig.Mosquitto.Server.Start();
        rig.Cloud.Start();
        await rig.UntilUpAsync();
        rig.Gateway.Start();
        rig.StartLoad();
        await rig.UntilReadsAsync(0);
        using var sealing = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        var running = herd.Select(gateway => gateway.RunAsync(TimeSpan.FromSeconds(10), sealing.Token, stop.Token)).ToList();
        try
        {
            await rig.UntilAsync("all of the herd are in", () => Task.FromResult(herd.All(gateway => gateway.OnlineAt > 0)));
            await rig.Mosquitto.Server.KillAsync();
            // By then the ceiling of every delay has grown to its cap.
            await rig.DelayAsync(TimeSpan.FromSeconds(60));
            rig.Mosquitto.Server.Start();
            var back = TimeProvider.System.GetTimestamp();
            var recovery = await rig.RecoveryAsync();
            await rig.UntilAsync("all of the herd are back", () => Task.FromResult(herd.All(gateway => gateway.OnlineAt > back)));
            var took = TimeProvider.System.GetElapsedTime(back);
            var processor = rig.Mosquitto.Server.ProcessorTime() / took;
            await sealing.CancelAsync();
            await rig.UntilAsync("the herd's batches are in the log", () => Task.FromResult(herd.All(gateway => gateway.Acknowledged == gateway.Sealed)));
            return await JudgeAsync(rig, herd, [.. herd.Select(gateway => TimeProvider.System.GetElapsedTime(back, gateway.OnlineAt))], processor, recovery);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running.Select(Ended));
        }
    }

    static async Task<FaultResult> JudgeAsync(Rig rig, List<LightGateway> herd, List<TimeSpan> returns, double processor, double recovery)
    {
        var spread = returns.Max() - returns.Min();
        var busiest = returns.GroupBy(after => (int)after.TotalSeconds).Max(second => second.Count());
        var wrong = spread < SpreadMin ? $"they came back within {spread.TotalSeconds:0.0} s"
            : processor > BrokerProcessorMax ? $"the broker was busy {processor:P0} of the time"
            : null;
        var result = await rig.JudgeAsync(recovery, wrong);
        var (theirs, committed) = (herd.Sum(gateway => gateway.Sealed) * LightGateway.ReadsEach, await Oracle.CommittedAsync(rig, gateway => gateway.StartsWith("herd-", StringComparison.Ordinal)));
        return result with
        {
            Generated = result.Generated + theirs, Outboxed = result.Outboxed + theirs, Committed = result.Committed + committed,
            Lost = result.Lost + Math.Max(0, theirs - committed), Twice = result.Twice + Math.Max(0, committed - theirs),
            Note = string.Create(CultureInfo.InvariantCulture, $"back over {spread.TotalSeconds:0} s, at most {busiest} in one second; the broker's processor {processor:P0}"),
        };
    }

    static async Task Ended(Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
