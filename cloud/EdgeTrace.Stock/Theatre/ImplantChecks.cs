namespace EdgeTrace.Stock.Theatre;

/// <summary>The nine checks before a pack is opened. Pure: what is known goes in, nine outcomes come out, in their order.</summary>
public static class ImplantChecks
{
    /// <summary>Its number was implanted, used or thrown away before.</summary>
    public const string UsedBefore = "used-before";

    public const string SealNotAsked = "seal-not-asked";

    /// <summary>Whether the wristband is that of the patient whom the list has.</summary>
    /// <param name="scanned">The NHS number that the wristband says; null: none could be read.</param>
    public static CheckOutcome Patient(TheatreCase of, string? scanned) =>
        scanned is null ? ScanRules.NoNumber
        : of.NhsNumber is null ? new(Check.Patient, "no-nhs-number", Colour.Amber, $"Case {of.Number} is of a patient without an NHS number: compare name and date of birth with the wristband.")
        : scanned == of.NhsNumber ? new(Check.Patient, "right-patient", Colour.Green, $"The wristband is that of case {of.Number}.")
        : new(Check.Patient, "wrong-patient", Colour.Red, $"This wristband is of another patient than case {of.Number}. Stop, and find out who is on the table. If that case is over, close it first.");

    public static IReadOnlyList<CheckOutcome> Judge(TheatreCase of, ComponentFacts f, DateOnly today) =>
    [
        of.Wristband ?? new(Check.Patient, "wristband-first", Colour.Red, "Nobody has scanned the wristband yet: scan it, then this."),
        Side(of, f), .. Fit(of, f), Expiry(f, today), .. Holds(of, f), Seal(f), .. Once(of, f), Product(f), Label(f),
    ];

    static CheckOutcome Side(TheatreCase of, ComponentFacts f) => f.Product switch
    {
        null => new(Check.Side, "side-not-known", Colour.NotMade, "Which side it is for is not known: read it on the pack."),
        { Side: null } => new(Check.Side, "fits-both-sides", Colour.Green, "It fits both sides."),
        { Side: var side } when of.Side is null => new(Check.Side, "no-side-of-consent", Colour.Amber, $"It is for the {side}, and the case names no side: look at the consent."),
        { Side: var side } when side == of.Side => new(Check.Side, "right-side", Colour.Green, $"It is for the {side}, as the consent."),
        { Side: var side, Component: var kind } => new(Check.Side, "wrong-side", Colour.Red, $"This {kind ?? "component"} is for the {side.ToUpperInvariant()}, and the consent is for the {of.Side!.ToUpperInvariant()}. Do not open it; fetch the {of.Side} one."),
    };

    static IReadOnlyList<CheckOutcome> Fit(TheatreCase of, ComponentFacts f) => f.Product is null
        ? [new(Check.Fit, "fit-not-known", Colour.NotMade, "Whether it fits the others is not known: compare size, taper and brand on the packs.")]
        : FitRules.Judge(f.Product, f.Key, of.Components) is { Count: > 0 } said ? said
        : [new(Check.Fit, "fits", Colour.Green, of.Components.Count == 0 ? "It is the first of this case: nothing to compare with." : "Nothing in this case speaks against it.")];

    static CheckOutcome Expiry(ComponentFacts f, DateOnly today) => f.Expiry switch
    {
        null => new(Check.Expiry, "no-expiry", Colour.NotMade, "These codes say no date: scan the other code of the label, or read the date on the pack."),
        { } day when day < today => new(Check.Expiry, "expired", Colour.Red, $"It expired on {day:yyyy-MM-dd}. Do not open it; put it aside as waste and fetch another."),
        { } day when day == today => new(Check.Expiry, "expires-today", Colour.Amber, "Today is its last day of use."),
        { } day => new(Check.Expiry, "in-date", Colour.Green, $"To be used by {day:yyyy-MM-dd}."),
    };

