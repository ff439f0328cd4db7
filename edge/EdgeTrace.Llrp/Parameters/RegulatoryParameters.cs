using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

public enum CommunicationsStandard : ushort
{
    Unspecified, UsFccPart15, Etsi302208, Etsi300220, AustraliaLipd1W, AustraliaLipd4W, JapanAribStdT89, HongKongOfta1049,
    TaiwanDgtLp0002, KoreaMicArticle52,
}

/// <summary>The country's rules the reader obeys, and what they leave: powers, frequencies, modes.</summary>
/// <remarks>CountryCode: ISO 3166 numeric.</remarks>
public sealed record RegulatoryCapabilities(ushort CountryCode, CommunicationsStandard Standard) : LlrpParameter(ParameterType.RegulatoryCapabilities)
{
    public UhfBandCapabilities? UhfBand => Parameters.Find<UhfBandCapabilities>();

    internal static RegulatoryCapabilities Read(ref LlrpCursor cursor) => new(cursor.U16(), (CommunicationsStandard)cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(CountryCode).U16((ushort)Standard);
}

/// <summary>The UHF band's tables: settings name a row of them, never a power or frequency itself.</summary>
public sealed record UhfBandCapabilities() : LlrpParameter(ParameterType.UhfBandCapabilities)
{
    public IEnumerable<TransmitPowerLevelTableEntry> Powers => Parameters.All<TransmitPowerLevelTableEntry>();
    public FrequencyInformation? Frequencies => Parameters.Find<FrequencyInformation>();
    public IEnumerable<C1G2UhfRfModeTableEntry> Modes => Parameters.Find<C1G2UhfRfModeTable>()?.Modes ?? [];

    internal static UhfBandCapabilities Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

/// <summary>An index that settings use, and the power it means, in hundredths of a dBm.</summary>
public sealed record TransmitPowerLevelTableEntry(ushort Index, short CentiDbm) : LlrpParameter(ParameterType.TransmitPowerLevelTableEntry)
{
    internal static TransmitPowerLevelTableEntry Read(ref LlrpCursor cursor) => new(cursor.U16(), cursor.S16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Index).S16(CentiDbm);
}

/// <summary>Hopping regions (FCC) have hop tables, the others (ETSI) a table of fixed channels.</summary>
public sealed record FrequencyInformation(bool Hopping) : LlrpParameter(ParameterType.FrequencyInformation)
{
    public IEnumerable<FrequencyHopTable> HopTables => Parameters.All<FrequencyHopTable>();
    public FixedFrequencyTable? Fixed => Parameters.Find<FixedFrequencyTable>();

    internal static FrequencyInformation Read(ref LlrpCursor cursor) => new((cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.Flag(Hopping);
}

/// <summary>Frequencies in kHz in the order they are hopped; a report's ChannelIndex counts them from 1.</summary>
public sealed record FrequencyHopTable(byte Id, IReadOnlyList<uint> FrequenciesKHz) : LlrpParameter(ParameterType.FrequencyHopTable)
{
    internal static FrequencyHopTable Read(ref LlrpCursor cursor)
    {
        var id = cursor.U8();
        cursor.U8();
        return new(id, cursor.U32Array());
    }
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Id).U8(0).U32Array(FrequenciesKHz);
}

/// <summary>The fixed channels in kHz; ChannelIndex counts them from 1.</summary>
public sealed record FixedFrequencyTable(IReadOnlyList<uint> FrequenciesKHz) : LlrpParameter(ParameterType.FixedFrequencyTable)
{
    internal static FixedFrequencyTable Read(ref LlrpCursor cursor) => new(cursor.U32Array());
    private protected override void WriteFields(LlrpWriter writer) => writer.U32Array(FrequenciesKHz);
}

/// <summary>The air interface modes a reader offers.</summary>
public sealed record C1G2UhfRfModeTable() : LlrpParameter(ParameterType.C1G2UhfRfModeTable)
{
    public IEnumerable<C1G2UhfRfModeTableEntry> Modes => Parameters.All<C1G2UhfRfModeTableEntry>();

    internal static C1G2UhfRfModeTable Read(ref LlrpCursor _) => new();
    private protected override void WriteFields(LlrpWriter writer) { }
}

/// <summary>One mode. Settings name its Id (not its row); Impinj's from 1000 choose by themselves and their rates mean nothing.</summary>
/// <remarks>
/// Flags: 0x80 divide ratio 64/3, else 8; 0x40 EPC HAG conformant. Miller: 0 FM0, 1 Miller 2, 2 Miller 4, 3 Miller 8.
/// ForwardModulation: 0 PR-ASK, 1 SSB-ASK, 2 DSB-ASK. SpectralMask: 0 unknown, 1 single, 2 multi, 3 dense interrogator.
/// BitsPerSecond: Impinj reports its link frequency here.
/// </remarks>
public sealed record C1G2UhfRfModeTableEntry(
    uint Id, byte Flags, byte Miller, byte ForwardModulation, byte SpectralMask, uint BitsPerSecond, uint PieThousandths,
    uint MinTariNs, uint MaxTariNs, uint StepTariNs) : LlrpParameter(ParameterType.C1G2UhfRfModeTableEntry)
{
    internal static C1G2UhfRfModeTableEntry Read(ref LlrpCursor cursor) =>
        new(cursor.U32(), cursor.U8(), cursor.U8(), cursor.U8(), cursor.U8(), cursor.U32(), cursor.U32(), cursor.U32(), cursor.U32(), cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) =>
        writer.U32(Id).U8(Flags).U8(Miller).U8(ForwardModulation).U8(SpectralMask).U32(BitsPerSecond).U32(PieThousandths)
            .U32(MinTariNs).U32(MaxTariNs).U32(StepTariNs);
}
