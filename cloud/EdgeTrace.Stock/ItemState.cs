using System.Collections.Immutable;

namespace EdgeTrace.Stock;

/// <summary>What all the events of an Item come to, in whatever order they were told.</summary>
public sealed record ItemState(string Key)
{
    public string? Product { get; init; }
    public string? Lot { get; init; }
    public string? Serial { get; init; }

    /// <summary>The earliest that any carrier said: where label and tag differ, the careful one counts.</summary>
    public DateOnly? Expiry { get; init; }

    public DateOnly? Made { get; init; }
    public string? Epc { get; init; }
    public string? Tid { get; init; }
    public ItemStatus Status { get; init; }
    public string? Case { get; init; }
    public string? Patient { get; init; }
    public string? Owner { get; init; }
    public string? Container { get; init; }
    public long? Pence { get; init; }

    /// <summary>Open holds, the oldest first.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>Recall notices that somebody has looked into for this one, and found that it is not meant.</summary>
    public ImmutableArray<string> Cleared { get; init; } = [];

    /// <summary>The tags that carry its number, the first read first; empty: one, or none that told its own number.</summary>
    public ImmutableArray<Chip> Chips { get; init; } = [];

    /// <summary>What does not fit together, each a sentence for a person.</summary>
    public ImmutableArray<string> Findings { get; init; } = [];

    /// <summary>When its status became what it is, µs since 1970 UTC.</summary>
    public long SinceUs { get; init; }

    /// <summary>Where it is meant to arrive while it is in transit.</summary>
    public string? Destination { get; init; }

    /// <summary>The status before it was missed, for the sign that undoes it.</summary>
    public ItemStatus BeforeMissed { get; init; }

    /// <summary>The state after all of an Item's events that nobody has declared wrong.</summary>
    /// <param name="chips">The tags' chips that doors read with its number.</param>
    public static ItemState Of(string key, IEnumerable<StockEvent> events, IEnumerable<Chip>? chips = null)
    {
        var told = events.Order().ToList();
        return TwoTags.Judge(told.Aggregate(new ItemState(key), (state, e) => state.After(e)), told, chips ?? []);
    }

    /// <summary>What a sign of it by a door or a scan undoes: it is not missing any more; it has arrived where it was sent.</summary>
    public ItemState Seen(long atUs, string? place) => Standing.Seen(atUs, place) is var seen && seen.Status != Status ? this with { Status = seen.Status, SinceUs = seen.SinceUs } : this;

    /// <summary>What of it decides whether it is available.</summary>
    public Standing Standing => new(Status, Expiry, Holds.Any(hold => hold.Reason == HoldReason.Recall), Holds.Any(hold => hold.Reason != HoldReason.Recall))
    {
        SinceUs = SinceUs, BeforeMissed = BeforeMissed, Destination = Destination, Kept = Case is not null,
    };

    public ItemState After(StockEvent e)
    {
        var told = Told(e.Detail) with { Tid = Tid ?? (e.Kind == EventKind.Released ? null : e.Detail.Tid), Holds = Hold.After(Holds, e), Cleared = Hold.ClearedAfter(Cleared, e) };
        var next = StatusAfter(e.Kind);
        if (next is null) return told with { Container = e.Kind == EventKind.Packed ? e.Detail.Container : e.Kind == EventKind.Unpacked ? null : told.Container };
        if (Status.IsFinal() && !Follows(Status, next.Value)) return told with { Findings = Add(told.Findings, $"{Capital(e.Kind.Word())} after it was {Status.Word()}: look at the label, two things may carry one number.") };
        // Packed things are taken out of their container by whatever is done to them alone.
        told = told with { Status = next.Value, SinceUs = e.AtUs, Container = e.Kind is EventKind.Counted or EventKind.Missed ? told.Container : null };
        return e.Kind switch
        {
            EventKind.Missed => told with { BeforeMissed = Status == ItemStatus.Missing ? BeforeMissed : Status },
            EventKind.Issued => told with { Case = e.Detail.Case ?? Case, Destination = e.Detail.Destination },
            EventKind.Reserved or EventKind.Picked => told with { Case = e.Detail.Case ?? Case },
            EventKind.Opened or EventKind.Used or EventKind.Wasted => told with { Case = e.Detail.Case ?? Case },
            EventKind.Implanted => told with { Case = e.Detail.Case ?? Case, Patient = e.Detail.Patient ?? Patient },
            EventKind.Explanted or EventKind.Arrived => told,
            _ => told with { Case = null },
        };
    }

