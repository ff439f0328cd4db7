namespace EdgeTrace.Stock.Theatre;

/// <summary>What is checked before a pack is opened, in the order in which it is said.</summary>
/// <remarks>HSIB 2018, "Implantation of wrong prostheses during joint replacement surgery": scan before implanting, not when the NJR's form is typed.</remarks>
public enum Check
{
    /// <summary>The scan itself: read, in its order, once, at a time that can be.</summary>
    Scan,
    Patient,
    Side,
    Fit,
    Expiry,
    Hold,
    Seal,
    Once,
    Product,
    Label,
}

/// <summary>What a check came to. A check that could not be made is never green.</summary>
public enum Colour
{
    Green,

    /// <summary>Nobody could make this check: offline, or something is not known.</summary>
    NotMade,
    Amber,

    /// <summary>Nobody opens this pack unless two people say why.</summary>
    Red,
}

/// <param name="Code">A lower-case word for reports; one for each way a check can end.</param>
/// <param name="Says">A sentence that a nurse can act on; never a patient's name or number.</param>
public sealed record CheckOutcome(Check Check, string Code, Colour Colour, string Says);

public static class Colours
{
    public static string Word(this Colour colour) => colour == Colour.NotMade ? "not-made" : colour.ToString().ToLowerInvariant();

    public static Colour Read(string word) => word == "not-made" ? Colour.NotMade : Enum.Parse<Colour>(word, ignoreCase: true);

    /// <summary>The colour of them all: red stops, and what could not be checked warns. The seal is asked of a person afterwards, so that it does not count before.</summary>
    public static Colour Worst(this IEnumerable<CheckOutcome> outcomes)
    {
        var worst = Colour.Green;
        foreach (var outcome in outcomes)
            if (outcome.Code != ImplantChecks.SealNotAsked && outcome.Colour > worst) worst = outcome.Colour;
        return worst == Colour.NotMade ? Colour.Amber : worst;
    }
}
