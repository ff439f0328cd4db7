using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock.Theatre;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>
/// Takes what is scanned in a theatre: says what it is, makes the checks, and keeps what they said. What is sent twice is there once and gets the same answer.
/// </summary>
sealed class TheatreBook(TheatreTurn turn, SiteModel site, TheatreCode codes, CaseFold fold, ComponentReader components, CaseList list, LedgerReader ledger, LedgerWriter writer, StockViews views, TheatreViews answers, TimeProvider time)
{
    /// <param name="raw">What the scanner sent.</param>
    public Task<TheatreAnswer> ScanAsync(TheatreScan scan, string raw, Person person) => turn.TakeAsync(async () =>
    {
        if (ledger.CaseEntry(scan.Id!) is { } before) return answers.Answer(before, "already");
        var (at, clock) = ScanRules.Time(scan.At, time.GetUtcNow());
        var commit = new LedgerCommit(person.Actor);
        var (entry, wants) = Judge(scan, raw, person, EventTime.ToUs(at), commit);
        if (clock is not null) entry = With(entry, clock);
        commit.CaseEntries.Add(entry);
        await writer.CommitAsync(commit);
        return answers.Answer(entry, "done", wants);
    });

    (CaseEntry Entry, string? Wants) Judge(TheatreScan scan, string raw, Person person, long atUs, LedgerCommit commit)
    {
        CaseEntry Entry(CaseEntryKind kind, string? of, string? subject, params IReadOnlyList<CheckOutcome> checks) =>
            new(scan.Id!, of, scan.Place!, kind, subject, atUs, scan.Offline, checks.Worst(), null, null, null, null, person.Actor) { Checks = checks };

        var current = Current(scan.Case, scan.Place!);
        var (of, says) = codes.Read(raw);
        if (of == CodeOf.Wristband) return (Wristband(current, says, scan.Place!, Entry), null);
        if (of == CodeOf.Label && ledger.CaseByNumber(raw.Trim()) is { } listed && listed.Place == scan.Place)
            return (Entry(CaseEntryKind.Other, listed.Id, null, new CheckOutcome(Check.Scan, "case-chosen", Colour.Green, $"Case {listed.Number} is chosen: scan the wristband.")), null);
        if (current is null) return (Entry(of == CodeOf.Staff ? CaseEntryKind.Staff : CaseEntryKind.Component, null, null, ScanRules.NoCase), null);
        if (of == CodeOf.Staff) return (Entry(CaseEntryKind.Staff, current.Row.Id, says, new CheckOutcome(Check.Scan, "staff", Colour.Green, $"{says} operates.")), null);
        return Component(scan, raw, current, Entry, commit);
    }

    CaseEntry Wristband(OpenCase? current, string? number, string place, Func<CaseEntryKind, string?, string?, IReadOnlyList<CheckOutcome>, CaseEntry> entry)
    {
        // An open case is that of the patient on the table: a wristband never moves on to another by itself.
        var of = current ?? (number is null ? null : list.OpenOf(place, number));
        return entry(CaseEntryKind.Wristband, of?.Row.Id, null, [of is not null ? ImplantChecks.Patient(of.Case, number) : number is null ? ScanRules.NoNumber : ScanRules.NotListed]);
    }

    (CaseEntry, string?) Component(TheatreScan scan, string raw, OpenCase current, Func<CaseEntryKind, string?, string?, IReadOnlyList<CheckOutcome>, CaseEntry> entry, LedgerCommit commit)
    {
        var before = scan.After is { } after && current.ByScan(after) is { Step: Step.Scanned or Step.Stopped } open && open.Scan.Id == after ? open.Scan : null;
        var (code, known) = (raw.TrimEnd('\r', '\n'), ComponentReader.CodesOf(before?.Label));
        var (together, read) = components.Read(code, [.. known.Where(each => each != code)], scan.Place!, scan.NoSerial);
        var key = read.Facts.Unreadable is null ? read.Facts.Key : null;
        // A code of the same label is no second component beside it.
        var others = together ? current.Case with { Components = [.. current.Case.Components.Where(c => c.Key != before!.Subject)] } : current.Case;
        var checks = ImplantChecks.Judge(others, read.Facts, views.Today);
        if (key is not null && read.Label?.Quantity is null && current.ByKey(key) is { } twice && twice.Scan != before) checks = [ScanRules.Twice(twice.Step), .. checks];
        var made = entry(CaseEntryKind.Component, current.Row.Id, key, checks) with { Label = read.Label, Instead = together ? before!.Id : null };
        TheatreClaims.Add(commit, made);
        return (made, read.Missing);
    }

    /// <summary>The case that is worked on: the one that is named, or the one whose wristband was scanned last here; null when that is over.</summary>
    OpenCase? Current(string? named, string place) => (named ?? ledger.LastCaseIn(place)) is { } id && fold.Of(id) is { IsOver: false } open ? open : null;

    static CaseEntry With(CaseEntry entry, CheckOutcome more)
    {
        IReadOnlyList<CheckOutcome> checks = [more, .. entry.Checks];
        return entry with { Checks = checks, Colour = checks.Worst() };
    }

    /// <summary>The room's name, for sentences; null: it is no theatre.</summary>
    public string? Room(string? place) => site.Location(place) is { Kind: "theatre" } room ? room.Name : null;
}
