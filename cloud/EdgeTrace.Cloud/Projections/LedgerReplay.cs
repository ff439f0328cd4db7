using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Cloud.Theatre;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Makes a ledger anew from a batch log, and from what people said, which is in no log: what proves that the live one says nothing else.</summary>
static class LedgerReplay
{
    const int PageMax = 256;

    /// <param name="readLog">Pages of the log beyond a position.</param>
    /// <param name="promisedUs">
    /// How far each point's stream had been promised when the live ledger was left: silence up to there is a fact, beyond it a guess.
    /// Portals are flushed, for their log has ended.
    /// </param>
    /// <param name="gaps">What the log will never have.</param>
    /// <exception cref="InvalidDataException">The log no longer begins at its beginning: what it would make is less than the ledger, so nothing is made.</exception>
    public static async Task RunAsync(
        Func<long, int, IReadOnlyList<LoggedBatch>> readLog, IReadOnlyList<LoggedGap> gaps, string ledgerPath, SiteModel site, ItemNames names,
        IReadOnlyDictionary<ZoneId, long> promisedUs, TimeProvider time)
    {
        if (readLog(0, 1) is [{ Position: > 1 } oldest])
            throw new InvalidDataException(
                $"The log begins at position {oldest.Position:N0} of {EventTime.FromUs(oldest.ReceivedUs):yyyy-MM-dd HH:mm}Z: what came before was deleted after Retention.BatchLog, so a replay would say less than the ledger and is not made. "
                + "Replay a backup from before then (edgetrace-cloud restore into another folder), or keep the log longer.");
        await using var writer = LedgerWriter.Open(ledgerPath, time);
        var ledger = new LedgerReader(ledgerPath);
        var factory = new ZoneFactory(site, names, new PointBoard(), new EquipmentBoard(ledger));
        var owners = new Dictionary<ZoneId, ZoneOwner>();
        for (long position = 0; readLog(position, PageMax) is { Count: > 0 } page;)
        {
            foreach (var logged in page)
            {
                position = logged.Position;
                var route = factory.RouteOf(logged.Id, ProjectionPump.EventTimeOf(logged));
                if (!owners.TryGetValue(route.Zone, out var owner))
                    owners[route.Zone] = owner = new(route.Zone, factory, ledger, readLog, ZonePosition.None, 0);
                owner.Apply(logged, route);
            }
            await CommitAsync(writer, owners.Values);
        }
        foreach (var (zone, owner) in owners)
        {
            if (promisedUs.TryGetValue(zone, out var throughUs)) owner.AdvanceTo(throughUs);
            owner.Flush();
        }
        await CommitAsync(writer, owners.Values);
        await CountAsync(readLog, gaps, writer, site);
    }

    static async Task CountAsync(Func<long, int, IReadOnlyList<LoggedBatch>> readLog, IReadOnlyList<LoggedGap> gaps, LedgerWriter writer, SiteModel site)
    {
        var tally = new CompletenessTally(site.TimeZone, []);
        var byStream = gaps.ToLookup(g => (g.Gateway, g.Stream, g.Epoch));
        for (long position = 0; readLog(position, PageMax) is var page;)
        {
            var facts = CompletenessProjection.Count(tally, page, byStream);
            tally.Seal(facts);
            if (!facts.IsEmpty) await writer.CommitAsync(facts);
            if (page.Count == 0) return;
            position = page[^1].Position;
        }
    }

    /// <summary>
    /// Adds what people and rules said of stock: their events one by one, with what each says of where its Item is, and what was declared wrong. What all of
    /// it comes to is made anew.
    /// </summary>
    /// <param name="ledgerPath">What <see cref="RunAsync"/> made.</param>
    public static async Task AddPeopleAsync(LedgerReader live, string ledgerPath, TimeProvider time)
    {
        PeoplesFacts.Copy(live, ledgerPath);
        await using var writer = LedgerWriter.Open(ledgerPath, time);
        var ledger = new LedgerReader(ledgerPath);
        for (long seq = 0; live.StockEventsAfter(seq, PageMax) is { Count: > 0 } page; seq = page[^1].Seq)
        {
            var commit = new LedgerCommit("system:replay");
            foreach (var recorded in page)
            {
                commit.StockEvents.Add(recorded.Event);
                StockClaims.Add(commit, recorded.Event);
            }
            await writer.CommitAsync(commit);
        }
        for (long seq = 0; live.ComponentScansAfter(seq, PageMax) is { Count: > 0 } page; seq = page[^1].Seq)
        {
            var commit = new LedgerCommit("system:replay");
            foreach (var (_, entry) in page) TheatreClaims.Add(commit, entry);
            if (!commit.IsEmpty) await writer.CommitAsync(commit);
        }
        var declared = new LedgerCommit("system:replay");
        foreach (var declaration in live.Declarations())
        {
            declared.Declarations.Add(declaration);
            if (declaration.Kind == "movement" && ledger.Visit(declaration.Fact) is { } visit) StockClaims.Add(declared, declaration, visit.Visit.LastUs);
            else if (declaration.Kind == "event" && ledger.StockEvent(declaration.Fact) is { Event: var e } && StockClaims.Places(e)) StockClaims.Add(declared, declaration, e.AtUs);
        }
        if (!declared.IsEmpty) await writer.CommitAsync(declared);
    }

    static Task CommitAsync(LedgerWriter writer, IEnumerable<ZoneOwner> owners) => Task.WhenAll(owners.Select(async owner =>
    {
        if (owner.Seal() is not { } commit) return;
        await writer.CommitAsync(commit);
        owner.Committed(commit);
    }));
}
