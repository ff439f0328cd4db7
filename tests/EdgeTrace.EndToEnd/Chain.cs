using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeTrace.Demo;

namespace EdgeTrace.EndToEnd;

/// <summary>Hospital, cloud and gateway as real processes in a folder of their own, for a test to cut, kill and question.</summary>
sealed class Chain : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    readonly DemoFolder _folder;
    Child? _cloud;
    Child? _gateway;
    Task<string>? _key;
    int _logs;

    Chain(DemoFolder folder, Child hospital, int brokerPort, int httpPort, TimeSpan length)
    {
        (_folder, Hospital, BrokerPort, Length) = (folder, hospital, brokerPort, length);
        Url = $"http://127.0.0.1:{httpPort}";
        Api = new(Url, folder.KeyFile);
    }

    public Child Hospital { get; }
    public Child Cloud => _cloud ?? throw new InvalidOperationException("The cloud is not running.");
    public Child Gateway => _gateway ?? throw new InvalidOperationException("The gateway is not running.");
    public CloudApi Api { get; }
    public int BrokerPort { get; }
    public string Url { get; }
    public TimeSpan Length { get; }
    public string Folder => _folder.Path;

    /// <summary>Lets the hospital write its configuration; nothing else runs and nothing moves yet.</summary>
    public static async Task<Chain> MakeAsync(int seed, TimeSpan length, int brokerPort = 0)
    {
        var folder = DemoFolder.Make(null);
        (brokerPort, var httpPort) = (brokerPort == 0 ? FreePort() : brokerPort, FreePort());
        var hospital = Child.Start("EdgeTrace.Simulators", "edgetrace-sim", folder.File("hospital.log"),
            "hospital", "--seed", $"{seed}", "--dir", folder.Path, "--for", $"{(int)length.TotalSeconds}s", "--broker-port", $"{brokerPort}", "--http-port", $"{httpPort}");
        var chain = new Chain(folder, hospital, brokerPort, httpPort, length);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var line in hospital.Lines.ReadAllAsync(patience.Token))
            if (line == "READY") return chain;
        throw new InvalidOperationException($"The hospital did not open: {hospital.LastWords()}");
    }

    /// <summary>Makes, starts everything, waits until every device is up and lets the day begin.</summary>
    public static async Task<Chain> StartAsync(int seed, TimeSpan length)
    {
        var chain = await MakeAsync(seed, length);
        await chain.StartCloudAsync();
        await chain.StartGatewayAsync();
        chain.Hospital.Tell("START");
        return chain;
    }

    public void Amend(string file, Action<JsonObject> change)
    {
        var path = _folder.File(file);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    public async Task StartCloudAsync()
    {
        _cloud = Child.Start("EdgeTrace.Cloud", "edgetrace-cloud", _folder.File($"cloud-{_logs++}.log"), "run", "--config", _folder.File("cloud.json"));
        await UntilAsync("the cloud answers", () => Api.IsUpAsync(default), _cloud);
    }

    public async Task StartGatewayAsync(bool wait = true)
    {
        _gateway = Child.Start("EdgeTrace.Gateway", "edgetrace-gateway", _folder.File($"gateway-{_logs++}.log"), "run", "--config", _folder.File("gateway.json"));
        if (wait) await UntilAsync("the gateway's devices are up", () => Api.EquipmentIsUpAsync(default), _gateway);
    }

    /// <summary>Gives a desk a scanner of its own, which reads what it is told, a line each; before the gateway is started.</summary>
    public async Task<Child> StartScannerAsync(string desk)
    {
        var link = _folder.File(Path.Combine("dev", $"{desk}-told"));
        Amend("gateway.json", gateway => gateway["Barcode"]!.AsArray().Single(each => (string?)each!["Name"] == desk)!["Port"] = link);
        var scanner = Child.Start("EdgeTrace.Simulators", "edgetrace-sim", _folder.File($"{desk}.log"), "scanner", "--link", link, "--typed");
        await UntilAsync($"{desk} has a scanner", () => Task.FromResult(File.Exists(link)), scanner);
        return scanner;
    }

    /// <summary>The key of a machine that may do all that a machine may: for the pages and calls of tests that are about something else than who may.</summary>
    public Task<string> KeyAsync() => _key ??= MakeKeyAsync();

    async Task<string> MakeKeyAsync() =>
        (await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", default, "accounts", "token", "tests", "--everything", "--config", _folder.File("cloud.json"))).Trim();

    /// <summary>Asks the cloud with that key.</summary>
    public async Task<HttpClient> HttpAsync() => new() { BaseAddress = new(Url), DefaultRequestHeaders = { Authorization = new("Bearer", await KeyAsync()) } };

    /// <summary>kill −9, with no chance to say goodbye.</summary>
    public static async Task KillAsync(Child child)
    {
        using var process = Process.GetProcessById(child.Id);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for the end of the day and for everything sealed to be applied and every visit to be closed.</summary>
    public async Task<JsonElement> DrainAsync()
    {
        using var patience = new CancellationTokenSource(Length + Patience);
        await foreach (var line in Hospital.Lines.ReadAllAsync(patience.Token))
        {
            if (!line.StartsWith("DONE ", StringComparison.Ordinal)) continue;
            await UntilAsync("the chain is drained", () => Api.IsDrainedAsync(default), Gateway);
            return JsonDocument.Parse(line[5..]).RootElement;
        }
        throw new InvalidOperationException($"The hospital ended before its day did: {Hospital.LastWords()}");
    }

    public async Task<Comparison> CompareAsync(JsonElement summary) =>
        await Comparison.MakeAsync(new(Length, 0, true, null, null, false), _folder, summary, Api, (Gateway.ResidentMiB(), Cloud.ResidentMiB()), default);

    /// <summary>The ledger as sorted lines: as it stands, or made anew from the batch log alone.</summary>
    public Task<string> DumpAsync(bool replay) =>
        Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", default, ["ledger", "dump", "--canonical", "--config", _folder.File("cloud.json"), .. replay ? ["--replay"] : Array.Empty<string>()]);

    public async Task UntilAsync(string what, Func<Task<bool>> holds, Child? alive = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (alive is { HasExited: true }) throw new InvalidOperationException($"{alive.Name} ended while waiting until {what}: {alive.LastWords()}");
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}. {Describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_cloud is not null) await _cloud.DisposeAsync();
        await Hospital.DisposeAsync();
        Api.Dispose();
        _folder.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    string Describe() => $"gateway: {_gateway?.LastWords()}\ncloud: {_cloud?.LastWords()}";
}
