using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeTrace.Faults;

/// <summary>Nothing is broken and nothing must grow: an hour of 1,000 reads a second through Mosquitto, looked at twelve times.</summary>
static class SoakRow
{
    const int Looks = 12;
    static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);

    /// <summary>A leak of 50 MiB a day; less cannot be told from the collector's mood within an hour.</summary>
    const double SlopeMiBPerHourMax = 2;

    public static FaultRow Row { get; } = new("soak", "1,000 reads a second through Mosquitto, no fault", RunAsync);

    static async Task<FaultResult> RunAsync(FaultContext context)
    {
        var metrics = $"127.0.0.1:{Rig.FreePort()}";
        // What is kept for a restored cloud fills up within a sixth of the time, so that the outbox must then stop growing.
        await using var rig = await Rig.StartAsync(context, mosquitto: true, rig => rig.Amend("gateway.json", gateway =>
        {
            gateway["Telemetry"] = new JsonObject { ["Prometheus"] = metrics };
            gateway["Outbox"] = new JsonObject { ["KeepAcknowledgedFor"] = (context.SoakFor / 6).ToString() };
        }));
        var started = TimeProvider.System.GetTimestamp();
        List<Look> looks = [];
        List<string> wrong = [];
        context.Say("| minutes | gateway MiB | its heap | cloud MiB | its heap | outbox MiB | log MiB | ledger MiB | readings MiB | unacknowledged | open visits | reads in the log |\n|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (var (said, elapsed) = (0, TimeSpan.Zero); elapsed < context.SoakFor;)
        {
            await rig.DelayAsync(SampleEvery);
            elapsed = TimeProvider.System.GetElapsedTime(started);
            looks.Add(new(elapsed.TotalHours, rig.Gateway.ResidentMiB(), rig.Cloud.ResidentMiB(), MiB(rig.File("gateway-data"))));
            if (elapsed < context.SoakFor * (said + 1) / Looks) continue;
            said++;
            if (await LookAsync(context, rig, $"http://{metrics}/metrics", looks[^1]) is { } imbalance) wrong.Add(imbalance);
        }
        if (rig.Gateway.HasExited || rig.Cloud.HasExited) wrong.Add("a process ended");
        var late = looks.FindAll(look => look.Hours > context.SoakFor.TotalHours / 3);
        var (gateway, cloud) = (Trend.Of(late, look => look.Gateway), Trend.Of(late, look => look.Cloud));
        if (gateway.Grows(SlopeMiBPerHourMax)) wrong.Add($"the gateway's memory grows: {gateway}");
        if (cloud.Grows(SlopeMiBPerHourMax)) wrong.Add($"the cloud's memory grows: {cloud}");
        var outbox = Trend.Of(late, look => look.Outbox);
        // Segments are recycled whole: two of them are no growth.
        if (late[^1].Outbox > late[0].Outbox + 4 && outbox.Grows(SlopeMiBPerHourMax)) wrong.Add($"the outbox grows: {outbox}");
        var result = await rig.JudgeAsync(0, wrong.Count == 0 ? null : string.Join("; ", wrong));
        return result with { Note = $"gateway {gateway}, cloud {cloud}, outbox {outbox}, over the last two thirds of {context.SoakFor}; counters balanced in {Looks} looks" };
    }

    /// <summary>A line of the table; what does not balance, or null.</summary>
    static async Task<string?> LookAsync(FaultContext context, Rig rig, string metrics, Look look)
    {
        var (gateway, cloud) = (await Scrape.OfAsync(rig.Http, metrics), await Scrape.OfAsync(rig.Http, "/metrics"));
        double Mega(string file) => MiB(rig.File("cloud-data"), file + "*");
        context.Say(string.Create(CultureInfo.InvariantCulture,
            $"| {look.Hours * 60:0.0} | {look.Gateway:0.0} | {Heap(gateway):0.0} | {look.Cloud:0.0} | {Heap(cloud):0.0} | {look.Outbox:0.0} | {Mega("log.db"):0.0} | {Mega("ledger.db"):0.0} | {Mega("readings.db"):0.0} | {gateway.Sum("edgetrace_outbox_unacknowledged"):0} | {cloud.Sum("edgetrace_visits_open"):0} | {cloud.Sum("edgetrace_stream_readings_total", "stream=\"reads/"):N0} |"));
        // What the collector found alive at its last look: a leak of objects grows here, a cache of SQLite does not.
        static double Heap(Scrape of) => of.Sum("dotnet_gc_last_collection_heap_size_bytes") / 1048576.0;
        double Reads(string part) => gateway.Sum($"edgetrace_gateway_reads{part}");
        double Batches(string part) => cloud.Sum($"edgetrace_ingest_{part}");
        if (Reads("_total") != Reads("_outboxed_total") + Reads("_dropped_total") + Reads("_lost_total") + Reads("_pending")) return $"after {look.Hours * 60:0} min the gateway's reads do not balance";
        return Batches("received_total") != Batches("appended_total") + Batches("redelivered_total") + Batches("rejected_total") + Batches("held") + Batches("dropped_total")
            ? $"after {look.Hours * 60:0} min the cloud's batches do not balance" : null;
    }

    static double MiB(string folder, string pattern = "*") =>
        new DirectoryInfo(folder).EnumerateFiles(pattern, SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0) / 1048576.0;

    sealed record Look(double Hours, double Gateway, double Cloud, double Outbox);

    /// <summary>A straight line by least squares through what was seen: its slope an hour, how sure that is, and the middle.</summary>
    readonly record struct Trend(double SlopePerHour, double Error, double Mean)
    {
        public static Trend Of(IReadOnlyList<Look> looks, Func<Look, double> value)
        {
            var (x, y) = (looks.Average(look => look.Hours), looks.Average(value));
            var spread = looks.Sum(look => Math.Pow(look.Hours - x, 2));
            var slope = looks.Sum(look => (look.Hours - x) * (value(look) - y)) / spread;
            var rest = looks.Sum(look => Math.Pow(value(look) - y - slope * (look.Hours - x), 2));
            return new(slope, Math.Sqrt(rest / Math.Max(1, looks.Count - 2) / spread), y);
        }

        /// <summary>Steeper than the limit, and not by chance: two standard errors.</summary>
        public bool Grows(double limit) => SlopePerHour - 2 * Error > limit;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mean:0.0} MiB {SlopePerHour:+0.00;-0.00} ± {2 * Error:0.00} MiB/h");
    }
}
