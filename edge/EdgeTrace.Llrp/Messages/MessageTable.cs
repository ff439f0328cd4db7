using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

/// <summary>Which type number is which message: each reads its own fields, the parameters after them are read the same way for all.</summary>
static class MessageTable
{
    internal static LlrpMessage Read(LlrpMessageType type, ref LlrpCursor cursor) => type switch
    {
        LlrpMessageType.GetReaderCapabilities => GetReaderCapabilities.Read(ref cursor),
        LlrpMessageType.GetReaderCapabilitiesResponse => new GetReaderCapabilitiesResponse(),
        LlrpMessageType.GetReaderConfig => GetReaderConfig.Read(ref cursor),
        LlrpMessageType.GetReaderConfigResponse => new GetReaderConfigResponse(),
        LlrpMessageType.SetReaderConfig => SetReaderConfig.Read(ref cursor),

        LlrpMessageType.AddRoSpec => new AddRoSpec(),
        LlrpMessageType.DeleteRoSpec => new DeleteRoSpec(cursor.U32()),
        LlrpMessageType.StartRoSpec => new StartRoSpec(cursor.U32()),
        LlrpMessageType.StopRoSpec => new StopRoSpec(cursor.U32()),
        LlrpMessageType.EnableRoSpec => new EnableRoSpec(cursor.U32()),
        LlrpMessageType.DisableRoSpec => new DisableRoSpec(cursor.U32()),
        LlrpMessageType.GetRoSpecs => new GetRoSpecs(),
        LlrpMessageType.GetRoSpecsResponse => new GetRoSpecsResponse(),

        LlrpMessageType.AddAccessSpec => new AddAccessSpec(),
        LlrpMessageType.DeleteAccessSpec => new DeleteAccessSpec(cursor.U32()),
        LlrpMessageType.EnableAccessSpec => new EnableAccessSpec(cursor.U32()),
        LlrpMessageType.DisableAccessSpec => new DisableAccessSpec(cursor.U32()),
        LlrpMessageType.GetAccessSpecs => new GetAccessSpecs(),
        LlrpMessageType.GetAccessSpecsResponse => new GetAccessSpecsResponse(),

        LlrpMessageType.GetReport => new GetReport(),
        LlrpMessageType.RoAccessReport => new RoAccessReport(),
        LlrpMessageType.ReaderEventNotification => new ReaderEventNotification(),
        LlrpMessageType.EnableEventsAndReports => new EnableEventsAndReports(),

        LlrpMessageType.KeepAlive => new KeepAlive(),
        LlrpMessageType.KeepAliveAck => new KeepAliveAck(),
        LlrpMessageType.CloseConnection => new CloseConnection(),
        LlrpMessageType.GetSupportedVersion => new GetSupportedVersion(),
        LlrpMessageType.GetSupportedVersionResponse => GetSupportedVersionResponse.Read(ref cursor),
        LlrpMessageType.SetProtocolVersion => new SetProtocolVersion(cursor.U8()),
        LlrpMessageType.ErrorMessage => new ErrorMessage(),
        LlrpMessageType.Custom => CustomMessage.Read(ref cursor),

        LlrpMessageType.CloseConnectionResponse or LlrpMessageType.SetReaderConfigResponse or LlrpMessageType.SetProtocolVersionResponse
            or (>= LlrpMessageType.AddRoSpecResponse and <= LlrpMessageType.DisableRoSpecResponse)
            or (>= LlrpMessageType.AddAccessSpecResponse and <= LlrpMessageType.DisableAccessSpecResponse) => new StatusResponse(type),

        _ => new RawMessage(type, cursor.Rest().ToArray()),
    };
}
