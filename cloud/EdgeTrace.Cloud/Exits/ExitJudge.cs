using System.Text;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using EdgeTrace.Stock.Exits;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Exits;

/// <summary>
/// From one visit to what an exit concludes of it. Everything is looked up as it was at the visit's own time, so that the same visit comes to the
/// same whenever it is judged, but for tickets that were written afterwards.
/// </summary>
sealed class ExitJudge(SiteModel site, ItemNames names, LedgerReader ledger)
{
    /// <summary>More than an Item ever has; of one with more the newest count.</summary>
    const int EventsMax = 1000;

    /// <summary>Stays in a day at one door; <see cref="StrayRule.VisitsMin"/> of them decide already.</summary>
    const int NearMax = 50;

    const long DayUs = 86_400_000_000;
    const string Actor = "rule:exit";

    /// <summary>Who says that a thing is back: a door heard it come in.</summary>
    public const string CameBack = "system:exits";

    /// <summary>Whether a portal leads out of the building: a door whose outside is a Location of kind outside, and nothing else has to be set.</summary>
    public static bool IsExit(SiteModel site, Portal? portal) => portal is { Model.Kind: Tracking.PortalKind.Door } && site.Location(portal.Model.Outside)?.Kind == "outside";

    /// <summary>Adds what is concluded of a visit at an exit; returned is what somebody must answer.</summary>
    public ExitFact? Judge(VisitRow row, Portal portal, LedgerCommit facts)
    {
        var visit = row.Visit;
        if (visit.Direction == "in" || !Epc.TryParse(visit.Epc, out var epc)) return null;
        var named = names.Of(epc);
        var item = StateBefore(named.Item, visit.LastUs, out var booked);
        var product = names.Products.Find(item.Product ?? named.Gtin);
        var known = booked || product is not null;
        var near = known ? Near(visit) : [];
        if (visit.Direction != "out")
        {
            Count(facts, visit, known ? ExitOutcome.Faint : ExitOutcome.Unknown);
            NearVisit[] with = [.. near, new(visit.FirstUs, visit.LastUs)];
            if (known && StrayRule.LiesNear(with)) facts.Exits.Strays.Add(new(portal.Id, named.Item, visit.Epc, with.Min(stay => stay.FirstUs), visit.LastUs));
            return null;
        }
        var (ticket, thing) = TicketFor(item, portal, visit.LastUs);
        var decision = ExitRule.Judge(new(known, item, product?.Controlled ?? false, ticket, StrayRule.LiesNear(near), Evidence(visit)));
        Count(facts, visit, decision.Outcome);
        if (decision.Outcome == ExitOutcome.Unknown) return null;
        var fact = new ExitFact(
            IdOf(visit), visit.Id, portal.Id, named.Item, visit.Epc, visit.LastUs, decision.Outcome, decision.Says,
            decision.Outcome == ExitOutcome.Ticketed ? ticket!.Id : null, decision.Outcome == ExitOutcome.Ticketed ? thing!.Key : null, Evidence(visit));
        facts.Exits.Exits.Add(fact);
        if (EventOf(fact, item, ticket) is { } kind)
        {
            var e = Event(fact, kind, named, portal, null, new() { Ticket = fact.Ticket, Reason = fact.Ticket is null ? Capital(fact.Says) + "." : ticket!.Reason, From = portal.Model.Inside });
            facts.StockEvents.Add(e);
            StockClaims.Add(facts, e);
        }
        return decision.Outcome.Asks() ? fact : null;
    }

