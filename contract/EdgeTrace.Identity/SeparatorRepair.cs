namespace EdgeTrace.Identity;

/// <summary>Puts back separators a scanner lost, where exactly one reading is possible.</summary>
/// <remarks>
/// Every way to cut a swallowed text into elements is tried; a way counts when every value keeps its length, its characters, its check digit and its calendar,
/// no date is far from today and nothing is there twice. One way: it is taken. Several, or none: the scan stays as it came.
/// Only identifiers found on medical packs are looked for: with all 541, among them a company's own 90–99, nearly any text could be cut somehow and nothing would ever be certain.
/// </remarks>
static class SeparatorRepair
{
    // GS1's AIDC healthcare guideline: what stands on packs, cases and medicines. Predefined ones hide behind a swallowed separator as well as others.
    static readonly string[] OnPacks = ["01", "10", "11", "17", "21", "30", "240", "7003", "8008"];

    // A date outside is chance, not a label: shelf lives end within twenty years, and what was made ten years ago is no longer stocked.
    const int YearsBack = 10;
    const int YearsAhead = 20;

    // Readings are counted only as far as it matters: one is certain, two are a doubt.
    const int ReadingsMax = 2;

    // A text is cut at most so often; a label has no more elements.
    const int DepthMax = 6;

    // Enough for any label many times over; a text made to be cut in endless ways is given up, and counts as read in several.
    const int CutsMax = 20_000;

    /// <summary>The only way to read these elements with separators put back; null when there is none or more than one, and how many there were.</summary>
    public static List<Gs1Element>? Find(string text, int currentYear, out int readings)
    {
        var found = new List<List<Gs1Element>>();
        var cuts = 0;
        Search(text, isCut: false, [], currentYear, found, ref cuts);
        readings = cuts > CutsMax ? ReadingsMax : found.Count;
        return readings == 1 ? found[0] : null;
    }

    static void Search(ReadOnlySpan<char> text, bool isCut, List<Gs1Element> before, int currentYear, List<List<Gs1Element>> found, ref int cuts)
    {
        if (found.Count >= ReadingsMax || before.Count > DepthMax || cuts > CutsMax) return;
        if (text.IsEmpty)
        {
            if (before.Count > 0) found.Add([.. before]);
            return;
        }
        if (ApplicationIdentifier.AtStartOf(text) is not { } ai || before.Exists(element => element.Ai == ai.Code)) return;
        if (isCut && !OnPacks.Contains(ai.Code)) return;
        var rest = text[ai.Code.Length..];
        var separator = rest.IndexOf(ElementString.Separator);
        var longest = Math.Min(separator < 0 ? rest.Length : separator, ai.LengthMax);
        for (var length = longest; length >= Math.Max(1, ai.LengthMin); length--)
        {
            cuts++;
            var value = rest[..length];
            if (ElementValue.Fault(ai, value, currentYear) is not null || IsFarDate(ai, value, currentYear)) continue;
            var behind = rest[length..];
            var ended = behind.StartsWith([ElementString.Separator]);
            // A value of one length only that runs on is refused, as GS1's own reader does: nobody's wristband is guessed at.
            if (!ended && !behind.IsEmpty && !ai.IsPredefined && ai.LengthMin == ai.LengthMax) continue;
            before.Add(new(ai.Code, value.ToString()));
            Search(ended ? behind[1..] : behind, isCut: !ended && !ai.IsPredefined, before, currentYear, found, ref cuts);
            before.RemoveAt(before.Count - 1);
        }
    }

    static bool IsFarDate(ApplicationIdentifier ai, ReadOnlySpan<char> value, int currentYear) =>
        ai.Code is "11" or "17" or "7003" or "8008" && Gs1Date.TryRead(value[..6], currentYear, out var date)
        && (date.Year < currentYear - YearsBack || date.Year > currentYear + YearsAhead);
}
