using EdgeTrace.Stock.Exits;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Writes what exits conclude, what people answer, tickets and stock-takes.</summary>
sealed class ExitStatements : IDisposable
{
    static readonly ZoneId s_zone = new("exits", "visits");

    readonly SqliteStatement _begin, _move, _exit, _answer, _ticket, _thing, _ticketEnd, _count, _stray, _start, _expected, _close;

    public ExitStatements(SqliteConnection connection)
    {
        _begin = new(connection, "INSERT OR IGNORE INTO exit_cursor VALUES (1, $1)", 1);
        _move = new(connection, "UPDATE exit_cursor SET seq = $2 WHERE seq = $1", 2);
        _exit = new(connection, "INSERT OR IGNORE INTO exits VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)", 16);
        _answer = new(connection, "INSERT OR IGNORE INTO exit_answers VALUES ($1, $2, $3, $4, $5)", 5);
        _ticket = new(connection, "INSERT OR IGNORE INTO exit_tickets VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
        _thing = new(connection, "INSERT OR IGNORE INTO exit_ticket_things VALUES ($1, $2)", 2);
        _ticketEnd = new(connection, "INSERT OR IGNORE INTO exit_tickets_ended VALUES ($1, $2, $3)", 3);
        _count = new(connection, "INSERT INTO exit_counts VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET visits = visits + excluded.visits", 4);
        // What was not heard here for longer than the window lies here anew.
        _stray = new(connection, $"""
            INSERT INTO exit_strays VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET
                since_us = CASE WHEN excluded.since_us - last_us > {StrayRule.Window.Ticks / TimeSpan.TicksPerMicrosecond} THEN excluded.since_us ELSE min(since_us, excluded.since_us) END, last_us = max(last_us, excluded.last_us)
            """, 5);
        _start = new(connection, "INSERT OR IGNORE INTO counts VALUES ($1, $2, $3, $4)", 4);
        _expected = new(connection, "INSERT OR IGNORE INTO count_expected VALUES ($1, $2, $3, $4)", 4);
        _close = new(connection, "INSERT OR IGNORE INTO counts_closed VALUES ($1, $2, $3)", 3);
    }

    /// <exception cref="ZoneTakenException">Another owner has moved the cursor.</exception>
    public void Write(SqliteTransaction transaction, ExitWrites said, long nowUs)
    {
        if (said.Cursor is (var from, var to) && (from < 0 ? _begin.Run(transaction, to) : _move.Run(transaction, from, to)) == 0) throw new ZoneTakenException(s_zone, from);
        foreach (var x in said.Exits)
            _exit.Run(transaction, x.Id, x.Visit, x.Portal, x.Item, x.Epc, x.AtUs, x.Outcome.Word(), x.Says, x.Ticket, x.TicketThing, x.Evidence.Reads, x.Evidence.ReadsInside, x.Evidence.ReadsOutside, x.Evidence.PeakCentiDbm, x.Evidence.Confidence, nowUs);
        foreach (var a in said.Answers) _answer.Run(transaction, a.Exit, a.Answer, a.Reason, a.Actor, a.AtUs);
        foreach (var t in said.Tickets)
            if (_ticket.Run(transaction, t.Id, t.Kind.Word(), t.Portal, t.FromUs, t.UntilUs, t.Actor, t.Reason, nowUs) == 1)
                foreach (var thing in t.Things) _thing.Run(transaction, thing.Key, t.Id);
        foreach (var e in said.TicketEnds) _ticketEnd.Run(transaction, e.Ticket, e.AtUs, e.Actor);
        foreach (var c in said.Counts) _count.Run(transaction, c.Portal, c.Day, c.Outcome, c.Visits);
        foreach (var s in said.Strays) _stray.Run(transaction, s.Portal, s.Item, s.Epc, s.SinceUs, s.LastUs);
        foreach (var (count, expected) in said.CountStarts)
            if (_start.Run(transaction, count.Id, count.Place, count.StartedUs, count.Actor) == 1)
                foreach (var thing in expected) _expected.Run(transaction, count.Id, thing.Thing, thing.Pieces, thing.Pence);
        foreach (var c in said.CountCloses) _close.Run(transaction, c.Count, c.AtUs, c.Actor);
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _move, _exit, _answer, _ticket, _thing, _ticketEnd, _count, _stray, _start, _expected, _close]) statement.Dispose();
    }
}
