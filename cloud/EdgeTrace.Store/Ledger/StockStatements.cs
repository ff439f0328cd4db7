using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>
/// Appends what happened to Items and Lots, and makes their states anew from all of their events: an event that comes late, or is declared wrong, needs no
/// rule of its own.
/// </summary>
sealed class StockStatements : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SqliteStatement _event, _declare, _item, _lot, _noPieces, _pieces, _scanDesk, _excursions, _twoTags, _oneTag, _events, _chips;

    public StockStatements(SqliteConnection connection)
    {
        _connection = connection;
        _event = new(connection, """
            INSERT OR IGNORE INTO stock_events (id, subject, kind, at_us, offset_minutes, place, read_point, act, actor, detail, recorded_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, 11);
        _declare = new(connection, "INSERT OR IGNORE INTO declared_wrong (kind, fact, at_us, actor, reason, place) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _item = new(connection, "INSERT OR REPLACE INTO stock_items VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)", 20);
        _lot = new(connection, "INSERT OR REPLACE INTO stock_lots VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", 10);
        _noPieces = new(connection, "DELETE FROM stock_pieces WHERE lot = $1", 1);
        _pieces = new(connection, "INSERT INTO stock_pieces VALUES ($1, $2, $3)", 3);
        _scanDesk = new(connection, "UPDATE scan_desk SET cursor = max(cursor, $1)", 1);
        _excursions = new(connection, "INSERT OR REPLACE INTO excursion_cursor VALUES (1, $1, $2)", 2);
        _twoTags = new(connection, "INSERT OR REPLACE INTO two_tags VALUES ($1, $2)", 2);
        _oneTag = new(connection, "DELETE FROM two_tags WHERE item = $1", 1);
        _events = new(connection, StockRows.EventsThatCount, 1);
        _chips = new(connection, ChipStatements.OfItem, 1);
    }

    /// <param name="chipsOf">Items of whose tags something is known that was not: what is in nobody's books is judged when it is booked in.</param>
    public void Write(SqliteTransaction transaction, LedgerCommit commit, long nowUs, IReadOnlyCollection<string> chipsOf)
    {
        if (commit.ScanDesk is { } cursor) _scanDesk.Run(transaction, cursor);
        if (commit.ExcursionCursor is (var feed, var seq)) _excursions.Run(transaction, feed, seq);
        // In the order they were first named: a commit of a whole delivery folds each of its subjects once.
        var changed = new Dictionary<string, bool>();
        foreach (var e in commit.StockEvents)
            if (_event.Run(transaction, e.Id, e.Subject, e.Kind.Word(), e.AtUs, e.OffsetMinutes, e.Place, e.ReadPoint, e.Act, e.Actor, StockJson.Write(e.Detail), nowUs) == 1)
                changed[e.Subject] = e.Detail.Quantity is not null;
        foreach (var d in commit.Declarations)
            if (_declare.Run(transaction, d.Kind, d.Fact, d.AtUs, d.Actor, d.Reason, d.Place) == 1 && d.Kind == "event" && !changed.ContainsKey(d.Subject))
                changed[d.Subject] = StockRows.IsLot(_connection, d.Subject);
        foreach (var item in chipsOf)
            if (!changed.ContainsKey(item) && StockRows.IsItem(_connection, item)) changed[item] = false;
        foreach (var (subject, isLot) in changed)
        {
            var events = _events.Rows(transaction, StockRows.EventOf, subject);
            if (isLot) Write(transaction, LotState.Of(subject, events));
            else Write(transaction, ItemState.Of(subject, events, _chips.Rows(transaction, ChipStatements.ChipOf, subject)));
        }
    }

    void Write(SqliteTransaction transaction, ItemState item)
    {
        _item.Run(transaction, StockRows.Of(item));
        if (item.Holds.FirstOrDefault(hold => hold.Id == TwoTags.HoldId) is { } hold) _twoTags.Run(transaction, item.Key, hold.SinceUs);
        else _oneTag.Run(transaction, item.Key);
    }

    void Write(SqliteTransaction transaction, LotState lot)
    {
        _lot.Run(transaction, StockRows.Of(lot));
        _noPieces.Run(transaction, lot.Key);
        foreach (var (place, pieces) in lot.Pieces) _pieces.Run(transaction, lot.Key, place, pieces);
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_event, _declare, _item, _lot, _noPieces, _pieces, _scanDesk, _excursions, _twoTags, _oneTag, _events, _chips]) statement.Dispose();
    }
}
