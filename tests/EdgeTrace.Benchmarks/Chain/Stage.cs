using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeTrace.Simulators.Llrp;
using EdgeTrace.Simulators.Load;

namespace EdgeTrace.Benchmarks.Chain;

/// <summary>A folder with a real Mosquitto (deploy/mosquitto's configuration and ACL) and, where asked, the cloud as it is published; loads come from this process.</summary>
sealed class Stage : IAsyncDisposable
{
    const string CloudSecret = "a password of the benchmarks", LoadSecret = "another password";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly List<Watched> _processes = [];
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    Stage(string folder, int port) => (Folder, Port) = (folder, port);

    public string Folder { get; }
    public int Port { get; }
    public Watched Broker { get; private set; } = null!;
    public Watched? Cloud { get; private set; }

    public static async Task<Stage> SetAsync(LoadPlan plan, CancellationToken stop)
    {
        var stage = new Stage(Directory.CreateTempSubdirectory("edgetrace-bench-").FullName, FreePort());
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("load.secret", LoadSecret), ("cloud.secret", CloudSecret), ("site.json", plan.SiteModel().ToJsonString())])
            File.WriteAllText(stage.PathOf(name), text);
        var users = Enumerable.Range(1, plan.Gateways).Select(gateway => (plan.Topics(gateway).Gateway, LoadSecret)).Append(("cloud", CloudSecret)).ToList();
        foreach (var (i, (user, password)) in users.Index()) await RunAsync("mosquitto_passwd", [.. i == 0 ? (string[])["-c"] : [], "-b", stage.PathOf("edgetrace.passwd"), user, password]);
        var deploy = Path.Combine(RepositoryRoot(), "deploy/mosquitto");
        File.Copy(Path.Combine(deploy, "edgetrace.acl"), stage.PathOf("edgetrace.acl"));
        var lines = File.ReadAllLines(Path.Combine(deploy, "edgetrace.conf"))
            .Select(line => line.StartsWith("listener ", StringComparison.Ordinal) ? $"listener {stage.Port} 127.0.0.1" : line)
            .Select(line => line.Replace("/etc/mosquitto/", stage.Folder + "/", StringComparison.Ordinal)).Prepend($"user {Environment.UserName}");
        File.WriteAllLines(stage.PathOf("mosquitto.conf"), lines);
        stage.Broker = stage.Start("mosquitto.log", File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", "-c", stage.PathOf("mosquitto.conf"));
        for (var started = Stopwatch.GetTimestamp(); !await AnswersAsync(stage.Port); await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop))
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new InvalidOperationException($"Mosquitto does not answer: {stage.Broker.LastWords()}");
        return stage;
    }

    /// <summary>Starts the cloud with ingest, projections and interfaces, on a log of its own.</summary>
    public async Task<Watched> StartCloudAsync(string program, CancellationToken stop)
    {
        var http = FreePort();
        _http.BaseAddress = new($"http://127.0.0.1:{http}");
        await File.WriteAllTextAsync(PathOf("cloud.json"), $$"""
            {"Cloud":{"DataDirectory":"cloud-data","Roles":["Ingest","Api"],"Url":"http://127.0.0.1:{{http}}"},"Site":{"ModelFile":"site.json"},
             "ExternalBroker":{"Host":"127.0.0.1","Port":{{Port}},"UserName":"cloud","PasswordFile":"cloud.secret"} }
            """, stop);
        Cloud = Start("cloud.log", program, "run", "--config", PathOf("cloud.json"));
        await Cloud.UntilSaidAsync("Connected to the broker", Patience, stop);
        // The cloud leaves a key for its own machine.
        _http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(PathOf("cloud-data/local-key"), stop)).Trim());
        return Cloud;
    }

    /// <summary>Starts a gateway between these readers and the broker, under the plan's first name.</summary>
    public async Task<Watched> StartGatewayAsync(string program, LoadPlan plan, IReadOnlyList<LlrpReader> readers, CancellationToken stop)
    {
        var wired = string.Join(",", readers.Select((reader, i) => $$"""
            {"Name":"{{reader.Name}}","Host":"127.0.0.1","Port":{{reader.Port}},"Portals":[{"Name":"{{plan.Portal(1, i + 1)}}","Antennas":[1,2]}]}
            """));
        await File.WriteAllTextAsync(PathOf("gateway.json"), $$"""
            {"Gateway":{"Trust":"{{plan.Trust}}","Site":"{{plan.Site}}","Id":"{{plan.Topics(1).Gateway}}","DataDirectory":"gateway-data"},
             "Broker":{"Host":"127.0.0.1","Port":{{Port}},"PasswordFile":"load.secret"},"Llrp":[{{wired}}]}
            """, stop);
        var gateway = Start("gateway.log", program, "run", "--config", PathOf("gateway.json"));
        await gateway.UntilSaidAsync("link broker is fine", Patience, stop);
        return gateway;
    }

    public async Task EndCloudAsync()
    {
        if (Cloud is null) return;
        await Cloud.DisposeAsync();
        _processes.Remove(Cloud);
        Cloud = null;
        Directory.Delete(PathOf("cloud-data"), recursive: true);
    }

    public Watched Start(string log, params IReadOnlyList<string> command)
    {
        var process = new Watched(PathOf(log), command);
        _processes.Add(process);
        return process;
    }

    public string PasswordFileOfCloud => PathOf("cloud.secret");

    public LoadRun Load(LoadPlan plan) => new(plan, "127.0.0.1", Port, LoadSecret, TimeProvider.System);

    public async Task<JsonElement> StatusAsync(CancellationToken stop) => JsonDocument.Parse(await _http.GetStringAsync("/api/v1/status", stop)).RootElement;

    public long LogBytes() => new DirectoryInfo(PathOf("cloud-data")).EnumerateFiles("log.db*").Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeTrace.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("EdgeTrace.sln is not above this program: run it from a checkout.");
    }

    /// <summary>A published program, or a sentence on how to publish it.</summary>
    public static string Published(string part)
    {
        var packages = Path.Combine(RepositoryRoot(), "artifacts/packages");
        var program = Directory.Exists(packages)
            ? Directory.EnumerateDirectories(packages, $"edgetrace-{part}-*-linux-x64").Select(folder => Path.Combine(folder, "bin", $"edgetrace-{part}")).FirstOrDefault(File.Exists) : null;
        return program ?? throw new InvalidOperationException($"edgetrace-{part} is not published: run deploy/publish linux-x64 {part} first, or name a program with --{part}.");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    string PathOf(string name) => Path.Combine(Folder, name);

    static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;   // coming up
        }
    }

    static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        using var run = Process.Start(program, arguments);
        await run.WaitForExitAsync();
        if (run.ExitCode != 0) throw new InvalidOperationException($"{program} failed with exit code {run.ExitCode}.");
    }
}
