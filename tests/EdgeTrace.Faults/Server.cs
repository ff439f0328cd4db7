using System.Diagnostics;
using System.Globalization;

namespace EdgeTrace.Faults;

/// <summary>A process of the chain, to be killed, frozen and started again.</summary>
sealed class Server(string name, string logFile, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null) : IAsyncDisposable
{
    Process? _process;

    public string Name => name;
    public bool HasExited => _process is null or { HasExited: true };

    /// <param name="prefix">A command to run it under, as strace.</param>
    public void Start(IReadOnlyList<string>? prefix = null, IReadOnlyDictionary<string, string>? more = null)
    {
        List<string> words = [.. prefix ?? [], .. command];
        // The shell only redirects: the log outlives what is killed, and nothing of ours stands between the process and its signals.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", logFile, .. words]);
        foreach (var (key, value) in (environment ?? new Dictionary<string, string>()).Concat(more ?? new Dictionary<string, string>())) start.Environment[key] = value;
        start.Environment["DOTNET_gcServer"] = "0";
        _process?.Dispose();
        _process = Process.Start(start)!;
    }

    public async Task KillAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public Task WaitForExitAsync(CancellationToken stop) => _process!.WaitForExitAsync(stop);

    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public double ResidentMiB()
    {
        if (_process is null or { HasExited: true }) return 0;
        _process.Refresh();
        return _process.WorkingSet64 / 1048576.0;
    }

    public string LastWords() => File.Exists(logFile) ? string.Join('\n', File.ReadLines(logFile).TakeLast(8)) : "";

    public bool Said(string words) => File.Exists(logFile) && File.ReadLines(logFile).Any(line => line.Contains(words, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }
}
