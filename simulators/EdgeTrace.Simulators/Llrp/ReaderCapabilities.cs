namespace EdgeTrace.Simulators.Llrp;

/// <summary>What the reader says of itself: an R420 in Europe, as far as a portal session looks.</summary>
static class ReaderCapabilities
{
    public const int Antennas = 4;
    public const int Outputs = 4;

    /// <summary>10.00 dBm at index 1 to 30.00 dBm at index 81, by quarters.</summary>
    public const int PowerLevels = 81;

    /// <summary>The four high-power channels of ETSI EN 302 208, kHz.</summary>
    public static readonly uint[] Channels = [865_700, 866_300, 866_900, 867_500];

    const int SensitivityLevels = 42;   // −80 dBm and then −70 … −30 by one
    const int CountryUnitedKingdom = 826;
    const int StandardEtsi302208 = 2;
    const int ProtocolC1G2 = 1;

    /// <summary>RequestedData: 0 all · 1 general · 2 LLRP · 3 regulatory · 4 air protocol.</summary>
    public static void Write(LlrpFrameWriter writer, int requested, bool hasUtcClock)
    {
        if (requested > 4) throw new RefusedException(StatusCode.FieldError, $"RequestedData {requested} is not known");
        if (requested is 0 or 1) WriteGeneral(writer, hasUtcClock);
        if (requested is 0 or 2) WriteLlrp(writer);
        if (requested is 0 or 3) WriteRegulatory(writer);
        if (requested is 0 or 4) writer.Begin(ParameterType.C1G2LlrpCapabilities).U8(0).U16(2).End();
    }

    static void WriteGeneral(LlrpFrameWriter writer, bool hasUtcClock)
    {
        writer.Begin(ParameterType.GeneralDeviceCapabilities)
            .U16(Antennas).U16(hasUtcClock ? 0x4000 : 0).U32(Impinj.Vendor).U32(Impinj.ModelR420).Text("5.14.0.240");
        for (var level = 1; level <= SensitivityLevels; level++)
            writer.Begin(ParameterType.ReceiveSensitivityTableEntry).U16(level).U16(level == 1 ? 0 : level + 8).End();
        writer.Begin(ParameterType.GpioCapabilities).U16(4).U16(Outputs).End();
        for (var antenna = 1; antenna <= Antennas; antenna++)
            writer.Begin(ParameterType.PerAntennaAirProtocol).U16(antenna).U16(1).U8(ProtocolC1G2).End();
        writer.End();
    }

    /// <summary>Flags: RF survey · buffer warning · client OpSpec · state-aware singulation · holding.</summary>
    static void WriteLlrp(LlrpFrameWriter writer) =>
        writer.Begin(ParameterType.LlrpCapabilities).U8(0x40 | 0x08).U8(1).U16(0)
            .U32(RoSpecTable.RoSpecsMax).U32(32).U32(1).U32(0).U32(0).End();

    static void WriteRegulatory(LlrpFrameWriter writer)
    {
        writer.Begin(ParameterType.RegulatoryCapabilities).U16(CountryUnitedKingdom).U16(StandardEtsi302208).Begin(ParameterType.UhfBandCapabilities);
        for (var level = 1; level <= PowerLevels; level++)
            writer.Begin(ParameterType.TransmitPowerLevelTableEntry).U16(level).U16(1000 + 25 * (level - 1)).End();
        writer.Begin(ParameterType.FrequencyInformation).U8(0).Begin(ParameterType.FixedFrequencyTable).U16(Channels.Length);
        foreach (var channel in Channels) writer.U32(channel);
        writer.End().End();
        writer.Begin(ParameterType.UhfC1G2RfModeTable);
        WriteMode(writer, 1000, 0, 250_000, 25_000);   // Impinj autoset: the rates mean nothing
        WriteMode(writer, 2, 2, 274_000, 20_000);      // dense reader, Miller 4
        WriteMode(writer, 0, 0, 640_000, 6_250);       // max throughput, FM0
        writer.End().End().End();
    }

    static void WriteMode(LlrpFrameWriter writer, uint identifier, int miller, uint backscatter, uint tari) =>
        writer.Begin(ParameterType.UhfC1G2RfModeTableEntry).U32(identifier).U8(0x80).U8(miller).U8(2).U8(2)
            .U32(backscatter).U32(2000).U32(tari).U32(tari).U32(0).End();
}
