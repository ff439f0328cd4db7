using EdgeTrace.Identity;

namespace EdgeTrace.Tests.Identity.Scoring;

/// <summary>HIBC, ISBT 128 and NHS numbers.</summary>
static class LabelScore
{
    const int Year = 2026;

    public static string? JudgeHibc(Dictionary<string, string> row)
    {
        var scan = ScanCode.Parse(row["barcode_text"], Year);
        var expectedError = row["expected_error"];
        if (expectedError.Length > 0)
        {
            var right = expectedError[(expectedError.IndexOf("expected ", StringComparison.Ordinal) + 9)..][..1];
            if (scan.Error is null || !scan.Error.Contains($"should be '{right}'")) return $"should fail: {expectedError}; {scan.Error}";
            if (row["lic"].Length == 0) return null;
        }
        if (scan.Kind != ScanKind.Hibc) return $"became {scan.Kind}";
        foreach (var (column, field) in new[] { ("lic", FieldName.Labeler), ("pcn", FieldName.ProductCode), ("unit_of_measure", FieldName.UnitOfMeasure), ("lot", FieldName.Lot), ("serial", FieldName.Serial), ("mfg_date", FieldName.Produced), ("quantity", FieldName.Quantity) })
        {
            if ((scan[field] ?? "") != row[column]) return $"{field} became '{scan[field]}', not '{row[column]}'";
        }
        var expiry = row["expiry"].Split(' ')[0];
        var all = scan.Elements.Where(element => element.Ai == FieldName.Expiry).Select(element => element.Value);
        if (expiry.Length == 0 ? scan.Expiry is not null : !all.Contains(expiry)) return $"expiry became '{scan[FieldName.Expiry]}', not '{expiry}'";
        if (expectedError.Length > 0 || scan.Error is null) return null;
        return row["note"].Contains("PLACEHOLDERS") ? Score.Known + "a form whose link and check characters stand for any; its fields are read, and we say what the check should be" : scan.Error;
    }

    public static string? JudgeIsbt(Dictionary<string, string> row)
    {
        var text = row["barcode_text"];
        var expected = row["expected"];
        if (text.StartsWith("UTIL", StringComparison.Ordinal))
        {
            var check = IsbtReading.CheckOf(text.AsSpan(text.LastIndexOf(' ') + 1));
            return expected.Contains($"{check:D2} ") ? null : $"check became {check}";
        }
        var scan = ScanCode.Parse(text, Year);
        if (scan.Kind != ScanKind.Isbt128) return $"became {scan.Kind}";
        if (expected.Contains("INVALID") || expected.StartsWith("ERROR", StringComparison.Ordinal)) return scan.Error is not null ? null : $"should fail: {expected}";
        if (scan.Error is not null) return scan.Error;
        // The expectation is prose: what it names must be among ours.
        foreach (var (word, value) in new[] { ("expiry ", scan.Expiry), ("mfg ", scan.Produced) })
        {
            var at = expected.IndexOf(word, StringComparison.Ordinal);
            if (at >= 0 && value?.ToString("yyyy-MM-dd") != expected[(at + word.Length)..][..10]) return $"{word}became {value:yyyy-MM-dd}: {expected}";
        }
        foreach (var (word, field) in new[] { ("DIN A", FieldName.Donation), ("divisions ", FieldName.Divisions), ("serial ", FieldName.Divisions), ("lot ", FieldName.Lot), ("DI A", FieldName.Description) })
        {
            if (expected.Contains(word) && scan[field] is null) return $"{field} is missing: {expected}";
        }
        return null;
    }

    public static string? JudgeNhs(Dictionary<string, string> row)
    {
        var valid = NhsNumber.TryParse(row["nhs_number"], out var number);
        if (valid != row["expected"].StartsWith("valid", StringComparison.Ordinal)) return $"should be {row["expected"]}";
        return !valid || number.ToString() == new string([.. row["nhs_number"].Where(char.IsAsciiDigit)]) ? null : $"became {number}";
    }
}
