using System.Text.Json;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;

namespace EdgeTrace.Tests.Llrp;

/// <summary>What a real Impinj R420 said, against what its recorders read in it.</summary>
public class RecordedReaderTests
{
    [Fact]
    public void Its_capabilities_are_told()
    {
        var capabilities = Recorded<GetReaderCapabilitiesResponse>("GetReaderCapabilitiesResponse-000.bytes");
        var device = capabilities.Device!;
        Assert.Equal((4, 25882u, 2001002u, "5.14.0.240", true), (device.AntennasMax, device.Manufacturer, device.Model, device.Firmware, device.HasUtcClock));
        Assert.Equal(42, device.ReceiveSensitivities.Count());
        Assert.Equal(new GpioCapabilities(4, 4), device.Gpio);

        var llrp = capabilities.Llrp!;
        Assert.Equal((1u, 32u, 1508u, 8u), (llrp.RoSpecsMax, llrp.SpecsPerRoSpecMax, llrp.AccessSpecsMax, llrp.OpSpecsPerAccessSpecMax));
        Assert.Equal(LlrpCapabilityFlags.ReportBufferFillWarning | LlrpCapabilityFlags.EventsAndReportsHolding, llrp.Flags);

        var band = capabilities.Regulatory!.UhfBand!;
        Assert.Equal((840, CommunicationsStandard.UsFccPart15), (capabilities.Regulatory.CountryCode, capabilities.Regulatory.Standard));
        Assert.Equal(81, band.Powers.Count());
        Assert.Equal(new TransmitPowerLevelTableEntry(2, 1025), band.Powers.ElementAt(1));
        Assert.True(band.Frequencies!.Hopping);
        Assert.Equal((50, 909250u), (band.Frequencies.HopTables.Single().FrequenciesKHz.Count, band.Frequencies.HopTables.Single().FrequenciesKHz[0]));
        Assert.Equal((10, 640000u), (band.Modes.Count(), band.Modes.First().BitsPerSecond));
        Assert.Equal(new C1G2LlrpCapabilities(C1G2CapabilityFlags.BlockWrite, 2), capabilities.C1G2);
    }

    [Fact]
    public void Its_configuration_is_told()
    {
        var config = Recorded<GetReaderConfigResponse>("GetReaderConfigResponse-000.bytes");
        Assert.Equal("001625FFFF1125D6", Convert.ToHexString(config.Identification!.Id.Span));
        Assert.Equal([true, false, false, false], config.Antennas.Select(antenna => antenna.Connected));
        var antenna = config.AntennaConfigurations.Single(antenna => antenna.Antenna == 3);
        Assert.Equal(new RfTransmitter(1, 0, 81), antenna.Transmitter);
        Assert.Equal((1000, 1), (antenna.Inventory!.RfControl!.Mode, antenna.Inventory.Singulation!.Session));
        Assert.Equal((2057940966u, false), (config.StateValue!.Value, config.Holding!.HoldUponReconnect));
        Assert.Equal(TagContent.AntennaId | TagContent.PeakRssi | TagContent.FirstSeen, config.Report!.Content.Content & (TagContent)0xFFC0);
    }

    [Fact]
    public void Its_reads_are_told()
    {
        for (var n = 1; n <= 5; n++)
        {
            var tag = Recorded<RoAccessReport>($"ROAccessReport-00{n}.bytes").Tags.Single().Report;
            var expected = Told($"ROAccessReport-00{n}.json").GetProperty("TagReportData")[0];
            Assert.Equal(expected.GetProperty("EPC96").GetProperty("EPC").GetBytesFromBase64(), tag.Epc.ToArray());
            Assert.Equal(expected.GetProperty("AntennaID").GetInt32(), tag.Antenna);
            Assert.Equal(expected.GetProperty("PeakRSSI").GetInt32(), tag.PeakRssiDbm);
            Assert.Equal(expected.GetProperty("FirstSeenUTC").GetUInt64(), tag.FirstSeenUtcUs);
            Assert.Equal(TagFields.Epc | TagFields.Antenna | TagFields.PeakRssi | TagFields.FirstSeenUtc, tag.Fields);
        }
    }

    [Fact]
    public void Its_good_bye_is_told() =>
        Assert.NotNull(Recorded<ReaderEventNotification>("ReaderEventNotification-000.bytes").Data.Event<ConnectionCloseEvent>());

    static JsonElement Told(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.SharedData("llrp"), "edgex-r420", file))).RootElement;

    static T Recorded<T>(string file) where T : LlrpMessage =>
        LlrpVectors.Decode<T>(LlrpVectors.Public().Single(vector => vector.Name == file).Frame);
}
