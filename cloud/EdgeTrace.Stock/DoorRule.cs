namespace EdgeTrace.Stock;

/// <summary>What somebody must be told of a thing that was carried through a door into a place where stock is kept or used.</summary>
public enum DoorOutcome
{
    /// <summary>Out of date, by its tag or by the books.</summary>
    Expired,

    /// <summary>Into a theatre under a recall.</summary>
    Recalled,

    /// <summary>Into a theatre while it is on hold.</summary>
    Held,

    /// <summary>Its tag says another use-by date or lot than the books have.</summary>
    TagDiffers,
}

/// <summary>What a tag says beside its number: +AIDC data, and the date of a DSGTIN+.</summary>
public sealed record TagSays(string? Lot, DateOnly? Expiry)
{
    public bool IsEmpty => Lot is null && Expiry is null;
}

/// <summary>What is known of a thing when a door hears it.</summary>
/// <param name="Kind">Of the Location it went into.</param>
/// <param name="Lot">As the books have it; null: nobody has said.</param>
/// <param name="Expiry">As the books have it.</param>
/// <param name="Against">What stands against using it there, by <see cref="Availability"/>, with the earlier of both dates.</param>
public sealed record DoorFacts(string Kind, TagSays Tag, string? Lot, DateOnly? Expiry, IReadOnlyList<Unavailable> Against);

/// <summary>What a door tells of what comes in through it. It decides nothing about use: that is <see cref="Availability"/>'s; it says who has to know.</summary>
public static class DoorRule
{
    public static IReadOnlyList<(DoorOutcome Outcome, string Says)> Judge(DoorFacts f)
    {
        var said = new List<(DoorOutcome, string)>();
        if (f.Against.Contains(Unavailable.Expired)) said.Add((DoorOutcome.Expired, $"it expired on {Earlier(f.Tag.Expiry, f.Expiry):yyyy-MM-dd}"));
        // Who carries something to where held stock is kept apart does what is wanted; into a theatre it must not go.
        if (f.Kind == "theatre" && f.Against.Contains(Unavailable.Recalled)) said.Add((DoorOutcome.Recalled, "it is recalled"));
        if (f.Kind == "theatre" && f.Against.Contains(Unavailable.Held)) said.Add((DoorOutcome.Held, "it is on hold"));
        if (Differs(f) is { } differs) said.Add((DoorOutcome.TagDiffers, differs));
        return said;
    }

    static string? Differs(DoorFacts f) =>
        f.Tag.Expiry is { } tag && f.Expiry is { } label && tag != label ? $"its tag says use by {tag:yyyy-MM-dd}, its label {label:yyyy-MM-dd}"
        : f.Tag.Lot is { } lot && f.Lot is { } other && lot != other ? $"its tag says lot {lot}, its label lot {other}" : null;

    static DateOnly? Earlier(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? x < y ? x : y : a ?? b;

    public static string Word(this DoorOutcome outcome) => outcome == DoorOutcome.TagDiffers ? "tag-differs" : outcome.ToString().ToLowerInvariant();

    /// <summary>What whoever hears of it should do.</summary>
    public static string Remedy(this DoorOutcome outcome) => outcome switch
    {
        DoorOutcome.Expired => "Take it out and put it with the waste.",
        DoorOutcome.Recalled => "Take it out and keep it apart; the recall's page says what is wanted of it.",
        DoorOutcome.Held => "Take it out: it may not be used before it is released.",
        _ => "Look at both: the earlier date counts until then. A tag may sit on the wrong thing.",
    };
}
