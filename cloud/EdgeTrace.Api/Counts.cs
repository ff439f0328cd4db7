namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/counts</c>: stock-takes, the newest first.</summary>
public sealed record CountsView(DateTimeOffset At, IReadOnlyList<CountSummary> Counts);

/// <summary>A stock-take of one place.</summary>
/// <param name="Expected">How many things should have been there when it began.</param>
/// <param name="Closed">Null: it goes on.</param>
public sealed record CountSummary(string Id, string Place, string PlaceName, DateTimeOffset Started, string By, DateTimeOffset? Closed, string? ClosedBy, int Expected);

/// <summary><c>GET /api/v1/counts/{id}</c>: what should be there, what was found, what was not, what should not be there, and what it costs.</summary>
/// <param name="Missing">Not seen since it began; while it goes on: not yet.</param>
/// <param name="Pence">Of what was expected; null where no product has a price.</param>
/// <param name="More">There are more things than are listed; the figures count them all.</param>
public sealed record CountView(
    CountSummary Count, int Expected, int Found, int Missing, int Moved, int Unexpected, int NotCounted, long? Pence, long? MissingPence, IReadOnlyList<CountedThing> Things, bool More);

/// <param name="Outcome">missing, found-again (missed, and seen since), unexpected, came-in (through a door meanwhile), moved (out of it meanwhile), short or over (of pieces), not-counted (of pieces nobody counted), found.</param>
/// <param name="Seen">The newest sign of it.</param>
/// <param name="Where">Of what moved: where it is; of what is unexpected: where it was before.</param>
public sealed record CountedThing(string Key, ItemName Name, string Outcome, int Expected, int Counted, long? Pence, DateTimeOffset? Seen, string? Where);

/// <summary>The body of <c>POST /api/v1/counts</c>. One place has one stock-take at a time.</summary>
/// <param name="Id">A UUID that the terminal draws before it first sends.</param>
public sealed record StartCount(string? Id, string? Place);

/// <summary>The body of <c>POST /api/v1/counts/{id}/seen</c>: what a scanner or a handheld reader found there, as an act of kind counted.</summary>
/// <param name="Id">A UUID of this act: sent twice, it is done once.</param>
public sealed record CountSeen(string? Id, IReadOnlyList<StockLine>? Lines, DateTimeOffset? At = null, string? Terminal = null);

/// <summary><c>GET /api/v1/counts/missing?days=</c>: what a stock-take missed, what left without a ticket, what was stolen, and what has been found again.</summary>
public sealed record MissingReport(DateTimeOffset At, int Days, int Missing, long? Pence, IReadOnlyList<MissingThing> Things);

/// <param name="State">missing, left, stolen or found.</param>
/// <param name="Since">When it was missed or left.</param>
/// <param name="From">Where it should have been.</param>
/// <param name="FoundAt">The sign that undid it.</param>
public sealed record MissingThing(string Key, ItemName Name, string State, DateTimeOffset Since, string? From, long? Pence, DateTimeOffset? LastSeen, string? LastSeenAt, DateTimeOffset? FoundAt, string? FoundIn);