    ItemStatus? StatusAfter(EventKind kind) => kind switch
    {
        EventKind.Opening or EventKind.Inspected => ItemStatus.InStock,
        // A second goods-in of what is already there changes nothing but what its label said.
        EventKind.Received => Status == ItemStatus.Unbooked ? ItemStatus.Received : Status.IsFinal() ? ItemStatus.Received : null,
        // Put away without having been looked at after it came back, it is still what came back.
        EventKind.Stored => Status is ItemStatus.Returned or ItemStatus.Unbooked ? null : Status == ItemStatus.Left ? ItemStatus.Returned : ItemStatus.InStock,
        EventKind.Freed => Status == ItemStatus.Reserved ? ItemStatus.InStock : null,
        EventKind.Reserved or EventKind.Picked => ItemStatus.Reserved,
        EventKind.Issued => ItemStatus.InTransit,
        EventKind.Arrived => Standing.AfterArrival(kept: Case is not null),
        EventKind.Returned or EventKind.Found => ItemStatus.Returned,
        EventKind.Counted => Status switch
        {
            ItemStatus.Missing => BeforeMissed,
            ItemStatus.Left or ItemStatus.Stolen => ItemStatus.Returned,
            { } final when final.IsFinal() => ItemStatus.InStock,
            _ => null,
        },
        EventKind.Missed => Status.IsFinal() ? null : ItemStatus.Missing,
        EventKind.Left => ItemStatus.Left,
        EventKind.Stolen => ItemStatus.Stolen,
        EventKind.Opened => ItemStatus.Opened,
        EventKind.Implanted => ItemStatus.Implanted,
        EventKind.Explanted => ItemStatus.Explanted,
        EventKind.Used => ItemStatus.Used,
        EventKind.Wasted => ItemStatus.Wasted,
        _ => null,
    };

    /// <summary>An opened pack is implanted, used or thrown away; an implant comes out again; what came out is thrown away.</summary>
    static bool Follows(ItemStatus from, ItemStatus to) => (from, to) switch
    {
        (ItemStatus.Opened, ItemStatus.Implanted or ItemStatus.Used or ItemStatus.Wasted or ItemStatus.Opened) => true,
        (ItemStatus.Implanted, ItemStatus.Explanted) => true,
        (ItemStatus.Explanted, ItemStatus.Wasted) => true,
        _ => false,
    };

    ItemState Told(EventDetail d) => this with
    {
        Product = Product ?? d.Product, Lot = Lot ?? d.Lot, Serial = Serial ?? d.Serial, Made = Made ?? d.Made, Epc = Epc ?? d.Epc,
        Owner = d.Owner ?? Owner, Pence = Pence ?? d.Pence,
        Expiry = Expiry is { } known && d.Expiry is { } other ? (known < other ? known : other) : Expiry ?? d.Expiry,
        Findings = Differences(d).Aggregate(Findings, Add),
    };

    IEnumerable<string> Differences(EventDetail d)
    {
        if (Expiry is { } known && d.Expiry is { } other && known != other)
            yield return $"One carrier says it expires on {known:yyyy-MM-dd}, another {other:yyyy-MM-dd}: the earlier counts until somebody has looked.";
        if (Lot is not null && d.Lot is not null && Lot != d.Lot) yield return $"One carrier says lot {Lot}, another lot {d.Lot}.";
    }

    static ImmutableArray<string> Add(ImmutableArray<string> findings, string finding) => findings.Contains(finding) ? findings : findings.Add(finding);

    static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
