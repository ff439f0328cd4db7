using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

public enum RequestedCapabilities : byte { All, GeneralDevice, Llrp, Regulatory, AirProtocol }

/// <summary>What are you and what can you do?</summary>
public sealed record GetReaderCapabilities(RequestedCapabilities Requested = RequestedCapabilities.All)
    : LlrpRequest<GetReaderCapabilitiesResponse>(LlrpMessageType.GetReaderCapabilities, LlrpMessageType.GetReaderCapabilitiesResponse)
{
    internal static GetReaderCapabilities Read(ref LlrpCursor cursor) => new((RequestedCapabilities)cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Requested);
}

/// <summary>The reader and its limits. A part that was not asked for is null.</summary>
public sealed record GetReaderCapabilitiesResponse() : LlrpResponse(LlrpMessageType.GetReaderCapabilitiesResponse)
{
    public GeneralDeviceCapabilities? Device => Parameters.Find<GeneralDeviceCapabilities>();
    public LlrpCapabilities? Llrp => Parameters.Find<LlrpCapabilities>();
    public RegulatoryCapabilities? Regulatory => Parameters.Find<RegulatoryCapabilities>();
    public C1G2LlrpCapabilities? C1G2 => Parameters.Find<C1G2LlrpCapabilities>();
}
