using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Session;

namespace EdgeTrace.Tests.Llrp;

public class PortalTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_is_taken_from_greeting_to_reading_in_the_order_that_real_ones_survive()
    {
        await using var reader = new ScriptedReader();
        await using var connection = await ConnectionTests.ConnectAsync(reader);
        var starting = Portal.StartAsync(connection, new() { Antennas = [1, 2] }, Token);

        await reader.AnswerAsync<GetReaderCapabilities>(ScriptedReader.Impinj);
        await reader.AnswerAsync<ImpinjEnableExtensions>(new ImpinjEnableExtensionsResponse(LlrpStatus.Success));
        await reader.AnswerAsync<GetReaderConfig>(new GetReaderConfigResponse { Parameters = [LlrpStatus.Success, new EventsAndReports(true)] });
        var config = await reader.AnswerAsync<SetReaderConfig>();
        await reader.HearAsync<EnableEventsAndReports>();   // what it held, before the RoSpec that made it goes
        await reader.AnswerAsync<GetRoSpecs>(Specs(new RoSpec(5084, 0, RoSpecState.Active)));
        Assert.Equal(5084u, (await reader.AnswerAsync<DeleteRoSpec>()).RoSpecId);
        var added = await reader.AnswerAsync<AddRoSpec>();
        await reader.AnswerAsync<EnableRoSpec>();
        await reader.HearAsync<EnableEventsAndReports>();

        var portal = await starting;
        Assert.Empty(portal.Notes);
        Assert.False(config.ResetToFactoryDefault);
        Assert.Equal(new KeepaliveSpec(true, 10_000), config.Parameters.Find<KeepaliveSpec>());
        Assert.Equal(new ImpinjLinkMonitor(true, 2), config.Parameters.Find<ImpinjLinkMonitor>());
        Assert.True(config.Parameters.Find<EventsAndReports>()!.HoldUponReconnect);
        Assert.Equal(RoSpecStartTriggerType.Immediate, added.Spec.Boundary.Start.Trigger);
        Assert.Equal([1, 2], added.Spec.AiSpecs.Single().Antennas);
    }

    [Fact]
    public async Task Another_programs_RoSpec_goes_only_where_there_is_no_room_and_then_it_is_said()
    {
        Assert.Equal("RoSpec 7 of another program was deleted: the reader keeps 1 and we need one.", await NoteOf(ScriptedReader.Impinj, deleted: true));
        Assert.StartsWith("RoSpec 7 of another program (Active) was left", await NoteOf(ScriptedReader.Other, deleted: false), StringComparison.Ordinal);

        static async Task<string> NoteOf(GetReaderCapabilitiesResponse capabilities, bool deleted)
        {
            await using var reader = new ScriptedReader();
            await using var connection = await ConnectionTests.ConnectAsync(reader);
            var starting = Portal.StartAsync(connection, new(), Token);
            await reader.AnswerAsync<GetReaderCapabilities>(capabilities);
            if (deleted) await reader.AnswerAsync<ImpinjEnableExtensions>(new ImpinjEnableExtensionsResponse(LlrpStatus.Success));
            await reader.AnswerAsync<GetReaderConfig>(new GetReaderConfigResponse { Parameters = [LlrpStatus.Success] });
            await reader.AnswerAsync<SetReaderConfig>();
            await reader.AnswerAsync<GetRoSpecs>(Specs(new RoSpec(7, 0, RoSpecState.Active)));
            if (deleted) Assert.Equal(7u, (await reader.AnswerAsync<DeleteRoSpec>()).RoSpecId);
            await reader.AnswerAsync<AddRoSpec>();
            await reader.AnswerAsync<EnableRoSpec>();
            await reader.HearAsync<EnableEventsAndReports>();
            return (await starting).Notes.Single();
        }
    }

    [Fact]
    public void Impinjs_extensions_are_asked_of_Impinj_only_and_stand_where_they_belong()
    {
        var impinj = Plan(ScriptedReader.Impinj, new());
        var command = impinj.RoSpec.AiSpecs.Single().Inventories.Single().Antennas.First().Inventory!;
        Assert.Equal(ImpinjSetting.SearchMode(2), command.Parameters.Find<ImpinjSetting>());
        Assert.True(impinj.RoSpec.Report!.ImpinjContent!.Enables(ImpinjSubtype.EnableRfPhaseAngle));
        Assert.False(impinj.RoSpec.Report.ImpinjContent.Enables(ImpinjSubtype.EnableSerializedTid));
        Assert.Equal((1000, 3), (command.RfControl!.Mode, impinj.RoSpec.AiSpecs.Single().Inventories.Single().Antennas.First().Transmitter!.HopTable));

        var other = Plan(ScriptedReader.Other, new());
        Assert.DoesNotContain("0000651A", Convert.ToHexString(new AddRoSpec(other.RoSpec).ToFrame(1)), StringComparison.Ordinal);
        Assert.DoesNotContain("0000651A", Convert.ToHexString(other.Config.ToFrame(1)), StringComparison.Ordinal);
        var antenna = other.RoSpec.AiSpecs.Single().Inventories.Single().Antennas.First();
        Assert.Equal((4, (ushort)0, (ushort)1), (antenna.Inventory!.RfControl!.Mode, antenna.Transmitter!.HopTable, antenna.Transmitter.Channel));
    }

    [Theory]
    [InlineData(30.0, 81, false)]
    [InlineData(20.0, 41, false)]
    [InlineData(20.1, 41, true)]
    [InlineData(33.0, 81, true)]
    [InlineData(5.0, 1, true)]
    public void Power_is_the_row_of_the_table_that_does_not_exceed_the_wish(double dBm, int index, bool noted)
    {
        var plan = Plan(ScriptedReader.Impinj, new() { PowerDbm = dBm });
        Assert.Equal(index, plan.RoSpec.AiSpecs.Single().Inventories.Single().Antennas.First().Transmitter!.PowerIndex);
        Assert.Equal(noted, plan.Notes.Count == 1);
    }

    [Fact]
    public void What_the_reader_cannot_do_is_named_before_it_is_asked()
    {
        Assert.Equal("Antenna 5 does not exist: the reader has 1 to 4.", Refusal(new() { Antennas = [1, 5] }));
        Assert.Equal("Mode 9 is not offered by the reader; it has 0, 4, 1000.", Refusal(new() { Mode = 9 }));
        Assert.Equal("Session 4 does not exist: 0 to 3.", Refusal(new() { Session = 4 }));
        Assert.Equal("Input 3 does not exist: the reader has 1 to 2.", Refusal(new() { StartInput = 3 }));
        Assert.StartsWith("The reader names no powers", Assert.Throws<PortalSettingsException>(() =>
            Plan(new() { Parameters = [LlrpStatus.Success, ScriptedReader.Impinj.Device!] }, new())).Message, StringComparison.Ordinal);

        static string Refusal(PortalSettings settings) => Assert.Throws<PortalSettingsException>(() => Plan(ScriptedReader.Impinj, settings)).Message;
    }

    [Fact]
    public void The_readers_own_hop_table_channel_and_mode_are_taken_over()
    {
        var current = new GetReaderConfigResponse
        {
            Parameters =
            [
                LlrpStatus.Success,
                new AntennaConfiguration(1)
                {
                    Parameters =
                    [
                        new RfReceiver(5), new RfTransmitter(HopTable: 2, Channel: 9, PowerIndex: 10),
                        new C1G2InventoryCommand(false) { Parameters = [new C1G2RfControl(4, 0)] },
                    ],
                },
            ],
        };
        var antennas = PortalPlan.Make(ScriptedReader.Impinj, current, new() { Antennas = [1, 2], PowerDbm = 10 }).RoSpec.AiSpecs.Single().Inventories.Single().Antennas.ToArray();
        Assert.All(antennas, antenna => Assert.Equal(new RfTransmitter(2, 9, 1), antenna.Transmitter));
        Assert.All(antennas, antenna => Assert.Equal(4, antenna.Inventory!.RfControl!.Mode));
        Assert.Equal(new RfReceiver(5), antennas[0].Receiver);
    }

    [Fact]
    public void A_plan_for_the_recorded_R420_is_legal_by_its_own_tables()
    {
        var capabilities = LlrpVectors.Decode<GetReaderCapabilitiesResponse>(Recorded("GetReaderCapabilitiesResponse-000.bytes"));
        var current = LlrpVectors.Decode<GetReaderConfigResponse>(Recorded("GetReaderConfigResponse-000.bytes"));
        var plan = PortalPlan.Make(capabilities, current, new() { PowerDbm = 27.5 });
        var spec = LlrpVectors.Decode<AddRoSpec>(new AddRoSpec(plan.RoSpec).ToFrame(1)).Spec;
        Assert.All(spec.AiSpecs.Single().Inventories.Single().Antennas, antenna =>
        {
            Assert.Equal(2750, capabilities.Regulatory!.UhfBand!.Powers.Single(row => row.Index == antenna.Transmitter!.PowerIndex).CentiDbm);
            Assert.Equal((1000, (byte)1), (antenna.Inventory!.RfControl!.Mode, antenna.Inventory.Singulation!.Session));
        });
        Assert.Equal([1, 2, 3, 4], spec.AiSpecs.Single().Antennas);
        Assert.Empty(plan.Notes);

        static byte[] Recorded(string file) => LlrpVectors.Public().Single(vector => vector.Name == file).Frame;
    }

    [Fact]
    public void TIDs_are_asked_for_where_they_are_wanted_and_the_reader_has_FastID()
    {
        Assert.False(Asks(Plan(ScriptedReader.Impinj, new())));
        Assert.True(Asks(Plan(ScriptedReader.Impinj, new() { Tids = true })));
        var other = Plan(ScriptedReader.Other, new() { Tids = true });
        Assert.True(other.LacksTids && !Asks(other));
        Assert.Equal("TIDs were asked for, and the reader (manufacturer 999) has no FastID: it tells EPCs alone.", Assert.Single(other.Notes));

        static bool Asks(PortalPlan plan) => plan.RoSpec.Report!.Parameters.Find<ImpinjTagReportContentSelector>()?.Enables(ImpinjSubtype.EnableSerializedTid) == true;
    }

    static PortalPlan Plan(GetReaderCapabilitiesResponse capabilities, PortalSettings settings) => PortalPlan.Make(capabilities, null, settings);

    static GetRoSpecsResponse Specs(params ReadOnlySpan<RoSpec> specs) => new() { Parameters = [LlrpStatus.Success, .. specs] };
}