    /// <summary>A door heard it come in after it had left: it is found again, and what was open about it is answered. Null: it was not away.</summary>
    /// <param name="away">What may be away; everything else is not looked up.</param>
    public (string Item, IReadOnlyList<ExitRow> Answered)? Return(VisitRow row, Portal portal, IReadOnlySet<string> away, LedgerCommit facts)
    {
        if (!Epc.TryParse(row.Visit.Epc, out var epc)) return null;
        var named = names.Of(epc);
        if (!away.Contains(named.Item) || StateBefore(named.Item, row.Visit.LastUs, out _).Status != ItemStatus.Left) return null;
        var open = ledger.ExitsOf(named.Item, NearMax).Where(exit => exit.Exit.Outcome.Asks() && exit.Answer is null && exit.Exit.AtUs < row.Visit.LastUs)
            .Select(exit => exit with { Answer = new(exit.Exit.Id, "returned", $"It came back through {portal.Name}.", CameBack, row.Visit.LastUs) }).ToList();
        facts.Exits.Answers.AddRange(open.Select(exit => exit.Answer!));
        var about = new ExitFact(IdOf(row.Visit), row.Visit.Id, portal.Id, named.Item, row.Visit.Epc, row.Visit.LastUs, ExitOutcome.Unticketed, "", null, null, Evidence(row.Visit));
        facts.StockEvents.Add(Event(about, EventKind.Found, named, portal, row.To, new() { Inferred = true, Reason = $"It came back through {portal.Name}." }));
        return (named.Item, open);
    }

    static EventKind? EventOf(ExitFact fact, ItemState item, ExitTicket? ticket) => fact.Outcome switch
    {
        ExitOutcome.Reserved or ExitOutcome.Unticketed => EventKind.Left,
        // What is used or implanted goes home with the patient; by the books it is gone already.
        ExitOutcome.Ticketed when item.Status.IsFinal() => null,
        ExitOutcome.Ticketed => ticket!.Kind == TicketKind.Waste ? EventKind.Wasted : EventKind.Issued,
        _ => null,
    };

    StockEvent Event(ExitFact fact, EventKind kind, NamedItem named, Portal portal, string? place, EventDetail detail) => new(
        StockBook.IdOf(fact.Id, fact.Item, kind, 0), fact.Item, kind, fact.AtUs, (int)site.TimeZone.GetUtcOffset(EventTime.FromUs(fact.AtUs)).TotalMinutes, place, portal.Id, fact.Id, Actor,
        detail with { Product = named.Gtin, Serial = named.Serial, Epc = fact.Epc });

    /// <summary>The Item after everything that had happened to it before a time and that nobody has declared wrong.</summary>
    ItemState StateBefore(string item, long atUs, out bool booked)
    {
        var events = ledger.StockEventsOf(item, atUs, EventsMax).Where(e => e.Wrong is null).Select(e => e.Event).ToList();
        booked = events.Count > 0;
        return ItemState.Of(item, events);
    }

    (ExitTicket? Ticket, TicketThing? Thing) TicketFor(ItemState item, Portal portal, long atUs)
    {
        foreach (var ticket in ledger.TicketsFor(item.Key, item.Container, atUs))
            if (ticket.For(item.Key, item.Container, portal.Id, atUs) is { } thing) return (ticket, thing);
        return default;
    }

    /// <summary>Where it stayed at this door in the day before without going through.</summary>
    List<NearVisit> Near(VisitFact visit)
    {
        var fromUs = visit.FirstUs - StrayRule.Window.Ticks / TimeSpan.TicksPerMicrosecond;
        return [.. ledger.VisitsOf(visit.Epc, visit.FirstUs, NearMax).Select(row => row.Visit)
            .Where(other => other.Portal == visit.Portal && other.LastUs >= fromUs && other.Direction is not ("in" or "out")).Select(other => new NearVisit(other.FirstUs, other.LastUs))];
    }

    static ExitEvidence Evidence(VisitFact visit) => new(visit.Reads, visit.ReadsInside, visit.ReadsOutside, visit.PeakCentiDbm, visit.Confidence);

    static void Count(LedgerCommit facts, VisitFact visit, ExitOutcome outcome) => facts.Exits.Counts.Add(new(visit.Portal, visit.LastUs / DayUs, outcome.Word()));

    static string IdOf(VisitFact visit) => FactId.Of("exit", visit.Portal, visit.LastUs, Encoding.UTF8.GetBytes(visit.Id));

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
