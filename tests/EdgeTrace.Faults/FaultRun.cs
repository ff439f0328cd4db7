using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EdgeTrace.Faults;

/// <summary>Runs the rows one after the other and prints the tables.</summary>
sealed class FaultRun(string length, int seed, TimeSpan soakFor, string[]? only)
{
    readonly StringBuilder _tables = new();
    readonly Dictionary<string, FaultResult> _results = [];
    long _outboxed;
    int _passed;
    int _failed;

    public async Task<int> RunAsync(FileInfo? markdown, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("edgetrace-faults-");
        Console.WriteLine($"{length}, seed {seed}, in {folder.FullName}");
        Heading("fault", "what is done", "generated", "outboxed", "committed", "lost", "twice", "blind s", "recovery s", "verdict");
        foreach (var row in FaultTable.All.Where(row => only?.Contains(row.Name) ?? row.RunsAt(length)))
            await JudgeAsync(row.Name, row.What, () => row.RunAsync(Context(folder, stop)), expectGreen: true);
        Line($"Seed {seed}; {_outboxed:N0} reads outboxed.");
        Heading("plain PUBACK, Mosquitto's defaults", "what is done", "published", "told safe", "stored", "lost", "twice", "verdict");
        foreach (var row in PlainRow.All.Where(row => only?.Contains(row.Name) ?? length != "soak"))
            await JudgeAsync(row.Name, row.What, () => PlainPuback.RunAsync(Context(folder, stop), row), expectGreen: false);
        SideBySide();
        if (markdown is not null) await File.WriteAllTextAsync(markdown.FullName, _tables.ToString(), CancellationToken.None);
        if (_failed == 0) folder.Delete(recursive: true);
        else Console.WriteLine($"What the processes said is kept in {folder.FullName}.");
        Console.WriteLine($"{_passed} rows green, {_failed} red");
        return _failed == 0 ? 0 : 1;
    }

    FaultContext Context(DirectoryInfo folder, CancellationToken stop) => new(length, seed, soakFor, folder.FullName, Console.WriteLine, stop);

    async Task JudgeAsync(string name, string what, Func<Task<FaultResult>> row, bool expectGreen)
    {
        var started = Stopwatch.GetTimestamp();
        FaultResult result;
        try
        {
            result = await row();
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException)
        {
            // One row that cannot run is a red row; the others still tell something.
            result = new(0, 0, 0, 0, 0, 0, 0, wrong is FaultException ? wrong.Message : wrong.ToString());
        }
        _results[name] = result;
        if (expectGreen)
        {
            _outboxed += result.Outboxed;
            if (result.IsGreen) _passed++;
            else _failed++;
        }
        var verdict = result.Wrong is { } said ? said.Split('\n')[0] : result.IsGreen ? expectGreen ? "green" : "nothing lost" : expectGreen ? "RED" : result.Lost > 0 ? "lost silently" : "stored twice";
        if (result is { Wrong: null, Note: { } note }) verdict += ": " + note;
        var times = expectGreen ? string.Create(CultureInfo.InvariantCulture, $" {result.BlindSeconds:0.0} | {result.RecoverySeconds:0.0} |") : "";
        Line(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {what} | {result.Generated:N0} | {result.Outboxed:N0} | {result.Committed:N0} | {result.Lost:N0} | {result.Twice:N0} |{times} {verdict} |"));
        if (result.Wrong is not null) Console.WriteLine(result.Wrong);
        Console.WriteLine($"  ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s)");
    }

    /// <summary>The same fault done to both: what was promised to be safe, and what became of it.</summary>
    void SideBySide()
    {
        var both = PlainRow.All.Where(plain => _results.ContainsKey(plain.Name) && _results.ContainsKey(plain.LikeRow)).ToList();
        if (both.Count == 0) return;
        Heading("fault", "EdgeTrace: outboxed", "lost", "twice", "plain PUBACK: told safe", "lost", "twice");
        foreach (var plain in both)
        {
            var (ours, theirs) = (_results[plain.LikeRow], _results[plain.Name]);
            Line(string.Create(CultureInfo.InvariantCulture, $"| {plain.What} | {ours.Outboxed:N0} | {ours.Lost:N0} | {ours.Twice:N0} | {theirs.Outboxed:N0} | {theirs.Lost:N0} | {theirs.Twice:N0} |"));
        }
    }

    void Heading(params string[] columns)
    {
        Line("");
        Line($"| {string.Join(" | ", columns)} |");
        Line($"|{string.Concat(columns.Select(_ => "---|"))}");
    }

    void Line(string line)
    {
        Console.WriteLine(line);
        _tables.AppendLine(line);
    }
}
