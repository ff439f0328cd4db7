using System.Globalization;

namespace EdgeTrace.Simulators.Commands;

/// <summary>Durations as people type them: <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>500ms</c>.</summary>
static class Durations
{
    static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public static TimeSpan Parse(string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return TimeSpan.FromSeconds(count * seconds);
        }
        throw new FormatException($"'{text}' is no duration: write 30s, 5m, 1h or 500ms.");
    }
}
