using System.Buffers;

namespace EdgeTrace.Identity;

/// <summary>Collects what one code says: every element that can be told apart, what is wrong with them, and the text nobody could tell.</summary>
/// <remarks>A value with a fault is kept with its fault; only a text that names no application identifier ends the reading, and it becomes <see cref="Rest"/>.</remarks>
sealed class ElementReading(int currentYear)
{
    // How far from today a date hidden in a lot number may lie before it is taken for chance.
    const int HiddenYearsBack = 10;
    const int HiddenYearsAhead = 20;

    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    // A digital signature covers one thing, so the key it stands beside must say which (GS1 syntax engine, "DigSig requires serialised key").
    static readonly (string Key, int TypeLength)[] SerialisedForSignature = [("253", 13), ("255", 13), ("8003", 14)];

    readonly List<ApplicationIdentifier?> _identifiers = [];   // of each element; null for a field that has none

    public List<Gs1Element> Elements { get; } = [];
    public List<string> Warnings { get; } = [];

    /// <summary>The first thing wrong; there may be more, but one is enough to scan again.</summary>
    public string? Error { get; private set; }

    /// <summary>What was left when the reading had to end.</summary>
    public string? Rest { get; private set; }

    /// <summary>Some value had to satisfy a check digit or a calendar, so the reading is no accident.</summary>
    public bool HasEvidence { get; private set; }

    /// <summary>What became of separators the scanner lost.</summary>
    public SeparatorLoss Separators { get; private set; }

    /// <summary>A value of open length ran on past its greatest: what a lost separator looks like.</summary>
    bool _ranOn;

    /// <summary>An empty reading of the same day, to try what a text might be.</summary>
    public ElementReading Trial() => new(currentYear);

    /// <summary>Keeps text nobody could tell.</summary>
    public void Keep(string rest) => Rest = rest;

    /// <summary>Reads elements as a scanner sends them, separators where a length does not say the end.</summary>
    public void ReadRaw(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) Fail("the code is empty");
        if (text.StartsWith([ElementString.Separator]))
        {
            Fail("a separator stands before the first element");
            text = text[1..];
        }

        var hadSeparator = text.Contains(ElementString.Separator);
        while (!text.IsEmpty)
        {
            if (ApplicationIdentifier.AtStartOf(text) is not { } ai)
            {
                Fail($"no application identifier begins '{Shown(text)}'");
                Rest = text.ToString();
                return;
            }

            text = text[ai.Code.Length..];
            var end = text.IndexOf(ElementString.Separator);
            if (end < 0) end = text.Length;
            if (ai.IsPredefined) end = Math.Min(end, ai.LengthMax);
            Add(ai, text[..end]);
            text = text[end..];
            if (!text.StartsWith([ElementString.Separator])) continue;
            text = text[1..];   // one is tolerated behind any element, as GS1's own reader does
            if (!text.StartsWith([ElementString.Separator])) continue;
            Fail("two separators follow each other");
            text = text.TrimStart(ElementString.Separator);
        }

