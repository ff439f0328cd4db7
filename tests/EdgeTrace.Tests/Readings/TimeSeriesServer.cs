using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeTrace.Tests.Ingest;

namespace EdgeTrace.Tests.Readings;

/// <summary>A real InfluxDB 1.6 or VictoriaMetrics 1.79 of Debian in a folder of its own, on a port of its own; one of each for all tests of a class.</summary>
public abstract class TimeSeriesServer(string program, string package) : IAsyncLifetime
{
    protected static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };
    readonly string _folder = Directory.CreateTempSubdirectory("edgetrace-timeseries-").FullName;
    Process? _process;

    protected string Folder => _folder;
    public int Port { get; } = FreePort();
    public Uri Url => new($"http://127.0.0.1:{Port}");

    protected abstract IEnumerable<string> Arguments();

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(program), $"{program} is not installed: tests/run installs it (apt-get install {package}).");
        _process = Process.Start(new ProcessStartInfo(program, Arguments()) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Patience.Until(Answers, $"{program} answers");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill();
        await (_process?.WaitForExitAsync() ?? Task.CompletedTask);
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    bool Answers()
    {
        try
        {
            using var answer = Http.Send(new(HttpMethod.Get, new Uri(Url, "/ping")));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

public sealed class InfluxServer() : TimeSeriesServer("/usr/bin/influxd", "influxdb")
{
    protected override IEnumerable<string> Arguments()
    {
        var file = Path.Combine(Folder, "influxdb.conf");
        File.WriteAllText(file, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:0"
            [meta]
              dir = "{Folder}/meta"
            [data]
              dir = "{Folder}/data"
              wal-dir = "{Folder}/wal"
            [monitor]
              store-enabled = false
            [http]
              bind-address = "127.0.0.1:{Port}"
              log-enabled = false
            """);
        return ["run", "-config", file];
    }

    /// <summary>InfluxQL; the rows of the first series by column, times in ns.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, System.Text.Json.JsonElement>>> AskAsync(string database, string query)
    {
        using var answer = await Http.PostAsync(new Uri(Url, "/query"), new FormUrlEncodedContent([new("db", database), new("epoch", "ns"), new("q", query)]));
        var result = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("results")[0];
        Assert.False(result.TryGetProperty("error", out var error), error.ToString());
        if (!result.TryGetProperty("series", out var series)) return [];
        var columns = series[0].GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToArray();
        return [.. series[0].GetProperty("values").EnumerateArray().Select(row => columns.Index().ToDictionary(c => c.Item, c => row[c.Index]))];
    }
}

public sealed class VictoriaServer() : TimeSeriesServer("/usr/bin/victoria-metrics", "victoria-metrics")
{
    protected override IEnumerable<string> Arguments() =>
        ["-httpListenAddr", $"127.0.0.1:{Port}", "-storageDataPath", Path.Combine(Folder, "data"), "-retentionPeriod", "100y", "-dedup.minScrapeInterval=1ms"];

    /// <summary>Every value of every series that the selector names, in ms.</summary>
    public async Task<IReadOnlyList<(string Series, long Ms, double Value)>> ExportAsync(string selector, params string[] labels)
    {
        // What was just written is searchable only after a flush, by default within a second.
        using (await Http.GetAsync(new Uri(Url, "/internal/force_flush"))) { }
        using var answer = await Http.PostAsync(new Uri(Url, "/api/v1/export"), new FormUrlEncodedContent([new("match[]", selector)]));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var values = new List<(string, long, double)>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var series = System.Text.Json.JsonDocument.Parse(line).RootElement;
            var name = string.Join('|', labels.Prepend("__name__").Select(label => series.GetProperty("metric").TryGetProperty(label, out var word) ? word.GetString() : ""));
            values.AddRange(series.GetProperty("timestamps").EnumerateArray().Zip(series.GetProperty("values").EnumerateArray(), (at, value) => (name, at.GetInt64(), value.GetDouble())));
        }
        return values;
    }
}
