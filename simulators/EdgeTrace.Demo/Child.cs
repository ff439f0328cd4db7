using System.Diagnostics;
using System.Threading.Channels;

namespace EdgeTrace.Demo;

/// <summary>One of the demo's processes: started as a user would start it, watched, and told to stop as systemd would.</summary>
sealed class Child : IAsyncDisposable
{
    /// <summary>Lines of output nobody has read yet; the log file has them all.</summary>
    const int LinesMax = 1000;

    /// <summary>One that lives shorter than this was not killed by somebody trying things: it cannot run.</summary>
    static readonly TimeSpan LifeMin = TimeSpan.FromSeconds(2);

    readonly ProcessStartInfo _startInfo;
    readonly StreamWriter _log;
    Channel<string> _lines;
    readonly Queue<string> _tail = new();
    Process _process;
    long _startedAt;

    Child(string name, ProcessStartInfo startInfo, string logFile)
    {
        (Name, _startInfo, LogFile) = (name, startInfo, logFile);
        _log = new StreamWriter(logFile) { AutoFlush = true };
        (_process, _lines) = Launch();
    }

    public string Name { get; }
    public string LogFile { get; }
    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;
    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>Starts one of our own programs, which stand beside this one in the build's output.</summary>
    public static Child Start(string project, string program, string logFile, params string[] arguments)
    {
        var startInfo = StartInfo(project, program, arguments);
        startInfo.RedirectStandardInput = true;
        return new(program, startInfo, logFile);
    }

    /// <summary>Starts it again, where it was killed: pulling the plug is what a demo is for.</summary>
    /// <exception cref="DemoException">It had only just been started: it does not want to run.</exception>
    public void Restart()
    {
        if (Stopwatch.GetElapsedTime(_startedAt) < LifeMin) throw new DemoException($"{Name} ended on its own. It last said:{Environment.NewLine}{LastWords()}");
        _process.Dispose();
        (_process, _lines) = Launch();
    }

    (Process, Channel<string>) Launch()
    {
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(LinesMax) { FullMode = BoundedChannelFullMode.DropOldest });
        var process = new Process { StartInfo = _startInfo };
        process.OutputDataReceived += (_, line) => Keep(line.Data, lines.Writer);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, null);
        _startedAt = Stopwatch.GetTimestamp();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, lines);
    }

    /// <summary>Runs one of our programs to its end and returns what it printed.</summary>
    /// <exception cref="DemoException">It failed; the message quotes what it said.</exception>
    public static async Task<string> AskAsync(string project, string program, CancellationToken stop, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(project, program, arguments))!;
        var error = process.StandardError.ReadToEndAsync(stop);
        var output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? output : throw new DemoException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}: {(await error).Trim()}");
    }

    /// <summary>Writes a line to the process's standard input.</summary>
    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Resident memory now, MiB; 0 once it has gone.</summary>
    public double ResidentMiB()
    {
        _process.Refresh();
        return _process.HasExited ? 0 : _process.WorkingSet64 / 1048576.0;
    }

    /// <summary>The last lines it said, for a message about its death.</summary>
    public string LastWords()
    {
        lock (_tail) return string.Join(Environment.NewLine, _tail);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using (var term = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await term.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _process.Dispose();
        await _log.DisposeAsync();
    }

    static ProcessStartInfo StartInfo(string project, string program, string[] arguments)
    {
        // artifacts/bin/EdgeTrace.Demo/debug/ → artifacts/bin/EdgeTrace.Cloud/debug/
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var file = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, program + ".dll");
        if (!File.Exists(file)) throw new DemoException($"{program} is not built: {file} is missing. Build EdgeTrace.sln first.");
        return new("dotnet", [file, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    void Keep(string? line, ChannelWriter<string>? printed)
    {
        if (line is null)
        {
            printed?.TryComplete();
            return;
        }
        lock (_tail)
        {
            _log.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > 12) _tail.Dequeue();
        }
        printed?.TryWrite(line);
    }
}

/// <summary>The demo cannot go on; the message says why and what to do.</summary>
sealed class DemoException(string message) : Exception(message);
