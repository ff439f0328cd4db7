using EdgeTrace.Contract;

namespace EdgeTrace.Store.Log;

/// <summary>A batch as the log keeps it.</summary>
/// <param name="Position">1, 2, 3 … over all streams, without gaps: what projections count by.</param>
/// <param name="ReceivedUs">When it was logged, the cloud's clock. Never an event time.</param>
/// <param name="QuarantineCause">Set when nobody could read the body; the stream goes on without it.</param>
/// <param name="Body">The bytes exactly as the gateway sealed them.</param>
public sealed record LoggedBatch(long Position, BatchId Id, long ReceivedUs, string? QuarantineCause, ReadOnlyMemory<byte> Body);

/// <summary>A batch on its way into the log.</summary>
/// <param name="Readings">What the header counts; 0 when the body is quarantined.</param>
/// <param name="BodyCrc">What the envelope declared, so that a redelivery can be told from another body under the same number.</param>
public sealed record NewBatch(BatchId Id, long ReceivedUs, uint Readings, uint BodyCrc, ReadOnlyMemory<byte> Body, string? QuarantineCause = null);

/// <summary>How far one (gateway, stream, epoch) is in the log.</summary>
/// <param name="Upto">Every sequence up to and including this is logged or recorded as lost.</param>
public sealed record StreamUpto(string Gateway, string Stream, ulong Epoch, ulong Upto, long Batches, long Readings, long LastReceivedUs);

/// <summary>A stretch of a stream that the log will never have, with its cause.</summary>
public sealed record LoggedGap(string Gateway, string Stream, ulong Epoch, ulong FromSequence, ulong ToSequence, string Cause, long RecordedUs);

/// <summary>A message that had no usable envelope, so no stream could be blamed: kept for a person to look at.</summary>
/// <param name="Body">At most <see cref="BatchLog.QuarantineBodyBytesMax"/> bytes of it.</param>
/// <param name="Length">The length it had.</param>
public sealed record Quarantined(long Id, long ReceivedUs, string Topic, string Cause, ReadOnlyMemory<byte> Body, long Length);

/// <summary>Something that only a mistake or an attack explains. Repetitions are counted, not listed.</summary>
/// <param name="Kind">One lower-case word group, as <c>spoofed-topic</c>.</param>
/// <param name="Gateway">The gateway that was signed in, or named; may be empty.</param>
/// <param name="Subject">What it was done to: a topic, a client id, a batch.</param>
public sealed record SecurityEvent(string Kind, string Gateway, string Subject, string Detail, long FirstUs, long LastUs, long Count = 1);

/// <summary>What the cloud last heard of a gateway, so that a restart knows it without waiting for a birth.</summary>
/// <param name="Birth">The newest <c>Birth</c> payload; empty when none came yet.</param>
/// <param name="State">The newest <c>GatewayState</c> payload; empty when none came yet.</param>
public sealed record GatewayRow(string Gateway, string Trust, string Site, ReadOnlyMemory<byte> Birth, ReadOnlyMemory<byte> State, long LastHeardUs);

/// <summary>Whether the log takes writes, and why not.</summary>
/// <param name="Name">fine, or one of the words below.</param>
/// <param name="Reason">A sentence; empty when fine.</param>
public sealed record LogState(string Name, string Reason, string Remedy)
{
    public static LogState Fine { get; } = new("fine", "", "");
    public bool IsFine => Name == "fine";

    internal static LogState DiskFull(string path) => new(
        "disk full", $"The batch log cannot be written: disk full ({path}). Nothing is acknowledged; gateways keep their batches.",
        "Free space on this volume, or raise the log's BytesMax. Writing resumes by itself.");

    internal static LogState Corrupt(string path, string detail) => new(
        "corrupt", $"The batch log is damaged ({path}): {detail}. Nothing is acknowledged; gateways keep their batches.",
        "Stop the cloud, move log.db, log.db-wal and log.db-shm aside and restore them from a backup; see cloud/EdgeTrace.Store/Log/FORMAT.md.");

    internal static LogState CannotWrite(string path, string detail) => new(
        "cannot write", $"The batch log cannot be written ({path}): {detail}. Nothing is acknowledged; gateways keep their batches.",
        "Check the volume (dmesg, SMART) and the folder's permissions. Writing resumes by itself.");
}

/// <summary>The log cannot be opened; the message says why and what to do.</summary>
public sealed class LogUnusableException(string message, Exception? inner = null) : Exception(message, inner);
