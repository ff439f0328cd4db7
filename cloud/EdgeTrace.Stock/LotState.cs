using System.Collections.Immutable;

namespace EdgeTrace.Stock;

/// <summary>What all the events of a Lot come to: how many are in each place, and what holds there are on all of them.</summary>
public sealed record LotState(string Key)
{
    public string? Product { get; init; }
    public string? Number { get; init; }
    public DateOnly? Expiry { get; init; }
    public string? Owner { get; init; }
    public long? Pence { get; init; }

    /// <summary>Pieces by Location; never negative.</summary>
    public ImmutableSortedDictionary<string, int> Pieces { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Pieces issued and not yet arrived, by the Location where they are meant to arrive; empty where nobody said.</summary>
    public ImmutableSortedDictionary<string, int> OnTheirWay { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>As <see cref="ItemState.Cleared"/>.</summary>
    public ImmutableArray<string> Cleared { get; init; } = [];

    public ImmutableArray<string> Findings { get; init; } = [];

    /// <summary>What of it decides whether its pieces are available, wherever they are.</summary>
    public Standing Standing => new(ItemStatus.InStock, Expiry, Holds.Any(hold => hold.Reason == HoldReason.Recall), Holds.Any(hold => hold.Reason != HoldReason.Recall));

    public static LotState Of(string key, IEnumerable<StockEvent> events) => events.Order().Aggregate(new LotState(key), (state, e) => state.After(e));

    public LotState After(StockEvent e)
    {
        var d = e.Detail;
        var told = this with
        {
            Product = Product ?? d.Product, Number = Number ?? d.Lot, Owner = d.Owner ?? Owner, Pence = Pence ?? d.Pence,
            Expiry = Expiry is { } known && d.Expiry is { } other ? (known < other ? known : other) : Expiry ?? d.Expiry,
            Holds = Hold.After(Holds, e), Cleared = Hold.ClearedAfter(Cleared, e),
        };
        var n = d.Quantity ?? 0;
        return e.Kind switch
        {
            EventKind.Opening or EventKind.Received or EventKind.Returned or EventKind.Found => told.Put(e.Place, n),
            EventKind.Stored => told.Take(d.From, n).Put(e.Place, n),
            EventKind.Issued => told.Take(d.From, n).Put(e.Place, n).Send(e.Place is null ? d.Destination ?? "" : null, n),
            EventKind.Arrived => told.Take(d.From, n).Put(e.Place, n).Send(e.Place, -n),
            EventKind.Used or EventKind.Wasted or EventKind.Left or EventKind.Stolen or EventKind.Implanted => told.Take(d.From ?? e.Place, n),
            // A count says how many there are, whatever was believed before it.
            EventKind.Counted when e.Place is { } place => told with { Pieces = n == 0 ? Pieces.Remove(place) : Pieces.SetItem(place, n) },
            _ => told,
        };
    }

    LotState Put(string? place, int n) => place is null || n <= 0 ? this : this with { Pieces = Pieces.SetItem(place, Pieces.GetValueOrDefault(place) + n) };

    /// <summary>What arrives where none was sent, or more than was, was sent without saying where to.</summary>
    LotState Send(string? to, int n)
    {
        if (to is null || n == 0) return this;
        var left = OnTheirWay.GetValueOrDefault(to) + n;
        var sent = left > 0 ? OnTheirWay.SetItem(to, left) : OnTheirWay.Remove(to);
        return left < 0 && to.Length > 0 ? (this with { OnTheirWay = sent }).Send("", left) : this with { OnTheirWay = sent };
    }

    LotState Take(string? place, int n)
    {
        if (place is null || n <= 0) return this;
        var left = Pieces.GetValueOrDefault(place) - n;
        var pieces = left > 0 ? Pieces.SetItem(place, left) : Pieces.Remove(place);
        return left >= 0 ? this with { Pieces = pieces }
            : this with { Pieces = pieces, Findings = Findings.Add($"{-left} more were taken from {place} than were known to be there: count it.") };
    }
}
