namespace EdgeTrace.Stock;

/// <summary>Why a thing may not be used. Each is a sentence in <see cref="Availability.Says"/>.</summary>
public enum Unavailable
{
    Held,
    Recalled,
    Expired,
    Unbooked,
    NoPlace,
    NotAStore,
    Reserved,
    InTransit,
    Returned,
    Missing,
    Left,
    Stolen,
    Opened,
    Implanted,
    Explanted,
    Used,
    Wasted,
}

/// <summary>
/// The one rule of what may be used: no open hold, not expired on the site's day, in a place where stock is kept, kept for nobody, and neither gone nor used.
/// Page, API, portal and theatre ask here and decide nothing of their own.
/// </summary>
public static class Availability
{
    /// <summary>Everything that stands against it; empty: it is available.</summary>
    /// <param name="kind">What kind of Location it is in (store, pharmacy, theatre, goods-in, corridor, outside); null when nobody knows where it is.</param>
    /// <param name="today">The date at the site. A date on a label is the last day of use.</param>
    /// <param name="recalled">Whether an open notice names it, whether or not a hold has been written yet.</param>
    public static IReadOnlyList<Unavailable> Of(Standing thing, string? kind, DateOnly today, bool recalled = false)
    {
        var against = new List<Unavailable>();
        if (recalled || thing.Recalled) against.Add(Unavailable.Recalled);
        if (thing.Held) against.Add(Unavailable.Held);
        if (thing.Expiry < today) against.Add(Unavailable.Expired);
        if (OfStatus(thing.Status) is { } status) against.Add(status);
        else if (kind is null) against.Add(Unavailable.NoPlace);
        else if (!IsStore(kind)) against.Add(Unavailable.NotAStore);
        return against;
    }

    /// <summary>As <see cref="Of(Standing, string?, DateOnly, bool)"/>.</summary>
    public static IReadOnlyList<Unavailable> Of(ItemState item, string? kind, DateOnly today, bool recalled = false) => Of(item.Standing, kind, today, recalled);

    /// <summary>As <see cref="Of(Standing, string?, DateOnly, bool)"/>, for what a Lot has in one place.</summary>
    public static IReadOnlyList<Unavailable> Of(LotState lot, string kind, DateOnly today, bool recalled = false) => Of(lot.Standing, kind, today, recalled);

    /// <summary>Where things lie to be used.</summary>
    public static bool IsStore(string kind) => kind is "store" or "pharmacy" or "theatre";

    public static string Says(Unavailable why) => why switch
    {
        Unavailable.Held => "on hold",
        Unavailable.Recalled => "recalled",
        Unavailable.Expired => "expired",
        Unavailable.Unbooked => "never booked in",
        Unavailable.NoPlace => "nobody knows where it is",
        Unavailable.NotAStore => "not in a store",
        Unavailable.Reserved => "kept for a case",
        Unavailable.InTransit => "on its way",
        Unavailable.Returned => "came back, not yet looked at",
        Unavailable.Missing => "missing",
        Unavailable.Left => "left through an exit",
        Unavailable.Stolen => "stolen",
        Unavailable.Opened => "opened",
        Unavailable.Implanted => "implanted",
        Unavailable.Explanted => "explanted",
        Unavailable.Used => "used",
        _ => "thrown away",
    };

    static Unavailable? OfStatus(ItemStatus status) => status switch
    {
        ItemStatus.InStock or ItemStatus.Received => null,
        ItemStatus.Unbooked => Unavailable.Unbooked,
        ItemStatus.Reserved => Unavailable.Reserved,
        ItemStatus.InTransit => Unavailable.InTransit,
        ItemStatus.Returned => Unavailable.Returned,
        ItemStatus.Missing => Unavailable.Missing,
        ItemStatus.Left => Unavailable.Left,
        ItemStatus.Stolen => Unavailable.Stolen,
        ItemStatus.Opened => Unavailable.Opened,
        ItemStatus.Implanted => Unavailable.Implanted,
        ItemStatus.Explanted => Unavailable.Explanted,
        ItemStatus.Used => Unavailable.Used,
        _ => Unavailable.Wasted,
    };
}
