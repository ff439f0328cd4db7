using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

public enum IdentificationKind : byte { Mac, Epc }

/// <summary>The reader's own name: its MAC address (EUI-64) or an EPC.</summary>
public sealed record Identification(IdentificationKind Kind, ReadOnlyMemory<byte> Id) : LlrpParameter(ParameterType.Identification)
{
    internal static Identification Read(ref LlrpCursor cursor) => new((IdentificationKind)cursor.U8(), cursor.Bytes(cursor.U16()).ToArray());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Kind).U16((ushort)Id.Length).Bytes(Id.Span);
}

/// <summary>How often the reader asks whether anybody is there; Impinj advises 10 s or more.</summary>
public sealed record KeepaliveSpec(bool Periodic, uint PeriodMs) : LlrpParameter(ParameterType.KeepaliveSpec)
{
    internal static KeepaliveSpec Read(ref LlrpCursor cursor) => new(cursor.U8() != 0, cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Periodic ? (byte)1 : (byte)0).U32(PeriodMs);
}

/// <summary>Hold: while nobody is connected the reader keeps its reports, and after a reconnect it waits for ENABLE_EVENTS_AND_REPORTS.</summary>
public sealed record EventsAndReports(bool HoldUponReconnect) : LlrpParameter(ParameterType.EventsAndReports)
{
    internal static EventsAndReports Read(ref LlrpCursor cursor) => new((cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.Flag(HoldUponReconnect);
}

/// <summary>A number that changes when any setting does: nobody else reconfigured the reader if it is the same.</summary>
public sealed record LlrpConfigurationStateValue(uint Value) : LlrpParameter(ParameterType.LlrpConfigurationStateValue)
{
    internal static LlrpConfigurationStateValue Read(ref LlrpCursor cursor) => new(cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U32(Value);
}

public enum GpiState : byte { Low, High, Unknown }

/// <summary>An input: is it watched, and how it stands.</summary>
public sealed record GpiPortCurrentState(ushort Port, bool Enabled, GpiState State) : LlrpParameter(ParameterType.GpiPortCurrentState)
{
    internal static GpiPortCurrentState Read(ref LlrpCursor cursor) => new(cursor.U16(), (cursor.U8() & 0x80) != 0, (GpiState)cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Port).Flag(Enabled).U8((byte)State);
}

/// <summary>An output: a lamp, a buzzer.</summary>
public sealed record GpoWriteData(ushort Port, bool On) : LlrpParameter(ParameterType.GpoWriteData)
{
    internal static GpoWriteData Read(ref LlrpCursor cursor) => new(cursor.U16(), (cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Port).Flag(On);
}

public enum ReaderEventType : ushort
{
    Hopping, Gpi, RoSpec, ReportBufferFillWarning, ReaderException, RfSurvey, AiSpec, AiSpecWithDetails, Antenna, SpecLoop,
}

/// <summary>Which events the reader tells of by itself.</summary>
public sealed record ReaderEventNotificationSpec() : LlrpParameter(ParameterType.ReaderEventNotificationSpec)
{
    public IEnumerable<EventNotificationState> States => Parameters.All<EventNotificationState>();

    internal static ReaderEventNotificationSpec Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

/// <summary>One kind of event, told or not.</summary>
public sealed record EventNotificationState(ReaderEventType Event, bool Enabled) : LlrpParameter(ParameterType.EventNotificationState)
{
    internal static EventNotificationState Read(ref LlrpCursor cursor) => new((ReaderEventType)cursor.U16(), (cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.U16((ushort)Event).Flag(Enabled);
}
