using EdgeTrace.Api;

namespace EdgeTrace.Web.Words;

/// <summary>How stock is spoken of: what is done to it, why it is held, how long it lasts.</summary>
static class StockWords
{
    const int SoonDays = 30;   // what a ward can still use up
    const int NearDays = 90;   // what a supplier may still take back

    /// <summary>Icon, word and colour of a date; never one without the others.</summary>
    public static (Severity State, string Word) Expiry(int daysLeft) => daysLeft switch
    {
        < -1 => (Severity.Alarm, $"expired {Figures.Count(-daysLeft)}\u00a0days ago"),
        -1 => (Severity.Alarm, "expired yesterday"),
        0 => (Severity.Warning, "last day"),
        1 => (Severity.Warning, "1\u00a0day left"),
        <= SoonDays => (Severity.Warning, $"{Figures.Count(daysLeft)}\u00a0days left"),
        <= NearDays => (Severity.Note, $"{Figures.Count(daysLeft)}\u00a0days left"),
        _ => (Severity.Fine, $"{Figures.Count(daysLeft)}\u00a0days left"),
    };

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", System.Globalization.CultureInfo.InvariantCulture);

    public static readonly IReadOnlyList<(string Word, string Name)> HoldReasons =
        [("damaged", "Damaged"), ("unverified", "Label or product in doubt"), ("cold-chain", "Was too warm or too cold"), ("recall", "Recalled"), ("expired", "Out of date"), ("registry-query", "A registry asks"), ("short-dated", "Too little life left"), ("missing", "Parts are missing")];

    /// <summary>The hold that only saying which tag is right can end.</summary>
    public const string TwoTags = "two-tags";

    /// <summary>Enough of a TID to tell two apart: a maker's chips begin alike.</summary>
    public static string TagEnd(string tid) => tid.Length > 10 ? $"…{tid[^8..]}" : tid;

    public static string HoldReason(string word) => word == TwoTags ? "Two tags carry its number" : HoldReasons.FirstOrDefault(reason => reason.Word == word).Name ?? word.Replace('-', ' ');

    /// <summary>What waste is counted by; the report groups by these words.</summary>
    public static readonly IReadOnlyList<string> WasteReasons = ["Out of date", "Dropped", "Packaging damaged", "Opened and not used", "Was too warm or too cold", "Recalled", "Wrong order"];

    /// <summary>How a thing stands, in a word that begins a sentence.</summary>
    public static string Status(string status) => status switch
    {
        "unbooked" => "Never booked in",
        "in-stock" => "In stock",
        "in-transit" => "On its way",
        "reserved" => "Kept for a case",
        "left" => "Left through an exit",
        "wasted" => "Thrown away",
        "lot" => "Counted in pieces",
        { Length: > 0 } other => char.ToUpperInvariant(other[0]) + other[1..],
        _ => "Not known",
    };

    public static string IconOf(string kind) => kind switch
    {
        "in" or "out" or "past" or "seen" or "scan" => kind,
        "received" or "opening" or "returned" or "found" or "arrived" => "in",
        "issued" or "left" or "stolen" => "out",
        "held" => "held",
        TwoTags => "alarm",
        "released" or "inspected" or "counted" => "fine",
        "wasted" or "missed" => "warning",
        "implanted" or "explanted" or "opened" or "used" => "theatre",
        "stored" or "picked" or "reserved" or "freed" or "packed" or "unpacked" or "owned" or "tagged" => "stock",
        _ => "unknown",
    };
}
