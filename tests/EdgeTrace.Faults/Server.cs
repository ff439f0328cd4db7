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
        // As the unit does.
        start.Environment["MALLOC_ARENA_MAX"] = "2";
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

    /// <summary>From now on it may open no file and no socket more; or again as many as it likes.</summary>
    public async Task LimitDescriptorsAsync(bool limit)
    {
        // What is open stays open; a new one would need a number below the limit.
        using var limiting = Process.Start("prlimit", ["--pid", _process!.Id.ToString(CultureInfo.InvariantCulture), $"--nofile={(limit ? 1 : 1024)}:"]);
        await limiting.WaitForExitAsync();
        if (limiting.ExitCode != 0) throw new FaultException($"prlimit failed with exit code {limiting.ExitCode}.");
    }

    /// <summary>Processor time it has used, user and system.</summary>
    public TimeSpan ProcessorTime()
    {
        _process!.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>How it ended, once it has.</summary>
    public int ExitCode => _process!.ExitCode;

    public double ResidentMiB()
    {
        if (_process is null or { HasExited: true }) return 0;
        _process.Refresh();
        return _process.WorkingSet64 / 1048576.0;
    }

    /// <summary>Everything it has written, over all its lives.</summary>
    public IEnumerable<string> Said() => File.Exists(logFile) ? File.ReadLines(logFile) : [];

    public bool Said(string words) => Said().Any(line => line.Contains(words, StringComparison.Ordinal));

    public string LastWords() => string.Join('\n', Said().TakeLast(8));

    public int LinesSaid => Said().Count();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }
}
