using System.Globalization;
using System.Text;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>The same figures for a spreadsheet: RFC 4180, UTF-8, times as ISO 8601 with the site's offset.</summary>
static class CompletenessCsv
{
    public static string Of(CompletenessView view, SiteHours hours)
    {
        var text = Header("hour", "gateway", "stream", "name", "place", "state", "received", "lost", "of", "faults", "blind_s", "unknown_s", "causes");
        foreach (var stream in view.Streams)
            for (var i = 0; i < stream.Cells.Count; i++)
            {
                var cell = stream.Cells[i];
                Line(text,
                    hours.Local(EventTime.ToUs(view.Hours[i])).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), stream.Gateway, stream.Stream, stream.Name, stream.Place ?? "",
                    cell.State.ToString().ToLowerInvariant(), cell.Received, cell.Lost, cell.Received + cell.Lost, cell.Faults, cell.BlindSeconds, cell.UnknownSeconds, string.Join(" | ", cell.Causes));
            }
        return text.ToString();
    }

    public static string Of(CompletenessDays view)
    {
        var text = Header("day", "received", "lost", "of", "uncounted_losses", "faults", "blind_s", "unknown_s", "unplaced", "intervals", "complete");
        foreach (var (day, t) in view.Days)
            Line(text, day.ToString("O", CultureInfo.InvariantCulture), t.Received, t.Lost, t.Received + t.Lost, t.Uncounted, t.Faults, t.BlindSeconds, t.UnknownSeconds, t.Unplaced, t.Intervals, t.Complete ? "yes" : "no");
        return text.ToString();
    }

    static StringBuilder Header(params object[] names)
    {
        // The mark at the beginning is how a spreadsheet knows that it is UTF-8.
        var text = new StringBuilder("\ufeff");
        Line(text, names);
        return text;
    }

    static void Line(StringBuilder to, params object[] values) => to.AppendJoin(',', values.Select(Field)).Append("\r\n");

    static string Field(object value)
    {
        var text = value is IFormattable number ? number.ToString(value is double ? "0.###" : null, CultureInfo.InvariantCulture) : (string)value;
        // A spreadsheet takes a text that begins so for a formula, and what a gateway says is not ours.
        if (value is string && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
