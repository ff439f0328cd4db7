using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeTrace.Simulators.Load;

namespace EdgeTrace.Benchmarks.Chain;

/// <summary><c>chain</c>: reads a second from a load through a real Mosquitto into the cloud's log and back as acknowledgements, beside JSON pipelines on the same broker.</summary>
static class ChainCommand
{
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12), Counted = TimeSpan.FromSeconds(8);   // the JIT is done with the cloud after about ten
    static readonly TimeSpan PeerWarmUp = TimeSpan.FromSeconds(5), PeerCounted = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SteadyWarmUp = TimeSpan.FromSeconds(10), SteadyCounted = TimeSpan.FromSeconds(30);
    static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(5);

    const string Description = """
        Reads per second from a load through a real Mosquitto (deploy/mosquitto) into the published cloud's log and back as acknowledgements, with the CPU
        of load, broker and cloud apart; in the same run JSON pipelines as one would write them, on the same broker. Needs mosquitto, and the
        cloud as it is installed: deploy/publish linux-x64 cloud.

          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- chain                  (about 75 s)
          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- chain --steady         (10,000 and 1,000 reads/s as they are read: latencies and memory; about 90 s)
        """;

    public static Command Create()
    {
        var cloud = new Option<string?>("--cloud") { Description = "The cloud's program; without it the published one." };
        var steady = new Option<bool>("--steady") { Description = "Given rates instead of as much as there is." };
        var command = new Command("chain", Description) { cloud, steady };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                var program = parsed.GetValue(cloud) ?? Stage.Published("cloud");
                if (parsed.GetValue(steady)) await SteadyAsync(program, stop);
                else await BurstAsync(program, stop);
                return 0;
            }
            catch (Exception failed) when (failed is InvalidOperationException or LoadException or TimeoutException)
            {
                await Console.Error.WriteLineAsync(failed.Message);
                return 2;
            }
        });
        return command;
    }

    /// <summary>The subscriber of the JSON pipelines, as a process of its own so that its CPU can be told apart.</summary>
    public static Command CreatePeer()
    {
        var (port, password, database) = (new Option<int>("--port"), new Option<string>("--password-file") { Required = true }, new Option<string>("--database") { Required = true });
        var command = new Command("json-peer", "The subscriber of chain's JSON pipelines.") { port, password, database };
        command.Hidden = true;
        command.SetAction((parsed, stop) => JsonPeer.RunAsync(parsed.GetValue(port), parsed.GetRequiredValue(password), parsed.GetRequiredValue(database), stop));
        return command;
    }

    static async Task BurstAsync(string program, CancellationToken stop)
    {
        Say(Figures.Machine());
        Say("");
        Say("| pipeline | reads/s committed and acknowledged | CPU, ns a read: load + broker + consumer | bytes a read on the wire | batch → acknowledgement p50 / p99, ms | EdgeTrace is |");
        Say("|---|---|---|---|---|---|");
        var plan = new LoadPlan { Phase = true };
        await using var stage = await Stage.SetAsync(plan, stop);
        var ours = await CloudAsync(stage, program, plan, stop);
        Print("**EdgeTrace, 1,000 reads a batch**", ours, ours);
        foreach (var batch in (int[])[1000, 200, 1])
        {
            var theirs = await PeerAsync(stage, plan with { Batch = batch }, stop);
            Print(batch == 1 ? "JSON, a message a read" : string.Create(CultureInfo.InvariantCulture, $"JSON, {batch:N0} reads a batch"), theirs, ours);
        }
        Say("");
        Say(ours.Remarks);
    }

    static async Task<Figure> CloudAsync(Stage stage, string program, LoadPlan plan, CancellationToken stop)
    {
        var cloud = await stage.StartCloudAsync(program, stop);
        var watch = new Watch(stage.Broker, cloud);
        var (boot, startUs) = (Guid.NewGuid().ToString("N"), plan.StartUs(TimeProvider.System));
        var logged = (Before: 0L, After: 0L);
        var summary = await stage.Load(plan).RunAsync(
            gateway => Enumerable.Range(1, plan.Portals).Select(portal => new PortalStream(plan, gateway, portal, boot, startUs)), WarmUp, Counted, answered: true,
            word =>
            {
                watch.Hear(word);
                if (word == "BEGIN") logged.Before = stage.LogBytes();
                else logged.After = stage.LogBytes();
            }, stop);
        var (applied, visits, head) = Applied(await stage.StatusAsync(stop));
        await Task.Delay(CatchUp, TimeProvider.System, stop);
        var (later, laterVisits, _) = Applied(await stage.StatusAsync(stop));
        var remarks = string.Create(CultureInfo.InvariantCulture, $"""
            Log: {(double)(logged.After - logged.Before) / summary.Reads:0.0} bytes a read on disk. Sent again {summary.Resent}, rejected {summary.Rejected}, unacknowledged at the end {summary.Unacked}. Cloud RSS {cloud.ResidentMiB:0} MiB.
            Projections: {head - applied:N0} of {head:N0} batches behind when the load ended, then {(later - applied) / CatchUp.TotalSeconds:N0} batches/s ({(laterVisits - visits) / CatchUp.TotalSeconds:N0} visits/s into the ledger, {plan.Batch * (later - applied) / CatchUp.TotalSeconds:N0} reads/s).
            """);
        await stage.EndCloudAsync();
        return new(summary, watch, remarks);
    }

    static async Task<Figure> PeerAsync(Stage stage, LoadPlan plan, CancellationToken stop)
    {
        await using var peer = new Watched(Path.Combine(stage.Folder, $"peer-{plan.Batch}.log"), [Environment.ProcessPath!, .. Self(),
            "json-peer", "--port", stage.Port.ToString(CultureInfo.InvariantCulture), "--password-file", stage.PasswordFileOfCloud, "--database", Path.Combine(stage.Folder, $"peer-{plan.Batch}.db")]);
        await peer.UntilSaidAsync("listening", TimeSpan.FromSeconds(20), stop);
        var watch = new Watch(stage.Broker, peer);
        var startUs = plan.StartUs(TimeProvider.System);
        var summary = await stage.Load(plan).RunAsync(
            gateway => Enumerable.Range(1, plan.Portals).Select(portal => new JsonStream(plan, gateway, portal, startUs)), PeerWarmUp, PeerCounted, answered: false, watch.Hear, stop);
        return new(summary, watch, "");
    }

    static async Task SteadyAsync(string program, CancellationToken stop)
    {
        Say(Figures.Machine());
        Say("");
        Say("| reads/s, as they are read | reads a batch | batch → acknowledgement p50 / p99, ms | read → feed p50 / p99, s | cloud CPU, % of a core | cloud RSS, MiB |");
        Say("|---|---|---|---|---|---|");
        foreach (var (rate, batch) in ((double, int)[])[(10_000, 1000), (1000, 100)])
        {
            var plan = new LoadPlan { Phase = true, Rate = rate, Batch = batch };
            await using var stage = await Stage.SetAsync(plan, stop);
            var cloud = await stage.StartCloudAsync(program, stop);
            var watch = new Watch(stage.Broker, cloud);
            var (boot, startUs) = (Guid.NewGuid().ToString("N"), plan.StartUs(TimeProvider.System));
            var summary = await stage.Load(plan).RunAsync(
                gateway => Enumerable.Range(1, plan.Portals).Select(portal => new PortalStream(plan, gateway, portal, boot, startUs)), SteadyWarmUp, SteadyCounted, answered: true, watch.Hear, stop);
            var counters = (await stage.StatusAsync(stop)).GetProperty("counters");
            Say(string.Create(CultureInfo.InvariantCulture, $"| {summary.ReadsPerSecond:N0} | {batch:N0} | {summary.AckP50Ms:0.0} / {summary.AckP99Ms:0.0} | {counters.GetProperty("readToFeedP50Ms").GetInt64() / 1000.0:0.0} / {counters.GetProperty("readToFeedP99Ms").GetInt64() / 1000.0:0.0} | {watch.Consumer.TotalSeconds / summary.Seconds * 100:0} | {cloud.ResidentMiB:0} |"));
        }
    }

    static (long Applied, long Visits, long Head) Applied(JsonElement status) => (
        status.GetProperty("projections").EnumerateArray().First(projection => projection.GetProperty("name").GetString() == "ledger").GetProperty("position").GetInt64(),
        status.GetProperty("counters").GetProperty("visits").GetInt64(), status.GetProperty("logHead").GetInt64());

    static void Print(string name, Figure figure, Figure ours) => Say(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {figure.Load.ReadsPerSecond:N0} | {figure.Load.CpuNsPerRead:N0} + {figure.NsPerRead(figure.Watch.Broker):N0} + {figure.NsPerRead(figure.Watch.Consumer):N0} | {figure.Load.WireBytesPerRead:0.0} | {figure.Load.AckP50Ms:0.0} / {figure.Load.AckP99Ms:0.0} | {(figure == ours ? "" : $"{ours.Load.ReadsPerSecond / figure.Load.ReadsPerSecond:N0} ×")} |"));

    /// <summary>How this program is started again: as itself, or as a file of the dotnet host.</summary>
    static IEnumerable<string> Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    static void Say(string line) => Console.WriteLine(line);

    sealed record Figure(LoadSummary Load, Watch Watch, string Remarks)
    {
        public double NsPerRead(TimeSpan cpu) => Load.Reads == 0 ? 0 : cpu.TotalNanoseconds / Load.Reads;
    }

    /// <summary>CPU of broker and consumer within the counted time.</summary>
    sealed class Watch(Watched broker, Watched consumer)
    {
        public TimeSpan Broker { get; private set; }
        public TimeSpan Consumer { get; private set; }

        public void Hear(string word) => (Broker, Consumer) = word == "BEGIN" ? (broker.Cpu, consumer.Cpu) : (broker.Cpu - Broker, consumer.Cpu - Consumer);
    }
}
