namespace EdgeTrace.Llrp.Messages;

/// <summary>The ten bits that say what a frame is. Numbers 1.1 does not name are carried all the same.</summary>
public enum LlrpMessageType : ushort
{
    GetReaderCapabilities = 1, GetReaderConfig = 2, SetReaderConfig = 3, CloseConnectionResponse = 4,
    GetReaderCapabilitiesResponse = 11, GetReaderConfigResponse = 12, SetReaderConfigResponse = 13, CloseConnection = 14,
    AddRoSpec = 20, DeleteRoSpec = 21, StartRoSpec = 22, StopRoSpec = 23, EnableRoSpec = 24, DisableRoSpec = 25, GetRoSpecs = 26,
    AddRoSpecResponse = 30, DeleteRoSpecResponse = 31, StartRoSpecResponse = 32, StopRoSpecResponse = 33,
    EnableRoSpecResponse = 34, DisableRoSpecResponse = 35, GetRoSpecsResponse = 36,
    AddAccessSpec = 40, DeleteAccessSpec = 41, EnableAccessSpec = 42, DisableAccessSpec = 43, GetAccessSpecs = 44,
    ClientRequestOp = 45, GetSupportedVersion = 46, SetProtocolVersion = 47,
    AddAccessSpecResponse = 50, DeleteAccessSpecResponse = 51, EnableAccessSpecResponse = 52, DisableAccessSpecResponse = 53,
    GetAccessSpecsResponse = 54, ClientRequestOpResponse = 55, GetSupportedVersionResponse = 56, SetProtocolVersionResponse = 57,
    GetReport = 60, RoAccessReport = 61, KeepAlive = 62, ReaderEventNotification = 63, EnableEventsAndReports = 64,
    KeepAliveAck = 72,
    ErrorMessage = 100,
    Custom = 1023,
}
