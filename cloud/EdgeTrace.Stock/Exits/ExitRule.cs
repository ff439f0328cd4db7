namespace EdgeTrace.Stock.Exits;

/// <summary>What an exit concludes from a passage out: the rows of <see cref="ExitRule"/>, in their order.</summary>
public enum ExitOutcome
{
    /// <summary>Neither the books nor the catalogue know it: a visitor's coat, another hospital's tag.</summary>
    Unknown,

    /// <summary>It lies near the door, and nothing says clearly that it went out.</summary>
    Stray,

    /// <summary>Too weak, too short, or heard on one side alone.</summary>
    Faint,

    Ticketed,

    /// <summary>Used, implanted or thrown away by the books: only its pack leaves.</summary>
    WrittenOff,

    Uncontrolled,

    /// <summary>Kept for a case in this house, and on its way out of it.</summary>
    Reserved,

    Unticketed,
}

/// <summary>What antennas heard of a passage. dBm × 100; the confidence is the tracker's, 0…1.</summary>
public sealed record ExitEvidence(int Reads, int ReadsInside, int ReadsOutside, int PeakCentiDbm, double Confidence);

/// <summary>What is known when something has gone out.</summary>
/// <param name="Known">The books have had it, or the catalogue has its product.</param>
/// <param name="Item">As it stood just before, by event time.</param>
/// <param name="LiesNear">By <see cref="StrayRule"/>.</param>
public sealed record ExitFacts(bool Known, ItemState Item, bool Controlled, ExitTicket? Ticket, bool LiesNear, ExitEvidence Evidence);

/// <param name="Says">Why, to be followed by a full stop.</param>
public sealed record ExitDecision(ExitOutcome Outcome, string Says);

/// <summary>The decision table of an exit: the first row that holds decides. An alarm must be surer than a count, for people stop believing in one that cries.</summary>
public static class ExitRule
{
    /// <summary>Fewer reads than this in one walk through a door is a tag in a pocket or a reflection: a carried tag gives 15 to 60.</summary>
    public const int ReadsMin = 4;

    /// <summary>3 dB above what the tracker already takes for a stray.</summary>
    public const int PeakMinCentiDbm = -6500;

    /// <summary>Below it the tracker itself would rather not say which way.</summary>
    public const double ConfidenceMin = 0.5;

    /// <summary>What lies near the door is believed to have left only when it went through as clearly as somebody carrying it does.</summary>
    public const double ClearConfidence = 0.8;

    public static ExitDecision Judge(ExitFacts f)
    {
        var e = f.Evidence;
        if (!f.Known) return new(ExitOutcome.Unknown, "neither the books nor the catalogue know it");
        if (f.LiesNear && !IsClear(e)) return new(ExitOutcome.Stray, "it lies near the door and was heard no more clearly than before");
        if (e.ReadsInside == 0 || e.ReadsOutside == 0) return new(ExitOutcome.Faint, "it was heard on one side of the door alone");
        if (e.Reads < ReadsMin) return new(ExitOutcome.Faint, $"it was read {e.Reads} times, and a passage takes {ReadsMin}");
        if (e.PeakCentiDbm < PeakMinCentiDbm) return new(ExitOutcome.Faint, $"its strongest read was {e.PeakCentiDbm / 100} dBm, and a passage takes {PeakMinCentiDbm / 100}");
        if (e.Confidence < ConfidenceMin) return new(ExitOutcome.Faint, "its direction is not sure enough");
        if (f.Ticket is { } ticket) return new(ExitOutcome.Ticketed, $"{ticket.Kind.Word()} ticket of {ticket.Actor}: {ticket.Reason}");
        if (f.Item.Status.IsFinal()) return new(ExitOutcome.WrittenOff, $"by the books it was {f.Item.Status.Word()}: its pack or tag left");
        if (!f.Controlled) return new(ExitOutcome.Uncontrolled, "its product needs no ticket");
        if (f.Item.Status is ItemStatus.Reserved) return new(ExitOutcome.Reserved, $"it is kept for case {f.Item.Case ?? "of this house"}, and no ticket covers it");
        return new(ExitOutcome.Unticketed, "no ticket covers it");
    }

    static bool IsClear(ExitEvidence e) => e.Confidence >= ClearConfidence && e.ReadsInside >= ReadsMin && e.ReadsOutside >= ReadsMin;

    /// <summary>Whether somebody must answer it.</summary>
    public static bool Asks(this ExitOutcome outcome) => outcome is ExitOutcome.Reserved or ExitOutcome.Unticketed;

    public static string Word(this ExitOutcome outcome) => outcome switch
    {
        ExitOutcome.WrittenOff => "written-off",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    public static string Word(this TicketKind kind) => kind.ToString().ToLowerInvariant();
    public static string Word(this TicketState state) => state.ToString().ToLowerInvariant();
}
