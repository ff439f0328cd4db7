using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace EdgeTrace.Benchmarks;

/// <summary>How BenchmarkDotNet measures here, and its findings as one table a question: medians, and what one core does in a second.</summary>
static class Figures
{
    /// <summary>
    /// In this process: building a project for each case takes longer than the case. Medians of few rounds, for the machine is shared and a mean would
    /// tell of its neighbours.
    /// </summary>
    public static IConfig Configuration(bool brief) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithClock(new ThreadClock())
            .WithWarmupCount(brief ? 3 : 4).WithIterationCount(brief ? 3 : 9).WithIterationTime(TimeInterval.FromMilliseconds(brief ? 100 : 250)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddLogger(NullLogger.Instance)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "edgetrace-benchmarks"))
        .WithOptions(ConfigOptions.DisableLogFile);

    /// <summary>Machine, runtime and load, in one line.</summary>
    public static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{Environment.ProcessorCount} × {model}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, load average {load}, {TimeProvider.System.GetLocalNow():yyyy-MM-dd HH:mm}";
    }

    public static void Print(TextWriter output, Summary summary)
    {
        var type = summary.BenchmarksCases[0].Descriptor.Type;
        var words = type.GetCustomAttribute<DescriptionAttribute>()!.Description.Split(" | ");
        var (title, item) = (words[0], words[1]);
        output.WriteLine($"### {title}");
        output.WriteLine();
        output.WriteLine($"| | CPU ns a {item} | {item}s/s a core | allocated, B a {item} | × the first |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var group in summary.Reports.GroupBy(report => report.BenchmarkCase.Parameters.DisplayInfo))
        {
            var first = group.First(report => report.BenchmarkCase.Descriptor.Baseline).ResultStatistics?.Median;
            foreach (var report in group)
            {
                var parameters = string.Join(", ", report.BenchmarkCase.Parameters.Items.Select(item => $"{Words(item.Value)}"));
                var what = $"{report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')}{(parameters.Length > 0 ? $"; {parameters}" : "")}";
                if (report.ResultStatistics is not { } statistics)
                {
                    output.WriteLine($"| {what} | failed | | | |");
                    continue;
                }
                var ns = statistics.Median;
                var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
                output.WriteLine($"| {what} | {Short(ns)} | {PerSecond(ns)} | {allocated} | {ns / first:0.0} |");
            }
        }
        output.WriteLine();
    }

    static string Words(object value) => value is int number ? $"{number:N0} tags" : $"{value}".ToLowerInvariant();

    static string Short(double ns) => ns < 100 ? $"{ns:0.0}" : $"{ns:0}";

    static string PerSecond(double ns) => ns < 1000 ? $"{1000 / ns:0.0} M" : $"{1e6 / ns:0} k";
}
