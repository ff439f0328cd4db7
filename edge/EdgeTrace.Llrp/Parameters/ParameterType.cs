namespace EdgeTrace.Llrp.Parameters;

/// <summary>The number of a parameter: below 128 a TV, from 128 a TLV. Numbers not named here are carried as they are.</summary>
public enum ParameterType : ushort
{
    // TV: only their type tells their length, see TvParameter.
    AntennaId = 1, FirstSeenUtc = 2, FirstSeenUptime = 3, LastSeenUtc = 4, LastSeenUptime = 5, PeakRssi = 6, ChannelIndex = 7,
    TagSeenCount = 8, RoSpecId = 9, InventoryParameterSpecId = 10, C1G2Crc = 11, C1G2Pc = 12, Epc96 = 13, SpecIndex = 14,
    ClientRequestOpSpecResult = 15, AccessSpecId = 16, OpSpecId = 17, C1G2SingulationDetails = 18, C1G2XpcW1 = 19, C1G2XpcW2 = 20,

    UtcTimestamp = 128, Uptime = 129,
    GeneralDeviceCapabilities = 137, ReceiveSensitivityTableEntry = 139, PerAntennaAirProtocol = 140, GpioCapabilities = 141,
    LlrpCapabilities = 142, RegulatoryCapabilities = 143, UhfBandCapabilities = 144, TransmitPowerLevelTableEntry = 145,
    FrequencyInformation = 146, FrequencyHopTable = 147, FixedFrequencyTable = 148, PerAntennaReceiveSensitivityRange = 149,
    RoSpec = 177, RoBoundarySpec = 178, RoSpecStartTrigger = 179, PeriodicTriggerValue = 180, GpiTriggerValue = 181,
    RoSpecStopTrigger = 182, AiSpec = 183, AiSpecStopTrigger = 184, TagObservationTrigger = 185, InventoryParameterSpec = 186,
    RfSurveySpec = 187, RfSurveySpecStopTrigger = 188, LoopSpec = 189,
    AccessSpec = 207, AccessSpecStopTrigger = 208, AccessCommand = 209,
    LlrpConfigurationStateValue = 217, Identification = 218, GpoWriteData = 219, KeepaliveSpec = 220, AntennaProperties = 221,
    AntennaConfiguration = 222, RfReceiver = 223, RfTransmitter = 224, GpiPortCurrentState = 225, EventsAndReports = 226,
    RoReportSpec = 237, TagReportContentSelector = 238, AccessReportSpec = 239, TagReportData = 240, EpcData = 241,
    RfSurveyReportData = 242, FrequencyRssiLevelEntry = 243, ReaderEventNotificationSpec = 244, EventNotificationState = 245,
    ReaderEventNotificationData = 246, HoppingEvent = 247, GpiEvent = 248, RoSpecEvent = 249, ReportBufferLevelWarningEvent = 250,
    ReportBufferOverflowErrorEvent = 251, ReaderExceptionEvent = 252, RfSurveyEvent = 253, AiSpecEvent = 254, AntennaEvent = 255,
    ConnectionAttemptEvent = 256, ConnectionCloseEvent = 257,
    LlrpStatus = 287, FieldError = 288, ParameterError = 289,
    C1G2LlrpCapabilities = 327, C1G2UhfRfModeTable = 328, C1G2UhfRfModeTableEntry = 329, C1G2InventoryCommand = 330,
    C1G2Filter = 331, C1G2TagInventoryMask = 332, C1G2StateAwareFilterAction = 333, C1G2StateUnawareFilterAction = 334,
    C1G2RfControl = 335, C1G2SingulationControl = 336, C1G2StateAwareSingulationAction = 337,
    C1G2ReadOpSpecResult = 349, SpecLoopEvent = 356, C1G2EpcMemorySelector = 348,
    Custom = 1023,
}
