using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Which rows of the audit are asked for; what is null does not matter.</summary>
/// <param name="Before">Rows below this number: the page before went down to it.</param>
/// <param name="Actor">A part of who did it, in any case.</param>
/// <param name="Subject">A part of what it was done to, in any case.</param>
public sealed record AuditQuestion(long? FromUs, long? ToUs, string? Actor, string? Action, string? Subject, long? Before);

public sealed partial class LedgerReader
{
    const string AuditColumns = "seq, at_us, actor, action, subject, detail, hash FROM audit";

    /// <summary>Rows in their order, for a check of the chain.</summary>
    public IReadOnlyList<AuditRow> AuditAfter(long seq, int max) => Ask(c => c.Rows($"SELECT {AuditColumns} WHERE seq > $1 ORDER BY seq LIMIT $2", AuditOf, seq, max));

    /// <summary>Rows that answer a question, the newest first.</summary>
    public IReadOnlyList<AuditRow> Audit(AuditQuestion of, int max) => Ask(c => c.Rows($"""
        SELECT {AuditColumns} WHERE ($1 IS NULL OR at_us >= $1) AND ($2 IS NULL OR at_us < $2) AND ($3 IS NULL OR instr(lower(actor), lower($3)) > 0)
            AND ($4 IS NULL OR action = $4) AND ($5 IS NULL OR instr(lower(subject), lower($5)) > 0) AND ($6 IS NULL OR seq < $6) ORDER BY seq DESC LIMIT $7
        """, AuditOf, of.FromUs, of.ToUs, of.Actor, of.Action, of.Subject, of.Before, max));

    /// <summary>The newest row; null in an audit with none.</summary>
    public AuditRow? AuditHead() => Ask(c => c.Rows($"SELECT {AuditColumns} ORDER BY seq DESC LIMIT 1", AuditOf)).FirstOrDefault();

    internal static AuditRow AuditOf(SqliteDataReader r) => new(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), (byte[])r[6]);
}
