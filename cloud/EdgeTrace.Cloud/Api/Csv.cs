using System.Globalization;
using System.Text;

namespace EdgeTrace.Cloud.Api;

/// <summary>A table for a spreadsheet: RFC 4180, UTF-8 with the mark by which a spreadsheet knows that it is.</summary>
sealed class Csv
{
    readonly StringBuilder _text = new("\ufeff");

    public Csv(params IEnumerable<string> columns) => Line([.. columns]);

    public void Line(params IEnumerable<object?> values) => _text.AppendJoin(',', values.Select(Field)).Append("\r\n");

    public IResult File(string name) => Results.File(Encoding.UTF8.GetBytes(_text.ToString()), "text/csv; charset=utf-8", name);

    static string Field(object? value)
    {
        var text = value switch
        {
            null => "",
            string said => said,
            bool yes => yes ? "yes" : "no",
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTimeOffset at => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        // A spreadsheet takes a text that begins so for a formula, and what a label says is not ours.
        if (value is string && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
