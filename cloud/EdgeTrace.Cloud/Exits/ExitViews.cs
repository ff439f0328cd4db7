using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Stock.Exits;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Exits;

/// <summary>What exits concluded, as people see it: one sentence, its evidence, and how urgent it is now.</summary>
sealed class ExitViews(SiteModel site, ItemNames names, LedgerReader ledger, VisitEvidence evidence, TimeProvider time)
{
    /// <summary>What a door that has been taken out of the site model is judged by.</summary>
    static readonly Portal s_unknown = new("", "", "", new() { Portal = "" });

    /// <summary>Recorded so long after it happened that it comes from a backlog.</summary>
    public bool IsLate(ExitRow row) => row.RecordedUs - row.Exit.AtUs > (Door(row)?.LateAfter ?? s_unknown.LateAfter).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>When it turns red unless somebody answers before.</summary>
    public long RedAtUs(ExitRow row) => row.RecordedUs + (Door(row)?.RedAfter ?? s_unknown.RedAfter).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>What is only kept for a case stays amber: somebody in the house knows of it.</summary>
    public static bool TurnsRed(ExitRow row) => row.Exit.Outcome == ExitOutcome.Unticketed && row.Answer is null;

    bool IsRed(ExitRow row) => TurnsRed(row) && (IsLate(row) || time.NowUs() >= RedAtUs(row));

    /// <summary>As Now and the feed have it.</summary>
    public AlarmView Alarm(ExitRow row)
    {
        var (exit, portal) = (row.Exit, site.Portal(row.Exit.Portal, row.Exit.AtUs));
        var name = Name(exit.Epc);
        return new(
            exit.Id, "exit", SeverityOf(row), exit.Portal, portal?.Name ?? exit.Portal, Sentence(row, name, portal?.Name ?? exit.Portal), Remedy(row), EventTime.FromUs(exit.AtUs),
            row.Answer is { } answer ? EventTime.FromUs(answer.AtUs) : null, null, row.Answer is not null, row.Answer?.Actor);
    }

    /// <summary>A row of the feed as it was told, with the answer that has been given since.</summary>
    public AlarmView Answered(AlarmView told) => !told.Acknowledged && ledger.Exit(told.Id) is { Answer: not null } row ? Alarm(row) : told;

    /// <param name="whole">With each antenna, looked up in the log.</param>
    public ExitView View(ExitRow row, bool whole)
    {
        var (exit, portal) = (row.Exit, site.Portal(row.Exit.Portal, row.Exit.AtUs));
        var (name, e) = (Name(exit.Epc), exit.Evidence);
        var asks = exit.Outcome.Asks();
        return new(
            exit.Id, !asks ? "settled" : row.Answer is not null ? "answered" : IsRed(row) ? "red" : "amber", exit.Outcome.Word(), SeverityOf(row), EventTime.FromUs(exit.AtUs), EventTime.FromUs(row.RecordedUs), IsLate(row),
            name, exit.Portal, portal?.Name ?? exit.Portal, Sentence(row, name, portal?.Name ?? exit.Portal), Remedy(row),
            exit.Outcome == ExitOutcome.Unticketed && !IsLate(row) ? EventTime.FromUs(RedAtUs(row)) : null, e.Reads, e.ReadsInside, e.ReadsOutside, e.PeakCentiDbm / 100.0, e.Confidence,
            whole && ledger.Visit(exit.Visit) is { } visit ? evidence.Of(visit.Visit, portal).Antennas : [], exit.Ticket,
            row.Answer is { } answer ? new(answer.Answer, answer.Reason, answer.Actor, EventTime.FromUs(answer.AtUs)) : null);
    }

    public TicketView View(ExitTicket ticket) => new(
        ticket.Id, ticket.Kind.Word(), ticket.StateAt(time.NowUs()).Word(), ticket.Portal, ticket.Portal is { } portal ? site.Portal(portal)?.Name ?? portal : null, EventTime.FromUs(ticket.FromUs), EventTime.FromUs(ticket.UntilUs),
        ticket.Actor, ticket.Reason, [.. ticket.Things.Select(thing => new TicketThingView(ThingName(thing.Key), thing.LeftUs is { } at ? EventTime.FromUs(at) : null))]);

    public ItemName Name(string epc) => Epc.TryParse(epc, out var tag) ? names.Of(tag).Name : new(epc, epc, "");

    /// <summary>By its tag where one has been seen, else by what the books have of it.</summary>
    public ItemName ThingName(string key) => ledger.Item(key) is { } row ? names.Of(row) : ledger.StockItem(key) is { Item: { Product: { } product } item } ? names.Named(item.Epc ?? key, product, item.Serial, item.Lot) : new(key, key, "");

    Portal? Door(ExitRow row) => site.Portal(row.Exit.Portal, row.Exit.AtUs);

    Severity SeverityOf(ExitRow row) => row.Exit.Outcome switch
    {
        ExitOutcome.Reserved => Severity.Warning,
        ExitOutcome.Unticketed => IsRed(row) || row.Answer is not null ? Severity.Alarm : Severity.Warning,
        ExitOutcome.Ticketed => Severity.Fine,
        _ => Severity.Note,
    };

    string Sentence(ExitRow row, ItemName name, string portal)
    {
        var thing = name.Detail.Length > 0 ? $"{name.Name} ({name.Detail})" : name.Name;
        return row.Exit.Outcome switch
        {
            ExitOutcome.Stray or ExitOutcome.Faint => $"{thing} was heard at {portal} and is not counted as gone: {row.Exit.Says}.",
            _ => $"{thing} went out through {portal}: {row.Exit.Says}.{(IsLate(row) && row.Exit.Outcome.Asks() ? " It was read while the gateway could not reach the server, so no beacon was lit." : "")}",
        };
    }

    string Remedy(ExitRow row) => row.Answer is not null || !row.Exit.Outcome.Asks() ? ""
        : IsLate(row) ? "Ask who was at the door then, and answer it under Exits."
        : row.Exit.Outcome == ExitOutcome.Reserved ? "Ask whether the case has moved; answer it under Exits."
        : "Go to the door and ask; answer it under Exits.";
}