    static List<CheckOutcome> Holds(TheatreCase of, ComponentFacts f)
    {
        var said = new List<CheckOutcome>();
        if (f.Against.Contains(Unavailable.Recalled)) said.Add(new(Check.Hold, "recalled", Colour.Red, "It is recalled. Do not open it; keep it apart and tell the recall's coordinator."));
        if (f.Against.Contains(Unavailable.Held))
            said.Add(new(Check.Hold, "on-hold", Colour.Red, $"It is on hold ({string.Join(", ", f.Holds.Where(h => h.Reason != HoldReason.Recall).Select(Because))}). Do not open it; ask who holds it."));
        if (f.Against.Contains(Unavailable.Unbooked)) said.Add(new(Check.Hold, "never-booked-in", Colour.Amber, "It was never booked in: nobody knows how it was kept. A loan kit is booked in when it comes."));
        if (f.Against.Contains(Unavailable.Missing) || f.Against.Contains(Unavailable.Left) || f.Against.Contains(Unavailable.Stolen))
            said.Add(new(Check.Hold, "was-missing", Colour.Amber, "It was missing: nobody knows where it has been. Look at the pack with care."));
        if (f.Against.Contains(Unavailable.Returned)) said.Add(new(Check.Hold, "not-inspected", Colour.Amber, "It came back and nobody has looked at it since."));
        if (f.Status is ItemStatus.Reserved or ItemStatus.InTransit && f.InCase is { } other && other != of.Number)
            said.Add(new(Check.Hold, "kept-for-another", Colour.Amber, $"It is kept for case {other}: take another, or tell them."));
        if (said.Count == 0) said.Add(new(Check.Hold, "no-hold", Colour.Green, "Nothing holds it."));
        return said;
    }

    static string Because(Hold hold) => hold.Note is { Length: > 0 } note ? note : System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(hold.Reason.ToString()).Replace('-', ' ');

    static CheckOutcome Seal(ComponentFacts f) => f.SealWhole switch
    {
        null => new(Check.Seal, SealNotAsked, Colour.NotMade, "Look at the pack: is the seal whole and the indicator turned?"),
        true => new(Check.Seal, "seal-whole", Colour.Green, "Seal and indicator were looked at."),
        false => new(Check.Seal, "seal-broken", Colour.Red, "The seal is broken or the indicator has not turned. It is not sterile: waste it and fetch another."),
    };

    static List<CheckOutcome> Once(TheatreCase of, ComponentFacts f)
    {
        var said = new List<CheckOutcome>();
        if (f.Status is ItemStatus.Implanted or ItemStatus.Explanted or ItemStatus.Used or ItemStatus.Wasted || f.Status == ItemStatus.Opened && f.InCase != of.Number)
            said.Add(new(Check.Once, UsedBefore, Colour.Red, $"Its number was {f.Status.Value.Word()} before{(f.InCase is { } then ? $", in case {then}" : "")}. Put it aside: two things may carry one number."));
        if (f.SeenIn is { } place) said.Add(new(Check.Once, "seen-elsewhere", Colour.Amber, $"It was last seen in {place}, not here."));
        if (f.Status is null && said.Count == 0) said.Add(new(Check.Once, "no-number-of-its-own", Colour.Green, "It has no number of its own: the lot is what is recorded."));
        if (said.Count == 0) said.Add(new(Check.Once, "not-used-before", Colour.Green, "Its number was never used before."));
        return said;
    }

    static CheckOutcome Product(ComponentFacts f) =>
        f.Unreadable is { } why ? new(Check.Product, "unreadable", Colour.Red, why)
        : f.BookedAs is { } other ? new(Check.Product, "two-products", Colour.Red, $"Its label says product {f.ProductKey}, the books have {other} under this number. Put it aside.")
        : f.Product is null ? new(Check.Product, "unknown-product", Colour.Red, $"Nobody has entered this product{(f.ProductKey is { } key ? $" ({key})" : "")}: side and fit cannot be checked. Check them with the surgeon, or fetch one that is known.")
        : !f.Product.Implant ? new(Check.Product, "no-implant", Colour.Green, "The catalogue knows it; it does not stay in the patient.")
        : new(Check.Product, "known-product", Colour.Green, "The catalogue knows it.");

    static CheckOutcome Label(ComponentFacts f) =>
        f.Findings.Count > 0 ? new(Check.Label, "label-differs", Colour.Amber, f.Findings[0])
        : f is { Lot: not null, Serial: not null } ? new(Check.Label, "lot-and-serial", Colour.Green, "Lot and serial are recorded.")
        : f.Serial is null && f.Product?.Serialised == true ? f.NoSerialSaid
            ? new(Check.Label, "no-serial-said", Colour.Amber, "Somebody has looked: the label has no serial, though this product should have one.")
            : new(Check.Label, "no-serial", Colour.Amber, "These codes have no serial, and this product has one: scan the other code of the label, or say that there is none.")
        : f.Serial is null && f.Lot is null ? new(Check.Label, "no-lot-no-serial", Colour.Amber, "These codes have neither lot nor serial: scan the other code of the label.")
        : f.Lot is null ? new(Check.Label, "no-lot", Colour.Amber, "These codes have no lot: scan the other code of the label, so that a recall by lot finds it.")
        : new(Check.Label, "lot", Colour.Green, "The lot is recorded; this product has no serial.");
}
