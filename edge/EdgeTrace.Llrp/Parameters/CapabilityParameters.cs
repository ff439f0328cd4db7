using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

[Flags]
public enum DeviceFlags : ushort
{
    None = 0,
    CanSetAntennaProperties = 0x8000,
    /// <summary>Without it every timestamp is microseconds since the reader started.</summary>
    HasUtcClock = 0x4000,
}

/// <summary>Who made the reader and what it has.</summary>
/// <remarks>Manufacturer: An IANA private enterprise number: 25882 is Impinj, 161 Zebra (Motorola).</remarks>
public sealed record GeneralDeviceCapabilities(ushort AntennasMax, DeviceFlags Flags, uint Manufacturer, uint Model, string Firmware)
    : LlrpParameter(ParameterType.GeneralDeviceCapabilities)
{
    public bool HasUtcClock => Flags.HasFlag(DeviceFlags.HasUtcClock);
    public IEnumerable<ReceiveSensitivityTableEntry> ReceiveSensitivities => Parameters.All<ReceiveSensitivityTableEntry>();
    public GpioCapabilities? Gpio => Parameters.Find<GpioCapabilities>();
    public IEnumerable<PerAntennaAirProtocol> AirProtocols => Parameters.All<PerAntennaAirProtocol>();

    internal static GeneralDeviceCapabilities Read(ref LlrpCursor cursor) =>
        new(cursor.U16(), (DeviceFlags)cursor.U16(), cursor.U32(), cursor.U32(), cursor.Text());
    private protected override void WriteFields(LlrpWriter writer) =>
        writer.U16(AntennasMax).U16((ushort)Flags).U32(Manufacturer).U32(Model).Text(Firmware);
}

/// <summary>An index that settings use, and how many dB it lies above the most sensitive setting.</summary>
public sealed record ReceiveSensitivityTableEntry(ushort Index, short AboveBestDb) : LlrpParameter(ParameterType.ReceiveSensitivityTableEntry)
{
    internal static ReceiveSensitivityTableEntry Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.S16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Index).S16(AboveBestDb);
}

/// <summary>The sensitivity indices one antenna accepts.</summary>
public sealed record PerAntennaReceiveSensitivityRange(ushort Antenna, ushort IndexMin, ushort IndexMax)
    : LlrpParameter(ParameterType.PerAntennaReceiveSensitivityRange)
{
    internal static PerAntennaReceiveSensitivityRange Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.U16(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Antenna).U16(IndexMin).U16(IndexMax);
}

/// <summary>The air protocols of one antenna; 1 is EPC Class 1 Generation 2.</summary>
public sealed record PerAntennaAirProtocol(ushort Antenna, ReadOnlyMemory<byte> Protocols) : LlrpParameter(ParameterType.PerAntennaAirProtocol)
{
    internal static PerAntennaAirProtocol Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.Bytes(cursor.U16()).ToArray());
    private protected override void WriteFields(LlrpWriter writer) =>
        writer.U16(Antenna).U16((ushort)Protocols.Length).Bytes(Protocols.Span);
}

/// <summary>General purpose inputs (beams, door contacts) and outputs (lamps).</summary>
public sealed record GpioCapabilities(ushort Inputs, ushort Outputs) : LlrpParameter(ParameterType.GpioCapabilities)
{
    internal static GpioCapabilities Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Inputs).U16(Outputs);
}

[Flags]
public enum LlrpCapabilityFlags : byte
{
    None = 0,
    RfSurvey = 0x80,
    ReportBufferFillWarning = 0x40,
    ClientRequestOpSpec = 0x20,
    TagInventoryStateAwareSingulation = 0x10,
    /// <summary>Reports can wait in the reader while nobody is connected.</summary>
    EventsAndReportsHolding = 0x08,
}

/// <summary>What the reader can be told, and how much of it.</summary>
/// <remarks>RoSpecsMax: One, on Impinj readers. 0 is "no limit told".</remarks>
public sealed record LlrpCapabilities(
    LlrpCapabilityFlags Flags, byte PriorityLevelsMax, ushort ClientRequestOpSpecTimeout, uint RoSpecsMax, uint SpecsPerRoSpecMax,
    uint InventoryParameterSpecsPerAiSpecMax, uint AccessSpecsMax, uint OpSpecsPerAccessSpecMax) : LlrpParameter(ParameterType.LlrpCapabilities)
{
    internal static LlrpCapabilities Read(ref LlrpCursor cursor) =>
        new((LlrpCapabilityFlags)cursor.U8(), cursor.U8(), cursor.U16(), cursor.U32(), cursor.U32(), cursor.U32(), cursor.U32(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) =>
        writer.U8((byte)Flags).U8(PriorityLevelsMax).U16(ClientRequestOpSpecTimeout).U32(RoSpecsMax).U32(SpecsPerRoSpecMax)
            .U32(InventoryParameterSpecsPerAiSpecMax).U32(AccessSpecsMax).U32(OpSpecsPerAccessSpecMax);
}

[Flags]
public enum C1G2CapabilityFlags : byte
{
    None = 0, BlockErase = 0x80, BlockWrite = 0x40, BlockPermalock = 0x20, TagRecommissioning = 0x10, UmiMethod2 = 0x08, Xpc = 0x04,
}

/// <summary>What the reader can do to a Generation 2 tag.</summary>
public sealed record C1G2LlrpCapabilities(C1G2CapabilityFlags Flags, ushort SelectFiltersPerQueryMax) : LlrpParameter(ParameterType.C1G2LlrpCapabilities)
{
    internal static C1G2LlrpCapabilities Read(ref LlrpCursor cursor) => new((C1G2CapabilityFlags)cursor.U8(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Flags).U16(SelectFiltersPerQueryMax);
}
