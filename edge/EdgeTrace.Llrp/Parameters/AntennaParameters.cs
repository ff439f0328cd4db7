using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>The settings of one antenna; 0 is all of them.</summary>
public sealed record AntennaConfiguration(ushort Antenna) : LlrpParameter(ParameterType.AntennaConfiguration)
{
    public RfReceiver? Receiver => Parameters.Find<RfReceiver>();
    public RfTransmitter? Transmitter => Parameters.Find<RfTransmitter>();
    public C1G2InventoryCommand? Inventory => Parameters.Find<C1G2InventoryCommand>();

    internal static AntennaConfiguration Read(ref LlrpCursor cursor) => new(cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Antenna);
}

/// <summary>A row of the sensitivity table.</summary>
public sealed record RfReceiver(ushort SensitivityIndex) : LlrpParameter(ParameterType.RfReceiver)
{
    internal static RfReceiver Read(ref LlrpCursor cursor) => new(cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(SensitivityIndex);
}

/// <summary>A hop table (0 where channels are fixed), a channel (0 where hopping) and a row of the power table.</summary>
public sealed record RfTransmitter(ushort HopTable, ushort Channel, ushort PowerIndex) : LlrpParameter(ParameterType.RfTransmitter)
{
    internal static RfTransmitter Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.U16(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(HopTable).U16(Channel).U16(PowerIndex);
}

/// <summary>How Generation 2 tags are asked. Impinj's search mode belongs in here; anywhere else the reader refuses it with 111.</summary>
public sealed record C1G2InventoryCommand(bool StateAware) : LlrpParameter(ParameterType.C1G2InventoryCommand)
{
    public C1G2RfControl? RfControl => Parameters.Find<C1G2RfControl>();
    public C1G2SingulationControl? Singulation => Parameters.Find<C1G2SingulationControl>();

    internal static C1G2InventoryCommand Read(ref LlrpCursor cursor) => new((cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.Flag(StateAware);
}

/// <summary>A mode, by its identifier in the mode table, and a Tari in ns; 0 leaves it to the mode.</summary>
public sealed record C1G2RfControl(ushort Mode, ushort TariNs) : LlrpParameter(ParameterType.C1G2RfControl)
{
    internal static C1G2RfControl Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Mode).U16(TariNs);
}

/// <summary>Session S0 to S3, and how many tags to expect for how long.</summary>
public sealed record C1G2SingulationControl(byte Session, ushort TagPopulation, uint TagTransitMs) : LlrpParameter(ParameterType.C1G2SingulationControl)
{
    internal static C1G2SingulationControl Read(ref LlrpCursor cursor) => new((byte)(cursor.U8() >> 6), cursor.U16(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)(Session << 6)).U16(TagPopulation).U32(TagTransitMs);
}

/// <summary>Is anything on this port? On readers that measure reflected power the answer is unreliable at low power.</summary>
public sealed record AntennaProperties(bool Connected, ushort Antenna, short GainCentiDbi) : LlrpParameter(ParameterType.AntennaProperties)
{
    internal static AntennaProperties Read(ref LlrpCursor cursor) => new((cursor.U8() & 0x80) != 0, cursor.U16(), cursor.S16());
    private protected override void WriteFields(LlrpWriter writer) => writer.Flag(Connected).U16(Antenna).S16(GainCentiDbi);
}
