using System.Diagnostics;
using System.Globalization;

namespace EdgeTrace.Benchmarks.Chain;

/// <summary>A process of the chain whose CPU and memory are read from /proc.</summary>
sealed class Watched : IAsyncDisposable
{
    /// <summary>Linux tells CPU time to programs in hundredths of a second, whatever the kernel's own tick (USER_HZ, proc(5)).</summary>
    const double TicksPerSecond = 100;

    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(25);   // the cloud gives its projections 20 s

    readonly Process _process;
    readonly string _log;

    public Watched(string log, IReadOnlyList<string> command)
    {
        _log = log;
        // The shell only redirects; what follows exec is the process itself.
        _process = Process.Start("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", log, .. command]);
    }

    public int Id => _process.Id;

    /// <summary>User and system time of all its threads so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // Behind the name, which is in brackets and may hold spaces: state is field 3, utime 14, stime 15.
            var fields = Proc("stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        }
    }

    public double ResidentMiB => Number(Line("status", "VmRSS")) / 1024;

    /// <summary>What of it is no file's: heap, stacks, code made at run time.</summary>
    public double AnonymousMiB => Number(Line("status", "RssAnon")) / 1024;

    public bool Said(string words) => File.Exists(_log) && File.ReadLines(_log).Any(line => line.Contains(words, StringComparison.Ordinal));

    public string LastWords() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(6)) : "";

    public async Task UntilSaidAsync(string words, TimeSpan patience, CancellationToken stop)
    {
        for (var started = Stopwatch.GetTimestamp(); !Said(words); await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop))
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > patience) throw new InvalidOperationException($"'{words}' was not said within {patience.TotalSeconds:0} s: {LastWords()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", [Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(StopMax);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    string Proc(string file) => File.ReadAllText($"/proc/{Id}/{file}");

    string Line(string file, string name) => File.ReadLines($"/proc/{Id}/{file}").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Replace(" kB", "", StringComparison.Ordinal);

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
