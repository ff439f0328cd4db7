using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeTrace.Demo;

/// <summary>What the person asked for.</summary>
sealed record DemoOptions(TimeSpan For, int Seed, bool Json, DirectoryInfo? Data, int? Port, bool Stay)
{
    /// <summary>Reads <c>30s</c>, <c>5m</c>, <c>1h</c> or <c>00:00:30</c>.</summary>
    public static TimeSpan ParseSpan(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (unit > 0 && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number * unit is >= 5 and <= 86_400)
            return TimeSpan.FromSeconds(number * unit);
        if (unit == 0 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.FromSeconds(5)) return span;
        argument.AddError($"'{text}' is no length of time between 5 s and 24 h; write it as 30s, 5m or 1h.");
        return default;
    }
}
