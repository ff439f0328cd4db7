using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

public sealed partial class LedgerReader
{
    const string DoorColumns = "d.id, d.visit, d.portal, d.item, d.epc, d.location, d.at_us, d.outcome, d.says, a.acknowledged_by, a.reason, a.acknowledged_us FROM door_findings d LEFT JOIN alarms a ON a.id = d.id";

    /// <summary>How far the visits have been followed; null: never.</summary>
    public long? DoorCursor() => Ask(c => (long?)c.Scalar("SELECT seq FROM door_cursor"));

    public DoorFindingRow? DoorFinding(string id) => Ask(c => c.Rows($"SELECT {DoorColumns} WHERE d.id = $1", DoorFindingOf, id)).FirstOrDefault();

    /// <summary>What nobody has answered yet, since a time, the oldest first.</summary>
    public IReadOnlyList<DoorFindingRow> OpenDoorFindings(long sinceUs, int max) => Ask(c => c.Rows($"SELECT {DoorColumns} WHERE d.at_us >= $1 AND a.id IS NULL ORDER BY d.at_us LIMIT $2", DoorFindingOf, sinceUs, max));

    /// <summary>Whether the same of a thing, told since a time, still waits for an answer.</summary>
    public bool HasOpenDoorFinding(string item, string outcome, long sinceUs) => Ask(c => c.Scalar("SELECT 1 FROM door_findings d LEFT JOIN alarms a ON a.id = d.id WHERE d.item = $1 AND d.outcome = $2 AND d.at_us >= $3 AND a.id IS NULL LIMIT 1", item, outcome, sinceUs) is not null);

    static DoorFindingRow DoorFindingOf(SqliteDataReader r) => new(
        new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetInt64(6), r.GetString(7), r.GetString(8)),
        r.IsDBNull(9) ? null : new(r.GetString(0), r.GetString(9), r.GetString(10), r.GetInt64(11)));
}
