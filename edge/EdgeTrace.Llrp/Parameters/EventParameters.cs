using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>What happened in the reader, and when by its own clock. Hopping and survey events are carried unread.</summary>
public sealed record ReaderEventNotificationData() : LlrpParameter(ParameterType.ReaderEventNotificationData)
{
    public ulong? UtcUs => Parameters.Find<UtcTimestamp>()?.Microseconds;
    public ulong? UptimeUs => Parameters.Find<Uptime>()?.Microseconds;
    public T? Event<T>() where T : LlrpParameter => Parameters.Find<T>();

    internal static ReaderEventNotificationData Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

public enum ConnectionAttemptStatus : ushort
{
    Success = 0,
    ReaderInitiatedConnectionExists = 1,
    ClientInitiatedConnectionExists = 2,
    FailedForAnotherReason = 3,
    /// <summary>Told to the client that is connected: somebody else has just tried.</summary>
    AnotherConnectionAttempted = 4,
}

/// <summary>The first thing a reader says: may this client stay? Until then a client says nothing.</summary>
public sealed record ConnectionAttemptEvent(ConnectionAttemptStatus Status) : LlrpParameter(ParameterType.ConnectionAttemptEvent)
{
    internal static ConnectionAttemptEvent Read(ref LlrpCursor cursor) => new((ConnectionAttemptStatus)cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16((ushort)Status);
}

/// <summary>The last thing a reader says before it closes the connection by itself.</summary>
public sealed record ConnectionCloseEvent() : LlrpParameter(ParameterType.ConnectionCloseEvent)
{
    internal static ConnectionCloseEvent Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

/// <summary>An antenna came or went.</summary>
public sealed record AntennaEvent(bool Connected, ushort Antenna) : LlrpParameter(ParameterType.AntennaEvent)
{
    internal static AntennaEvent Read(ref LlrpCursor cursor) => new(cursor.U8() != 0, cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Connected ? (byte)1 : (byte)0).U16(Antenna);
}

/// <summary>An input changed: a beam was broken, a door opened.</summary>
public sealed record GpiEvent(ushort Port, bool High) : LlrpParameter(ParameterType.GpiEvent)
{
    internal static GpiEvent Read(ref LlrpCursor cursor) => new(cursor.U16(), (cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Port).Flag(High);
}

public enum RoSpecEventType : byte { Start, End, Preemption }

/// <summary>An RoSpec began or ended, or gave way to another.</summary>
public sealed record RoSpecEvent(RoSpecEventType Event, uint RoSpecId, uint PreemptingRoSpecId) : LlrpParameter(ParameterType.RoSpecEvent)
{
    internal static RoSpecEvent Read(ref LlrpCursor cursor) => new((RoSpecEventType)cursor.U8(), cursor.U32(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Event).U32(RoSpecId).U32(PreemptingRoSpecId);
}

/// <summary>An antenna inventory ended.</summary>
public sealed record AiSpecEvent(byte Event, uint RoSpecId, ushort SpecIndex) : LlrpParameter(ParameterType.AiSpecEvent)
{
    internal static AiSpecEvent Read(ref LlrpCursor cursor) => new(cursor.U8(), cursor.U32(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Event).U32(RoSpecId).U16(SpecIndex);
}

/// <summary>The reader's report buffer is filling up: answer with GET_REPORT.</summary>
public sealed record ReportBufferLevelWarningEvent(byte PercentFull) : LlrpParameter(ParameterType.ReportBufferLevelWarningEvent)
{
    internal static ReportBufferLevelWarningEvent Read(ref LlrpCursor cursor) => new(cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(PercentFull);
}

/// <summary>The report buffer ran over: reads were lost, and nobody will ever say which.</summary>
public sealed record ReportBufferOverflowErrorEvent() : LlrpParameter(ParameterType.ReportBufferOverflowErrorEvent)
{
    internal static ReportBufferOverflowErrorEvent Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

/// <summary>The reader met something it did not expect, and says so in its own words.</summary>
public sealed record ReaderExceptionEvent(string Message) : LlrpParameter(ParameterType.ReaderExceptionEvent)
{
    public ushort? Antenna => (ushort?)Parameters.Number(ParameterType.AntennaId);
    public uint? RoSpecId => (uint?)Parameters.Number(ParameterType.RoSpecId);

    internal static ReaderExceptionEvent Read(ref LlrpCursor cursor) => new(cursor.Text());
    private protected override void WriteFields(LlrpWriter writer) => writer.Text(Message);
}
