using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeTrace.Faults;

/// <summary>
/// One whole chain in a folder of its own: simulated readers here, gateway, broker and cloud as processes, each on a free port.
/// <code>
/// Load ──LLRP──▶ gateway ──MQTT──▶ [FaultProxy] ──▶ broker (the cloud's own, or Mosquitto) ──▶ cloud
/// </code>
/// </summary>
sealed class Rig : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    readonly HttpClient _http;
    readonly FaultContext _context;

    Rig(FaultContext context, string folder, Load load, int brokerPort, int httpPort)
    {
        (_context, Folder, Load, BrokerPort) = (context, folder, load, brokerPort);
        _http = new() { BaseAddress = new($"http://127.0.0.1:{httpPort}"), Timeout = TimeSpan.FromSeconds(4) };
        Gateway = new("edgetrace-gateway", File("gateway.log"), Command("EdgeTrace.Gateway", "edgetrace-gateway", "run", "--config", File("gateway.json")));
        Cloud = new("edgetrace-cloud", File("cloud.log"), Command("EdgeTrace.Cloud", "edgetrace-cloud", "run", "--config", File("cloud.json")));
    }

    public string Folder { get; }
    public Load Load { get; }
    public int BrokerPort { get; }
    public HttpClient Http => _http;
    public Server Gateway { get; }
    public Server Cloud { get; }
    public Mosquitto? Mosquitto { get; private set; }
    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the configurations; nothing runs yet.</summary>
    public static async Task<Rig> MakeAsync(FaultContext context, bool mosquitto = false)
    {
        var folder = Directory.CreateDirectory(Path.Combine(context.Directory, Guid.NewGuid().ToString("N")[..8])).FullName;
        var (brokerPort, httpPort) = (FreePort(), FreePort());
        var rig = new Rig(context, folder, new Load(), brokerPort, httpPort);
        await System.IO.File.WriteAllTextAsync(rig.File("gw-1.secret"), "a password of the fault program");
        await System.IO.File.WriteAllTextAsync(rig.File("site.json"), Configuration.Site(rig.Load.Ports.Count));
        await System.IO.File.WriteAllTextAsync(rig.File("cloud.json"), Configuration.Cloud(brokerPort, httpPort, embedded: !mosquitto).ToJsonString());
        await System.IO.File.WriteAllTextAsync(rig.File("gateway.json"), Configuration.Gateway(brokerPort, rig.Load.Ports).ToJsonString());
        if (mosquitto) rig.Mosquitto = await Mosquitto.MakeAsync(folder, brokerPort);
        return rig;
    }

    /// <summary>Makes and starts the whole chain, and waits until reads flow.</summary>
    /// <param name="prepare">Changes the configurations before anything starts.</param>
    public static async Task<Rig> StartAsync(FaultContext context, bool mosquitto = false, Action<Rig>? prepare = null)
    {
        var rig = await MakeAsync(context, mosquitto);
        prepare?.Invoke(rig);
        await rig.StartAllAsync();
        return rig;
    }

    /// <summary>Starts the whole chain, and waits until reads flow.</summary>
    public async Task StartAllAsync()
    {
        Mosquitto?.Server.Start();
        Cloud.Start();
        await UntilUpAsync();
        Gateway.Start();
        StartLoad();
        await UntilReadsAsync(0);
    }

    public void StartLoad() => Load.Start(_context.ReadsPerSecond, _context.Seed);

    public void Amend(string file, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(System.IO.File.ReadAllText(File(file)))!.AsObject();
        change(json);
        System.IO.File.WriteAllText(File(file), json.ToJsonString());
    }

    public Task UntilUpAsync() => UntilAsync("the cloud answers", async () => await StatusAsync() is not null, Cloud);

    /// <summary>Waits for reads in the log beyond <paramref name="before"/>.</summary>
    public Task UntilReadsAsync(long before) => UntilAsync("reads arrive in the log", async () => await CommittedAsync() > before);

    /// <summary>Seconds from now until the log grows again.</summary>
    public async Task<double> RecoveryAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await UntilUpAsync();
        await UntilReadsAsync(await CommittedAsync() ?? 0);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public Task DelayAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, _context.Stop);

    public Task<JsonElement?> StatusAsync() => AskAsync("/api/v1/status");

    /// <summary>The cloud's answer at an address of its API; null while it gives none.</summary>
    public async Task<JsonElement?> AskAsync(string address)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            // What the cloud leaves for its own machine: another at each start, and none before the first.
            if (System.IO.File.Exists(File("cloud-data/local-key"))) request.Headers.Authorization = new("Bearer", (await System.IO.File.ReadAllTextAsync(File("cloud-data/local-key"), _context.Stop)).Trim());
            using var answer = await _http.SendAsync(request, _context.Stop);
            answer.EnsureSuccessStatusCode();
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(_context.Stop)).RootElement;
        }
        catch (Exception absent) when (absent is HttpRequestException or TaskCanceledException && !_context.Stop.IsCancellationRequested)
        {
            return null;   // it is down or busy coming up: the caller waits
        }
    }

    /// <summary>Reads in the log as the cloud's own status says; the oracle decodes them.</summary>
    public async Task<long?> CommittedAsync() => await StatusAsync() is { } status
        ? status.GetProperty("streams").EnumerateArray().Where(s => s.GetProperty("stream").GetString()!.StartsWith("reads/", StringComparison.Ordinal)).Sum(s => s.GetProperty("readings").GetInt64())
        : null;

    /// <summary>A clock set back: the visits the load ends in are told when the new clock reaches what the old one promised.</summary>
    public bool LastVisitsStayOpen { get; set; }

    /// <summary>Ends the load, and waits until everything sealed is in the log and applied.</summary>
    public async Task DrainAsync()
    {
        await Load.StopAsync();
        await DelayAsync(TimeSpan.FromSeconds(2.5));   // the last reports and the last seal
        await UntilAsync("the outbox is empty", async () => (await Oracle.OutboxAsync(this)).Unacked == 0);
        await UntilAsync("the log is applied", async () => await StatusAsync() is { } status
            && status.GetProperty("applied").GetInt64() == status.GetProperty("logHead").GetInt64()
            && (LastVisitsStayOpen || status.GetProperty("counters").GetProperty("openVisits").GetInt64() == 0));
    }

    /// <summary>Drains and asks the oracle.</summary>
    /// <param name="outboxedElsewhere">Reads that a disk since replaced had outboxed.</param>
    /// <param name="tornOff">Reads in records that damage took off the outbox's newest end: named as lost, but nobody can count them.</param>
    public async Task<FaultResult> JudgeAsync(double recoverySeconds, string? wrong = null, long outboxedElsewhere = 0, long tornOff = 0)
    {
        await DrainAsync();
        return await Oracle.JudgeAsync(this, recoverySeconds, wrong, outboxedElsewhere, tornOff);
    }

    public async Task UntilAsync(string what, Func<Task<bool>> holds, Server? alive = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (alive is { HasExited: true }) throw new FaultException($"{alive.Name} ended while waiting until {what}: {alive.LastWords()}");
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new FaultException($"Not within {Patience.TotalSeconds:0} s: {what}.\ngateway: {Gateway.LastWords()}\ncloud: {Cloud.LastWords()}");
            await DelayAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Gateway.DisposeAsync();
        await Cloud.DisposeAsync();
        if (Mosquitto is not null) await Mosquitto.Server.DisposeAsync();
        _http.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>How one of our programs is started: it stands beside this one in the build's output.</summary>
    public static IReadOnlyList<string> Command(string project, string program, params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var file = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, program + ".dll");
        return System.IO.File.Exists(file) ? ["dotnet", file, .. arguments] : throw new FaultException($"{program} is not built: {file} is missing. tests/faults/run builds it.");
    }
}

/// <summary>A row cannot go on; the message says why.</summary>
sealed class FaultException(string message) : Exception(message);
