using System.CommandLine;
using System.Globalization;
using EdgeTrace.Tests.Identity.Scoring;

namespace EdgeTrace.Benchmarks.Identity;

/// <summary><c>scoreboard</c>: every public vector of tags, scans and labels beside this clone, how many hold, and those at fault with why; then a million random tags there and back.</summary>
static class ScoreboardCommand
{
    static readonly (string File, Func<Dictionary<string, string>, string?> Judge)[] s_sets =
    [
        ("epc-vectors.csv", EpcScore.Judge),
        ("epc-gs1-tdt-generated.csv", EpcScore.JudgeGenerated),
        ("uri-to-canonical-digitallink-vectors.csv", EpcScore.JudgeLink),
        ("gs1-ai-vectors.csv", ScanScore.Judge),
        ("hibc-vectors.csv", LabelScore.JudgeHibc),
        ("isbt128-vectors.csv", LabelScore.JudgeIsbt),
        ("nhs-number-vectors.csv", LabelScore.JudgeNhs),
    ];

    public static Command Create()
    {
        var data = new Option<DirectoryInfo?>("--data") { Description = "Folder of the vectors; ../shared/data/identity beside this clone when left out." };
        var tags = new Option<int>("--tags") { Description = "Random tags of the round trip.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<int>("--seed") { Description = "Seed of the round trip.", DefaultValueFactory = _ => 20261125 };
        var command = new Command("scoreboard", """
            Prints set, rows, how many hold and how many are known to be wrong, with why; exit code 1 when one fails (about two minutes).

            Example:
              dotnet run -c Release --project tests/EdgeTrace.Benchmarks -- scoreboard
            """) { data, tags, seed };
        command.SetAction(parsed => Print(parsed.GetValue(data)?.FullName ?? Beside(), parsed.GetValue(tags), parsed.GetValue(seed)));
        return command;
    }

    static int Print(string folder, int tags, int seed)
    {
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"The public vectors are not at {folder}: say where with --data.");
            return 2;
        }
        var scores = s_sets.Select(set => Score.Of(set.File, CsvRows.Read(Path.Combine(folder, set.File)), set.Judge)).ToList();
        Console.WriteLine("| set | rows | hold | known wrong | fail |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var score in scores) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {score.Set} | {score.Rows} | {score.Passed} | {score.KnownWrong.Count} | {score.Failures.Count} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| **all** | {scores.Sum(score => score.Rows)} | {scores.Sum(score => score.Passed)} | {scores.Sum(score => score.KnownWrong.Count)} | {scores.Sum(score => score.Failures.Count)} |"));
        Console.WriteLine();
        foreach (var score in scores)
        {
            foreach (var line in score.KnownWrong) Console.WriteLine($"known wrong  {score.Set}  {line}");
            foreach (var line in score.Failures) Console.WriteLine($"FAILS        {score.Set}  {line}");
        }
        var trip = RoundTrip.Run(tags, seed);
        Console.WriteLine(trip);
        return scores.Exists(score => score.Failures.Count > 0) || trip.Failures.Count > 0 ? 1 : 0;
    }

    static string Beside()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeTrace.sln"))) folder = folder.Parent;
        return Path.GetFullPath(Path.Combine(folder?.FullName ?? ".", "..", "shared", "data", "identity"));
    }
}
