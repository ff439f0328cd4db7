using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Spectre.Console;

namespace EdgeTrace.Demo;

/// <summary>
/// The whole chain once: hospital, cloud, gateway; then stillness, drain, comparison.
/// <code>
///  edgetrace-sim ──LLRP·pty·sysfs──▶ edgetrace-gateway ──MQTT──▶ edgetrace-cloud ──HTTP──▶ your browser
///       └── truth.jsonl ─────────────────── compared with ──────────── ledger
/// </code>
/// </summary>
static class Demonstration
{
    /// <summary>Readers connect within a second or two; a first start also compiles.</summary>
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    /// <summary>Visits close a few seconds after their last read; a drain that takes longer is a fault worth showing.</summary>
    static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(60);

    const string Person = "demo";

    public static async Task<int> RunAsync(DemoOptions options, TimeProvider time, CancellationToken stop)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(options.Json ? Console.Error : Console.Out) });
        try
        {
            return await RunAsync(options, console, time, stop);
        }
        catch (DemoException fault)
        {
            console.MarkupLineInterpolated($"[red]{fault.Message}[/]");
            return 2;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.MarkupLine("Stopped before the comparison.");
            return 130;
        }
    }

    static async Task<int> RunAsync(DemoOptions options, IAnsiConsole console, TimeProvider time, CancellationToken stop)
    {
        using var folder = DemoFolder.Make(options.Data);
        var httpPort = options.Port ?? FreePort(8080);
        if (options.Port is { } asked && !IsFree(asked)) throw new DemoException($"Port {asked} is in use. Give another with --port, or leave it out.");
        var url = $"http://127.0.0.1:{httpPort}";

        await using var hospital = Child.Start("EdgeTrace.Simulators", "edgetrace-sim", folder.File("hospital.log"),
            "hospital", "--seed", Text(options.Seed), "--dir", folder.Path, "--for", $"{Text((int)options.For.TotalSeconds)}s",
            "--broker-port", Text(FreePort(0)), "--http-port", Text(httpPort));
        await ReadyAsync(hospital, time, stop);

        var password = await AddPersonAsync(folder, stop);
        await using var cloud = Child.Start("EdgeTrace.Cloud", "edgetrace-cloud", folder.File("cloud.log"), "run", "--config", folder.File("cloud.json"));
        // What the staff do in this day is done by a key of their own, and the audit says so.
        var token = (await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", stop, "accounts", "token", "staff-of-the-demo", "--everything", "--config", folder.File("cloud.json"))).Trim();
        using var api = new CloudApi(url, folder.KeyFile) { Token = token };
        await WaitAsync("the cloud's page", StartMax, cloud, time, () => api.IsUpAsync(stop), stop);
        await using var gateway = Child.Start("EdgeTrace.Gateway", "edgetrace-gateway", folder.File("gateway.log"), "run", "--config", folder.File("gateway.json"));
        console.MarkupLineInterpolated($"Open [bold]{url}[/] and sign in as [bold]{Person}[/] / [bold]{password}[/]");
        console.MarkupLineInterpolated($"EdgeTrace is up   (seed {options.Seed}, {options.For.TotalSeconds:0} s of movement, files in {folder.Path})");
        await WaitAsync("the gateway's devices", StartMax, gateway, time, () => api.EquipmentIsUpAsync(stop), stop);

        hospital.Tell("START");
        var progress = new Progress(console, options, api, hospital, [hospital, cloud, gateway], time);
        var day = new Day(api, new(folder, options.For, time), time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var staff = day.LiveAsync(over.Token);
        var summary = await progress.ShowUntilDoneAsync(stop);
        var memory = (Gateway: gateway.ResidentMiB(), Cloud: cloud.ResidentMiB());

        console.MarkupLine("Nothing moves any more; draining.");
        await WaitAsync("the drain", DrainMax, gateway, time, () => api.IsDrainedAsync(stop), stop);
        await over.CancelAsync();
        await staff;
        day.Show(console);
        var comparison = await Comparison.MakeAsync(options, folder, summary, api, memory, stop);
        comparison.Show(console);

        if (options.Stay && !options.Json)
        {
            console.MarkupLineInterpolated($"The page stays up at [bold]{url}[/] until Ctrl+C.");
            await UntilInterruptedAsync(stop);
        }
        if (options.Json) Console.WriteLine(comparison.ToJson());
        return comparison.NothingLostOrTwice && day.AllWell ? 0 : 1;
    }

    /// <summary>Somebody who may do everything, with a password of this run alone.</summary>
    static async Task<string> AddPersonAsync(DemoFolder folder, CancellationToken stop)
    {
        var told = await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", stop, "accounts", "add", Person, "--name", "Demo", "--config", folder.File("cloud.json"),
            "--role", "administrator", "auditor", "estates", "operations", "pharmacy", "theatre");
        return told.Trim().Split('\n')[^1];
    }

    static async Task ReadyAsync(Child hospital, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(StartMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await foreach (var line in hospital.Lines.ReadAllAsync(either.Token))
                if (line == "READY") return;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new DemoException($"The simulated hospital was not ready within {StartMax.TotalSeconds:0} s; see {hospital.LogFile}.");
        }
        throw Died(hospital);
    }

    static async Task WaitAsync(string what, TimeSpan max, Child child, TimeProvider time, Func<Task<bool>> holds, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (!await holds())
        {
            if (child.HasExited) child.Restart();
            if (time.GetElapsedTime(started) > max) throw new DemoException($"Waited {max.TotalSeconds:0} s for {what}. {child.Name} last said:{Environment.NewLine}{child.LastWords()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, stop);
        }
    }

    static DemoException Died(Child child) => new($"{child.Name} ended on its own. It last said:{Environment.NewLine}{child.LastWords()}");

    static async Task UntilInterruptedAsync(CancellationToken stop)
    {
        var interrupted = new TaskCompletionSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            interrupted.TrySetResult();
        });
        await interrupted.Task.WaitAsync(stop);
    }

    static int FreePort(int wanted)
    {
        for (var port = wanted; wanted != 0 && port < wanted + 50; port++)
            if (IsFree(port)) return port;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
