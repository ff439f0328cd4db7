using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeTrace.Demo;
using EdgeTrace.Faults;

namespace EdgeTrace.EndToEnd;

/// <summary>What a running gateway and cloud show of themselves to Prometheus, Grafana and an OTLP receiver.</summary>
public sealed partial class TelemetryTests
{
    /// <summary>Written by Prometheus itself for what it scrapes.</summary>
    static readonly string[] s_prometheusOwn = ["up"];

    [Fact]
    public async Task Every_scrape_balances_every_name_in_the_dashboards_is_there_and_a_batch_is_one_trace_from_seal_to_projection()
    {
        using var receiver = new TraceReceiver();
        await using var chain = await Chain.MakeAsync(seed: 11, TimeSpan.FromSeconds(12));
        var gatewayMetrics = $"127.0.0.1:{Chain.FreePort()}";
        chain.Amend("gateway.json", json => json["Telemetry"] = new JsonObject { ["Prometheus"] = gatewayMetrics, ["Otlp"] = receiver.Address });
        chain.Amend("cloud.json", json => (json["Telemetry"], json["Backup"]) = (new JsonObject { ["Otlp"] = receiver.Address }, new JsonObject { ["Directory"] = "backups" }));
        await chain.StartCloudAsync();
        await chain.StartGatewayAsync();
        chain.Hospital.Tell("START");

        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var drained = chain.DrainAsync();
        var scrapes = 0;
        Scrape gateway, cloud;
        do
        {
            (gateway, cloud) = (await Scrape.OfAsync(http, $"http://{gatewayMetrics}/metrics"), await Scrape.OfAsync(http, chain.Url + "/metrics"));
            AssertBalanced(gateway, cloud);
            scrapes++;
            await Task.WhenAny(drained, Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, TestContext.Current.CancellationToken));
        }
        while (!drained.IsCompleted);
        await drained;
        Assert.True(scrapes >= 5, $"{scrapes} scrapes were no test");

        Assert.Equal(double.PositiveInfinity, cloud.Sum("edgetrace_backup_age_seconds"));
        await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", TestContext.Current.CancellationToken,
            "backup", "--config", Path.Combine(chain.Folder, "cloud.json"), "--to", Path.Combine(chain.Folder, "backups"));
        // An answer to a scrape stands for 300 ms, and a backup of so little takes less.
        await chain.UntilAsync("the backup is in a scrape", async () => double.IsFinite((cloud = await Scrape.OfAsync(http, chain.Url + "/metrics")).Sum("edgetrace_backup_age_seconds")));
        gateway = await Scrape.OfAsync(http, $"http://{gatewayMetrics}/metrics");
        AssertBalanced(gateway, cloud);
        Assert.InRange(cloud.Sum("edgetrace_backup_age_seconds"), 0, 120);
        Assert.True(gateway.Sum("edgetrace_gateway_reads_outboxed_total") > 100);
        Assert.Equal(gateway.Sum("edgetrace_gateway_reads_outboxed_total"), cloud.Sum("edgetrace_stream_readings_total", "stream=\"reads/"));
        AssertNamesAreThere(gateway.Names.Union(cloud.Names).Union(s_prometheusOwn).ToHashSet());
        await AssertReadyAsync(http, chain.Url);
        await chain.UntilAsync("a batch is one trace", () => Task.FromResult(HasWholeTrace([.. receiver.Spans])));
    }

    static void AssertBalanced(Scrape gateway, Scrape cloud)
    {
        double Reads(string part) => gateway.Sum($"edgetrace_gateway_reads{part}");
        Assert.Equal(Reads("_total"), Reads("_outboxed_total") + Reads("_dropped_total") + Reads("_lost_total") + Reads("_pending"));
        double Batches(string part) => cloud.Sum($"edgetrace_ingest_{part}");
        Assert.Equal(Batches("received_total"), Batches("appended_total") + Batches("redelivered_total") + Batches("rejected_total") + Batches("held") + Batches("dropped_total"));
    }

    static async Task AssertReadyAsync(HttpClient http, string url)
    {
        Assert.Equal("live", JsonDocument.Parse(await http.GetStringAsync(url + "/healthz")).RootElement.GetProperty("status").GetString());
        Assert.Equal("ready", JsonDocument.Parse(await http.GetStringAsync(url + "/readyz")).RootElement.GetProperty("status").GetString());
    }

    static void AssertNamesAreThere(HashSet<string> live)
    {
        var used = Directory.EnumerateFiles(Path.Combine(Root(), "deploy", "grafana"), "*.json").Append(Path.Combine(Root(), "deploy", "prometheus", "alerts.yml"))
            .SelectMany(file => MetricName().Matches(File.ReadAllText(file)).Select(name => (File: Path.GetFileName(file), Name: name.Value))).Distinct().ToList();
        Assert.True(used.Count > 30, $"only {used.Count} names are used");
        Assert.DoesNotContain(used, one => !live.Contains(one.Name));
    }

    static bool HasWholeTrace(IReadOnlyList<ReceivedSpan> spans)
    {
        var byId = spans.ToDictionary(span => span.Id);
        bool Under(ReceivedSpan span, string name, Func<ReceivedSpan, bool> then) =>
            byId.TryGetValue(span.Parent, out var parent) && parent.Name == name && parent.Trace == span.Trace && then(parent);
        bool FromSeal(ReceivedSpan span) => Under(span, "append", append => Under(append, "publish", publish => Under(publish, "seal", _ => true)));
        var acknowledged = spans.Where(span => span.Name == "acknowledge" && FromSeal(span)).Select(span => span.Trace).ToHashSet();
        return spans.Any(span => span.Name == "project" && acknowledged.Contains(span.Trace) && FromSeal(span));
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "EdgeTrace.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    /// <summary>Ours, the runtime's and the web server's: as they stand in an expression.</summary>
    [GeneratedRegex(@"\b(edgetrace|dotnet|http_server|kestrel)_[a-z0-9_]+\b|\bup\b(?=\{)")]
    private static partial Regex MetricName();
}
