using System.Globalization;

namespace EdgeTrace.Stock.Theatre;

/// <summary>What two components must have in common.</summary>
public enum FitBy
{
    /// <summary>The diameter in mm.</summary>
    Size,
    Taper,
    Brand,
}

/// <param name="One">A component's kind as the catalogue says it, in lower case.</param>
/// <param name="MustSay">Whether the catalogue must say it of both; a cup without an inner diameter has a liner in it, and the liner is what meets the head.</param>
public sealed record FitRule(string One, string Other, FitBy By, bool MustSay = true);

/// <summary>Which components are made for each other: a table, and the catalogue's fields. What the table does not name is not judged.</summary>
public static class FitRules
{
    /// <summary>Hips and knees after what the National Joint Registry queries (15th report, 2018: size of head and liner, brands of head and stem), and makers' instructions for the rest.</summary>
    public static IReadOnlyList<FitRule> All { get; } =
    [
        new("head", "liner", FitBy.Size),
        new("head", "cup", FitBy.Size, MustSay: false),
        new("head", "stem", FitBy.Taper),
        new("head", "stem", FitBy.Brand),
        new("liner", "cup", FitBy.Brand),
        new("femoral", "tray", FitBy.Brand),
        new("femoral", "insert", FitBy.Brand),
        new("insert", "tray", FitBy.Brand),
    ];

    /// <summary>Kinds of which one operation on one side uses one.</summary>
    static readonly HashSet<string> s_single = [.. All.SelectMany(rule => (string[])[rule.One, rule.Other])];

    public static IReadOnlyList<CheckOutcome> Judge(Product product, string key, IReadOnlyList<CaseComponent> inCase)
    {
        var said = new List<CheckOutcome>();
        var kind = Kind(product);
        var others = Counterparts(key, inCase);
        foreach (var other in others)
            foreach (var rule in All)
                if (kind == rule.One && Kind(other) == rule.Other || kind == rule.Other && Kind(other) == rule.One) Compare(rule, product, other, said);
        if (said.Count == 0 && s_single.Contains(kind) && others.FirstOrDefault(other => Kind(other) == kind) is { } same)
            said.Add(new(Check.Fit, "second-of-kind", Colour.Amber, $"There is already a {kind} in this case, {same.Name}: if that one is not used, mark it as wasted or put it back."));
        return said;
    }

    static void Compare(FitRule rule, Product a, Product b, List<CheckOutcome> said)
    {
        var (mine, theirs) = (Value(a, rule.By), Value(b, rule.By));
        if (mine is null || theirs is null)
        {
            if (rule.MustSay) said.Add(new(Check.Fit, "fit-not-known", Colour.NotMade, $"The catalogue does not say the {Word(rule.By)} of {(mine is null ? a : b).Name}: compare it with {(mine is null ? b : a).Name} on the packs."));
        }
        else if (!mine.Equals(theirs, StringComparison.OrdinalIgnoreCase))
            said.Add(rule.By == FitBy.Brand
                ? new(Check.Fit, "two-brands", Colour.Red, $"This {Kind(a)} is {mine} and the {Kind(b)} in this case is {theirs}: they are not made for each other. Do not open it; fetch a {Kind(a)} of {theirs}.")
                : new(Check.Fit, rule.By == FitBy.Size ? "size-differs" : "taper-differs", Colour.Red,
                    $"The {Word(rule.By)} of this {Kind(a)} is {mine} and of the {Kind(b)} in this case {theirs}: they do not fit. Do not open it; fetch a {Kind(a)} of {theirs}."));
    }

    /// <summary>Of each kind what has been opened or is in; where nothing has, what was scanned last: what the surgeon did not want does not count.</summary>
    static List<Product> Counterparts(string key, IReadOnlyList<CaseComponent> inCase) =>
        [.. inCase.Where(c => c.Key != key && c.Product is not null && c.Step is Step.Scanned or Step.Opened or Step.Implanted).GroupBy(c => Kind(c.Product!))
            .SelectMany(kind => kind.Any(c => c.Step != Step.Scanned) ? kind.Where(c => c.Step != Step.Scanned) : kind.TakeLast(1)).Select(c => c.Product!)];

    static string? Value(Product p, FitBy by) => by switch
    {
        FitBy.Size => p.SizeMm is { } mm ? string.Create(CultureInfo.InvariantCulture, $"{mm:0.##} mm") : null,
        FitBy.Taper => p.Taper,
        _ => p.Brand,
    };

    static string Word(FitBy by) => by == FitBy.Size ? "diameter" : by == FitBy.Taper ? "taper" : "brand";

    static string Kind(Product p) => p.Component?.ToLowerInvariant() ?? "";
}
