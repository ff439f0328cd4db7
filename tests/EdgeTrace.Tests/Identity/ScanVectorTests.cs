using EdgeTrace.Identity;
using EdgeTrace.Tests.Identity.Scoring;

namespace EdgeTrace.Tests.Identity;

/// <summary>The public vectors of labels and scans, and the table of identifiers against GS1's own.</summary>
public class ScanVectorTests(ITestOutputHelper output)
{
    const int Year = 2026;

    [Fact]
    public void Published_scans_are_read_as_GS1_reads_them() => AssertHolds("gs1-ai-vectors.csv", ScanScore.Judge, knownWrong: 0);

    [Fact]
    public void Published_HIBC_labels_are_read() => AssertHolds("hibc-vectors.csv", LabelScore.JudgeHibc, knownWrong: 1);

    [Fact]
    public void Published_ISBT_128_labels_are_read() => AssertHolds("isbt128-vectors.csv", LabelScore.JudgeIsbt, knownWrong: 0);

    [Fact]
    public void Published_NHS_numbers_are_judged() => AssertHolds("nhs-number-vectors.csv", LabelScore.JudgeNhs, knownWrong: 0);

    void AssertHolds(string file, Func<Dictionary<string, string>, string?> judge, int knownWrong)
    {
        var score = Score.Of(file, Vectors.Shared(file), judge);
        output.WriteLine(score.ToString());
        Assert.Empty(score.Failures);
        Assert.Equal(knownWrong, score.KnownWrong.Count);
    }

    [Fact]
    public void Repair_turns_few_published_errors_into_readings()
    {
        // A repair must be rare among texts that are wrong for other reasons: each one found here would be a wrong guess.
        var repaired = Vectors.Shared("gs1-ai-vectors.csv").Where(row => row["expected_ai_breakdown"] == "ERROR" && ScanCode.Parse(row["barcode_text"].Replace(@"\x1D", "\x1D").Replace('^', '\x1D'), Year).Separators == SeparatorLoss.Repaired).Select(row => row["barcode_text"]);
        Assert.Empty(repaired);
    }

    [Fact]
    public void The_table_of_identifiers_is_that_of_the_syntax_dictionary()
    {
        var published = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Repository.SharedData("identity"), "gs1-syntax-dictionary.txt")))
        {
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            foreach (var code in Codes(words[0])) published.Add(code, InOrder(words[1..]));
        }
        Assert.Equal(published.OrderBy(pair => pair.Key, StringComparer.Ordinal), ApplicationIdentifier.Every.ToDictionary(ai => ai.Code, Spelled).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.All(published.Keys, code => Assert.Equal(code, ApplicationIdentifier.AtStartOf(code + "0000")!.Code));
        output.WriteLine($"{published.Count} application identifiers");
    }

    /// <summary>A line of the dictionary from what we made of it.</summary>
    static string Spelled(ApplicationIdentifier ai)
    {
        var flags = (ai.IsPredefined ? "*" : "") + (ai.IsLinkAttribute ? "?" : "");
        var pieces = ai.Pieces.Select(piece =>
        {
            var form = $"{piece.Set}{(piece.LengthMin == piece.LengthMax ? "" : "..")}{piece.LengthMax}";
            return string.Join(',', piece.Rules.Select(rule => rule.ToString().ToLowerInvariant()).Prepend(piece.IsOptional ? $"[{form}]" : form));
        });
        var requires = ai.Requires.Select(alternatives => "req=" + string.Join(',', alternatives.Select(together => string.Join('+', together))));
        string[] excludes = ai.Excludes.Length == 0 ? [] : ["ex=" + string.Join(',', ai.Excludes)];
        string[] key = ai.LinkQualifiers is not { } sequences ? []
            : [sequences is [[]] ? "dlpkey" : "dlpkey=" + string.Join('|', sequences.Select(sequence => string.Join(',', sequence)))];
        return InOrder([.. flags.Length > 0 ? [flags] : Array.Empty<string>(), .. pieces, .. requires, .. excludes, .. key]);
    }

    /// <summary>Attributes come in any order; pieces do not.</summary>
    static string InOrder(string[] words) => string.Join(' ', words.Where(word => !word.Contains('=') && word != "dlpkey").Concat(words.Where(word => word.Contains('=') || word == "dlpkey").Order(StringComparer.Ordinal)));

    static IEnumerable<string> Codes(string word)
    {
        var ends = word.Split('-');
        return Enumerable.Range(int.Parse(ends[0]), int.Parse(ends[^1]) - int.Parse(ends[0]) + 1).Select(code => code.ToString().PadLeft(ends[0].Length, '0'));
    }
}
