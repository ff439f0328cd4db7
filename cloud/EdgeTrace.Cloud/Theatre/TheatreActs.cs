using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Stock.Theatre;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Theatre;

/// <summary>
/// Takes what is done with a component: opened, implanted, wasted, explanted, put back. Red stops it, unless two people say why; what was done without a link has
/// happened, and is kept whatever the checks say of it afterwards.
/// </summary>
sealed class TheatreActs(TheatreTurn turn, CaseFold fold, ComponentReader components, SecondPerson second, StockBook stock, LedgerReader ledger, LedgerWriter writer, StockViews views, TheatreViews answers, TimeProvider time)
{
    /// <summary>Null: there is no such case or component.</summary>
    public Task<TheatreAnswer?> DoAsync(TheatreAct act, CaseEntryKind kind, Person person) => turn.TakeAsync<TheatreAnswer?>(async () =>
    {
        if (ledger.CaseEntry(act.Id!) is { } before) return answers.Answer(before, "already");
        if ((act.Case ?? ledger.CaseEntry(act.Scan ?? "")?.Case) is not { } id || fold.Of(id) is not { } open) return null;
        var (at, clock) = ScanRules.Time(act.At, time.GetUtcNow());
        var entry = new CaseEntry(act.Id!, id, open.Row.Place, kind, null, EventTime.ToUs(at), act.Offline, Colour.Green, null, null, act.Reason?.Trim(), null, person.Actor) { Checks = clock is null ? [] : [clock] };
        if (kind is CaseEntryKind.Closed or CaseEntryKind.Cancelled) return await EndAsync(open, entry);
        return act.Scan is { } scan && open.ByScan(scan) is { } component ? await DoAsync(act, open, component, entry, person) : null;
    });

    async Task<TheatreAnswer> EndAsync(OpenCase open, CaseEntry entry)
    {
        if (open.IsOver) return answers.Answer(entry, "already");
        var opened = open.Components.Count(c => c.Step == Step.Opened);
        if (opened > 0 && !entry.Offline)
            return answers.Answer(Judged(entry, [new(Check.Scan, "still-open", Colour.Red, $"{(opened == 1 ? "One pack is" : $"{opened} packs are")} open: say of each whether it was implanted or wasted, then close the case.")]), "stopped");
        var commit = new LedgerCommit(entry.Actor);
        commit.CaseEntries.Add(entry);
        commit.Audit.Add(new(entry.AtUs, entry.Actor, $"case-{entry.Kind.ToString().ToLowerInvariant()}", $"case/{open.Row.Number}", entry.Reason ?? ""));
        await writer.CommitAsync(commit);
        return answers.Answer(entry, "done");
    }

    async Task<TheatreAnswer> DoAsync(TheatreAct act, OpenCase open, Component component, CaseEntry entry, Person person)
    {
        var key = component.Scan.Subject!;
        entry = entry with { Subject = key, Label = component.Scan.Label };
        var checks = new List<CheckOutcome>(entry.Checks);
        if (component.Step == StepOf(entry.Kind)) return answers.Answer(Judged(entry, [.. checks, ScanRules.Twice(component.Step)]), "already");
        if (entry.Kind != CaseEntryKind.PutBack && ScanRules.Order(component.Step, StepOf(entry.Kind)!.Value) is { } order) return answers.Answer(Judged(entry, [.. checks, order]), "stopped");
        if (entry.Kind == CaseEntryKind.PutBack && component.Step > Step.Scanned)
            return answers.Answer(Judged(entry, [.. checks, new(Check.Scan, "not-closed-any-more", Colour.Red, "Its pack was opened: it cannot go back. Mark it as implanted or wasted.")]), "stopped");

        var (_, read) = components.Read(ComponentReader.CodesOf(component.Scan.Label)[0], [.. ComponentReader.CodesOf(component.Scan.Label).Skip(1)], open.Row.Place, noSerial: component.Scan.Checks.Any(c => c.Code == "no-serial-said"));
        // Judged by what is so now: a recall may have come since the scan.
        if (entry.Kind == CaseEntryKind.Opened || entry.Kind == CaseEntryKind.Implanted && component.Step < Step.Opened)
            checks.AddRange(ImplantChecks.Judge(open.Case, read.Facts with { SealWhole = act.SealWhole, SeenIn = null }, views.Today));
        else if (entry.Kind == CaseEntryKind.Explanted) checks.Add(ScanRules.Explant(open.Case, read.Status, read.Patient));
        entry = Judged(entry, checks);

        if (entry.Colour == Colour.Red && !act.Offline && entry.Kind is CaseEntryKind.Opened or CaseEntryKind.Implanted)
        {
            var (witness, error) = second.Of(act.Second, person);
            if (string.IsNullOrWhiteSpace(act.Reason)) error ??= "Say why it is used all the same.";
            if (error is not null) return answers.Answer(entry, "stopped", says: act.Second is null ? null : error);
            entry = entry with { Witness = witness };
        }
        await writer.CommitAsync(Commit(act, open, entry));
        return answers.Answer(entry, "done");
    }

    LedgerCommit Commit(TheatreAct act, OpenCase open, CaseEntry entry)
    {
        var commit = new LedgerCommit(entry.Actor);
        commit.CaseEntries.Add(entry);
        var red = string.Join(" ", entry.Checks.Where(c => c.Colour == Colour.Red).Select(c => c.Code));
        if (entry.Witness is not null) commit.Audit.Add(new(time.NowUs(), entry.Actor, "override", $"case/{open.Row.Number}", $"{entry.Subject}: {red}; with {entry.Witness}: {entry.Reason}"));
        else if (red.Length > 0) commit.Audit.Add(new(time.NowUs(), entry.Actor, "went-on-offline", $"case/{open.Row.Number}", $"{entry.Subject}: {red}"));
        if (EventOf(entry.Kind) is not { } kind) return commit;
        var (row, of, label) = (open.Row, open.Case, entry.Label!);
        var isLot = label.Quantity is not null;
        var id = StockBook.IdOf(act.Id!, entry.Subject!, kind, 0);
        var e = new StockEvent(id, entry.Subject!, kind, entry.AtUs, stock.OffsetAt(entry.AtUs), kind == EventKind.Opened ? row.Place : null, row.Place, act.Id!, entry.Actor, label with
        {
            From = isLot ? row.Place : null, Case = row.Number, Patient = row.Patient, Side = row.Side, Procedure = row.ProcedureCode ?? row.Procedure, Clinician = of.Clinician, Reason = entry.Reason, Witness = entry.Witness,
        });
        commit.StockEvents.Add(e);
        StockClaims.Add(commit, e);
        return commit;
    }

    static CaseEntry Judged(CaseEntry entry, IReadOnlyList<CheckOutcome> checks) => entry with { Checks = checks, Colour = checks.Worst() };

    static Step? StepOf(CaseEntryKind kind) => EventOf(kind) switch { EventKind.Opened => Step.Opened, EventKind.Implanted => Step.Implanted, EventKind.Wasted => Step.Wasted, EventKind.Explanted => Step.Explanted, _ => null };

    static EventKind? EventOf(CaseEntryKind kind) => kind switch
    {
        CaseEntryKind.Opened => EventKind.Opened,
        CaseEntryKind.Implanted => EventKind.Implanted,
        CaseEntryKind.Wasted => EventKind.Wasted,
        CaseEntryKind.Explanted => EventKind.Explanted,
        _ => null,
    };
}
