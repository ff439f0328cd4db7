namespace EdgeTrace.Stock.Theatre;

/// <summary>One operation on one side of one patient. Both sides in one sitting are two cases, as they are two records of the National Joint Registry.</summary>
/// <param name="Number">What the hospital's list calls it; events and reports name the case by it.</param>
/// <param name="Patient">A pseudonym: the only thing about the patient that leaves the table of patients.</param>
/// <param name="NhsNumber">Ten digits; null for a patient who has none.</param>
/// <param name="Side">The side of the consent, left or right; null where the operation has none.</param>
/// <param name="Place">The theatre's Location.</param>
public sealed record TheatreCase(string Id, string Number, string Patient, string? NhsNumber, string? Side, string Procedure, string? ProcedureCode, string? Clinician, string Place)
{
    /// <summary>What the newest scan of a wristband came to; null: nobody has scanned one.</summary>
    public CheckOutcome? Wristband { get; init; }

    /// <summary>What was scanned for it so far, the newest last.</summary>
    public IReadOnlyList<CaseComponent> Components { get; init; } = [];
}

/// <summary>How far a component has come in its case.</summary>
public enum Step
{
    /// <summary>Scanned, and something red stands against it.</summary>
    Stopped,

    /// <summary>Scanned; the pack is closed.</summary>
    Scanned,
    Opened,
    Implanted,
    Wasted,
    Explanted,
}

/// <param name="Key">The Item's, or the Lot's.</param>
public sealed record CaseComponent(string Key, Product? Product, Step Step);

/// <summary>What is known of a component when its label is scanned.</summary>
public sealed record ComponentFacts
{
    /// <summary>Why the label names nothing; null: it could be read.</summary>
    public string? Unreadable { get; init; }

    public string Key { get; init; } = "";

    /// <summary>The trade item on the label; null when the label does not say.</summary>
    public string? ProductKey { get; init; }

    /// <summary>As the catalogue has it; null: nobody has entered it.</summary>
    public Product? Product { get; init; }

    /// <summary>The trade item that the books have under this number, where that is another.</summary>
    public string? BookedAs { get; init; }

    public string? Lot { get; init; }
    public string? Serial { get; init; }

    /// <summary>The earliest that label, tag or books say.</summary>
    public DateOnly? Expiry { get; init; }

    /// <summary>A person has looked and there is no serial on the label.</summary>
    public bool NoSerialSaid { get; init; }

    /// <summary>What stands against using it, by <see cref="Availability"/>.</summary>
    public IReadOnlyList<Unavailable> Against { get; init; } = [];

    public IReadOnlyList<Hold> Holds { get; init; } = [];

    /// <summary>Null of pieces of a Lot.</summary>
    public ItemStatus? Status { get; init; }

    /// <summary>The case that the books have it in: kept for, opened in, implanted in.</summary>
    public string? InCase { get; init; }

    /// <summary>The name of the place where it was last seen, where that is not this theatre.</summary>
    public string? SeenIn { get; init; }

    /// <summary>What does not fit together about it, from the books.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>What the person who looked at the pack said; null: nobody has been asked yet.</summary>
    public bool? SealWhole { get; init; }
}
