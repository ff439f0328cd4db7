namespace EdgeTrace.Stock.Theatre;

/// <summary>What is wrong with a scan before anything is asked of what was scanned: its order, its time, and that it came before.</summary>
public static class ScanRules
{
    /// <summary>A clock may be a little ahead of ours.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(2);

    /// <summary>What waited on a tablet without a link; older than this its clock is more likely to be wrong.</summary>
    public static readonly TimeSpan LateMax = TimeSpan.FromDays(7);

    public static CheckOutcome NoCase { get; } = new(Check.Scan, "wristband-first", Colour.Red, "No case is open in this theatre: scan the patient's wristband first, then this.");

    public static CheckOutcome NotListed { get; } = new(Check.Patient, "not-listed", Colour.Red, "The list of this theatre has no open case of this patient today. Check the wristband and the list; a case that is missing can be entered below.");

    public static CheckOutcome NoNumber { get; } = new(Check.Patient, "wristband-unreadable", Colour.Red, "This wristband says no valid NHS number. Scan it again; if it stays so, print a new one and check name and date of birth with the patient.");

    /// <summary>The same thing again, as a trembling hand or a busy scanner sends it.</summary>
    public static CheckOutcome Twice(Step step) => step is Step.Scanned or Step.Stopped
        ? new(Check.Scan, "scanned-twice", Colour.Green, "It was scanned for this case before: it is there once.")
        : new(Check.Scan, "scanned-twice", Colour.Amber, $"It is {step.ToString().ToLowerInvariant()} in this case already: nothing is added.");

    /// <summary>Whether an act may follow what was done with a component before; null: it may.</summary>
    public static CheckOutcome? Order(Step step, Step next) => (step, next) switch
    {
        (Step.Wasted, _) => new(Check.Scan, "wasted-already", Colour.Red, "It is marked as wasted: if that is wrong, declare it wrong on the item's page."),
        (Step.Explanted, Step.Opened or Step.Implanted) => new(Check.Scan, "explanted-already", Colour.Red, "It was taken out of a patient: it is never opened or implanted again."),
        (Step.Implanted, Step.Opened) => new(Check.Scan, "implanted-already", Colour.Red, "It is implanted already."),
        (Step.Implanted, Step.Wasted) => new(Check.Scan, "implanted-already", Colour.Red, "It is marked as implanted: if it was taken out again, mark it as explanted."),
        _ => null,
    };

    /// <summary>When it was, and what is said of a clock that cannot be right: the fact is kept, at our own time.</summary>
    public static (DateTimeOffset At, CheckOutcome? Says) Time(DateTimeOffset? said, DateTimeOffset now) =>
        said is not { } at ? (now, null)
        : at > now + AheadMax ? (now, new(Check.Scan, "clock-ahead", Colour.Amber, $"This terminal says it was {at:yyyy-MM-dd HH:mm}Z, which is still to come: it is kept as of now. Set its clock."))
        : at < now - LateMax ? (now, new(Check.Scan, "clock-behind", Colour.Amber, $"This terminal says it was {at:yyyy-MM-dd HH:mm}Z, more than {LateMax.TotalDays:0} days ago: it is kept as of now. Set its clock."))
        : (at, null);

    /// <summary>What stands against taking a component out again; the books are told all the same, for it has happened.</summary>
    public static CheckOutcome Explant(TheatreCase of, ItemStatus? status, string? patient) =>
        status == ItemStatus.Implanted && patient == of.Patient ? new(Check.Once, "was-in-this-patient", Colour.Green, "The books have it in this patient.")
        : status == ItemStatus.Implanted ? new(Check.Once, "in-another-patient", Colour.Red, "The books have it in another patient: read the label again. If it is so, tell the registry's coordinator.")
        : new(Check.Once, "not-in-the-books", Colour.Amber, "The books do not have it in any patient: it was implanted elsewhere, or before the books began.");
}
