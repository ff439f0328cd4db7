using EdgeTrace.Stock;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>Which of a product a notice means, as words.</summary>
static class RecallWords
{
    /// <summary>Lots named one by one; more are counted.</summary>
    const int LotsMax = 4;

    public static string Scope(RecallNotice notice)
    {
        List<string> parts =
        [
            notice.Lots switch { [] => "every lot", [var one] => $"lot {one}", { Count: <= LotsMax } few => $"lots {string.Join(", ", few)}", var many => $"{many.Count} lots" },
            Range("serials", notice.SerialFrom, notice.SerialTo), Range("expiring", Day(notice.ExpiryFrom), Day(notice.ExpiryTo)), Range("made", Day(notice.MadeFrom), Day(notice.MadeTo)),
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    static string Range(string word, string? from, string? to) => (from, to) switch
    {
        (null, null) => "",
        (_, null) => $"{word} from {from} on",
        (null, _) => $"{word} up to {to}",
        _ => $"{word} {from} to {to}",
    };

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
