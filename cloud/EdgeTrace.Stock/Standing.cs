namespace EdgeTrace.Stock;

/// <summary>
/// How a thing stands, as far as <see cref="Availability"/> asks: a part of its state, so that a list of thousands is judged by the same rule without the rest
/// of each being read.
/// </summary>
/// <param name="Status">Of pieces of a Lot always <see cref="ItemStatus.InStock"/>.</param>
/// <param name="Recalled">Whether an open hold on it is a recall's.</param>
/// <param name="Held">Whether there is any other open hold on it.</param>
public readonly record struct Standing(ItemStatus Status, DateOnly? Expiry, bool Recalled, bool Held)
{
    /// <summary>When its status became what it is, µs since 1970 UTC.</summary>
    public long SinceUs { get; init; }

    /// <summary>The status before it was missed.</summary>
    public ItemStatus BeforeMissed { get; init; }

    /// <summary>Where it is meant to arrive while it is in transit.</summary>
    public string? Destination { get; init; }

    /// <summary>Whether it is kept for a case.</summary>
    public bool Kept { get; init; }

    /// <summary>What a sign of it by a door or a scan undoes: it is not missing any more; it has arrived where it was sent.</summary>
    public Standing Seen(long atUs, string? place) => Status switch
    {
        ItemStatus.Missing when atUs > SinceUs => this with { Status = BeforeMissed, SinceUs = atUs },
        ItemStatus.InTransit when atUs > SinceUs && place is not null && place == Destination => this with { Status = AfterArrival(Kept), SinceUs = atUs },
        _ => this,
    };

    public static ItemStatus AfterArrival(bool kept) => kept ? ItemStatus.Reserved : ItemStatus.InStock;
}
