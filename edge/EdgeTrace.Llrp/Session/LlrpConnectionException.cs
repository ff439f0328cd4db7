using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Session;

/// <summary>Why there is no connection to a reader: each needs another remedy.</summary>
public enum LlrpLinkFailure
{
    /// <summary>Nothing answers at that address and port.</summary>
    Unreachable,
    /// <summary>Something answers, and does not greet as an LLRP reader does.</summary>
    NoGreeting,
    /// <summary>The reader serves another program that connected to it.</summary>
    TakenByClient,
    /// <summary>The reader serves a program it connected to by itself.</summary>
    TakenByReader,
    /// <summary>The reader says no and does not say why.</summary>
    Refused,
    /// <summary>A request was not answered in time.</summary>
    NoAnswer,
    /// <summary>Keepalives stopped: the cable, the switch or the reader is gone.</summary>
    Silent,
    /// <summary>The reader said good bye.</summary>
    ClosedByReader,
    /// <summary>The connection broke.</summary>
    Broken,
    /// <summary>The reader sent something that is not LLRP; the inner exception says what and where.</summary>
    NotLlrp,
    /// <summary>This side closed it.</summary>
    ClosedHere,
}

/// <summary>There is no connection, or no longer: which failure it is, and a sentence with the remedy.</summary>
public sealed class LlrpConnectionException(LlrpLinkFailure failure, string sentence, Exception? inner = null) : Exception(sentence, inner)
{
    public LlrpLinkFailure Failure { get; } = failure;

    internal static LlrpConnectionException Refused(ConnectionAttemptStatus status) => status switch
    {
        ConnectionAttemptStatus.ClientInitiatedConnectionExists => new(LlrpLinkFailure.TakenByClient,
            "Another program is connected to this reader, and a reader serves one at a time. Stop that program, or wait: a dead connection is freed within seconds by most readers."),
        ConnectionAttemptStatus.ReaderInitiatedConnectionExists => new(LlrpLinkFailure.TakenByReader,
            "The reader is set to connect to a program by itself and has done so. Switch off its reader-initiated connection."),
        ConnectionAttemptStatus.FailedForAnotherReason => new(LlrpLinkFailure.Refused,
            "The reader refused the connection and gives no reason. If it is starting up it will accept soon; otherwise restart it."),
        _ => new(LlrpLinkFailure.Refused, $"The reader refused the connection with status {(int)status} ({status})."),
    };
}
