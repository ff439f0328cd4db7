using CsCheck;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Tests.Stock;

/// <summary>A random history of a few things of one product: what happened to them, what doors saw, and what was declared wrong.</summary>
/// <param name="Told">Events, in the order of their choice; their ids and subjects still want the product.</param>
sealed record History(IReadOnlyList<HistoryEvent> Told, IReadOnlyList<HistoryDoor> Doors, IReadOnlyList<int> Wrong, int Order)
{
    public const int Things = 4;

    /// <summary>The last of the things has no number of its own.</summary>
    const int LotThing = Things - 1;

    static readonly string?[] s_places = ["store-1", "store-2", "pharmacy", "corridor", "goods-in", null];
    static readonly string?[] s_lots = ["A1", "A1", "B1", null];
    static readonly EventKind[] s_kinds = [.. Enum.GetValues<EventKind>(), EventKind.Opening, EventKind.Opening, EventKind.Received, EventKind.Stored, EventKind.Stored, EventKind.Held, EventKind.Released, EventKind.Released, EventKind.Inspected];
    static readonly HoldReason[] s_reasons = Enum.GetValues<HoldReason>();

    static readonly Gen<HistoryEvent> s_event =
        from thing in Gen.Int[0, Things - 1]
        from kind in Gen.Int[0, s_kinds.Length - 1]
        from at in Gen.Int[-200, 0]
        from place in Gen.Int[0, s_places.Length - 1]
        from lot in Gen.Int[0, s_lots.Length - 1]
        from expiry in Gen.Int[-12, 3]
        from hold in Gen.Int[0, 30]
        from notice in Gen.Int[0, 3]
        from pieces in Gen.Int[0, 5]
        from chip in Gen.Int[0, 15]
        select new HistoryEvent(thing, s_kinds[kind], at, s_places[place], s_lots[lot], expiry, hold, notice, pieces, chip);

    public static readonly Gen<History> Any =
        from told in s_event.List[1, 30]
        from doors in Gen.Select(Gen.Int[0, Things - 2], Gen.Int[-200, 0], Gen.Int[0, 3], Gen.Int[0, 5], (thing, at, place, chip) => new HistoryDoor(thing, at, s_places[place]!, chip)).List[0, 6]
        from wrong in Gen.Int[0, 29].List[0, 4]
        from order in Gen.Int[0, int.MaxValue]
        select new History(told, doors, wrong, order);

    /// <summary>Everything as commits that may be sent in any order and twice.</summary>
    /// <param name="nowUs">Event times are minutes before it.</param>
    public IReadOnlyList<LedgerCommit> Commits(string product, long nowUs, DateOnly today)
    {
        var events = Told.Select((told, n) => told.Of(product, n, nowUs, today)).ToList();
        var commits = new List<LedgerCommit>();
        foreach (var e in events)
        {
            var commit = new LedgerCommit("test");
            commit.StockEvents.Add(e);
            Cloud.Stock.StockClaims.Add(commit, e);
            commits.Add(commit);
        }
        foreach (var (door, n) in Doors.Select((door, n) => (door, n)))
        {
            var (commit, key, atUs) = (new LedgerCommit("test"), Key(product, door.Thing), nowUs + door.At * 60_000_000L);
            commit.Sightings.Add(new(key, null, atUs, "door-1", product, $"{door.Thing}"));
            commit.Locations.Add(new(key, door.Place, "passage", atUs, "door-1", atUs, 1, $"visit-{product}-{n}"));
            if (Tid(door.Chip) is { } tid) commit.Chips.Add(new(key, tid, atUs, atUs, "door-1"));
            commits.Add(commit);
        }
        foreach (var wrong in Wrong.Distinct().Where(n => n < events.Count).Select(n => events[n]))
        {
            // Somebody can declare wrong only what is there.
            var commit = commits.First(one => one.StockEvents.Contains(wrong));
            var declaration = new Declaration("event", wrong.Id, wrong.Subject, "test", "it was another box", nowUs, Cloud.Stock.StockClaims.Places(wrong) ? "store-1" : null);
            commit.Declarations.Add(declaration);
            if (Cloud.Stock.StockClaims.Places(wrong)) Cloud.Stock.StockClaims.Add(commit, declaration, wrong.AtUs);
        }
        return commits;
    }

    public static string Key(string product, int thing) => thing == LotThing ? Lot.Key(product, "A1") : $"https://id.gs1.org/01/{product}/21/{thing}";

    public static bool IsLot(int thing) => thing == LotThing;

    /// <summary>Shuffled, some twice, some together.</summary>
    public static IEnumerable<LedgerCommit> Sent(IReadOnlyList<LedgerCommit> commits, Random random)
    {
        var order = commits.Concat(commits.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
        for (var at = 0; at < order.Count;)
        {
            var together = new LedgerCommit("test");
            for (var n = random.Next(1, 4); n > 0 && at < order.Count; n--) together.Add(order[at++]);
            yield return together;
        }
    }

    /// <summary>Of two tags that may carry a thing's number; null: nobody read it.</summary>
    public static string? Tid(int chip) => chip is 1 or 2 ? $"E2801160200000000000000{chip}" : null;

    public static HoldReason Reason(int n) => s_reasons[n % s_reasons.Length];
}

/// <param name="At">Minutes before now.</param>
/// <param name="Expiry">Days from today; less than −6: the carrier does not say.</param>
/// <param name="Hold">Of a hold its reason, of a release which event it names.</param>
/// <param name="Notice">A recall notice, where there is one of this number.</param>
/// <param name="Chip">The tag that was read with it, where it is one of the two; of a release: the one that is said to be right.</param>
sealed record HistoryEvent(int Thing, EventKind Kind, int At, string? Place, string? Lot, int Expiry, int Hold, int Notice, int Pieces, int Chip)
{
    public StockEvent Of(string product, int n, long nowUs, DateOnly today)
    {
        var isLot = History.IsLot(Thing);
        var tid = isLot ? null : History.Tid(Chip);
        var recall = Kind is EventKind.Held or EventKind.Released && Notice < 2;
        var detail = new EventDetail
        {
            Product = product, Lot = isLot ? "A1" : Lot, Serial = isLot ? null : $"{Thing}", Expiry = Expiry < -6 ? null : today.AddDays(Expiry), Quantity = isLot ? Pieces : null, From = isLot ? "store-1" : null,
            HoldReason = recall ? HoldReason.Recall : Kind == EventKind.Held ? History.Reason(Hold) : null, Notice = recall ? $"notice-{product}-{Notice}" : null, Hold = Kind != EventKind.Released ? null : tid is null ? $"event-{product}-{Hold}" : "two-tags", Tid = tid,
            Destination = Kind == EventKind.Issued ? "store-2" : null, Patient = Kind == EventKind.Implanted ? "patient" : null,
        };
        return new($"event-{product}-{n}", History.Key(product, Thing), Kind, nowUs + At * 60_000_000L, 0, Place, null, $"act-{product}-{n}", "test", detail);
    }
}

sealed record HistoryDoor(int Thing, int At, string Place, int Chip);