        if (!hadSeparator) WarnOfSwallowedDate();
        JudgeTogether();
    }

    /// <summary>Reads elements as a scanner sends them, and where they do not read, puts lost separators back if that can be done in one way only.</summary>
    public void ReadRawOrRepaired(string text)
    {
        ReadRaw(text);
        if (Error is null || !_ranOn) return;
        if (SeparatorRepair.Find(text, currentYear, out var readings) is not { } repaired)
        {
            Separators = SeparatorLoss.Unrepairable;
            Warnings.Add(readings == 0 ? "with separators put back it does not read either" : "with separators put back it reads in more than one way, so none is taken: scan it again, or type what the label says");
            return;
        }

        Error = null;
        Rest = null;
        Elements.Clear();
        _identifiers.Clear();
        Warnings.Clear();
        foreach (var element in repaired) Add(ApplicationIdentifier.Find(element.Ai)!, element.Value);
        JudgeTogether();
        Separators = SeparatorLoss.Repaired;
        Warnings.Add($"this scanner lost a separator; only one reading is possible, {ElementString.ToBracketed(repaired)}: set it to send GS (1D)");
    }

    /// <summary>Reads the form printed for people, (01)…(21)…; a parenthesis inside a value may be written \( .</summary>
    public void ReadBracketed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var close = text.IndexOf(')');
            if (text[0] != '(' || close < 0)
            {
                Fail($"'{Shown(text)}' does not begin with an application identifier in parentheses");
                Rest = text.ToString();
                return;
            }

            var code = text[1..close];
            var value = text[(close + 1)..];
            var end = NextBracket(value);
            if (ApplicationIdentifier.Find(code) is { } ai)
            {
                Add(ai, value[..end].ToString().Replace(@"\(", "(", StringComparison.Ordinal));
            }
            else
            {
                Fail($"'{code}' is no application identifier");
                Rest += text[..(close + 1 + end)].ToString();
            }
            text = value[end..];
        }
        JudgeTogether();
    }

    /// <summary>Where the next "(01)" begins. Other parentheses belong to the value: lot numbers have them.</summary>
    static int NextBracket(ReadOnlySpan<char> value)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == '\\') { at++; continue; }
            if (value[at] != '(') continue;
            var digits = value[(at + 1)..].IndexOfAnyExcept(Digits);
            if (digits is >= 2 and <= 4 && value[at + 1 + digits] == ')') return at;
        }
        return value.Length;
    }

    public void Add(ApplicationIdentifier ai, ReadOnlySpan<char> value)
    {
        if (ElementValue.Fault(ai, value, currentYear) is { } fault) Fail(fault);
        else if (ai.IsProvable) HasEvidence = true;
        _ranOn |= !ai.IsPredefined && ai.LengthMin < ai.LengthMax && value.Length > ai.LengthMax;
        Elements.Add(new(ai.Code, value.ToString()));
        _identifiers.Add(ai);
    }

    /// <summary>Adds a field of a label that has no application identifiers.</summary>
    public void Add(string field, string value)
    {
        Elements.Add(new(field, value));
        _identifiers.Add(null);
    }

    public void Fail(string error) => Error ??= error;

    /// <summary>Judges what no value shows alone: contradictions, and elements that need a companion.</summary>
    public void JudgeTogether()
    {
        for (var at = 1; at < Elements.Count; at++)
        {
            for (var before = 0; before < at; before++)
            {
                if (Elements[at].Ai == Elements[before].Ai && Elements[at].Value != Elements[before].Value) Fail($"({Elements[at].Ai}) is there twice with different values");
            }
        }

        foreach (var ai in _identifiers)
        {
            foreach (var pattern in ai?.Excludes ?? [])
            {
                if (CodeOf(pattern, besides: ai!.Code) is { } other) Fail($"({ai.Code}) and ({other}) exclude each other");
            }
        }
        WarnOfMissing();
        if (Find("8030") is null) return;
        foreach (var (key, length) in SerialisedForSignature)
        {
            if (Find(key) is { } value && value.Length <= length) Fail($"({key}) names a kind of thing; a signature (8030) needs its serial");
        }
    }

    /// <summary>Only warnings: a label's second barcode often carries lot and expiry alone (facts of GS1's own engine: an option).</summary>
    void WarnOfMissing()
    {
        SortedSet<string>? missing = null;
        foreach (var ai in _identifiers)
        {
            foreach (var alternatives in ai?.Requires ?? [])
            {
                if (!alternatives.Any(together => together.All(pattern => CodeOf(pattern, besides: null) is not null))) (missing ??= new(StringComparer.Ordinal)).Add(string.Join(") and (", alternatives[0]));
            }
        }
        foreach (var needed in missing ?? [])
        {
            var without = _identifiers.Where(ai => ai is not null && ai.Requires.Any(alternatives => string.Join(") and (", alternatives[0]) == needed && !alternatives.Any(together => together.All(pattern => CodeOf(pattern, besides: null) is not null))));
            Warnings.Add($"({string.Join(") (", without.Select(ai => ai!.Code).Order(StringComparer.Ordinal))}) without ({needed}): the label's other code says what it belongs to");
        }
    }

    /// <summary>The first element that is one of a pattern, apart from one code; null when there is none.</summary>
    string? CodeOf(string pattern, string? besides)
    {
        foreach (var element in Elements)
        {
            if (element.Ai != besides && ApplicationIdentifier.Matches(pattern, element.Ai)) return element.Ai;
        }
        return null;
    }

    string? Find(string code)
    {
        foreach (var element in Elements)
        {
            if (element.Ai == code) return element.Value;
        }
        return null;
    }

    /// <summary>A scanner that loses separators runs an expiry into the lot before it. Nothing is repaired, but it is said.</summary>
    void WarnOfSwallowedDate()
    {
        if (Elements is not [.., { Ai: "10" or "21", Value: { Length: > 8 } value } last]) return;
        var tail = value.AsSpan(value.Length - 8);
        if (tail[..2] is not ("11" or "13" or "15" or "16" or "17") || !Gs1Date.TryRead(tail[2..], currentYear, out var date)) return;
        if (date.Year < currentYear - HiddenYearsBack || date.Year > currentYear + HiddenYearsAhead) return;
        Separators = SeparatorLoss.Suspected;
        Warnings.Add($"{last} ends like ({tail[..2]}){tail[2..]}: does this scanner lose the separator?");
    }

    static string Shown(ReadOnlySpan<char> text) => text.Length <= 20 ? text.ToString() : $"{text[..20]}…";
}
