using EdgeTrace.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Counts;

/// <summary>What a stock-take comes to, from what was expected, where things are now, and the newest sign of each.</summary>
sealed class CountQuery(SiteModel site, ItemNames names, LedgerReader ledger, StockViews views, TimeProvider time)
{
    /// <summary>A store-room holds a few thousand things; a place with more is counted shelf by shelf.</summary>
    public const int ThingsMax = 20_000;

    const int ListedMax = 2000;
    const int CountsMax = 50;
    const int MissedMax = 5000;

    /// <summary>Where something unexpected was before is looked up one by one.</summary>
    const int BeforeMax = 200;

    public CountsView Counts() => new(time.GetUtcNow(), [.. ledger.Counts(CountsMax).Select(Summary)]);

    public CountRow? OpenIn(string place) => ledger.Counts(CountsMax).FirstOrDefault(count => count.Place == place && count.ClosedUs is null);

    /// <summary>What was expected in a count that goes on and has shown no sign since: neither here nor anywhere.</summary>
    public IReadOnlyList<string> Unseen(CountRow count) => [.. Things(count).Where(thing => thing.Outcome == "missing").Select(thing => thing.Key)];

    public CountView View(CountRow count)
    {
        var things = Things(count).OrderBy(thing => Rank(thing.Outcome)).ThenBy(thing => thing.Name.Name, StringComparer.Ordinal).ThenBy(thing => thing.Name.Detail, StringComparer.Ordinal).ToList();
        int Of(params ReadOnlySpan<string> outcomes)
        {
            var sum = 0;
            foreach (var outcome in outcomes) sum += things.Count(thing => thing.Outcome == outcome);
            return sum;
        }
        long? Pence(Func<CountedThing, bool> which) => things.Exists(thing => which(thing) && thing.Pence is not null) ? things.Where(which).Sum(thing => thing.Pence ?? 0) : null;
        return new(
            Summary(count), things.Count(thing => thing.Expected > 0), Of("found", "short", "over"), Of("missing", "found-again"), Of("moved"), Of("unexpected", "came-in"), Of("not-counted"),
            Pence(thing => thing.Expected > 0), Pence(thing => thing.Outcome == "missing"), [.. things.Take(ListedMax)], things.Count > ListedMax);
    }

    List<CountedThing> Things(CountRow count)
    {
        var untilUs = count.ClosedUs ?? time.NowUs();
        var here = ledger.StockIn(count.Place, ThingsMax).ToDictionary(row => row.Item.Key);
        var missed = ledger.StockEventsOfAct(count.Id).Where(e => e.Event.Kind == EventKind.Missed && e.Wrong is null).Select(e => e.Event.Subject).ToHashSet();
        var counted = ledger.StockEvents(EventKind.Counted, count.StartedUs, untilUs + 1, ThingsMax).Where(e => e.Event.Place == count.Place && e.Wrong is null).ToLookup(e => e.Event.Subject);
        var expected = ledger.CountExpected(count.Id).ToDictionary(thing => thing.Thing);
        var things = new List<CountedThing>();
        foreach (var thing in expected.Values)
        {
            if ((here.GetValueOrDefault(thing.Thing) ?? ledger.StockItem(thing.Thing)) is { } row) things.Add(OfItem(count, thing, row, missed.Contains(thing.Thing)));
            else if (ledger.StockLot(thing.Thing) is { } lot) things.Add(OfLot(thing, lot, counted[thing.Thing]));
        }
        foreach (var row in here.Values.Where(row => !expected.ContainsKey(row.Item.Key) && row.At!.AtUs >= count.StartedUs && row.At.AtUs <= untilUs))
        {
            var before = things.Count < expected.Count + BeforeMax ? ledger.PlaceBefore(row.Item.Key, count.StartedUs) : null;
            things.Add(new(row.Item.Key, views.Name(row.Item), row.At!.Basis == "passage" ? "came-in" : "unexpected", 0, 1, views.View(row).Pence, Seen(row), before is null ? null : site.LocationName(before)));
        }
        foreach (var pieces in counted.Where(one => !expected.ContainsKey(one.Key) && !here.ContainsKey(one.Key)))
            if (ledger.StockLot(pieces.Key) is { } lot) things.Add(OfLot(new(pieces.Key, 0, null), lot, pieces));
        return things;
    }

