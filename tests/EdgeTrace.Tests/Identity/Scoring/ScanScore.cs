using System.Text.RegularExpressions;
using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity.Scoring;

/// <summary>The vectors of GS1's own reader: the same elements, or an error wherever it has one.</summary>
static partial class ScanScore
{
    const int Year = 2026;

    public static string? Judge(Dictionary<string, string> row)
    {
        var text = Raw(row);
        var expected = row["expected_ai_breakdown"];
        if (row["options"].Contains("zero_suppressed_gtin"))
        {
            // An option of GS1's engine. Ours is the canonical form, which is told that the address may be short.
            var read = DigitalLink.TryParse(text, Year, out var elements, out var fault, shortGtins: true);
            return read && ElementString.ToBracketed(elements) == expected ? null : $"became {ElementString.ToBracketed(elements)} {fault}";
        }

        // "a|b" is the engine's notation for the two parts of a composite symbol, which a scanner sends as two scans.
        var scans = text.Split('|').Select(part => ScanCode.Parse(part, Year, repair: false)).ToArray();
        var error = scans.Select(scan => scan.Error).FirstOrDefault(fault => fault is not null);
        // Of an EAN with a composite part the engine tells the part alone: an EAN has no identifiers of its own.
        var got = string.Concat(scans.Where(scan => scans.Length == 1 || scan.Kind == ScanKind.Gs1).Select(scan => ElementString.ToBracketed(scan.Elements)));
        if (expected == "ERROR")
        {
            if (error is not null) return null;
            // A missing companion is a warning for us, because hospital labels put lot and expiry into a second barcode.
            var missing = RequiredBy().Match(row["engine_error"]);
            return missing.Success && scans.Any(scan => scan.Warnings.Any(warning => warning.Contains($"({missing.Groups[1].Value})") && warning.Contains("without"))) ? null : $"should fail: {row["engine_error"]}";
        }
        if (expected.Length == 0) return scans.All(scan => scan is { Elements.IsEmpty: true, Kind: ScanKind.Unknown }) ? null : $"became {got}";
        return got == expected && error is null ? null : $"became {got} {error}";
    }

    static string Raw(Dictionary<string, string> row)
    {
        var raw = row["barcode_text"].Replace(@"\x1D", "\x1D");
        return row["form"] == "raw" ? raw.Replace('^', ElementString.Separator) : raw;
    }

    [GeneratedRegex(@"Required AIs for AI \((\d+)\)")]
    private static partial Regex RequiredBy();
}
