using System.Diagnostics;

namespace EdgeTrace.Simulators.Load;

/// <summary>All gateways of a load: births answered, a warm-up that is not counted, the counted time, then what is still on its way.</summary>
sealed class LoadRun(LoadPlan plan, string host, int port, string password, TimeProvider time)
{
    static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(15);

    /// <summary>Runs the load.</summary>
    /// <param name="streams">The streams of a gateway, 1, 2, …</param>
    /// <param name="answered">Whether a birth is answered: peers that are no EdgeTrace answer none.</param>
    /// <param name="say">Hears BEGIN when the counted time begins, and END when it ends.</param>
    /// <exception cref="LoadException">The broker refuses, nobody answers, or the link went.</exception>
    public async Task<LoadSummary> RunAsync(Func<int, IEnumerable<LoadStream>> streams, TimeSpan warmUp, TimeSpan length, bool answered, Action<string> say, CancellationToken stop)
    {
        var count = new LoadCount();
        var gateways = Enumerable.Range(1, plan.Gateways).Select(gateway => new LoadGateway(plan, gateway, streams(gateway), count, time)).ToList();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var receiving = Task.WhenAny(await Task.WhenAll(gateways.Select(gateway => gateway.StartAsync(host, port, password, answered, drained.Token)))).Unwrap();
            var running = Task.WhenAll(gateways.Select(gateway => Task.Run(() => gateway.RunAsync(end.Token, drained.Token), CancellationToken.None)));
            await PassAsync(warmUp);
            var (startedAt, cpu) = (time.GetTimestamp(), CpuTime());
            count.Begin();
            say("BEGIN");
            await PassAsync(length);
            count.End();
            var (counted, used) = (time.GetElapsedTime(startedAt), CpuTime() - cpu);
            say("END");
            await end.CancelAsync();
            drained.CancelAfter(DrainMax);
            await DrainAsync(running);
            return count.Summary(counted, used, gateways.Sum(gateway => gateway.Unacked), plan.Batch);

            async Task PassAsync(TimeSpan span) => await await Task.WhenAny(Task.Delay(span, time, stop), running, receiving);
        }
        finally
        {
            foreach (var gateway in gateways) await gateway.DisposeAsync();
        }
    }

    // What is not acknowledged by then is a figure of the summary.
    static async Task DrainAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
        }
    }

    static TimeSpan CpuTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
