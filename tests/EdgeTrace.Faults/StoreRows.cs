using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeTrace.Faults;

/// <summary>A real InfluxDB that readings are copied into is killed and comes back.</summary>
static class StoreRows
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new("influxdb-killed", "InfluxDB is killed while stock moves, away, started again", KilledAsync) { Smoke = true },
    ];

    static async Task<FaultResult> KilledAsync(FaultContext context)
    {
        await using var rig = await Rig.MakeAsync(context);
        await using var influx = new Influx(rig.Folder);
        influx.Server.Start();
        await rig.UntilAsync("InfluxDB answers", influx.AnswersAsync, influx.Server);
        await influx.AskAsync("CREATE DATABASE edgetrace");
        rig.Amend("cloud.json", cloud => cloud["ReadingsStores"] = new JsonArray(new JsonObject
        {
            ["Kind"] = "InfluxDb", ["Url"] = influx.Url, ["Database"] = "edgetrace", ["RawReads"] = true,
        }));
        rig.Cloud.Start();
        await rig.UntilUpAsync();
        rig.Gateway.Start();
        rig.StartLoad();
        await rig.UntilAsync("reads arrive in InfluxDB", async () => await influx.CountAsync("SELECT sum(count) FROM portal_reads") > 0);
        await rig.DelayAsync(context.LoadFor / 4);

        await influx.Server.KillAsync();
        // The stock stops moving and moves again, so that visits end while nobody takes them.
        await rig.Load.StopAsync();
        var before = await rig.CommittedAsync() ?? 0;
        await rig.DelayAsync(TimeSpan.FromSeconds(4));
        rig.StartLoad();
        string? wrong = null;
        await rig.UntilAsync("status says that InfluxDB is away, and how far behind", async () => await StoreAsync(rig) is { } store
            && store.GetProperty("state").GetString() == "away" && store.GetProperty("lag").GetInt64() > 0, rig.Cloud);
        await rig.DelayAsync(context.Length == "smoke" ? context.LoadFor : TimeSpan.FromMinutes(3));
        if ((await rig.CommittedAsync() ?? 0) < before + context.ReadsPerSecond) wrong = "the store that was away held up the log";
        if (await rig.StatusAsync() is { } status && status.GetProperty("logHead").GetInt64() - status.GetProperty("applied").GetInt64() > 200) wrong = "the store that was away held up the projections";

        influx.Server.Start();
        var recovery = await rig.RecoveryAsync();
        await rig.DelayAsync(context.LoadFor / 4);
        await rig.DrainAsync();
        await rig.UntilAsync("InfluxDB has caught up", async () => await StoreAsync(rig) is { } store
            && store.GetProperty("state").GetString() == "current" && store.GetProperty("reason").GetString() == "");
        return await rig.JudgeAsync(recovery, wrong ?? await CompareAsync(rig, influx));
    }

    // The last visits come a look later than the last batch.
    static async Task<string?> CompareAsync(Rig rig, Influx influx)
    {
        var counters = (await rig.StatusAsync())!.Value.GetProperty("counters");
        var visits = counters.GetProperty("visits").GetInt64();
        await rig.UntilAsync("the last visits are in InfluxDB", async () => await influx.CountAsync("SELECT count(visit) FROM visit") >= visits);
        var committed = await rig.CommittedAsync();
        var (stored, distinct) = (await influx.CountAsync("SELECT count(visit) FROM visit"), await influx.CountAsync("SELECT count(distinct(visit)) FROM visit"));
        var (counted, single) = (await influx.CountAsync("SELECT sum(count) FROM portal_reads"), await influx.CountAsync("SELECT count(epc) FROM tag_read"));
        return stored != visits || distinct != visits ? $"{visits} visits in the ledger, {stored} in InfluxDB, {distinct} different"
            : counted != committed ? $"{committed} reads in the log, {counted} counted in InfluxDB"
            : single != committed ? $"{committed} reads in the log, {single} single reads in InfluxDB"
            : visits == 0 ? "no visit was made, so nothing was tried"
            : null;
    }

    static async Task<JsonElement?> StoreAsync(Rig rig) => await rig.StatusAsync() is { } status
        ? status.GetProperty("projections").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "readings/influxdb")
        : null;

    /// <summary>Debian's influxd, in the rig's folder and on a port of its own.</summary>
    sealed class Influx : IAsyncDisposable
    {
        readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

        public Influx(string folder)
        {
            var port = Rig.FreePort();
            var file = Path.Combine(folder, "influxdb.conf");
            File.WriteAllText(file, $"""
                reporting-disabled = true
                bind-address = "127.0.0.1:0"
                [meta]
                  dir = "{folder}/influx-meta"
                [data]
                  dir = "{folder}/influx-data"
                  wal-dir = "{folder}/influx-wal"
                [monitor]
                  store-enabled = false
                [http]
                  bind-address = "127.0.0.1:{port}"
                  log-enabled = false
                """);
            Url = $"http://127.0.0.1:{port}";
            Server = new("influxd", Path.Combine(folder, "influxd.log"), ["/usr/bin/influxd", "run", "-config", file]);
        }

        public string Url { get; }
        public Server Server { get; }

        public async Task<bool> AnswersAsync()
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(Url + "/ping"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;   // it is coming up
            }
        }

        public async Task<JsonElement> AskAsync(string query)
        {
            using var answer = await _http.PostAsync(new Uri(Url + "/query"), new FormUrlEncodedContent([new("db", "edgetrace"), new("q", query)]));
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("results")[0];
        }

        /// <summary>The one number a query answers; 0 when there is nothing yet.</summary>
        public async Task<long> CountAsync(string query) =>
            (await AskAsync(query)).TryGetProperty("series", out var series) ? series[0].GetProperty("values")[0][1].GetInt64() : 0;

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            _http.Dispose();
        }
    }
}
