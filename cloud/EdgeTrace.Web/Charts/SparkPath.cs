using System.Globalization;
using System.Text;

namespace EdgeTrace.Web.Charts;

/// <summary>The path of a sparkline in a box of <see cref="Width"/> × <see cref="Height"/>. A missing value lifts the pen: a gap is drawn as a gap.</summary>
static class SparkPath
{
    public const int Width = 120;
    public const int Height = 32;

    /// <summary>What the box shows from bottom to top: the limits, and whatever lies outside them.</summary>
    public static (double Low, double High) Range(IReadOnlyList<double?> values, double low, double high)
    {
        foreach (var value in values)
        {
            if (value is not { } known)
                continue;
            low = Math.Min(low, known);
            high = Math.Max(high, known);
        }
        var margin = Math.Max((high - low) * 0.08, 0.05);
        return (low - margin, high + margin);
    }

    public static string Line(IReadOnlyList<double?> values, (double Low, double High) range)
    {
        var path = new StringBuilder();
        var down = false;
        for (var at = 0; at < values.Count; at++)
        {
            if (values[at] is not { } value)
            {
                down = false;
                continue;
            }
            path.Append(CultureInfo.InvariantCulture, $"{(down ? 'L' : 'M')}{X(at, values.Count):0.#} {Y(value, range):0.#}");
            // A lone value between two gaps would be invisible as a move without a line.
            if (!down && (at + 1 == values.Count || values[at + 1] is null))
                path.Append("h0.1");
            down = true;
        }
        return path.ToString();
    }

    public static double X(int at, int count) => count <= 1 ? Width : (double)at * Width / (count - 1);

    public static double Y(double value, (double Low, double High) range) => Height * (1 - (value - range.Low) / (range.High - range.Low));
}
