using System.Globalization;
using EdgeTrace.Stock.Theatre;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

public sealed partial class LedgerReader
{
    const string PatientColumns = "pseudonym, valid_from_us, nhs_number, family, given, born, postcode, actor FROM patients";
    const string CaseColumns = "id, number, place, planned_us, side, procedure, procedure_code, clinician, patient, actor FROM cases";
    const string EntryColumns = "id, case_id, place, kind, subject, at_us, offline, colour, label, instead, reason, witness, actor FROM case_entries";

    /// <summary>Who a pseudonym is. Whoever shows any of it asks <c>AuditBook.LookedAtAsync</c> first.</summary>
    public PatientRow? Patient(string pseudonym) => Ask(c => c.Rows($"SELECT {PatientColumns} WHERE pseudonym = $1 ORDER BY valid_from_us DESC LIMIT 1", TheatreRows.PatientOf, pseudonym)).FirstOrDefault();

    /// <summary>The pseudonym of a patient whose number is now this one.</summary>
    public PatientRow? PatientByNhsNumber(string number) => Ask(c => c.Rows($"""
        SELECT {PatientColumns} p WHERE nhs_number = $1 AND valid_from_us = (SELECT max(valid_from_us) FROM patients q WHERE q.pseudonym = p.pseudonym) ORDER BY valid_from_us LIMIT 1
        """, TheatreRows.PatientOf, number)).FirstOrDefault();

    public CaseRow? Case(string id) => Ask(c => c.Rows($"SELECT {CaseColumns} WHERE id = $1", TheatreRows.CaseOf, id)).FirstOrDefault();
    public CaseRow? CaseByNumber(string number) => Ask(c => c.Rows($"SELECT {CaseColumns} WHERE number = $1", TheatreRows.CaseOf, number)).FirstOrDefault();

    /// <summary>A theatre's list of a stretch of time, in its order.</summary>
    public IReadOnlyList<CaseRow> Cases(string place, long fromUs, long toUs, int max) => Ask(c => c.Rows(
        $"SELECT {CaseColumns} WHERE place = $1 AND planned_us >= $2 AND planned_us < $3 ORDER BY planned_us, number LIMIT $4", TheatreRows.CaseOf, place, fromUs, toUs, max));

    /// <summary>Everything that happened in a case, the oldest first, with what the checks said.</summary>
    public IReadOnlyList<CaseEntry> CaseEntries(string caseId) => Ask(c => TheatreRows.Entries(c, c.Rows($"SELECT {EntryColumns} WHERE case_id = $1 ORDER BY seq", TheatreRows.EntryOf, caseId)));

    public CaseEntry? CaseEntry(string id) => Ask(c => TheatreRows.Entries(c, c.Rows($"SELECT {EntryColumns} WHERE id = $1", TheatreRows.EntryOf, id))) is [var entry] ? entry : null;

    /// <summary>Scans of components in the order they came, from beyond a row on, each with its row.</summary>
    public IReadOnlyList<(long Seq, CaseEntry Entry)> ComponentScansAfter(long seq, int max) => Ask(c =>
    {
        var rows = c.Rows($"SELECT {EntryColumns.Replace(" FROM", ", seq FROM", StringComparison.Ordinal)} WHERE kind = 'component' AND seq > $1 ORDER BY seq LIMIT $2", r => (Seq: r.GetInt64(13), Entry: TheatreRows.EntryOf(r)), seq, max);
        return rows.Select(row => row.Seq).Zip(TheatreRows.Entries(c, [.. rows.Select(row => row.Entry)])).ToList();
    });

    /// <summary>The case whose wristband was scanned last in a theatre; null: none was.</summary>
    public string? LastCaseIn(string place) => Ask(c => (string?)c.Scalar("SELECT case_id FROM case_entries WHERE place = $1 AND kind = 'wristband' AND case_id IS NOT NULL ORDER BY seq DESC LIMIT 1", place));

    public ScanRow? Scan(string id) => Ask(c => c.Rows($"SELECT {ScanColumns} WHERE id = $1", ScanOf, id)).FirstOrDefault();
}

/// <summary>Rows of the theatre's tables.</summary>
static class TheatreRows
{
    public static PatientRow PatientOf(SqliteDataReader r) => new(
        r.GetString(0), r.GetInt64(1), r.StringOrNull(2), r.GetString(3), r.GetString(4), r.StringOrNull(5) is { } born ? DateOnly.ParseExact(born, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null, r.StringOrNull(6), r.GetString(7));

    public static CaseRow CaseOf(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.StringOrNull(4), r.GetString(5), r.StringOrNull(6), r.StringOrNull(7), r.GetString(8), r.GetString(9));

    public static CaseEntry EntryOf(SqliteDataReader r) => new(
        r.GetString(0), r.StringOrNull(1), r.GetString(2), CaseEntryKinds.Read(r.GetString(3)), r.StringOrNull(4), r.GetInt64(5), r.GetInt64(6) != 0, Colours.Read(r.GetString(7)),
        r.StringOrNull(8) is { } label ? StockJson.Detail(label) : null, r.StringOrNull(9), r.StringOrNull(10), r.StringOrNull(11), r.GetString(12));

    public static IReadOnlyList<CaseEntry> Entries(SqliteConnection connection, List<CaseEntry> entries) =>
        [.. entries.Select(e => e with { Checks = connection.Rows("SELECT number, code, colour, says FROM case_checks WHERE entry = $1 ORDER BY ordinal", CheckOf, e.Id) })];

    static CheckOutcome CheckOf(SqliteDataReader r) => new((Check)r.GetInt32(0), r.GetString(1), Colours.Read(r.GetString(2)), r.GetString(3));
}
