using System.Text;

namespace EdgeTrace.Tests.Identity.Scoring;

/// <summary>Reads the CSV files of test vectors: a header line, quotes doubled inside quotes.</summary>
static class CsvRows
{
    public static List<Dictionary<string, string>> Read(string path)
    {
        var rows = Split(File.ReadAllText(path)).ToList();
        return [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    static IEnumerable<List<string>> Split(string text)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else quoted = false;
            }
            else if (c == '"') quoted = true;
            else if (c is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (c != '\n') continue;
                yield return row;
                row = [];
            }
            else if (c != '\r') field.Append(c);
        }
        if (row.Count > 0 || field.Length > 0) yield return [.. row, field.ToString()];
    }
}