    CountedThing OfItem(CountRow count, ExpectedThing thing, StockItemRow row, bool missed)
    {
        var isHere = row.At?.Location == count.Place;
        var outcome = missed ? row.Now.Status == ItemStatus.Missing ? "missing" : "found-again"
            : !isHere || row.Item.Status.IsFinal() ? "moved"
            : row.SeenUs >= count.StartedUs ? "found" : "missing";
        return new(
            thing.Thing, views.Name(row.Item), outcome, 1, outcome == "found" ? 1 : 0, thing.Pence, Seen(row),
            outcome is "moved" or "found-again" ? row.At?.Location is { } place ? site.LocationName(place) : row.Item.Status.Word().Replace('-', ' ') : null);
    }

    CountedThing OfLot(ExpectedThing thing, LotState lot, IEnumerable<RecordedEvent> counted)
    {
        var last = counted.MaxBy(e => (e.Event.AtUs, e.Seq));
        var pieces = last?.Event.Detail.Quantity ?? 0;
        return new(
            lot.Key, lot.Product is null ? new(lot.Key, lot.Key, "") : names.Named(lot.Key, lot.Product, null, lot.Number),
            last is null ? "not-counted" : thing.Pieces == 0 ? "unexpected" : pieces < thing.Pieces ? "short" : pieces > thing.Pieces ? "over" : "found", thing.Pieces, pieces, thing.Pence, last is null ? null : EventTime.FromUs(last.Event.AtUs), null);
    }

    /// <summary>What is missing, has left or was stolen, and what was missed in the last days and has been found.</summary>
    public MissingReport Missing(int days)
    {
        var fromUs = time.NowUs() - days * 86_400_000_000L;
        var missed = ledger.StockEvents(EventKind.Missed, fromUs, long.MaxValue, MissedMax).Where(e => e.Wrong is null).DistinctBy(e => e.Event.Subject).ToDictionary(e => e.Event.Subject, e => e.Event);
        var keys = missed.Keys.Concat(ledger.StockGone("missing", MissedMax)).Concat(ledger.StockGone("left", MissedMax)).Concat(ledger.StockGone("stolen", MissedMax)).Distinct();
        var things = keys.Select(key => ledger.StockItem(key)).OfType<StockItemRow>().Select(row => MissingOf(row, missed.GetValueOrDefault(row.Item.Key)))
            .OrderBy(thing => thing.State == "found").ThenByDescending(thing => thing.Since).ToList();
        var gone = things.Where(thing => thing.State != "found").ToList();
        return new(time.GetUtcNow(), days, gone.Count, gone.Exists(thing => thing.Pence is not null) ? gone.Sum(thing => thing.Pence ?? 0) : null, things);
    }

    MissingThing MissingOf(StockItemRow row, StockEvent? missed)
    {
        var now = row.Now;
        var gone = now.Status is ItemStatus.Missing or ItemStatus.Left or ItemStatus.Stolen;
        var at = row.At?.Location is { } place ? site.LocationName(place) : null;
        return new(
            now.Epc ?? now.Key, views.Name(now), gone ? now.Status.Word() : "found", EventTime.FromUs(gone ? now.SinceUs : missed!.AtUs), missed?.Detail.From is { } from ? site.LocationName(from) : null, views.View(row).Pence,
            Seen(row), ledger.Item(now.Key)?.SeenAt is { } by ? NameOf(by) : at, gone ? null : EventTime.FromUs(now.SinceUs), gone ? null : at);
    }

    static DateTimeOffset? Seen(StockItemRow row) => row.SeenUs is { } us ? EventTime.FromUs(us) : null;

    CountSummary Summary(CountRow count) => new(
        count.Id, count.Place, site.LocationName(count.Place), EventTime.FromUs(count.StartedUs), count.Actor, count.ClosedUs is { } closed ? EventTime.FromUs(closed) : null, count.ClosedBy, ledger.CountExpected(count.Id).Count);

    string NameOf(string seenAt) => site.Portal(seenAt)?.Name ?? site.Scanner(seenAt)?.Name ?? site.LocationName(seenAt);

    static int Rank(string outcome) => outcome switch { "missing" => 0, "short" or "over" => 1, "unexpected" => 2, "found-again" => 3, "not-counted" => 4, "moved" or "came-in" => 5, _ => 6 };
}
