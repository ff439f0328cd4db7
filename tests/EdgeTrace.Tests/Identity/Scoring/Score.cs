using System.Globalization;

namespace EdgeTrace.Tests.Identity.Scoring;

/// <summary>How a set of public vectors fares: tests assert it, the benchmarks' scoreboard prints it.</summary>
/// <param name="KnownWrong">Rows whose expectation is wrong or is not ours, each with why.</param>
/// <param name="Failures">Rows that should hold and do not.</param>
public sealed record Score(string Set, int Rows, int Passed, IReadOnlyList<string> KnownWrong, IReadOnlyList<string> Failures)
{
    /// <summary>Judges rows one by one. A judge answers null when the row holds, "known: …" when the row is at fault, else what failed.</summary>
    public static Score Of(string set, IReadOnlyList<Dictionary<string, string>> rows, Func<Dictionary<string, string>, string?> judge)
    {
        var (passed, known, failures) = (0, new List<string>(), new List<string>());
        foreach (var row in rows)
        {
            var verdict = judge(row);
            if (verdict is null) passed++;
            else if (verdict.StartsWith(Known, StringComparison.Ordinal)) known.Add($"{row.Values.First()}: {verdict[Known.Length..]}");
            else failures.Add($"{row.Values.First()}: {verdict}");
        }
        return new(set, rows.Count, passed, known, failures);
    }

    public const string Known = "known: ";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Set}: {Rows} rows, {Passed} hold, {KnownWrong.Count} known wrong, {Failures.Count} fail")
        + string.Concat(KnownWrong.Select(line => $"{Environment.NewLine}  known wrong  {line}"))
        + string.Concat(Failures.Select(line => $"{Environment.NewLine}  FAILS        {line}"));
}
