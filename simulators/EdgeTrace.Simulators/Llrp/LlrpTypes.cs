namespace EdgeTrace.Simulators.Llrp;

/// <summary>Message type numbers (LLRP 1.0.1, section 16.1).</summary>
enum MessageType
{
    GetReaderCapabilities = 1, GetReaderConfig = 2, SetReaderConfig = 3, CloseConnectionResponse = 4,
    GetReaderCapabilitiesResponse = 11, GetReaderConfigResponse = 12, SetReaderConfigResponse = 13, CloseConnection = 14,
    AddRoSpec = 20, DeleteRoSpec = 21, StartRoSpec = 22, StopRoSpec = 23, EnableRoSpec = 24, DisableRoSpec = 25, GetRoSpecs = 26,
    AddRoSpecResponse = 30, DeleteRoSpecResponse = 31, StartRoSpecResponse = 32, StopRoSpecResponse = 33, EnableRoSpecResponse = 34,
    DisableRoSpecResponse = 35, GetRoSpecsResponse = 36,
    AddAccessSpec = 40, DeleteAccessSpec = 41, EnableAccessSpec = 42, DisableAccessSpec = 43, GetAccessSpecs = 44,
    AddAccessSpecResponse = 50, DeleteAccessSpecResponse = 51, EnableAccessSpecResponse = 52, DisableAccessSpecResponse = 53, GetAccessSpecsResponse = 54,
    GetReport = 60, RoAccessReport = 61, Keepalive = 62, ReaderEventNotification = 63, EnableEventsAndReports = 64, KeepaliveAck = 72,
    ErrorMessage = 100, Custom = 1023,
}

/// <summary>TLV parameter type numbers (LLRP 1.0.1, section 16.2).</summary>
enum ParameterType
{
    UtcTimestamp = 128, Uptime = 129, GeneralDeviceCapabilities = 137, ReceiveSensitivityTableEntry = 139, PerAntennaAirProtocol = 140,
    GpioCapabilities = 141, LlrpCapabilities = 142, RegulatoryCapabilities = 143, UhfBandCapabilities = 144, TransmitPowerLevelTableEntry = 145,
    FrequencyInformation = 146, FixedFrequencyTable = 148,
    RoSpec = 177, RoBoundarySpec = 178, RoSpecStartTrigger = 179, RoSpecStopTrigger = 182, AiSpec = 183, AiSpecStopTrigger = 184,
    InventoryParameterSpec = 186, RfSurveySpec = 187,
    LlrpConfigurationStateValue = 217, Identification = 218, GpoWriteData = 219, KeepaliveSpec = 220, AntennaProperties = 221, AntennaConfiguration = 222,
    RfReceiver = 223, RfTransmitter = 224, GpiPortCurrentState = 225, EventsAndReports = 226,
    RoReportSpec = 237, TagReportContentSelector = 238, AccessReportSpec = 239, TagReportData = 240, EpcData = 241,
    ReaderEventNotificationSpec = 244, EventNotificationState = 245, ReaderEventNotificationData = 246,
    RoSpecEvent = 249, ReportBufferLevelWarningEvent = 250, ReportBufferOverflowErrorEvent = 251, AntennaEvent = 255,
    ConnectionAttemptEvent = 256, ConnectionCloseEvent = 257,
    LlrpStatus = 287, FieldError = 288, ParameterError = 289,
    C1G2LlrpCapabilities = 327, UhfC1G2RfModeTable = 328, UhfC1G2RfModeTableEntry = 329, C1G2InventoryCommand = 330, C1G2EpcMemorySelector = 348,
    Custom = 1023,
}

/// <summary>TV parameter type numbers: no length on the wire, so each size is known here.</summary>
enum TvType
{
    AntennaId = 1, FirstSeenUtc = 2, FirstSeenUptime = 3, LastSeenUtc = 4, LastSeenUptime = 5, PeakRssi = 6, ChannelIndex = 7, TagSeenCount = 8,
    RoSpecId = 9, InventoryParameterSpecId = 10, C1G2Crc = 11, C1G2Pc = 12, Epc96 = 13, SpecIndex = 14, AccessSpecId = 16,
}

/// <summary>LLRPStatus codes (LLRP 1.0.1, section 14.2.2).</summary>
enum StatusCode
{
    Success = 0,
    ParameterError = 100, FieldError = 101, MissingParameter = 103, OverflowParameter = 105, UnknownParameter = 107,
    UnsupportedMessage = 109, UnsupportedVersion = 110, UnsupportedParameter = 111,
    ParameterFieldError = 201, ParameterMissingParameter = 203, ParameterUnsupportedParameter = 209,
    InvalidValue = 300, OutOfRange = 301, DeviceError = 401,
}

/// <summary>How a connection attempt ended (ConnectionAttemptEvent).</summary>
enum ConnectionStatus
{
    Success = 0, ReaderInitiatedExists = 1, ClientInitiatedExists = 2, OtherFailure = 3, AnotherAttempted = 4,
}

/// <summary>The vendor whose R420 this reader resembles, and the extensions of its that we speak.</summary>
static class Impinj
{
    public const uint Vendor = 25882;
    public const uint ModelR420 = 2_001_002;
    public const int EnableExtensions = 21;
    public const int EnableExtensionsResponse = 22;
    public const uint LinkMonitor = 38;
    public const uint TagReportContentSelector = 50;
    public const uint EnableSerializedTid = 51;
    public const uint EnableRfPhaseAngle = 52;
    public const uint EnablePeakRssi = 53;
    public const uint SerializedTid = 55;
    public const uint RfPhaseAngle = 56;
    public const uint PeakRssi = 57;
}

/// <summary>A request this reader refuses: becomes an LLRPStatus, never the end of the link.</summary>
sealed class RefusedException(StatusCode status, string why) : Exception(why)
{
    public StatusCode Status => status;
}
