using System.Buffers;

namespace EdgeTrace.Identity;

/// <summary>Judges one value by the form of its application identifier.</summary>
static class ElementValue
{
    // General Specifications figures 7.11-1 (set 82), 7.11-2 (set 39), 7.11-3 (set 64). Lower case is legal: a scan is never upper-cased.
    static readonly SearchValues<char> Set82 = SearchValues.Create("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    static readonly SearchValues<char> Set39 = SearchValues.Create("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    static readonly SearchValues<char> Set64 = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz=");
    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    public static bool IsSet82(char c) => Set82.Contains(c);

    /// <summary>What is wrong with a value, or null.</summary>
    public static string? Fault(ApplicationIdentifier ai, ReadOnlySpan<char> value, int currentYear)
    {
        if (value.IsEmpty) return $"({ai.Code}) has no value";
        if (value.Length > ai.LengthMax) return $"({ai.Code}) '{value}' has {value.Length} characters, at most {ai.LengthMax} are allowed: was a separator lost?";
        if (value.Length < ai.LengthMin) return $"({ai.Code}) '{value}' has {value.Length} characters, at least {ai.LengthMin} are needed";

        foreach (var piece in ai.Pieces)
        {
            if (value.IsEmpty && piece.IsOptional) break;
            if (value.Length < piece.LengthMin) return $"({ai.Code}) ends inside a part of {piece.LengthMin} characters: '{value}'";
            var part = value[..Math.Min(value.Length, piece.LengthMax)];
            value = value[part.Length..];
            if (WrongCharacter(part, piece.Set) is { } wrong) return $"({ai.Code}) '{part}': {wrong}";
            foreach (var rule in piece.Rules)
            {
                if (ElementRules.Fault(rule, part, currentYear) is { } broken) return $"({ai.Code}) '{part}': {broken}";
            }
        }
        return value.IsEmpty ? null : $"({ai.Code}) has '{value}' left over: was a separator lost?";
    }

    /// <summary>At most two '=' at the very end, and only to fill up a group (character set 64).</summary>
    static bool IsPadded(ReadOnlySpan<char> part)
    {
        var text = part.TrimEnd('=');
        var pads = part.Length - text.Length;
        return !text.Contains('=') && (pads == 0 || pads <= 2 && part.Length % 3 == 0);
    }

    static string? WrongCharacter(ReadOnlySpan<char> part, char set)
    {
        if (set == 'N' && !part.ContainsAnyExceptInRange('0', '9')) return null;
        var at = part.IndexOfAnyExcept(set switch { 'N' => Digits, 'Y' => Set39, 'Z' => Set64, _ => Set82 });
        if (at < 0) return set == 'Z' && !IsPadded(part) ? "'=' at the end does not fill up three characters" : null;
        var character = part[at] < ' ' ? $"character {(int)part[at]:X2}" : $"'{part[at]}'";
        return set == 'N' ? $"{character} where a digit belongs" : $"{character} is not allowed there";
    }
}
