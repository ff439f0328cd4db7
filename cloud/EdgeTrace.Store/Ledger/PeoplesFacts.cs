using System.Globalization;

namespace EdgeTrace.Store.Ledger;

/// <summary>What is in a ledger and in no log: what people say of stock. A ledger that is made anew takes it from the old one.</summary>
/// <remarks>Events of stock and what was declared wrong are not copied but written again, so that what they come to is made anew from them too.</remarks>
public static class PeoplesFacts
{
    /// <summary>Tables nothing is made from but what they say; a room that adds one which <see cref="CanonicalDump"/> names adds it here.</summary>
    static readonly string[] s_tables = ["products", "recall_notices", "recall_places", "recall_answers", "recalls_closed"];

    /// <summary>Copies every row that is not there yet.</summary>
    /// <param name="to">A ledger that no writer has open.</param>
    public static void Copy(LedgerReader from, string to)
    {
        using var connection = SqliteFile.OpenForWriting(to);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"ATTACH '{from.Path.Replace("'", "''", StringComparison.Ordinal)}' AS old"));
        foreach (var table in s_tables) connection.Execute($"INSERT OR IGNORE INTO main.{table} SELECT * FROM old.{table}");
    }
}
