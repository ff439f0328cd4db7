using System.Collections.Immutable;

namespace EdgeTrace.Stock;

/// <summary>Why nobody may use a thing.</summary>
public enum HoldReason
{
    ColdChain,
    Recall,
    Expired,
    Damaged,
    Missing,

    /// <summary>Nobody knows the product, or its label says two things.</summary>
    Unverified,

    RegistryQuery,

    /// <summary>Less life left at receipt than the product must have.</summary>
    ShortDated,

    /// <summary>Two tags carry its number: one of them is not what it says.</summary>
    TwoTags,
}

/// <summary>An open hold. Its id is the event's that raised it; it ends with a release that names it.</summary>
/// <param name="By">The person or the rule.</param>
/// <param name="Notice">The recall notice, cold-chain episode or other evidence, by its id.</param>
public sealed record Hold(string Id, HoldReason Reason, string By, long SinceUs, string? Note = null, string? Notice = null)
{
    /// <summary>A release ends the hold it names; one that names a notice ends all that were raised by it.</summary>
    public static ImmutableArray<Hold> After(ImmutableArray<Hold> holds, StockEvent e) => e.Kind switch
    {
        EventKind.Held => holds.Add(new(e.Id, e.Detail.HoldReason ?? HoldReason.Unverified, e.Actor, e.AtUs, e.Detail.Reason, e.Detail.Notice)),
        EventKind.Released => holds.RemoveAll(hold => hold.Id == e.Detail.Hold || hold.Notice is not null && hold.Notice == e.Detail.Notice),
        _ => holds,
    };

    /// <summary>Released from a notice, the thing is not meant by it any more, until somebody holds it for that notice again.</summary>
    public static ImmutableArray<string> ClearedAfter(ImmutableArray<string> cleared, StockEvent e) => (e.Kind, e.Detail) switch
    {
        (EventKind.Released, { HoldReason: EdgeTrace.Stock.HoldReason.Recall, Notice: { } notice }) => cleared.Contains(notice) ? cleared : cleared.Add(notice),
        (EventKind.Held, { Notice: { } notice }) => cleared.Remove(notice),
        _ => cleared,
    };
}
