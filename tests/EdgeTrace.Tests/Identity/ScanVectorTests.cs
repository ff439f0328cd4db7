using System.Text.RegularExpressions;
using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity;

/// <summary>The public vectors of GS1's own reader: equal elements or an error wherever it has one; what we do not judge is listed with why.</summary>
public partial class ScanVectorTests(ITestOutputHelper output)
{
    const int Year = 2026;

    // The identifiers this version judges by all their rules; of the others it knows length, characters, check digits and dates.
    static readonly string[] Judged = ["00", "01", "10", "11", "17", "21", "414", "8003", "8004", "8018"];

    [Fact]
    public void Published_scans_are_read_as_GS1_reads_them()
    {
        var passed = 0;
        var setAside = new Dictionary<string, int>();
        foreach (var row in Vectors.Shared("gs1-ai-vectors.csv"))
        {
            if (WhyNotOurs(row) is { } why)
            {
                setAside[why] = setAside.GetValueOrDefault(why) + 1;
                continue;
            }
            var scan = ScanCode.Parse(Raw(row), Year);
            if (row["expected_ai_breakdown"] == "ERROR") Assert.True(scan.Error is not null, $"{row["barcode_text"]} should fail: {row["engine_error"]}");
            else if (row["expected_ai_breakdown"].Length == 0) Assert.True(scan.Elements.IsEmpty && scan.Kind == ScanKind.Unknown, row["barcode_text"]);
            else Assert.Equal((row["expected_ai_breakdown"], null), (ElementString.ToBracketed(scan.Elements), scan.Error));
            passed++;
        }
        output.WriteLine($"gs1-ai-vectors.csv: {passed} hold; set aside:");
        foreach (var (why, count) in setAside) output.WriteLine($"{count}: {why}");
        Assert.Equal((202, 74), (passed, setAside.Values.Sum()));
    }

    static string Raw(Dictionary<string, string> row)
    {
        var raw = row["barcode_text"].Replace(@"\x1D", "\x1D");
        return row["form"] == "raw" ? raw.Replace('^', ElementString.Separator) : raw;
    }

    static string? WhyNotOurs(Dictionary<string, string> row)
    {
        if (row["options"].Contains("zero_suppressed_gtin")) return "a short GTIN in a Digital Link: an option of GS1's engine, off by default there too";
        if (row["barcode_text"].Contains('|')) return "two scans joined by '|', the engine's own notation for composite symbols";
        if (row["expected_ai_breakdown"] != "ERROR") return null;
        if (row["barcode_text"].Contains("(8030)")) return "a digital signature (8030), not judged yet";
        var broken = AiInMessage().Match(row["engine_error"]);
        if (!broken.Success || ScanCode.Parse(Raw(row), Year).Error is not null || Judged.Contains(broken.Groups[1].Value)) return null;
        return row["options"] == "requisites=on" ? "a missing companion of an identifier not judged yet" : "a rule of content or pairing of an identifier not judged yet";
    }

    [GeneratedRegex(@"AI \((\d+)\)")]
    private static partial Regex AiInMessage();

    [Fact]
    public void The_table_of_identifiers_is_that_of_the_syntax_dictionary()
    {
        var published = new Dictionary<string, (string Form, bool Predefined)>();
        foreach (var line in File.ReadLines(Path.Combine(Repository.SharedData("identity"), "gs1-syntax-dictionary.txt")))
        {
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            var pieces = words.Skip(1).Where(word => PieceOfForm().IsMatch(word)).Select(WithoutOtherRules);
            foreach (var code in Codes(words[0])) published.Add(code, (string.Join(' ', pieces), words[1].Contains('*')));
        }
        var ours = ApplicationIdentifier.Every.ToDictionary(ai => ai.Code, ai => (string.Join(' ', ai.Pieces.Select(Spelled)), ai.IsPredefined));
        Assert.Equal(published.OrderBy(pair => pair.Key, StringComparer.Ordinal), ours.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.All(ours.Keys, code => Assert.Equal(code, ApplicationIdentifier.AtStartOf(code + "0000")!.Code));
        output.WriteLine($"{ours.Count} application identifiers");
    }

    [GeneratedRegex(@"^\[?[NXYZ](\.\.)?\d+")]
    private static partial Regex PieceOfForm();

    static string WithoutOtherRules(string word)
    {
        var parts = word.Split(',');
        var rule = parts[1..].Select(part => part.Trim(']')).Select(part => part switch { "csum" => "c", "yymmd0" => "d", "yymmdd" => "D", "zero" => "z", _ => "" });
        return parts[0].Trim('[', ']') + string.Concat(rule) + (word[0] == '[' ? "?" : "");
    }

    static string Spelled(ApplicationIdentifier.Piece piece) =>
        $"{piece.Set}{(piece.LengthMin == piece.LengthMax ? "" : "..")}{piece.LengthMax}{(piece.Rule == '\0' ? "" : piece.Rule.ToString())}{(piece.IsOptional ? "?" : "")}";

    static IEnumerable<string> Codes(string word)
    {
        var ends = word.Split('-');
        return Enumerable.Range(int.Parse(ends[0]), int.Parse(ends[^1]) - int.Parse(ends[0]) + 1).Select(code => code.ToString().PadLeft(ends[0].Length, '0'));
    }
}
