using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Writes what people say in recalls.</summary>
sealed class RecallStatements(SqliteConnection connection) : IDisposable
{
    readonly SqliteStatement _notice = new(connection, "INSERT OR IGNORE INTO recall_notices VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
    readonly SqliteStatement _place = new(connection, "INSERT OR IGNORE INTO recall_places VALUES ($1, $2, $3)", 3);
    readonly SqliteStatement _answer = new(connection, "INSERT OR IGNORE INTO recall_answers VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
    readonly SqliteStatement _closed = new(connection, "INSERT OR IGNORE INTO recalls_closed VALUES ($1, $2, $3, $4, $5)", 5);

    /// <summary>Whether it was not there yet.</summary>
    public bool Write(SqliteTransaction transaction, RecallFact fact) => 1 == fact switch
    {
        RecallOpened o => _notice.Run(transaction, o.Notice, o.What.Reference, o.What.Product, StockJson.Write(o.What), o.Said, o.AtUs, o.Actor),
        RecallPlace p => _place.Run(transaction, p.Notice, p.Place, p.Named),
        RecallAnswer a => _answer.Run(transaction, a.Notice, a.Place, a.AtUs, a.Actor, a.Found, a.Named, a.Note),
        RecallClosed c => _closed.Run(transaction, c.Notice, c.AtUs, c.Actor, c.Reason, c.Released),
        _ => throw new ArgumentException($"A {fact.GetType().Name} has no table.", nameof(fact)),
    };

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_notice, _place, _answer, _closed]) statement.Dispose();
    }
}
