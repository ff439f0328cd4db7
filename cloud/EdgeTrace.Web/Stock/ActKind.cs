namespace EdgeTrace.Web.Stock;

/// <summary>Something people do to things they have chosen.</summary>
/// <param name="Word">As the API says it.</param>
/// <param name="Place">The question whose answer is where the things are afterwards; empty: they stay.</param>
/// <param name="Destination">The question where they are meant to arrive.</param>
/// <param name="Reason">The question why; empty: nobody asks.</param>
/// <param name="NeedsReason">It is not done without one.</param>
public sealed record ActKind(string Word, string Verb, string Icon, string Says, string Place = "", string Destination = "", string Reason = "", bool NeedsReason = false, bool ForCase = false)
{
    public static readonly ActKind PutAway = new("stored", "Put away", "in", "They are in the place you choose from now on.", Place: "Where to");
    public static readonly ActKind Pick = new("picked", "Pick", "stock", "They are kept for the case, and for nobody else.", Reason: "Why not what expires first", ForCase: true);
    public static readonly ActKind Issue = new("issued", "Issue", "out", "They are on their way until a door or a scan sees them arrive.", Destination: "Where to", Reason: "Why not what expires first", ForCase: true);
    public static readonly ActKind Return = new("returned", "Return", "undo", "They came back; they are stock again once somebody has looked at them.", Place: "Where to", Reason: "Why they came back");
    public static readonly ActKind Inspect = new("inspected", "Inspect", "fine", "You have looked at them: whole, sealed and not warmed. They may be used again.");
    public static readonly ActKind Waste = new("wasted", "Waste", "warning", "They are written off for good.", Reason: "What happened", NeedsReason: true);
    public static readonly ActKind Hold = new("held", "Hold", "held", "Nobody may use them until the hold is released.", Reason: "What is wrong", NeedsReason: true);
    public static readonly ActKind Release = new("released", "Release", "fine", "The holds on them end; what else stands against them still does.", Reason: "Why they may be used", NeedsReason: true);

    public static readonly IReadOnlyList<ActKind> All = [PutAway, Pick, Issue, Return, Inspect, Waste, Hold, Release];

    public bool TakesFirstExpired => this == Pick || this == Issue;

    /// <summary>Pieces are counted out; a hold is on all of a lot.</summary>
    public bool Counts => this != Hold && this != Release && this != Inspect;
}
