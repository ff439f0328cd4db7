using EdgeTrace.Stock.Exits;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

public sealed partial class LedgerReader
{
    const string ExitColumns = """
        x.id, x.visit, x.portal, x.item, x.epc, x.at_us, x.outcome, x.says, x.ticket, x.ticket_thing, x.reads, x.reads_inside, x.reads_outside, x.peak_centi_dbm, x.confidence, x.recorded_us,
        a.answer, a.reason, a.actor, a.at_us FROM exits x LEFT JOIN exit_answers a ON a.exit = x.id
        """;

    /// <summary>How far the visits have been followed; null: nobody has begun.</summary>
    public long? ExitCursor() => Ask(c => (long?)c.Scalar("SELECT seq FROM exit_cursor"));

    /// <summary>The newest visit's number; 0 when there is none.</summary>
    public long NewestVisit() => Ask(c => (long?)c.Scalar("SELECT max(seq) FROM visits") ?? 0);

    public ExitRow? Exit(string id) => Ask(c => c.Rows($"SELECT {ExitColumns} WHERE x.id = $1", ExitOf, id)).FirstOrDefault();

    /// <summary>What somebody must still answer, the newest first.</summary>
    public IReadOnlyList<ExitRow> OpenExits(int max) => Ask(c => c.Rows(
        $"SELECT {ExitColumns} WHERE x.outcome IN ('reserved', 'unticketed') AND a.exit IS NULL ORDER BY x.at_us DESC, x.id LIMIT $1", ExitOf, max));

    /// <summary>Everything concluded since a time but for what still waits, the newest first.</summary>
    public IReadOnlyList<ExitRow> SettledExits(long sinceUs, int max) => Ask(c => c.Rows(
        $"SELECT {ExitColumns} WHERE x.at_us >= $1 AND (x.outcome NOT IN ('reserved', 'unticketed') OR a.exit IS NOT NULL) ORDER BY x.at_us DESC, x.id LIMIT $2", ExitOf, sinceUs, max));

    public IReadOnlyList<ExitRow> ExitsOf(string item, int max) => Ask(c => c.Rows($"SELECT {ExitColumns} WHERE x.item = $1 ORDER BY x.at_us DESC LIMIT $2", ExitOf, item, max));

    /// <summary>Tickets that name any of these things and are not over at a time, the one that ends first first.</summary>
    public IReadOnlyList<ExitTicket> TicketsFor(string item, string? container, long atUs) => Ask(c => Tickets(c, """
        WHERE t.until_us >= $1 AND t.id IN (SELECT ticket FROM exit_ticket_things WHERE item IN ($2, coalesce($3, $2))) ORDER BY t.until_us, t.id LIMIT 50
        """, atUs, item, container));

    /// <summary>Tickets that end after a time, the one that ends last first.</summary>
    public IReadOnlyList<ExitTicket> Tickets(long sinceUs, int max) => Ask(c => Tickets(c, "WHERE t.until_us >= $1 ORDER BY t.until_us DESC, t.id LIMIT $2", sinceUs, max));

    public ExitTicket? Ticket(string id) => Ask(c => Tickets(c, "WHERE t.id = $1", id)).FirstOrDefault();

    public IReadOnlyList<ExitCount> ExitCounts(long sinceDay) => Ask(c => c.Rows(
        "SELECT portal, $1, outcome, sum(visits) FROM exit_counts WHERE day >= $1 GROUP BY portal, outcome", r => new ExitCount(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3)), sinceDay));

    public IReadOnlyList<ExitAlarms> ExitAlarms(long sinceUs) => Ask(c => c.Rows("""
        SELECT x.portal, count(*), count(a.exit), coalesce(sum(a.answer = 'false'), 0) FROM exits x LEFT JOIN exit_answers a ON a.exit = x.id
        WHERE x.outcome IN ('reserved', 'unticketed') AND x.at_us >= $1 GROUP BY x.portal
        """, r => new ExitAlarms(r.GetString(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3)), sinceUs));

    public IReadOnlyList<ExitStray> ExitStrays(long sinceUs, int max) => Ask(c => c.Rows(
        "SELECT portal, item, epc, since_us, last_us FROM exit_strays WHERE last_us >= $1 ORDER BY portal, since_us LIMIT $2",
        r => new ExitStray(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4)), sinceUs, max));

    /// <summary>Items that are missing, have left or are stolen, by their keys.</summary>
    public IReadOnlyList<string> StockGone(string status, int max) => Ask(c => c.Rows("SELECT key FROM stock_items WHERE status = $1 AND status IN ('missing', 'left', 'stolen') ORDER BY key LIMIT $2", r => r.GetString(0), status, max));

    public CountRow? Count(string id) => Ask(c => c.Rows($"SELECT {CountColumns} WHERE n.id = $1", CountOf, id)).FirstOrDefault();

    /// <summary>Stock-takes, the newest first.</summary>
    public IReadOnlyList<CountRow> Counts(int max) => Ask(c => c.Rows($"SELECT {CountColumns} ORDER BY n.started_us DESC, n.id LIMIT $1", CountOf, max));

    public IReadOnlyList<ExpectedThing> CountExpected(string count) => Ask(c => c.Rows(
        "SELECT thing, pieces, pence FROM count_expected WHERE count = $1 ORDER BY thing", r => new ExpectedThing(r.GetString(0), r.GetInt32(1), r.LongOrNull(2)), count));

    const string CountColumns = "n.id, n.place, n.started_us, n.actor, c.at_us, c.actor FROM counts n LEFT JOIN counts_closed c ON c.id = n.id";

    static CountRow CountOf(SqliteDataReader r) => new(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetString(3), r.LongOrNull(4), r.StringOrNull(5));

    static List<ExitTicket> Tickets(SqliteConnection c, string which, params ReadOnlySpan<object?> values)
    {
        var tickets = c.Rows(
            $"SELECT t.id, t.kind, t.portal, t.from_us, t.until_us, t.actor, t.reason, e.at_us FROM exit_tickets t LEFT JOIN exit_tickets_ended e ON e.id = t.id {which}",
            r => new ExitTicket(r.GetString(0), Enum.Parse<TicketKind>(r.GetString(1), ignoreCase: true), r.StringOrNull(2), r.GetInt64(3), r.GetInt64(4), r.GetString(5), r.GetString(6), [], r.LongOrNull(7)), values);
        return [.. tickets.Select(ticket => ticket with
        {
            Things = c.Rows("SELECT h.item, (SELECT min(at_us) FROM exits x WHERE x.ticket = h.ticket AND x.ticket_thing = h.item) FROM exit_ticket_things h WHERE h.ticket = $1 ORDER BY h.item",
                r => new TicketThing(r.GetString(0), r.LongOrNull(1)), ticket.Id),
        })];
    }

    static ExitRow ExitOf(SqliteDataReader r) => new(
        new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt64(5), Enum.Parse<ExitOutcome>(r.GetString(6).Replace("-", "", StringComparison.Ordinal), ignoreCase: true), r.GetString(7),
            r.StringOrNull(8), r.StringOrNull(9), new(r.GetInt32(10), r.GetInt32(11), r.GetInt32(12), r.GetInt32(13), r.GetDouble(14))),
        r.GetInt64(15), r.IsDBNull(16) ? null : new(r.GetString(0), r.GetString(16), r.GetString(17), r.GetString(18), r.GetInt64(19)));
}
