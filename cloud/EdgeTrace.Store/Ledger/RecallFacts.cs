using EdgeTrace.Stock;

namespace EdgeTrace.Store.Ledger;

/// <summary>What people say in a recall; each is a row that is never edited, and said twice it is there once.</summary>
/// <param name="Notice">The notice's id.</param>
public abstract record RecallFact(string Notice)
{
    /// <summary>What the audit says of it, where it is new.</summary>
    internal virtual AuditEntry? Audit => null;
}

/// <summary>From now on what the notice names may not be used.</summary>
/// <param name="Said">What the notice wants of people, in its own words.</param>
public sealed record RecallOpened(RecallNotice What, string Said, long AtUs, string Actor) : RecallFact(What.Id)
{
    internal override AuditEntry Audit => new(AtUs, Actor, "open-recall", $"recall/{Notice}", $"{What.Reference}: {What.Product}");
}

/// <summary>A place where some were when the notice was opened, or to which some were on their way.</summary>
/// <param name="Named">Pieces.</param>
public sealed record RecallPlace(string Notice, string Place, int Named) : RecallFact(Notice);

/// <summary>Somebody has looked in a place.</summary>
/// <param name="Named">How many pieces were known there when they answered.</param>
public sealed record RecallAnswer(string Notice, string Place, int Found, int Named, string Note, string Actor, long AtUs) : RecallFact(Notice)
{
    internal override AuditEntry Audit => new(AtUs, Actor, "answer-recall", $"recall/{Notice}", $"{Place}: {Found} of {Named}{(Note.Length > 0 ? $". {Note}" : "")}");
}

/// <summary>The notice no longer asks for anything.</summary>
/// <param name="Released">Whether what it held may be used again; else its holds stay.</param>
public sealed record RecallClosed(string Notice, string Reason, bool Released, string Actor, long AtUs) : RecallFact(Notice)
{
    internal override AuditEntry Audit => new(AtUs, Actor, "close-recall", $"recall/{Notice}", $"{(Released ? "released" : "holds stay")}: {Reason}");
}
