using System.Globalization;

namespace EdgeTrace.Identity;

/// <summary>A GS1 application identifier: the form of its value, the rules of its content and of its company. All 541 are here, so that none hides those behind it on a label.</summary>
sealed class ApplicationIdentifier
{
    /// <summary>The longest value any AI allows.</summary>
    public const int ValueMax = 90;

    // An index by the code's digits and their number, so that finding one costs an addition: 2 digits from 0, 3 from 100, 4 from 1,100.
    static readonly ApplicationIdentifier?[] ByIndex = new ApplicationIdentifier?[100 + 1000 + 10000];
    static readonly ApplicationIdentifier[] All = ReadTable();

    ApplicationIdentifier(string code, string flags, Piece[] pieces, string[] attributes)
    {
        Code = code;
        Pieces = pieces;
        LengthMax = pieces.Sum(piece => piece.LengthMax);
        LengthMin = pieces.Where(piece => !piece.IsOptional).Sum(piece => piece.LengthMin);
        IsPredefined = flags.Contains('*');
        IsLinkAttribute = flags.Contains('?');
        IsProvable = pieces.Any(piece => piece.Rules.Any(rule => rule.IsProof()));
        Requires = [.. attributes.Where(a => a.StartsWith("req=", StringComparison.Ordinal)).Select(a => a[4..].Split(',').Select(any => any.Split('+').Select(Pattern).ToArray()).ToArray())];
        Excludes = [.. attributes.Where(a => a.StartsWith("ex=", StringComparison.Ordinal)).SelectMany(a => a[3..].Split(',')).Select(Pattern)];
        LinkQualifiers = attributes.FirstOrDefault(a => a.StartsWith("dlpkey", StringComparison.Ordinal)) is { } key
            ? [.. key.Length == 6 ? [[]] : key[7..].Split('|').Select(sequence => sequence.Split(','))]
            : null;
    }

    public string Code { get; }
    public Piece[] Pieces { get; }
    public int LengthMin { get; }
    public int LengthMax { get; }

    /// <summary>Ends by its length and needs no separator (General Specifications figure 7.8.5-2). A fixed length alone does not make it so: (8018) needs one.</summary>
    public bool IsPredefined { get; }

    /// <summary>May stand behind the question mark of a Digital Link.</summary>
    public bool IsLinkAttribute { get; }

    /// <summary>A check digit or a calendar judges its value, so that reading it right is no accident.</summary>
    public bool IsProvable { get; }

    /// <summary>For each rule the alternatives of which one must be there, each a set of patterns.</summary>
    public string[][][] Requires { get; }

    /// <summary>Patterns of what must not be there with it.</summary>
    public string[] Excludes { get; }

    /// <summary>For a key of a Digital Link the sequences of qualifiers allowed behind it; null for all others.</summary>
    public string[][]? LinkQualifiers { get; }

    public static IEnumerable<ApplicationIdentifier> Every => All;

    public static ApplicationIdentifier? Find(ReadOnlySpan<char> code) => IndexOf(code) is var index && index < 0 ? null : ByIndex[index];

    /// <summary>The AI a text begins with; none is the beginning of another, so there is at most one.</summary>
    public static ApplicationIdentifier? AtStartOf(ReadOnlySpan<char> text)
    {
        for (var length = 2; length <= 4 && length <= text.Length; length++)
        {
            if (Find(text[..length]) is { } found) return found;
        }
        return null;
    }

    /// <summary>Whether a code is one of a pattern: "31nn" is any of 3100 to 3199.</summary>
    public static bool Matches(string pattern, string code)
    {
        if (pattern.Length != code.Length) return false;
        for (var i = 0; i < code.Length; i++)
        {
            if (pattern[i] != 'n' && pattern[i] != code[i]) return false;
        }
        return true;
    }

    static int IndexOf(ReadOnlySpan<char> code)
    {
        if (code.Length is < 2 or > 4) return -1;
        var value = 0;
        foreach (var c in code)
        {
            if (!char.IsAsciiDigit(c)) return -1;
            value = value * 10 + c - '0';
        }
        return code.Length switch { 2 => value, 3 => 100 + value, _ => 1100 + value };
    }

    /// <summary>One piece of a value: (8003) has three, a zero, thirteen digits with their check digit, and up to sixteen characters of serial.</summary>
    public readonly record struct Piece(char Set, int LengthMin, int LengthMax, bool IsOptional, ElementRule[] Rules);

    string Pattern(string pattern) => pattern == "self" ? Code[..^1] + "n" : pattern;

    static ApplicationIdentifier[] ReadTable()
    {
        var all = new List<ApplicationIdentifier>();
        foreach (var line in SyntaxTable.Text.Split('\n'))
        {
            var columns = line.Split(" | ");
            var attributes = columns.Length > 3 ? columns[3].Split(' ') : [];
            foreach (var code in columns[0].Split(' ').SelectMany(Expand)) all.Add(new(code, columns[1], [.. columns[2].Split(' ').Select(ReadPiece)], attributes));
        }
        foreach (var ai in all) ByIndex[IndexOf(ai.Code)] = ai;
        return [.. all];
    }

    static Piece ReadPiece(string form)
    {
        var parts = form.Split(',');
        var size = parts[0].AsSpan().Trim("[]")[1..];
        var upTo = size.StartsWith("..");
        var length = int.Parse(size.TrimStart('.'), NumberStyles.None, CultureInfo.InvariantCulture);
        return new(parts[0].TrimStart('[')[0], upTo ? 1 : length, length, form[0] == '[', [.. parts[1..].Select(ElementRules.Named)]);
    }

    static IEnumerable<string> Expand(string codes)
    {
        if (!codes.Contains('-')) return [codes];
        var first = int.Parse(codes.AsSpan(0, codes.IndexOf('-')), NumberStyles.None, CultureInfo.InvariantCulture);
        var last = int.Parse(codes.AsSpan(codes.IndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return Enumerable.Range(first, last - first + 1).Select(code => DigitText.Of((ulong)code, codes.IndexOf('-')));
    }
}
