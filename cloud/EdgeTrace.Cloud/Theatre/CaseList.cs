using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>
/// The theatre's list: cases as they are entered on the page or come in a CSV. A patient is known by the NHS number and is given a pseudonym, drawn by chance, that
/// goes everywhere their name does not.
/// </summary>
sealed class CaseList(TheatreTurn turn, SiteModel site, CaseFold fold, LedgerReader ledger, LedgerWriter writer, TimeProvider time)
{
    /// <summary>A trust's whole day.</summary>
    const int CasesMax = 500;

    /// <summary>A week of a large trust; more is a wrong file.</summary>
    public const int LinesMax = 5000;

    const int LettersMax = 200;

    static readonly string[] s_columns = ["number", "place", "planned_for", "side", "procedure", "procedure_code", "clinician", "nhs_number", "family", "given", "born", "postcode"];

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), site.TimeZone).DateTime);

    public IReadOnlyList<OpenCase> Of(string place, DateOnly day)
    {
        long Midnight(DateOnly of) => EventTime.ToUs(new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(of.ToDateTime(TimeOnly.MinValue), site.TimeZone), TimeSpan.Zero));
        return [.. ledger.Cases(place, Midnight(day), Midnight(day.AddDays(1)), CasesMax).Select(fold.Of)];
    }

    /// <summary>The first case of today's list of this room that is of this patient and not over.</summary>
    public OpenCase? OpenOf(string place, string nhsNumber) => Of(place, Today).FirstOrDefault(c => !c.IsOver && c.Case.NhsNumber == nhsNumber);

    /// <summary>The case, and whether it was there before; or what is wrong with it, in a sentence.</summary>
    public Task<(OpenCase? Case, bool Already, string? Error)> AddAsync(CaseNotice notice, Person person) => turn.TakeAsync<(OpenCase?, bool, string?)>(async () =>
    {
        if (fold.Of(notice.Id!) is { } there) return (there, true, null);
        var (patient, row, error) = Rows(notice, notice.Id!, person, []);
        if (error is not null) return (null, false, error);
        await writer.CommitAsync(Commit(person, [(patient, row!)]));
        return (fold.Of(row!), false, null);
    });

    /// <summary>Every line of a CSV that is a case; a line that came before changes nothing.</summary>
    public Task<CaseImport> ImportAsync(TextReader text, Person person) => turn.TakeAsync(async () =>
    {
        var (lines, errors) = Read(text);
        var (rows, already, drawn) = (new List<(PatientRow?, CaseRow)>(), 0, new Dictionary<string, string>());
        foreach (var (line, notice) in lines)
        {
            // Its number names it: the same line in tomorrow's file is the same case.
            var id = FactId.Of("case", notice.Number ?? "", 0, Encoding.UTF8.GetBytes(notice.Place ?? ""));
            if (ledger.Case(id) is not null)
            {
                already++;
                continue;
            }
            var (patient, row, error) = Rows(notice, id, person, drawn);
            if (error is null && rows.Any(other => other.Item2.Number == row!.Number)) error = $"number {notice.Number} stands here twice.";
            if (error is null) rows.Add((patient, row!));
            else errors.Add($"line {line}: {error}");
        }
        if (rows.Count > 0) await writer.CommitAsync(Commit(person, rows));
        return new CaseImport(rows.Count, already, errors);
    });

    LedgerCommit Commit(Person person, List<(PatientRow? Patient, CaseRow Case)> rows)
    {
        var commit = new LedgerCommit(person.Actor);
        foreach (var (patient, row) in rows)
        {
            if (patient is not null) commit.Patients.Add(patient);
            commit.Cases.Add(row);
            commit.Audit.Add(new(time.NowUs(), person.Actor, "enter-case", $"case/{row.Number}", $"{row.Procedure}, {row.Side ?? "no side"}, {site.LocationName(row.Place)}"));
        }
        return commit;
    }

    /// <param name="drawn">Pseudonyms of new patients of the same import, by NHS number.</param>
    (PatientRow? Patient, CaseRow? Case, string? Error) Rows(CaseNotice n, string id, Person person, Dictionary<string, string> drawn)
    {
        if (Mistake(n) is { } mistake) return (null, null, mistake);
        NhsNumber number = default;
        if (n.NhsNumber is { Length: > 0 } typed && !NhsNumber.TryParse(typed.Trim(), out number)) return (null, null, "the NHS number is none: ten digits, of which the last checks the others. Leave it empty for a patient who has none.");
        if (ledger.CaseByNumber(n.Number!.Trim()) is not null) return (null, null, $"there is a case {n.Number.Trim()} already: give this one another number.");
        var digits = number.ToString() is { Length: > 0 } text ? text : null;
        var known = digits is null ? null : ledger.PatientByNhsNumber(digits);
        var pseudonym = known?.Pseudonym ?? (digits is not null && drawn.TryGetValue(digits, out var earlier) ? earlier : Guid.NewGuid().ToString());
        var now = time.NowUs();
        var patient = new PatientRow(pseudonym, now, digits, n.Family!.Trim(), n.Given?.Trim() ?? "", n.Born, n.Postcode?.Trim().ToUpperInvariant() is { Length: > 0 } postcode ? postcode : null, person.Actor);
        var isNew = known is null ? digits is null || drawn.TryAdd(digits, pseudonym) : known with { ValidFromUs = now, Actor = person.Actor } != patient;
        return (isNew ? patient : null, new(id, n.Number.Trim(), n.Place!, EventTime.ToUs(n.PlannedFor!.Value), n.Side?.Trim().ToLowerInvariant() is { Length: > 0 } side ? side : null, n.Procedure!.Trim(),
            n.ProcedureCode?.Trim() is { Length: > 0 } code ? code : null, n.Clinician?.Trim() is { Length: > 0 } clinician ? clinician : null, pseudonym, person.Actor), null);
    }

    string? Mistake(CaseNotice n) =>
        n.Number?.Trim() is not { Length: > 0 and <= 40 } ? "the case has no number of at most 40 letters."
        : site.Location(n.Place) is not { Kind: "theatre" } ? $"{n.Place ?? "nothing"} is no theatre of the site model."
        : n.PlannedFor is null ? "nobody says when it is planned for."
        : n.Side?.Trim().ToLowerInvariant() is not (null or "" or "left" or "right") ? $"side \"{n.Side}\" is neither left nor right; leave it empty where the operation has none, and enter both sides as two cases."
        : n.Procedure?.Trim() is not { Length: > 0 and <= LettersMax } ? "the procedure is missing."
        : n.Family?.Trim() is not { Length: > 0 and <= LettersMax } ? "the patient's family name is missing."
        : n.Given?.Length > LettersMax || n.Clinician?.Length > LettersMax || n.ProcedureCode?.Length > 40 || n.Postcode?.Length > 10 ? "a field is longer than it can be."
        : n.Born > Today ? "the date of birth is still to come." : null;

    (List<(int Line, CaseNotice Notice)> Lines, List<string> Errors) Read(TextReader text)
    {
        var (lines, errors) = (new List<(int, CaseNotice)>(), new List<string>());
        try
        {
            using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { PrepareHeaderForMatch = h => h.Header.Trim().ToLowerInvariant(), TrimOptions = TrimOptions.Trim, MissingFieldFound = null });
            if (!csv.Read() || !csv.ReadHeader()) errors.Add("the file is empty.");
            var missing = s_columns.Where(column => !(csv.HeaderRecord ?? []).Contains(column, StringComparer.OrdinalIgnoreCase)).ToList();
            if (missing.Count > 0) errors.Add($"columns are missing: {string.Join(", ", missing)}. The first line must be {string.Join(",", s_columns)}.");
            while (errors.Count == 0 && csv.Read())
            {
                if (lines.Count == LinesMax) errors.Add($"line {csv.Parser.Row}: more than {LinesMax} cases; send them in several files.");
                else lines.Add((csv.Parser.Row, Notice(csv)));
            }
        }
        catch (CsvHelperException error)
        {
            errors.Add($"it cannot be read ({error.Message.Split('\n')[0]}).");
        }
        return (lines, errors);
    }

    /// <summary>A time without an offset is the site's own.</summary>
    CaseNotice Notice(CsvReader csv)
    {
        string? Text(string column) => csv.GetField(column) is { Length: > 0 } field ? field : null;
        DateTimeOffset? planned = DateTime.TryParse(Text("planned_for"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Kind == DateTimeKind.Unspecified
            ? new DateTimeOffset(local, site.TimeZone.GetUtcOffset(local)) : DateTimeOffset.TryParse(Text("planned_for"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
        return new(null, Text("number"), Text("place"), planned, Text("side"), Text("procedure"), Text("procedure_code"), Text("clinician"), Text("nhs_number"), Text("family"), Text("given"),
            DateOnly.TryParseExact(Text("born"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) ? born : null, Text("postcode"));
    }
}
