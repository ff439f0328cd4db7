using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace EdgeTrace.Cloud.Catalogue;

/// <summary>Somebody's spreadsheet: columns by name in any order, and every mistake by its line.</summary>
static class CsvRows
{
    /// <param name="wanted">Columns without which nothing can be read.</param>
    /// <param name="read">Makes something of a line, or says what is wrong with it and gives null.</param>
    /// <param name="max">A file beyond this is the wrong file.</param>
    public static List<T> Read<T>(TextReader text, IReadOnlyList<string> wanted, int max, List<string> errors, Func<CsvRow, T?> read) where T : class
    {
        var rows = new List<T>();
        try
        {
            using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                PrepareHeaderForMatch = h => h.Header.Trim().ToLowerInvariant(), TrimOptions = TrimOptions.Trim, MissingFieldFound = null,
            });
            csv.Read();
            csv.ReadHeader();
            var columns = (csv.HeaderRecord ?? []).Select(h => h.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var column in wanted)
                if (!columns.Contains(column)) errors.Add($"column \"{column}\" is missing: the first line must name {string.Join(",", wanted)}.");
            var readable = errors.Count == 0;
            while (readable && csv.Read())
            {
                if (rows.Count == max)
                {
                    errors.Add($"line {csv.Parser.Row}: more than {max} lines.");
                    break;
                }
                if (read(new(csv, errors)) is { } row) rows.Add(row);
            }
        }
        catch (CsvHelperException error)
        {
            errors.Add($"it cannot be read ({error.Message.Split('\n')[0]}): it must be a CSV that begins with {string.Join(",", wanted)}.");
        }
        return rows;
    }
}

/// <summary>One line: what is empty is not said.</summary>
readonly struct CsvRow(CsvReader csv, List<string> errors)
{
    public int Line => csv.Parser.Row;

    public string? this[string column] => csv.TryGetField<string>(column, out var text) && text is { Length: > 0 } ? text : null;

    /// <summary>A whole number, not below <paramref name="min"/>; null when it is empty or none, which is then said.</summary>
    public int? Count(string column, int min)
    {
        if (this[column] is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min) return count;
        Wrong($"{column} \"{text}\" is no whole number from {min} on.");
        return null;
    }

    public void Wrong(string what) => errors.Add($"line {Line}: {what}");
}
