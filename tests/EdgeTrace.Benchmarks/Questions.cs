using System.Globalization;
using BenchmarkDotNet.Running;

namespace EdgeTrace.Benchmarks;

/// <summary>One thing a user may want to know before believing us; timed by BenchmarkDotNet or counted.</summary>
sealed record Question(string Name, string What, Action<TextWriter, bool> Answer)
{
    public static Question Timed(string name, string what, params Type[] benchmarks) => new(name, what, (output, brief) =>
    {
        foreach (var benchmark in benchmarks) Figures.Print(output, BenchmarkRunner.Run(benchmark, Figures.Configuration(brief)));
    });
}

/// <summary>All of them, in the order of a read's way.</summary>
static class Questions
{
    public static IReadOnlyList<Question> All { get; } =
    [
        Question.Timed("llrp", "tags decoded from LLRP reports", typeof(Llrp.LlrpDecode)),
        new("sizes", "bytes per read in a batch", (output, _) => Batches.BatchSizes.Print(output)),
        Question.Timed("batches", "batches written and read", typeof(Batches.BatchEncode), typeof(Batches.BatchDecode)),
        new("outbox", "what a day of reads writes to a gateway's card", (output, _) => Outbox.OutboxWrites.Print(output)),
        Question.Timed("smoothing", "reads smoothed into visits, with ten thousand and a million open", typeof(Smoothing.OpenVisits)),
        Question.Timed("cores", "the same on two cores", typeof(Smoothing.SmoothingOnTwoCores)),
        Question.Timed("visits", "with visits closed and told", typeof(Smoothing.VisitsTold)),
        Question.Timed("chips", "two tags with one number looked for", typeof(Smoothing.ChipsLooked)),
        new("memory", "bytes a tracked tag takes", (output, _) => Smoothing.TrackedBytes.Print(output)),
        Question.Timed("identity", "EPCs and scans understood", typeof(Identity.EpcDecode), typeof(Identity.AnyEpcDecode), typeof(Identity.ScanParse)),
    ];

    /// <returns>The process's exit code.</returns>
    public static int Answer(string[]? only, bool brief, FileInfo? markdown)
    {
        if (only?.FirstOrDefault(name => All.All(question => question.Name != name)) is { } unknown)
        {
            Console.Error.WriteLine($"'{unknown}' is no question; there are {string.Join(", ", All.Select(question => question.Name))}.");
            return 1;
        }
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine(Figures.Machine());
        text.WriteLine();
        Console.Write(text);
        foreach (var question in All)
        {
            if (only is not null && !only.Contains(question.Name)) continue;
            var tables = new StringWriter(CultureInfo.InvariantCulture);
            question.Answer(tables, brief);
            Console.Write(tables);
            text.Write(tables);
        }
        if (markdown is not null) File.WriteAllText(markdown.FullName, text.ToString());
        return 0;
    }
}
