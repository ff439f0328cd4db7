namespace EdgeTrace.Stock;

/// <summary>
/// One thing happened to one subject: appended, never edited. Its id is a function of the act that made it, so that an act sent twice is there once.
/// </summary>
/// <param name="Subject">An Item's key, or a Lot's (<see cref="Lot.Key"/>) when <see cref="EventDetail.Quantity"/> is given.</param>
/// <param name="AtUs">Event time, µs since 1970 UTC: when it happened, not when it was told.</param>
/// <param name="OffsetMinutes">The site's offset from UTC at that time, which EPCIS keeps.</param>
/// <param name="Place">The Location where it was afterwards; null when the event says nothing of it.</param>
/// <param name="ReadPoint">The portal, scanner or terminal that saw it.</param>
/// <param name="Act">What a person or a rule did in one go: goods-in of a delivery, one press of recall.</param>
public sealed record StockEvent(string Id, string Subject, EventKind Kind, long AtUs, int OffsetMinutes, string? Place, string? ReadPoint, string Act, string Actor, EventDetail Detail)
    : IComparable<StockEvent>
{
    /// <summary>The order in which events are understood, whatever order they came in.</summary>
    public int CompareTo(StockEvent? other)
    {
        if (other is null) return 1;
        var order = AtUs.CompareTo(other.AtUs);
        if (order == 0) order = Kind.CompareTo(other.Kind);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }

    public static bool operator <(StockEvent left, StockEvent right) => left.CompareTo(right) < 0;
    public static bool operator >(StockEvent left, StockEvent right) => left.CompareTo(right) > 0;
    public static bool operator <=(StockEvent left, StockEvent right) => left.CompareTo(right) <= 0;
    public static bool operator >=(StockEvent left, StockEvent right) => left.CompareTo(right) >= 0;
}

/// <summary>What an event says beside who, when and where. What is null is not said, and is not written.</summary>
/// <remarks>One flat record, because EPCIS, FHIR and the page each pick their own half of it.</remarks>
public sealed record EventDetail
{
    public static readonly EventDetail None = new();

    // What it is.
    /// <summary>The trade item: a GTIN of 14 digits, or <c>+</c> LIC and PCN of a HIBC.</summary>
    public string? Product { get; init; }
    public string? Lot { get; init; }
    public string? Serial { get; init; }
    public DateOnly? Expiry { get; init; }
    public DateOnly? Made { get; init; }
    /// <summary>The tag's EPC in hex.</summary>
    public string? Epc { get; init; }
    /// <summary>The chip's own number in hex: two tags can carry one EPC, but not one TID. Of a release of <see cref="TwoTags"/>: the right one, or all that are, a blank between two.</summary>
    public string? Tid { get; init; }
    /// <summary>The carrier's bytes as they came, in base 64, with its AIM symbology id before them: FHIR's <c>carrierAIDC</c>.</summary>
    public string? Carrier { get; init; }
    /// <summary>A scan in the ledger that this was made of.</summary>
    public string? Scan { get; init; }

    // How many, from where, in what.
    /// <summary>Of a Lot; null of an Item.</summary>
    public int? Quantity { get; init; }
    public string? From { get; init; }
    /// <summary>Where something issued is meant to arrive.</summary>
    public string? Destination { get; init; }
    public string? Container { get; init; }
    public string? Owner { get; init; }

    // Why: EPCIS's business transactions.
    public string? Order { get; init; }
    public string? DespatchAdvice { get; init; }
    public string? Case { get; init; }
    public string? Ticket { get; init; }
    public string? Notice { get; init; }
    public string? Reason { get; init; }

    // Holds.
    public HoldReason? HoldReason { get; init; }
    /// <summary>The hold that a release ends.</summary>
    public string? Hold { get; init; }

    // The patient, never by name: a pseudonym (a UUID), and what FHIR's Procedure will need.
    public string? Patient { get; init; }
    public string? Side { get; init; }
    public string? Procedure { get; init; }
    public string? Clinician { get; init; }

    /// <summary>A second person's name, where a rule wants two.</summary>
    public string? Witness { get; init; }
    /// <summary>What it cost, in pence: what a waste report adds up.</summary>
    public long? Pence { get; init; }
    /// <summary>What was concluded and not seen: EPCIS's <c>completeness_inferred</c>.</summary>
    public bool Inferred { get; init; }
}
