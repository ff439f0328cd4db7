using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Makes a ledger anew from a batch log alone: what proves that the live one says nothing else.</summary>
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

    static Task CommitAsync(LedgerWriter writer, IEnumerable<ZoneOwner> owners) => Task.WhenAll(owners.Select(async owner =>
    {
        if (owner.Seal() is not { } commit) return;
        await writer.CommitAsync(commit);
        owner.Committed(commit);
    }));
}
