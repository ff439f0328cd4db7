using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>
/// Every fact of a ledger as sorted lines of text, without when it was recorded, who acknowledged it or its row's number: two ledgers
/// say the same exactly when their dumps are equal.
/// </summary>
/// <remarks>One JSON object a line, <c>{"kind":"visit",…}</c>, members in the order below, times in µs, lines in ordinal order.</remarks>
public static class CanonicalDump
{
    static readonly (string Kind, string Sql)[] s_facts =
    [
        ("visit", "SELECT id, portal, epc, first_us, last_us, count, reads, reads_inside, reads_outside, peak_centi_dbm, peak_antenna, direction, side, confidence, continues_from, continues, truncated, late FROM visits"),
        ("movement", "SELECT id, item, at_us, portal, from_location, to_location, confidence FROM movements"),
        ("scan", "SELECT id, scanner, at_us, hex(raw) AS raw, framing, understood, item, error, location FROM scans"),
        ("episode", "SELECT id, point, rule, start_us, raised_us, ended_us AS end_us, peak_milli, limits, gateway_raised_us, gateway_ended_us, gateway_peak_milli FROM episodes"),
        ("item", "SELECT key, epc, gtin, serial, lot, seen_us, seen_at FROM items"),
        ("location", "SELECT item, location, basis, at_us, source, start_us, confidence, fact FROM item_locations"),
        ("tagChip", "SELECT item, tid, first_us, first_at, last_us, last_at FROM tag_chips"),
        ("twoTags", "SELECT item, since_us FROM two_tags"),
        ("stockEvent", "SELECT id, subject, kind, at_us, offset_minutes, place, read_point, act, actor, detail FROM stock_events"),
        ("stockItem", "SELECT key, product, lot, serial, expiry, made, status, holds, case_id, patient, owner, container, state, epc, pence, since_us, before_missed, destination, recalls, cleared FROM stock_items"),
        ("stockLot", "SELECT key, product, lot, expiry, holds, owner, state, pence, recalls, cleared FROM stock_lots"),
        ("declaredWrong", "SELECT kind AS of, fact, actor, reason, place FROM declared_wrong"),
        ("product", "SELECT key, valid_from_us, product, actor FROM products"),
        ("recallNotice", "SELECT id, reference, product, notice, said, at_us, actor FROM recall_notices"),
        ("recallPlace", "SELECT notice, place, named FROM recall_places"),
        ("recallAnswer", "SELECT notice, place, at_us, actor, found, named, note FROM recall_answers"),
        ("recallClosed", "SELECT id, at_us, actor, reason, released FROM recalls_closed"),
        ("stockPieces", "SELECT lot, place, pieces FROM stock_pieces"),
        // received is left out: a running cloud counts on while two dumps are taken, and CompletenessTests compares it by itself.
        ("loss", "SELECT gateway, stream, epoch, sequence, ordinal, to_sequence, cause, readings, from_us, to_us, detail FROM losses"),
        // A position of the log depends on the order of arrival, the batch's own identity does not.
        ("quarantine", "SELECT projection, zone, batch, cause FROM quarantine"),
    ];

    static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<string> Lines(LedgerReader ledger) => ledger.Ask(connection =>
    {
        var lines = new List<string>();
        foreach (var (kind, sql) in s_facts) lines.AddRange(connection.Rows(sql, row => Line(kind, row)));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    });

    static string Line(string kind, SqliteDataReader row)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_plain))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            for (var i = 0; i < row.FieldCount; i++)
            {
                json.WritePropertyName(Camel(row.GetName(i)));
                switch (row.GetValue(i))
                {
                    case DBNull: json.WriteNullValue(); break;
                    case double number: json.WriteNumberValue(number); break;
                    case long number: json.WriteNumberValue(number); break;
                    case var text: json.WriteStringValue(Convert.ToString(text, CultureInfo.InvariantCulture)); break;
                }
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    static string Camel(string column)
    {
        var words = column.Split('_');
        return string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
