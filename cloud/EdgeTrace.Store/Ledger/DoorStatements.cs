using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Writes what doors told of what came in.</summary>
sealed class DoorStatements(SqliteConnection connection) : IDisposable
{
    readonly SqliteStatement _finding = new(connection, "INSERT OR IGNORE INTO door_findings VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", 10);
    readonly SqliteStatement _cursor = new(connection, "INSERT OR REPLACE INTO door_cursor VALUES (1, $1)", 1);

    public void Write(SqliteTransaction transaction, LedgerCommit commit, long nowUs)
    {
        foreach (var f in commit.DoorFindings) _finding.Run(transaction, f.Id, f.Visit, f.Portal, f.Item, f.Epc, f.Location, f.AtUs, f.Outcome, f.Says, nowUs);
        if (commit.DoorCursor is { } seq) _cursor.Run(transaction, seq);
    }

    public void Dispose()
    {
        _finding.Dispose();
        _cursor.Dispose();
    }
}
