using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>Microseconds since 1970 on the reader's own clock: of a reader that has one. One that was never set begins at 2000-01-01.</summary>
public sealed record UtcTimestamp(ulong Microseconds) : LlrpParameter(ParameterType.UtcTimestamp)
{
    internal static UtcTimestamp Read(ref LlrpCursor cursor) => new(cursor.U64());
    private protected override void WriteFields(LlrpWriter writer) => writer.U64(Microseconds);
}

/// <summary>Microseconds since the reader started: of a reader that has no clock.</summary>
public sealed record Uptime(ulong Microseconds) : LlrpParameter(ParameterType.Uptime)
{
    internal static Uptime Read(ref LlrpCursor cursor) => new(cursor.U64());
    private protected override void WriteFields(LlrpWriter writer) => writer.U64(Microseconds);
}
