using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

public enum RequestedConfig : byte
{
    All, Identification, AntennaProperties, AntennaConfiguration, RoReportSpec, ReaderEventNotificationSpec, AccessReportSpec,
    ConfigurationStateValue, KeepaliveSpec, GpiPortCurrentState, GpoWriteData, EventsAndReports,
}

/// <summary>How are you set? Some readers measure their antennas first: allow 10 s.</summary>
public sealed record GetReaderConfig(RequestedConfig Requested = RequestedConfig.All, ushort Antenna = 0, ushort GpiPort = 0, ushort GpoPort = 0)
    : LlrpRequest<GetReaderConfigResponse>(LlrpMessageType.GetReaderConfig, LlrpMessageType.GetReaderConfigResponse)
{
    internal static GetReaderConfig Read(ref LlrpCursor cursor)
    {
        var antenna = cursor.U16();
        return new((RequestedConfig)cursor.U8(), antenna, cursor.U16(), cursor.U16());
    }
    private protected override void WriteFields(LlrpWriter writer) => writer.U16(Antenna).U8((byte)Requested).U16(GpiPort).U16(GpoPort);
}

/// <summary>The reader's settings and the state of its ports.</summary>
public sealed record GetReaderConfigResponse() : LlrpResponse(LlrpMessageType.GetReaderConfigResponse)
{
    public Identification? Identification => Parameters.Find<Identification>();
    public IEnumerable<AntennaProperties> Antennas => Parameters.All<AntennaProperties>();
    public IEnumerable<AntennaConfiguration> AntennaConfigurations => Parameters.All<AntennaConfiguration>();
    public IEnumerable<GpiPortCurrentState> Inputs => Parameters.All<GpiPortCurrentState>();
    public KeepaliveSpec? Keepalive => Parameters.Find<KeepaliveSpec>();
    public EventsAndReports? Holding => Parameters.Find<EventsAndReports>();
    public RoReportSpec? Report => Parameters.Find<RoReportSpec>();
    public uint? StateValue => Parameters.Find<LlrpConfigurationStateValue>()?.Value;
}

/// <summary>Be set so. What is not inside stays as it was, unless everything is to be as it left the factory first.</summary>
public sealed record SetReaderConfig(bool ResetToFactoryDefault = false)
    : LlrpRequest<StatusResponse>(LlrpMessageType.SetReaderConfig, LlrpMessageType.SetReaderConfigResponse)
{
    internal static SetReaderConfig Read(ref LlrpCursor cursor) => new((cursor.U8() & 0x80) != 0);
    private protected override void WriteFields(LlrpWriter writer) => writer.Flag(ResetToFactoryDefault);
}
