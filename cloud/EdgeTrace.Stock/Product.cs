namespace EdgeTrace.Stock;

/// <summary>A trade item as the catalogue knows it: what people call it, and what the rules of receipt and of the theatre ask about it.</summary>
/// <param name="Key">A GTIN of 14 digits, or <c>+</c>, LIC and PCN of a HIBC.</param>
public sealed record Product(string Key, string Name, string Manufacturer = "", string Category = "")
{
    public string? CatalogueNumber { get; init; }

    /// <summary>Whether it stays in a patient.</summary>
    public bool Implant { get; init; }

    /// <summary>What part of a set it is: stem, head, cup, liner, tray …</summary>
    public string? Component { get; init; }

    /// <summary>left or right; null fits both.</summary>
    public string? Side { get; init; }

    /// <summary>The diameter that must meet its counterpart's, in mm: of a head and its liner.</summary>
    public double? SizeMm { get; init; }

    /// <summary>The taper that must meet its counterpart's: "12/14".</summary>
    public string? Taper { get; init; }

    /// <summary>The maker's family: parts of different brands are not made for each other.</summary>
    public string? Brand { get; init; }

    /// <summary>The storage class of the place it needs: the codes of <c>EdgeTrace.ColdChain</c>; null keeps at room temperature.</summary>
    public string? Storage { get; init; }

    /// <summary>Days of life it must have left when it comes in.</summary>
    public int? LifeDaysMin { get; init; }

    /// <summary>What one costs, in pence.</summary>
    public long? Pence { get; init; }

    /// <summary>Whether each has a number of its own on its label.</summary>
    public bool Serialised { get; init; }

    /// <summary>Whether an exit must ask about it.</summary>
    public bool Controlled { get; init; }

    /// <summary>SNOMED CT code of the device type, for FHIR.</summary>
    public string? Snomed { get; init; }
}
