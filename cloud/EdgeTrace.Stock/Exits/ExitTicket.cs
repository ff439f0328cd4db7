namespace EdgeTrace.Stock.Exits;

/// <summary>Why something may leave.</summary>
public enum TicketKind
{
    Issue,
    Loan,
    Repair,
    Transfer,
    Waste,

    /// <summary>A patient goes home with it.</summary>
    Discharge,
}

/// <summary>A person says that things may leave: which, through which exit, from when to when, and why.</summary>
/// <param name="Portal">Null: any exit.</param>
/// <param name="Things">Each is used up by its own passage.</param>
/// <param name="EndedUs">When somebody took it back before its time.</param>
public sealed record ExitTicket(string Id, TicketKind Kind, string? Portal, long FromUs, long UntilUs, string Actor, string Reason, IReadOnlyList<TicketThing> Things, long? EndedUs = null)
{
    /// <summary>Who has just left and turns back for a forgotten paper leaves a second time on the same ticket.</summary>
    public static readonly TimeSpan TurnBackMax = TimeSpan.FromMinutes(10);

    /// <summary>The thing of this ticket that lets an Item leave: itself, or the container it is in; null: it does not.</summary>
    public TicketThing? For(string item, string? container, string portal, long atUs) =>
        atUs < FromUs || atUs > UntilUs || atUs > EndedUs || (Portal is not null && Portal != portal) ? null
        : Things.FirstOrDefault(thing => (thing.Key == item || thing.Key == container) && !(atUs - thing.LeftUs > TurnBackMax.Ticks / TimeSpan.TicksPerMicrosecond));

    /// <summary>How it stands at a time.</summary>
    public TicketState StateAt(long atUs) =>
        Things.All(thing => thing.LeftUs is not null) ? TicketState.Used : EndedUs is not null ? TicketState.Ended : atUs > UntilUs ? TicketState.Expired : atUs < FromUs ? TicketState.Ahead : TicketState.Open;
}

/// <summary>One thing of a ticket.</summary>
/// <param name="Key">An Item's, or a container's whose contents go with it.</param>
/// <param name="LeftUs">When it first left on this ticket.</param>
public sealed record TicketThing(string Key, long? LeftUs = null);

public enum TicketState
{
    Ahead,
    Open,

    /// <summary>Everything on it has left.</summary>
    Used,

    /// <summary>Its time is over and something on it has not left.</summary>
    Expired,
    Ended,
}
