using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

public enum RoSpecState : byte { Disabled, Inactive, Active }

/// <summary>A reader operation: when it runs, on which antennas with which settings, and how it reports.</summary>
/// <remarks>Its RoReportSpec is complete in itself: the reader's defaults are not merged into it.</remarks>
public sealed record RoSpec(uint Id, byte Priority, RoSpecState State) : LlrpParameter(ParameterType.RoSpec)
{
    public RoBoundarySpec Boundary => Parameters.Require<RoBoundarySpec>(this);
    public IEnumerable<AiSpec> AiSpecs => Parameters.All<AiSpec>();
    public RoReportSpec? Report => Parameters.Find<RoReportSpec>();

    internal static RoSpec Read(ref LlrpCursor cursor) => new(cursor.U32(), cursor.U8(), (RoSpecState)cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U32(Id).U8(Priority).U8((byte)State);
}

/// <summary>When an RoSpec starts and when it stops.</summary>
public sealed record RoBoundarySpec() : LlrpParameter(ParameterType.RoBoundarySpec)
{
    public RoBoundarySpec(RoSpecStartTrigger start, RoSpecStopTrigger stop) : this() => Parameters = [start, stop];

    public RoSpecStartTrigger Start => Parameters.Require<RoSpecStartTrigger>(this);
    public RoSpecStopTrigger Stop => Parameters.Require<RoSpecStopTrigger>(this);

    internal static RoBoundarySpec Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

/// <summary>Null: on START_ROSPEC only. Immediate: as soon as enabled, and again after a reboot where the reader keeps its configuration.</summary>
public enum RoSpecStartTriggerType : byte { Null, Immediate, Periodic, Gpi }

/// <summary>What starts an RoSpec. A GpiTriggerValue inside is an error unless the type is Gpi.</summary>
public sealed record RoSpecStartTrigger(RoSpecStartTriggerType Trigger) : LlrpParameter(ParameterType.RoSpecStartTrigger)
{
    public PeriodicTriggerValue? Periodic => Parameters.Find<PeriodicTriggerValue>();
    public GpiTriggerValue? Gpi => Parameters.Find<GpiTriggerValue>();

    internal static RoSpecStartTrigger Read(ref LlrpCursor cursor) => new((RoSpecStartTriggerType)cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Trigger);
}

public enum RoSpecStopTriggerType : byte { Null, Duration, GpiWithTimeout }

/// <summary>What stops an RoSpec.</summary>
public sealed record RoSpecStopTrigger(RoSpecStopTriggerType Trigger, uint DurationMs) : LlrpParameter(ParameterType.RoSpecStopTrigger)
{
    public GpiTriggerValue? Gpi => Parameters.Find<GpiTriggerValue>();

    internal static RoSpecStopTrigger Read(ref LlrpCursor cursor) => new((RoSpecStopTriggerType)cursor.U8(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Trigger).U32(DurationMs);
}

/// <summary>A start at an offset, then every period.</summary>
public sealed record PeriodicTriggerValue(uint OffsetMs, uint PeriodMs) : LlrpParameter(ParameterType.PeriodicTriggerValue)
{
    internal static PeriodicTriggerValue Read(ref LlrpCursor cursor) => new(cursor.U32(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U32(OffsetMs).U32(PeriodMs);
}

/// <summary>An input that rises (or falls), and how long to wait for it; 0 is for ever.</summary>
public sealed record GpiTriggerValue(ushort Port, bool Rises, uint TimeoutMs) : LlrpParameter(ParameterType.GpiTriggerValue)
{
    internal static GpiTriggerValue Read(ref LlrpCursor cursor) => new(cursor.U16(), (cursor.U8() & 0x80) != 0, cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Port).Flag(Rises).U32(TimeoutMs);
}

/// <summary>Antenna inventory: which antennas, until when, with which settings. Antenna 0 is all of them.</summary>
public sealed record AiSpec(IReadOnlyList<ushort> Antennas) : LlrpParameter(ParameterType.AiSpec)
{
    public AiSpecStopTrigger Stop => Parameters.Require<AiSpecStopTrigger>(this);
    public IEnumerable<InventoryParameterSpec> Inventories => Parameters.All<InventoryParameterSpec>();

    internal static AiSpec Read(ref LlrpCursor cursor) => new(cursor.U16Array());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16Array(Antennas);
}

public enum AiSpecStopTriggerType : byte { Null, Duration, GpiWithTimeout, TagObservation }

/// <summary>What ends one AiSpec and lets the next one begin. Null: nothing but the RoSpec's own end.</summary>
public sealed record AiSpecStopTrigger(AiSpecStopTriggerType Trigger, uint DurationMs) : LlrpParameter(ParameterType.AiSpecStopTrigger)
{
    public GpiTriggerValue? Gpi => Parameters.Find<GpiTriggerValue>();
    public TagObservationTrigger? TagObservation => Parameters.Find<TagObservationTrigger>();

    internal static AiSpecStopTrigger Read(ref LlrpCursor cursor) => new((AiSpecStopTriggerType)cursor.U8(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Trigger).U32(DurationMs);
}

/// <summary>An end by what was seen: so many tags, or nothing new for so long.</summary>
public sealed record TagObservationTrigger(byte Trigger, ushort Tags, ushort Attempts, ushort QuietMs, uint TimeoutMs)
    : LlrpParameter(ParameterType.TagObservationTrigger)
{
    internal static TagObservationTrigger Read(ref LlrpCursor cursor)
    {
        var trigger = cursor.U8();
        cursor.U8();
        return new(trigger, cursor.U16(), cursor.U16(), cursor.U16(), cursor.U32());
    }
    private protected override void WriteFields(LlrpWriter writer) =>
        writer.U8(Trigger).U8(0).U16(Tags).U16(Attempts).U16(QuietMs).U32(TimeoutMs);
}

/// <summary>One inventory: an air protocol (1 is Generation 2) and the antennas whose settings differ from the reader's.</summary>
public sealed record InventoryParameterSpec(ushort Id, byte Protocol) : LlrpParameter(ParameterType.InventoryParameterSpec)
{
    public IEnumerable<AntennaConfiguration> Antennas => Parameters.All<AntennaConfiguration>();

    internal static InventoryParameterSpec Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Id).U8(Protocol);
}
