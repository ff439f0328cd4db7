namespace EdgeTrace.Gateway.Uplink;

/// <summary>How the way to the cloud is. Each has its own sentence on the page.</summary>
enum LinkState
{
    Connecting,

    /// <summary>Nothing answers at the broker's address.</summary>
    Unreachable,

    /// <summary>The broker answered and said no: password, client id, protocol.</summary>
    Refused,

    /// <summary>The broker takes our batches and nobody on the other side has them in a log.</summary>
    CloudNotListening,

    /// <summary>The link is up and acknowledgements have stopped coming.</summary>
    Stalled,

    Online,
}
