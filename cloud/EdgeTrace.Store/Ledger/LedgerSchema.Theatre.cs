namespace EdgeTrace.Store.Ledger;

static partial class LedgerSchema
{
    const string Theatre = """
        -- Who a pseudonym is: here and in no other table, feed, log or audit. As entered from a time on; the newest counts.
        CREATE TABLE patients (
            pseudonym TEXT NOT NULL, valid_from_us INTEGER NOT NULL, nhs_number TEXT, family TEXT NOT NULL, given TEXT NOT NULL, born TEXT, postcode TEXT, actor TEXT NOT NULL,
            PRIMARY KEY (pseudonym, valid_from_us)) WITHOUT ROWID;
        CREATE INDEX patients_by_nhs_number ON patients (nhs_number) WHERE nhs_number IS NOT NULL;
        -- One operation on one side of one patient.
        CREATE TABLE cases (
            id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, place TEXT NOT NULL, planned_us INTEGER NOT NULL, side TEXT, procedure TEXT NOT NULL, procedure_code TEXT, clinician TEXT, patient TEXT NOT NULL,
            actor TEXT NOT NULL, recorded_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX cases_by_place ON cases (place, planned_us);
        CREATE INDEX cases_by_patient ON cases (patient);
        -- Every scan and every act of a case in the order they came, and what each check said then: kept also when staff go on. Never edited.
        CREATE TABLE case_entries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, case_id TEXT, place TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT, at_us INTEGER NOT NULL, offline INTEGER NOT NULL,
            colour TEXT NOT NULL, label TEXT, instead TEXT, reason TEXT, witness TEXT, actor TEXT NOT NULL, recorded_us INTEGER NOT NULL);
        CREATE INDEX case_entries_by_case ON case_entries (case_id, seq);
        CREATE INDEX case_entries_by_place ON case_entries (place, seq);
        CREATE TABLE case_checks (
            entry TEXT NOT NULL, ordinal INTEGER NOT NULL, number INTEGER NOT NULL, code TEXT NOT NULL, colour TEXT NOT NULL, says TEXT NOT NULL, PRIMARY KEY (entry, ordinal)) WITHOUT ROWID;
        CREATE INDEX case_checks_by_code ON case_checks (code);
        """;
}
