using System.Collections.Immutable;
using System.Globalization;
using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Rows of <c>stock_events</c> and what was made of them, for the writer and for readers.</summary>
static class StockRows
{
    public const string EventColumns = "e.id, e.subject, e.kind, e.at_us, e.offset_minutes, e.place, e.read_point, e.act, e.actor, e.detail";

    /// <summary>A subject's events but for those that somebody has declared wrong.</summary>
    public const string EventsThatCount = $"SELECT {EventColumns} FROM stock_events e WHERE e.subject = $1 AND NOT EXISTS (SELECT 1 FROM declared_wrong w WHERE w.kind = 'event' AND w.fact = e.id)";

    public static bool IsLot(SqliteConnection connection, string subject) => connection.Scalar("SELECT 1 FROM stock_lots WHERE key = $1", subject) is not null;

    public static bool IsItem(SqliteConnection connection, string subject) => connection.Scalar("SELECT 1 FROM stock_items WHERE key = $1", subject) is not null;

    public static StockEvent EventOf(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), Kind(row.GetString(2)), row.GetInt64(3), row.GetInt32(4), row.StringOrNull(5), row.StringOrNull(6), row.GetString(7), row.GetString(8), StockJson.Detail(row.GetString(9)));

    /// <summary>A row of <c>stock_items</c>, column by column.</summary>
    public static object?[] Of(ItemState item) =>
    [
        item.Key, item.Product, item.Lot, item.Serial, Day(item.Expiry), Day(item.Made), item.Status.Word(), item.Holds.Length, item.Case, item.Patient, item.Owner, item.Container, StockJson.Write(item),
        item.Epc, item.Pence, item.SinceUs, item.Status == ItemStatus.Missing ? item.BeforeMissed.Word() : null, item.Destination, Recalls(item.Holds), Cleared(item.Cleared),
    ];

    /// <summary>A row of <c>stock_lots</c>, column by column.</summary>
    public static object?[] Of(LotState lot) =>
        [lot.Key, lot.Product, lot.Number, Day(lot.Expiry), lot.Holds.Length, lot.Owner, StockJson.Write(lot), lot.Pence, Recalls(lot.Holds), Cleared(lot.Cleared)];

    static int Recalls(ImmutableArray<Hold> holds) => holds.Count(hold => hold.Reason == HoldReason.Recall);

    static string? Cleared(ImmutableArray<string> notices) => notices.Length == 0 ? null : StockJson.Write(notices);

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static EventKind Kind(string word) => Vocabulary.TryRead(word, out var kind) ? kind : throw new InvalidDataException($"The ledger has a stock event of kind \"{word}\", which this program does not know: run a newer edgetrace-cloud.");
}
