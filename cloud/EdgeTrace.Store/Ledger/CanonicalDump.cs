using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>
/// Every fact of a ledger as sorted lines of text, without when it was recorded, who acknowledged it or its row's number: two ledgers
/// say the same exactly when their dumps are equal.
/// </summary>
/// <remarks>One line a fact: <c>kind field=value …</c>, times in µs, absent values as <c>-</c>, lines in ordinal order.</remarks>
public static class CanonicalDump
{
    static readonly (string Kind, string Sql)[] s_facts =
    [
        ("visit", "SELECT id, portal, epc, first_us, last_us, count, reads, reads_inside, reads_outside, peak_centi_dbm, peak_antenna, direction, side, confidence, continues_from, continues, truncated, late FROM visits"),
        ("movement", "SELECT id, item, at_us, portal, from_location, to_location, confidence FROM movements"),
        ("scan", "SELECT id, scanner, at_us, hex(raw) AS raw, framing, understood, item, error, location FROM scans"),
        ("episode", "SELECT id, point, rule, start_us, raised_us, ended_us, peak_milli, limits, gateway_raised_us, gateway_ended_us, gateway_peak_milli FROM episodes"),
        ("item", "SELECT key, epc, gtin, serial, lot, seen_us, seen_at FROM items"),
        ("location", "SELECT item, location, basis, at_us, source, start_us, confidence, fact FROM item_locations"),
        // A position of the log depends on the order of arrival, the batch's own identity does not.
        ("quarantine", "SELECT projection, zone, batch, cause FROM quarantine"),
    ];

    public static IReadOnlyList<string> Lines(LedgerReader ledger) => ledger.Ask(connection =>
    {
        var lines = new List<string>();
        foreach (var (kind, sql) in s_facts) lines.AddRange(connection.Rows(sql, row => Line(kind, row)));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    });

    static string Line(string kind, SqliteDataReader row)
    {
        var line = new System.Text.StringBuilder(kind);
        for (var i = 0; i < row.FieldCount; i++)
        {
            line.Append(' ').Append(row.GetName(i)).Append('=');
            line.Append(row.GetValue(i) switch
            {
                DBNull => "-",
                double number => number.ToString("R", CultureInfo.InvariantCulture),
                long number => number.ToString(CultureInfo.InvariantCulture),
                string text => Quoted(text),
                var other => Convert.ToString(other, CultureInfo.InvariantCulture),
            });
        }
        return line.ToString();
    }

    /// <summary>As it is while it is one plain word, else as a JSON string: a line stays a line.</summary>
    static string Quoted(string text) =>
        text.Length > 0 && text != "-" && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '/' or ':') ? text : System.Text.Json.JsonSerializer.Serialize(text);
}
