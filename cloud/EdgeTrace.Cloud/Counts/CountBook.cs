using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Counts;

/// <summary>Begins and closes stock-takes. What is seen in between is an act of stock like any other; what is not is missed, until any later sign of it.</summary>
sealed class CountBook(SiteModel site, LedgerReader ledger, LedgerWriter writer, StockBook stock, CountQuery counts, StockViews views, TimeProvider time) : IDisposable
{
    readonly SemaphoreSlim _one = new(1);

    /// <summary>Begins one, and keeps what the books believe to be there. The one that goes on there already is returned instead.</summary>
    public async Task<CountView> StartAsync(string id, string place, Person person)
    {
        await _one.WaitAsync();
        try
        {
            if (ledger.Count(id) is { } same) return counts.View(same);
            if (counts.OpenIn(place) is { } open) return counts.View(open);
            var nowUs = time.NowUs();
            var items = ledger.StockIn(place, CountQuery.ThingsMax).Where(row => !row.Now.Status.IsFinal() && row.Now.Status is not (ItemStatus.Missing or ItemStatus.Left or ItemStatus.Stolen or ItemStatus.Unbooked));
            var expected = items.Select(row => new ExpectedThing(row.Item.Key, 1, views.View(row).Pence))
                .Concat(ledger.StockPieces(place, CountQuery.ThingsMax).Select(row => new ExpectedThing(row.Lot.Key, row.Pieces, views.View(row).Pence))).ToList();
            var commit = new LedgerCommit(person.Actor) { Exits = { CountStarts = { (new(id, place, nowUs, person.Actor, null, null), expected) } } };
            commit.Audit.Add(new(nowUs, person.Actor, "start-count", place, $"{expected.Count} things expected"));
            await writer.CommitAsync(commit);
            return counts.View(ledger.Count(id)!);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What somebody scanned or walked past: it is here, whatever the books believed.</summary>
    public Task<ActOutcome> SeeAsync(CountRow count, CountSeen seen, long atUs, Person person) => stock.DoAsync(
        new StockAct(seen.Id!, EventKind.Counted.Word(), seen.Lines!) { Place = count.Place, Terminal = seen.Terminal, At = seen.At }, EventKind.Counted, atUs, person);

    /// <summary>Closes it: whatever was expected and shows no sign since it began is missed. Closing twice changes nothing.</summary>
    public async Task<CountView> CloseAsync(CountRow count, Person person)
    {
        await _one.WaitAsync();
        try
        {
            if (ledger.Count(count.Id) is not { ClosedUs: null }) return counts.View(ledger.Count(count.Id)!);
            var nowUs = time.NowUs();
            var missing = counts.Unseen(count);
            var commit = new LedgerCommit(person.Actor) { Exits = { CountCloses = { (count.Id, nowUs, person.Actor) } } };
            // Missed as of the beginning: a sign that was read meanwhile and comes later undoes it too.
            foreach (var thing in missing)
                commit.StockEvents.Add(new(
                    StockBook.IdOf(count.Id, thing, EventKind.Missed, 0), thing, EventKind.Missed, count.StartedUs, (int)site.TimeZone.GetUtcOffset(EventTime.FromUs(count.StartedUs)).TotalMinutes, null, null, count.Id, person.Actor,
                    new() { From = count.Place, Inferred = true }));
            commit.Audit.Add(new(nowUs, person.Actor, "close-count", count.Place, $"{missing.Count} things not found"));
            await writer.CommitAsync(commit);
            return counts.View(ledger.Count(count.Id)!);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
