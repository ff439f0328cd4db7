using EdgeTrace.Stock.Theatre;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Writes patients, cases and what happens in them; each is there once, by its id.</summary>
sealed class TheatreStatements : IDisposable
{
    readonly SqliteStatement _patient, _case, _entry, _check;

    public TheatreStatements(SqliteConnection connection)
    {
        _patient = new(connection, "INSERT OR IGNORE INTO patients VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
        _case = new(connection, "INSERT OR IGNORE INTO cases VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11);
        _entry = new(connection, """
            INSERT OR IGNORE INTO case_entries (id, case_id, place, kind, subject, at_us, offline, colour, label, instead, reason, witness, actor, recorded_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """, 14);
        _check = new(connection, "INSERT INTO case_checks VALUES ($1, $2, $3, $4, $5, $6)", 6);
    }

    public void Write(SqliteTransaction transaction, LedgerCommit commit, long nowUs)
    {
        foreach (var p in commit.Patients) _patient.Run(transaction, p.Pseudonym, p.ValidFromUs, p.NhsNumber, p.Family, p.Given, StockRows.Day(p.Born), p.Postcode, p.Actor);
        foreach (var c in commit.Cases) _case.Run(transaction, c.Id, c.Number, c.Place, c.PlannedUs, c.Side, c.Procedure, c.ProcedureCode, c.Clinician, c.Patient, c.Actor, nowUs);
        foreach (var e in commit.CaseEntries)
        {
            var label = e.Label is null ? null : StockJson.Write(e.Label);
            if (_entry.Run(transaction, e.Id, e.Case, e.Place, e.Kind.Word(), e.Subject, e.AtUs, e.Offline, e.Colour.Word(), label, e.Instead, e.Reason, e.Witness, e.Actor, nowUs) == 0) continue;
            for (var n = 0; n < e.Checks.Count; n++)
            {
                var check = e.Checks[n];
                _check.Run(transaction, e.Id, n, (int)check.Check, check.Code, check.Colour.Word(), check.Says);
            }
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_patient, _case, _entry, _check]) statement.Dispose();
    }
}
