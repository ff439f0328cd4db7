namespace EdgeTrace.ColdChain;

/// <summary>The rules one point is judged by from a moment on. Looked up by event time; the earliest also judges what is older than itself.</summary>
public sealed record PointLimits
{
    /// <summary>More rules than any class ships with twice over; a point naming more is a mistake.</summary>
    public const int RulesMax = 64;

    public required string Point { get; init; }

    /// <summary>Code of the storage class the rules were taken from.</summary>
    public string Class { get; init; } = "custom";

    public long ValidFromUs { get; init; } = long.MinValue;

    public required IReadOnlyList<AlarmRule> Rules { get; init; }

    /// <summary>A longer silence between two good temperatures is a gap: it neither clears nor resets anything, and lowers the coverage.</summary>
    public TimeSpan GapMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The lowest value the instrument can measure. −100 °C lets ultra-cold probes speak.</summary>
    public double LowestCelsius { get; init; } = -100;

    /// <summary>The highest value the instrument can measure: 125 °C is the DS18B20's.</summary>
    public double HighestCelsius { get; init; } = 125;

    internal long GapUs => GapMax.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>These limits with one rule put in the place of the one of the same code, or added.</summary>
    public PointLimits With(AlarmRule rule) => this with { Rules = [.. Rules.Where(r => r.Code != rule.Code), rule] };

    /// <summary>These limits without a rule.</summary>
    public PointLimits Without(string code) => this with { Rules = [.. Rules.Where(r => r.Code != code)] };

    /// <summary>Everything wrong, each as one sentence with its cure; empty when the limits can be used.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(Point)) errors.Add("Limits without a point: name the point they are for.");
        if (Rules.Count > RulesMax) errors.Add($"{Point}: {Rules.Count} rules, at most {RulesMax}.");
        if (GapMax <= TimeSpan.Zero) errors.Add($"{Point}: GapMax {GapMax} must be above zero.");
        foreach (var code in Rules.GroupBy(r => r.Code).Where(g => g.Count() > 1)) errors.Add($"{Point}: two rules are called {code.Key}; give each its own code.");
        foreach (var rule in Rules)
        {
            if (rule.Delay < TimeSpan.Zero || rule.ClearDelay < TimeSpan.Zero) errors.Add($"{Point}/{rule.Code}: a delay cannot be negative.");
            if (rule.Watches == Watches.Silence && rule.Delay <= TimeSpan.Zero)
                errors.Add($"{Point}/{rule.Code}: silence needs a delay above zero.");
            if (rule.Timing == Timing.CumulativePerDay && rule.Watches != Watches.Temperature)
                errors.Add($"{Point}/{rule.Code}: only temperatures are added up over a day.");
            if (!double.IsFinite(rule.Limit) || rule.ClearAt is { } at && !double.IsFinite(at))
                errors.Add($"{Point}/{rule.Code}: a limit must be a number.");
            else if (rule.ClearAt is { } clear && rule.IsWorse(clear, rule.Limit))
                errors.Add($"{Point}/{rule.Code}: it would clear at {clear} °C, beyond its limit {rule.Limit} °C.");
        }
        return errors;
    }
}
