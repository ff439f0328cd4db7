using System.Globalization;
using System.Text.Json;
using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Tests.Stock;

/// <summary>
/// What must not be used, worked out anew from the bare rows of a ledger and from nothing that the program makes of them: no fold, no projection, no rule
/// of its is called here.
/// </summary>
sealed class RawBooks(string ledger)
{
    static readonly HashSet<string> s_never = ["opened", "implanted", "explanted", "used", "wasted"];

    sealed record Row(string Id, string Subject, string Kind, long AtUs, JsonElement Detail)
    {
        public string? Says(string name) => Detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>Why each thing of a product must not be used; a thing that is not named may be.</summary>
    public Dictionary<string, string> Forbidden(string product, DateOnly today)
    {
        var forbidden = new Dictionary<string, string>();
        var (notices, read) = (Notices(), Read());
        foreach (var thing in Rows().Where(row => row.Subject.Contains(product, StringComparison.Ordinal)).GroupBy(row => row.Subject))
            if ((Why([.. thing], product, today, notices) ?? TwoTags([.. thing], [.. read[thing.Key]])) is { } why) forbidden[thing.Key] = why;
        return forbidden;
    }

    /// <summary>Another tag than the one that was last said to be right: nobody has spoken of it, or it was read more than an hour afterwards.</summary>
    static string? TwoTags(List<Row> rows, List<(string Tid, long FirstUs, long LastUs)> read)
    {
        read.AddRange(rows.Where(row => row.Kind != "released").Select(row => (row.Says("tid")!, row.AtUs, row.AtUs)).Where(row => row.Item1 is not null));
        var chips = read.GroupBy(row => row.Tid).Select(chip => (Tid: chip.Key, FirstUs: chip.Min(row => row.FirstUs), LastUs: chip.Max(row => row.LastUs))).ToList();
        if (chips.Count < 2) return null;
        var said = rows.Where(row => row.Kind == "released" && row.Says("hold") == "two-tags" && row.Says("tid") is not null).OrderBy(row => row.AtUs).ThenBy(row => row.Id, StringComparer.Ordinal).LastOrDefault();
        return said is null || chips.Any(chip => chip.Tid != said.Says("tid") && (chip.FirstUs > said.AtUs || chip.LastUs > said.AtUs + 3_600_000_000)) ? "two tags" : null;
    }

    static string? Why(List<Row> rows, string product, DateOnly today, List<JsonElement> notices)
    {
        var isLot = rows.Any(row => row.Detail.TryGetProperty("quantity", out _));
        if (!isLot && rows.Any(row => s_never.Contains(row.Kind))) return "implanted, opened or used";
        foreach (var held in rows.Where(row => row.Kind == "held"))
        {
            // At one instant a release comes after a hold.
            var ended = rows.Any(row => row.Kind == "released" && row.AtUs >= held.AtUs && (row.Says("hold") == held.Id || held.Says("notice") is { } notice && row.Says("notice") == notice));
            if (!ended) return $"held: {held.Says("holdReason")}";
        }
        if (rows.Select(row => row.Says("expiry")).OfType<string>().Any(day => DateOnly.Parse(day, CultureInfo.InvariantCulture) < today)) return "expired";
        var lot = rows.OrderBy(row => row.AtUs).ThenBy(row => Order(row.Kind)).ThenBy(row => row.Id, StringComparer.Ordinal).Select(row => row.Says("lot")).FirstOrDefault(said => said is not null);
        foreach (var notice in notices)
        {
            if (notice.GetProperty("product").GetString() != product) continue;
            var lots = notice.GetProperty("lots").EnumerateArray().Select(one => one.GetString()).ToList();
            if (lots.Count > 0 && lot is not null && !lots.Contains(lot)) continue;
            var id = notice.GetProperty("id").GetString();
            var last = rows.Where(row => row.Says("notice") == id && (row.Kind == "held" || row.Kind == "released" && row.Says("holdReason") == "recall")).OrderBy(row => row.AtUs).ThenBy(row => row.Kind == "released").LastOrDefault();
            if (last?.Kind != "released") return "recalled";
        }
        return null;
    }

    /// <summary>Two events at one instant are understood in the order of their kinds.</summary>
    static int Order(string kind) => (int)Enum.Parse<EventKind>(kind, ignoreCase: true);

    List<Row> Rows() => Ask("""
        SELECT id, subject, kind, at_us, detail FROM stock_events WHERE id NOT IN (SELECT fact FROM declared_wrong WHERE kind = 'event')
        """, r => new Row(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), JsonDocument.Parse(r.GetString(4)).RootElement));

    ILookup<string, (string Tid, long FirstUs, long LastUs)> Read() =>
        Ask("SELECT item, tid, first_us, last_us FROM tag_chips", r => (Item: r.GetString(0), Chip: (r.GetString(1), r.GetInt64(2), r.GetInt64(3)))).ToLookup(row => row.Item, row => row.Chip);

    List<JsonElement> Notices() => Ask("SELECT notice FROM recall_notices WHERE id NOT IN (SELECT id FROM recalls_closed)", r => JsonDocument.Parse(r.GetString(0)).RootElement);

    List<T> Ask<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={ledger}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
