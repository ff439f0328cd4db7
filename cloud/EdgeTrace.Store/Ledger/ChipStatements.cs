using System.Globalization;
using EdgeTrace.Stock;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Keeps which chips answered with an Item's number. Both statements only ever take the lesser first and the newer last, so that what is told twice, late or cut otherwise comes to the same.</summary>
sealed class ChipStatements : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SqliteStatement _new, _known;

    public ChipStatements(SqliteConnection connection)
    {
        _connection = connection;
        _new = new(connection, "INSERT OR IGNORE INTO tag_chips VALUES ($1, $2, $3, $5, $4, $5)", 5);
        const string Newer = "($4 / 60000000 > last_us / 60000000 OR ($4 / 60000000 = last_us / 60000000 AND ($4, $5) < (last_us, last_at)))";
        _known = new(connection, $"""
            UPDATE tag_chips SET first_at = CASE WHEN ($3, $5) < (first_us, first_at) THEN $5 ELSE first_at END, first_us = min(first_us, $3),
                last_at = CASE WHEN {Newer} THEN $5 ELSE last_at END, last_us = CASE WHEN {Newer} THEN $4 ELSE last_us END
            WHERE item = $1 AND tid = $2 AND (($3, $5) < (first_us, first_at) OR {Newer})
            """, 5);
    }

    /// <summary>Items that must be looked at again: another chip answers with their number, or one of several was read anew.</summary>
    public IReadOnlyCollection<string> Write(SqliteTransaction transaction, LedgerCommit commit)
    {
        var again = new HashSet<string>();
        foreach (var chip in commit.Chips)
        {
            var isNew = _new.Run(transaction, chip.Item, chip.Tid, chip.FirstUs, chip.LastUs, chip.At) == 1;
            if (isNew || _known.Run(transaction, chip.Item, chip.Tid, chip.FirstUs, chip.LastUs, chip.At) == 1 && AreSeveral(chip.Item)) again.Add(chip.Item);
        }
        return again;
    }

    /// <summary>One of two chips may be known by what a person told alone: then the Item's state has it, and no row here.</summary>
    bool AreSeveral(string item) => _connection.Scalar("""
        SELECT 1 WHERE EXISTS (SELECT 1 FROM tag_chips WHERE item = $1 LIMIT 1 OFFSET 1) OR EXISTS (SELECT 1 FROM stock_items WHERE key = $1 AND json_array_length(state, '$.chips') > 0)
        """, item) is not null;

    public static readonly string OfItem = string.Create(CultureInfo.InvariantCulture, $"SELECT tid, first_us, first_at, last_us, last_at FROM tag_chips WHERE item = $1 ORDER BY first_us, tid LIMIT {TwoTags.ChipsMax}");

    public static Chip ChipOf(SqliteDataReader r) => new(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.GetString(4));

    public void Dispose()
    {
        _new.Dispose();
        _known.Dispose();
    }
}
