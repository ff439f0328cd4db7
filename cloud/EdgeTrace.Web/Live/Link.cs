namespace EdgeTrace.Web.Live;

/// <summary>How the page stands with the server.</summary>
enum LinkState
{
    Connecting,
    Live,
    Lost,
}

/// <summary>Said once the page is back: how long it was away and how much came in meanwhile; null when the server began a new record.</summary>
sealed record Return(TimeSpan Away, long? Missed, DateTimeOffset At);
