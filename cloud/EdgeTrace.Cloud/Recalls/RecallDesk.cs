using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>
/// One press, and what follows it. The notice itself is durable first and at once stands against everything it names (<see cref="RecallBook"/>); the holds,
/// which say so in each thing's own story, are written after it.
/// </summary>
sealed class RecallDesk(RecallFinder finder, RecallBook book, RecallBoard board, StockBook stock, LedgerReader ledger, LedgerWriter writer, TimeProvider time)
{
    /// <summary>Holds in one commit: a second's writing at most, so that a door's passages and an alarm do not wait for a recall of twenty thousand.</summary>
    const int HoldsMax = 1_000;

    /// <summary>Opens the notice and holds what it names. Pressed again, it holds what has come since; of what a second press says of the notice nothing counts.</summary>
    /// <returns>How many holds were written.</returns>
    public async Task<int> PressAsync(RecallNotice notice, string said, Person person)
    {
        var known = ledger.Recall(notice.Id);
        if (known?.Closed is not null) return 0;
        if (known is null)
        {
            var first = new LedgerCommit(person.Actor);
            first.Recalls.Add(new RecallOpened(notice, said, time.NowUs(), person.Actor));
            await writer.CommitAsync(first);
            book.Reload();
        }
        return await HoldAsync(known?.Opened.What ?? notice, person);
    }

    /// <summary>False: there is no such notice, it is closed, or it does not name the thing.</summary>
    public async Task<bool> ReleaseAsync(string id, string act, string key, string reason, Person person)
    {
        if (ledger.Recall(id) is not { Closed: null, Opened.What: var notice }) return false;
        if (ledger.StockEventsOfAct(act).Count > 0) return true;
        // A Lot is in several places and is one thing to release.
        if (finder.Find(notice).Things.FirstOrDefault(thing => thing.Key == key || thing.Unbooked?.Epc == key || thing.Name.Key == key) is not { } named) return false;
        var commit = new LedgerCommit(person.Actor);
        commit.StockEvents.Add(Event(notice, named, EventKind.Released, act, reason, person));
        commit.Audit.Add(new(time.NowUs(), person.Actor, "release-from-recall", named.Key, $"recall/{id}: {reason}"));
        await writer.CommitAsync(commit);
        board.Forget();
        return true;
    }

    public async Task AnswerAsync(string id, string place, int found, int named, string note, Person person)
    {
        var commit = new LedgerCommit(person.Actor);
        commit.Recalls.Add(new RecallAnswer(id, place, found, named, note, person.Actor, time.NowUs()));
        await writer.CommitAsync(commit);
        board.Forget();
    }

    /// <summary>What it held is released, or stays on hold: then also what came after the press and was recalled only because the notice was open.</summary>
    public async Task CloseAsync(RecallNotice notice, string reason, bool release, Person person)
    {
        if (!release) await HoldAsync(notice, person);
        var things = release ? finder.Find(notice).Things.Where(thing => thing.Held).DistinctBy(thing => thing.Key).ToList() : [];
        foreach (var some in things.Chunk(HoldsMax))
        {
            var commit = new LedgerCommit(person.Actor);
            foreach (var thing in some) commit.StockEvents.Add(Event(notice, thing, EventKind.Released, $"close:{notice.Id}", reason, person));
            await writer.CommitAsync(commit);
        }
        var last = new LedgerCommit(person.Actor);
        last.Recalls.Add(new RecallClosed(notice.Id, reason, release, person.Actor, time.NowUs()));
        await writer.CommitAsync(last);
        book.Reload();
        board.Forget();
    }

    async Task<int> HoldAsync(RecallNotice notice, Person person)
    {
        var found = finder.Find(notice).Things;
        var places = new LedgerCommit(person.Actor);
        foreach (var place in found.Where(thing => thing is { Where: Whereabouts.Here or Whereabouts.OnItsWay, Place: not null }).GroupBy(thing => thing.Place!))
            places.Recalls.Add(new RecallPlace(notice.Id, place.Key, place.Sum(thing => thing.Pieces)));
        if (!places.IsEmpty) await writer.CommitAsync(places);
        // In the order of their keys, as they lie in the ledger: a page of it is then read and written once, not once for each thing on it.
        var things = found.Where(thing => !thing.Held && thing.IsSought).DistinctBy(thing => thing.Key).OrderBy(thing => thing.Key, StringComparer.Ordinal).ToList();
        foreach (var some in things.Chunk(HoldsMax))
        {
            var commit = new LedgerCommit(person.Actor);
            foreach (var thing in some) commit.StockEvents.Add(Event(notice, thing, EventKind.Held, notice.Id, $"Recall {notice.Reference}", person));
            await writer.CommitAsync(commit);
        }
        board.Forget();
        return things.Count;
    }

    StockEvent Event(RecallNotice notice, NamedThing thing, EventKind kind, string act, string reason, Person person)
    {
        var nowUs = time.NowUs();
        var detail = new EventDetail
        {
            HoldReason = HoldReason.Recall, Notice = notice.Id, Reason = reason, Quantity = thing.IsLot ? 0 : null,
            // Nobody held it in his hand: it is no sign of where the thing is.
            Inferred = true,
        };
        // What only a door has seen has no label in the books: what is known of it comes with its first event.
        if (thing.Unbooked is { } seen) detail = detail with { Product = seen.Gtin, Lot = seen.Lot, Serial = seen.Serial, Epc = seen.Epc };
        return new(StockBook.IdOf(act, thing.Key, kind, 0), thing.Key, kind, nowUs, stock.OffsetAt(nowUs), null, null, act, person.Actor, detail);
    }
}
