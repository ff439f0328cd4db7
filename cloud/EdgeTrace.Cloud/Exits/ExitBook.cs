using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Stock.Exits;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Exits;

/// <summary>What people do about exits: answer what went out, and say beforehand what may.</summary>
sealed class ExitBook(SiteModel site, ItemNames names, CodeBook codes, LedgerReader ledger, LedgerWriter writer, ExitViews views, TimeProvider time) : IDisposable
{
    /// <summary>A ticket that holds for longer is a hole in the door: write another when it is needed.</summary>
    public static readonly TimeSpan LongestTicket = TimeSpan.FromDays(31);

    public static readonly IReadOnlyList<string> Answers = ["false", "allowed", "returned", "gone", "stolen"];

    /// <summary>Two answers that come at once are one after the other, so that what the second would do to the stock is not done.</summary>
    readonly SemaphoreSlim _one = new(1);

    /// <summary>Null: there is no such passage that asks. Where somebody was quicker, theirs is returned.</summary>
    public async Task<ExitView?> AnswerAsync(string id, string answer, string reason, Person person)
    {
        await _one.WaitAsync();
        try
        {
            if (ledger.Exit(id) is not { } row || !row.Exit.Outcome.Asks()) return null;
            if (row.Answer is null)
            {
                var commit = new LedgerCommit(person.Actor);
                Answer(row, new(id, answer, reason, person.Actor, After(row)), commit);
                await writer.CommitAsync(commit);
            }
            return views.View(ledger.Exit(id)!, whole: true);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A gateway's clock may be a little ahead of ours, and an answer follows what it answers.</summary>
    long After(ExitRow row) => Math.Max(time.NowUs(), row.Exit.AtUs + 1);

    void Answer(ExitRow row, ExitAnswer answer, LedgerCommit commit)
    {
        var exit = row.Exit;
        commit.Exits.Answers.Add(answer);
        commit.Audit.Add(new(answer.AtUs, answer.Actor, "answer-exit", exit.Id, $"{answer.Answer}: {answer.Reason}"));
        commit.Outgoing.Add(new(FeedKind.Exit, exit.Id, "answered", answer.AtUs, ApiJson.Write(views.Alarm(row with { Answer = answer }))));
        var inside = site.Portal(exit.Portal, exit.AtUs)?.Model.Inside;
        switch (answer.Answer)
        {
            case "false":
                // It never went: neither that it left nor that it moved is so, and it is where it was.
                commit.Declarations.Add(new("event", StockBook.IdOf(exit.Id, exit.Item, EventKind.Left, 0), exit.Item, answer.Actor, answer.Reason, answer.AtUs));
                var wrong = new Declaration("movement", exit.Visit, exit.Item, answer.Actor, answer.Reason, answer.AtUs, inside);
                commit.Declarations.Add(wrong);
                StockClaims.Add(commit, wrong, exit.AtUs);
                break;
            case "allowed": Tell(EventKind.Issued, null); break;
            case "returned":
                StockClaims.Add(commit, Tell(EventKind.Returned, inside));
                break;
            case "stolen": Tell(EventKind.Stolen, null); break;
        }

        StockEvent Tell(EventKind kind, string? place)
        {
            var e = new StockEvent(
                StockBook.IdOf(exit.Id, exit.Item, kind, 0), exit.Item, kind, answer.AtUs, (int)site.TimeZone.GetUtcOffset(EventTime.FromUs(answer.AtUs)).TotalMinutes, place, exit.Portal, exit.Id, answer.Actor,
                // What somebody says of it afterwards is no sign of where it is, unless they brought it back.
                new() { Reason = answer.Reason, Inferred = place is null, Epc = place is null ? null : exit.Epc });
            commit.StockEvents.Add(e);
            return e;
        }
    }

    /// <summary>Writes a ticket when every code names one thing. What is on it and has just gone out is thereby answered: somebody ran after it with the paper.</summary>
    /// <param name="portal">An exit, or null for any.</param>
    public async Task<TicketOutcome> WriteAsync(string id, TicketKind kind, string? portal, DateTimeOffset from, DateTimeOffset until, string reason, IReadOnlyList<string> things, Person person)
    {
        var read = things.Select(code => (Code: code, Read: codes.Read(code, null, pieces: false))).ToList();
        var lines = read.Select(one => one.Read.Label is { IsLot: false } label
            ? new LineOutcome(one.Code, label.Key, Name(label), "done", [])
            : new LineOutcome(one.Code, null, null, "refused", [new("unreadable", one.Read.Error ?? "This names a whole lot, and a door counts single things: scan the code with the serial number.", true)])).ToList();
        if (lines.Exists(line => line.Outcome == "refused")) return new(null, lines);
        if (ledger.Ticket(id) is { } before) return new(views.View(before), lines);
        var nowUs = time.NowUs();
        var ticket = new ExitTicket(id, kind, portal, EventTime.ToUs(from), EventTime.ToUs(until), person.Actor, reason, [.. lines.Select(line => new TicketThing(line.Key!)).Distinct()]);
        var commit = new LedgerCommit(person.Actor) { Exits = { Tickets = { ticket } } };
        commit.Audit.Add(new(nowUs, person.Actor, "exit-ticket", id, $"{kind.Word()} until {until:yyyy-MM-dd HH:mm}Z: {string.Join(", ", ticket.Things.Select(thing => thing.Key))}. {reason}"));
        if (from <= time.GetUtcNow())
            foreach (var thing in ticket.Things)
                foreach (var open in ledger.ExitsOf(thing.Key, 1).Where(row => row.Exit.Outcome.Asks() && row.Answer is null && nowUs - row.Exit.AtUs < ExitTicket.TurnBackMax.Ticks / TimeSpan.TicksPerMicrosecond && (portal ?? row.Exit.Portal) == row.Exit.Portal))
                    Answer(open, new(open.Exit.Id, "allowed", $"Ticket written: {reason}", person.Actor, After(open)), commit);
        await writer.CommitAsync(commit);
        return new(views.View(ledger.Ticket(id)!), lines);
    }

    /// <summary>False: there is no such ticket, or it is over.</summary>
    public async Task<bool> EndAsync(string id, Person person)
    {
        var nowUs = time.NowUs();
        if (ledger.Ticket(id) is not { } ticket || ticket.StateAt(nowUs) is not (TicketState.Open or TicketState.Ahead)) return false;
        var commit = new LedgerCommit(person.Actor) { Exits = { TicketEnds = { (id, nowUs, person.Actor) } } };
        commit.Audit.Add(new(nowUs, person.Actor, "end-exit-ticket", id, ticket.Reason));
        await writer.CommitAsync(commit);
        return true;
    }

    ItemName Name(Labelled label) => label.Parts.Product is { } product ? names.Named(label.Parts.Epc ?? label.Key, product, label.Parts.Serial, label.Parts.Lot) : new(label.Key, label.Parts.Epc ?? label.Key, "");

    public void Dispose() => _one.Dispose();
}
