using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeTrace.Simulators.Hospital;
using EdgeTrace.Simulators.Llrp;
using EdgeTrace.Simulators.Load;

namespace EdgeTrace.Benchmarks.Chain;

/// <summary><c>gateway</c>: what a gateway takes of its box: memory, CPU and syncs to the card, at given rates from simulated readers.</summary>
static class GatewayCommand
{
    const int Readers = 2, TagsEach = 60;
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Traced = TimeSpan.FromSeconds(20);

    const string Description = """
        The published gateway between two simulated LLRP readers and a real Mosquitto with the cloud behind it: memory, CPU and syncs a second; how many bytes they write is the question `outbox`.
        Needs mosquitto and strace, and both programs as they are installed: deploy/publish linux-x64.

          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- gateway                     (1,000 reads/s for a minute)
          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- gateway --rate 100
          dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- gateway --gateway native/edgetrace-gateway
        """;

    public static Command Create()
    {
        var gateway = new Option<string?>("--gateway") { Description = "The gateway's program; without it the published one." };
        var cloud = new Option<string?>("--cloud") { Description = "The cloud's program; without it the published one." };
        var rate = new Option<int>("--rate") { Description = "Reads a second of all readers together.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "How long, syncs counted in the last 20.", DefaultValueFactory = _ => 60 };
        var command = new Command("gateway", Description) { gateway, cloud, rate, seconds };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                await MeasureAsync(parsed.GetValue(gateway) ?? Stage.Published("gateway"), parsed.GetValue(cloud) ?? Stage.Published("cloud"), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), stop);
                return 0;
            }
            catch (InvalidOperationException failed)
            {
                await Console.Error.WriteLineAsync(failed.Message);
                return 2;
            }
        });
        return command;
    }

    static async Task MeasureAsync(string program, string cloud, int rate, TimeSpan length, CancellationToken stop)
    {
        var plan = new LoadPlan { Gateways = 1, Portals = Readers };
        await using var stage = await Stage.SetAsync(plan, stop);
        await stage.StartCloudAsync(cloud, stop);
        var readers = Enumerable.Range(1, Readers).Select(n => new LlrpReader($"{plan.Portal(1, n)}-reader", 0, TimeProvider.System)).ToArray();
        var gateway = await stage.StartGatewayAsync(program, plan, readers, stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = ObserveAsync(readers, rate, end.Token);
        await Task.Delay(length / 6, TimeProvider.System, stop);   // connected, and the code warm
        var (cpu, reported, startedAt) = (gateway.Cpu, readers.Sum(reader => reader.Reported), Stopwatch.GetTimestamp());
        await Task.Delay(length - length / 6 - Traced, TimeProvider.System, stop);
        var (seconds, reads) = (Stopwatch.GetElapsedTime(startedAt).TotalSeconds, readers.Sum(reader => reader.Reported) - reported);
        var cpuShare = (gateway.Cpu - cpu).TotalSeconds / seconds;
        var syncs = await SyncsAsync(gateway, stop);
        var (resident, own) = (gateway.ResidentMiB, gateway.AnonymousMiB);
        await end.CancelAsync();
        await reading;
        var acked = (await stage.StatusAsync(stop)).GetProperty("streams").EnumerateArray().Sum(stream => stream.GetProperty("readings").GetInt64());
        var told = readers.Sum(reader => reader.Reported);
        foreach (var reader in readers) await reader.DisposeAsync();
        // A figure of a gateway that delivers nothing would be a lie.
        if (acked < told / 2) throw new InvalidOperationException($"Of {told:N0} reads only {acked:N0} are in the cloud's log. The gateway said: {gateway.LastWords()}");
        Console.WriteLine(Figures.Machine());
        Console.WriteLine();
        Console.WriteLine("| gateway | reads/s | RSS, MiB | of it its own, not files | CPU, % of a core | syncs/s |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {new FileInfo(program).Length >> 20} MiB program | {reads / seconds:N0} | {resident:0.0} | {own:0.0} | {cpuShare * 100:0.0} | {syncs:0.00} |"));
        Console.WriteLine($"{acked:N0} readings were in the cloud's log by then.");
    }

    static async Task<double> SyncsAsync(Watched gateway, CancellationToken stop)
    {
        using var strace = Process.Start(new ProcessStartInfo("strace", ["-f", "-q", "-e", "trace=fdatasync,fsync", "-p", gateway.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        var lines = strace.StandardError.ReadToEndAsync(stop);
        await Task.Delay(Traced, TimeProvider.System, stop);
        using (var interrupt = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)])) await interrupt.WaitForExitAsync(stop);
        return (await lines).Split('\n').Count(line => line.Contains("sync(", StringComparison.Ordinal)) / Traced.TotalSeconds;
    }

    static async Task ObserveAsync(LlrpReader[] readers, int rate, CancellationToken stop)
    {
        var random = new Random(1);
        var tags = readers.Select((_, r) => Enumerable.Range(1, TagsEach).Select(n => TagEncoding.Sgtin96(Catalogue.Products[n % Catalogue.Products.Count], (ulong)(r * 1000 + n))).ToArray()).ToArray();
        var (each, owed) = (rate * Beat.TotalSeconds / readers.Length, 0.0);
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var count = (int)(owed += each);
                owed -= count;
                var nowUs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
                for (var r = 0; r < readers.Length; r++)
                    readers[r].Observe(Enumerable.Range(0, count).Select(n => new Sighting(
                        tags[r][random.Next(TagsEach)], 1 + n * 2 / count, nowUs - (count - n) * (long)(Beat.TotalMicroseconds / (count + 1)), -5500 - random.Next(800), random.Next(4096), 1 + random.Next(4))));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
