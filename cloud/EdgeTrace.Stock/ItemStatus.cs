using System.Collections.Frozen;

namespace EdgeTrace.Stock;

/// <summary>How an Item stands. Only <see cref="InStock"/> and <see cref="Received"/> can ever be available, and then only where stock is kept.</summary>
public enum ItemStatus
{
    /// <summary>Seen by a door or a scanner, and never booked in.</summary>
    Unbooked,
    Received,
    InStock,
    Reserved,
    InTransit,
    Returned,
    Missing,
    Left,
    Stolen,

    // From here on it can never be stock again, whatever is scanned afterwards; only a declaration that this was wrong undoes it.
    Opened,
    Implanted,
    Explanted,
    Used,
    Wasted,
}

public static class ItemStatuses
{
    static readonly FrozenDictionary<string, ItemStatus> s_words = Enum.GetValues<ItemStatus>().ToFrozenDictionary(Word);

    /// <exception cref="InvalidDataException">A status that this program does not know.</exception>
    public static ItemStatus Of(string word) => s_words.TryGetValue(word, out var status) ? status : throw new InvalidDataException($"The ledger has a thing that is \"{word}\", which this program does not know: run a newer edgetrace-cloud.");

    public static bool IsFinal(this ItemStatus status) => status >= ItemStatus.Opened;

    public static string Word(this ItemStatus status) => status switch
    {
        ItemStatus.InStock => "in-stock",
        ItemStatus.InTransit => "in-transit",
        _ => status.ToString().ToLowerInvariant(),
    };
}
