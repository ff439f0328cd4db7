using EdgeTrace.Stock.Exits;

namespace EdgeTrace.Store.Ledger;

/// <summary>What was concluded from a passage out of an exit.</summary>
/// <param name="Id">A function of the visit, so that concluding it again changes nothing.</param>
/// <param name="TicketThing">What of the ticket let it leave: itself or its container.</param>
public sealed record ExitFact(
    string Id, string Visit, string Portal, string Item, string Epc, long AtUs, ExitOutcome Outcome, string Says, string? Ticket, string? TicketThing, ExitEvidence Evidence);

/// <summary>What somebody found, or a later sign showed.</summary>
/// <param name="Answer">false, allowed, returned, gone or stolen.</param>
public sealed record ExitAnswer(string Exit, string Answer, string Reason, string Actor, long AtUs);

/// <summary>A conclusion as it was recorded, and what was answered.</summary>
public sealed record ExitRow(ExitFact Exit, long RecordedUs, ExitAnswer? Answer);

/// <summary>How often a day a door concluded something that is kept as a number only, or also as a row.</summary>
public sealed record ExitCount(string Portal, long Day, string Outcome, long Visits = 1);

/// <summary>What lies near a door, and since when it has been heard there.</summary>
public sealed record ExitStray(string Portal, string Item, string Epc, long SinceUs, long LastUs);

/// <summary>Alarms of a door since a time, and how many of them were no passage at all.</summary>
public sealed record ExitAlarms(string Portal, int All, int Answered, int False);

public sealed record CountRow(string Id, string Place, long StartedUs, string Actor, long? ClosedUs, string? ClosedBy);

/// <summary>What should have been in a place when its count began.</summary>
/// <param name="Thing">An Item's key, or a Lot's.</param>
public sealed record ExpectedThing(string Thing, int Pieces, long? Pence);

/// <summary>The part of a commit that exits and stock-takes write.</summary>
public sealed class ExitWrites
{
    public List<ExitFact> Exits { get; } = [];
    public List<ExitAnswer> Answers { get; } = [];
    public List<ExitTicket> Tickets { get; } = [];
    public List<(string Ticket, long AtUs, string Actor)> TicketEnds { get; } = [];
    public List<ExitCount> Counts { get; } = [];
    public List<ExitStray> Strays { get; } = [];

    /// <summary>Moves the cursor from the visit its owner believes in; where that is not so, another owner has been here and nothing is written. From −1: there was none.</summary>
    public (long From, long To)? Cursor { get; set; }

    public List<(CountRow Count, IReadOnlyList<ExpectedThing> Expected)> CountStarts { get; } = [];
    public List<(string Count, long AtUs, string Actor)> CountCloses { get; } = [];

    public bool IsEmpty => Exits.Count + Answers.Count + Tickets.Count + TicketEnds.Count + Counts.Count + Strays.Count + CountStarts.Count + CountCloses.Count == 0 && Cursor is null;

    public void Add(ExitWrites other)
    {
        Exits.AddRange(other.Exits);
        Answers.AddRange(other.Answers);
        Tickets.AddRange(other.Tickets);
        TicketEnds.AddRange(other.TicketEnds);
        Counts.AddRange(other.Counts);
        Strays.AddRange(other.Strays);
        CountStarts.AddRange(other.CountStarts);
        CountCloses.AddRange(other.CountCloses);
        Cursor = other.Cursor ?? Cursor;
    }
}
