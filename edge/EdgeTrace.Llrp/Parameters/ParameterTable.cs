using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>Which type number is which parameter: each reads its own fields, the parameters inside are read the same way for all.</summary>
static class ParameterTable
{
    internal static LlrpParameter Read(ParameterType type, ref LlrpCursor cursor) => type switch
    {
        ParameterType.UtcTimestamp => UtcTimestamp.Read(ref cursor),
        ParameterType.Uptime => Uptime.Read(ref cursor),

        ParameterType.LlrpStatus => LlrpStatus.Read(ref cursor),
        ParameterType.FieldError => FieldError.Read(ref cursor),
        ParameterType.ParameterError => ParameterError.Read(ref cursor),

        ParameterType.GeneralDeviceCapabilities => GeneralDeviceCapabilities.Read(ref cursor),
        ParameterType.ReceiveSensitivityTableEntry => ReceiveSensitivityTableEntry.Read(ref cursor),
        ParameterType.PerAntennaReceiveSensitivityRange => PerAntennaReceiveSensitivityRange.Read(ref cursor),
        ParameterType.PerAntennaAirProtocol => PerAntennaAirProtocol.Read(ref cursor),
        ParameterType.GpioCapabilities => GpioCapabilities.Read(ref cursor),
        ParameterType.LlrpCapabilities => LlrpCapabilities.Read(ref cursor),
        ParameterType.C1G2LlrpCapabilities => C1G2LlrpCapabilities.Read(ref cursor),
        ParameterType.RegulatoryCapabilities => RegulatoryCapabilities.Read(ref cursor),
        ParameterType.UhfBandCapabilities => UhfBandCapabilities.Read(ref cursor),
        ParameterType.TransmitPowerLevelTableEntry => TransmitPowerLevelTableEntry.Read(ref cursor),
        ParameterType.FrequencyInformation => FrequencyInformation.Read(ref cursor),
        ParameterType.FrequencyHopTable => FrequencyHopTable.Read(ref cursor),
        ParameterType.FixedFrequencyTable => FixedFrequencyTable.Read(ref cursor),
        ParameterType.C1G2UhfRfModeTable => C1G2UhfRfModeTable.Read(ref cursor),
        ParameterType.C1G2UhfRfModeTableEntry => C1G2UhfRfModeTableEntry.Read(ref cursor),

        ParameterType.RoSpec => RoSpec.Read(ref cursor),
        ParameterType.RoBoundarySpec => RoBoundarySpec.Read(ref cursor),
        ParameterType.RoSpecStartTrigger => RoSpecStartTrigger.Read(ref cursor),
        ParameterType.RoSpecStopTrigger => RoSpecStopTrigger.Read(ref cursor),
        ParameterType.PeriodicTriggerValue => PeriodicTriggerValue.Read(ref cursor),
        ParameterType.GpiTriggerValue => GpiTriggerValue.Read(ref cursor),
        ParameterType.AiSpec => AiSpec.Read(ref cursor),
        ParameterType.AiSpecStopTrigger => AiSpecStopTrigger.Read(ref cursor),
        ParameterType.TagObservationTrigger => TagObservationTrigger.Read(ref cursor),
        ParameterType.InventoryParameterSpec => InventoryParameterSpec.Read(ref cursor),
        ParameterType.AntennaConfiguration => AntennaConfiguration.Read(ref cursor),
        ParameterType.RfReceiver => RfReceiver.Read(ref cursor),
        ParameterType.RfTransmitter => RfTransmitter.Read(ref cursor),
        ParameterType.C1G2InventoryCommand => C1G2InventoryCommand.Read(ref cursor),
        ParameterType.C1G2RfControl => C1G2RfControl.Read(ref cursor),
        ParameterType.C1G2SingulationControl => C1G2SingulationControl.Read(ref cursor),

        ParameterType.RoReportSpec => RoReportSpec.Read(ref cursor),
        ParameterType.TagReportContentSelector => TagReportContentSelector.Read(ref cursor),
        ParameterType.C1G2EpcMemorySelector => C1G2EpcMemorySelector.Read(ref cursor),
        ParameterType.AccessReportSpec => AccessReportSpec.Read(ref cursor),
        ParameterType.TagReportData => TagReportData.Read(ref cursor),

        ParameterType.Identification => Identification.Read(ref cursor),
        ParameterType.AntennaProperties => AntennaProperties.Read(ref cursor),
        ParameterType.KeepaliveSpec => KeepaliveSpec.Read(ref cursor),
        ParameterType.EventsAndReports => EventsAndReports.Read(ref cursor),
        ParameterType.LlrpConfigurationStateValue => LlrpConfigurationStateValue.Read(ref cursor),
        ParameterType.GpiPortCurrentState => GpiPortCurrentState.Read(ref cursor),
        ParameterType.GpoWriteData => GpoWriteData.Read(ref cursor),
        ParameterType.ReaderEventNotificationSpec => ReaderEventNotificationSpec.Read(ref cursor),
        ParameterType.EventNotificationState => EventNotificationState.Read(ref cursor),

        ParameterType.ReaderEventNotificationData => ReaderEventNotificationData.Read(ref cursor),
        ParameterType.GpiEvent => GpiEvent.Read(ref cursor),
        ParameterType.RoSpecEvent => RoSpecEvent.Read(ref cursor),
        ParameterType.ReportBufferLevelWarningEvent => ReportBufferLevelWarningEvent.Read(ref cursor),
        ParameterType.ReportBufferOverflowErrorEvent => ReportBufferOverflowErrorEvent.Read(ref cursor),
        ParameterType.ReaderExceptionEvent => ReaderExceptionEvent.Read(ref cursor),
        ParameterType.AiSpecEvent => AiSpecEvent.Read(ref cursor),
        ParameterType.AntennaEvent => AntennaEvent.Read(ref cursor),
        ParameterType.ConnectionAttemptEvent => ConnectionAttemptEvent.Read(ref cursor),
        ParameterType.ConnectionCloseEvent => ConnectionCloseEvent.Read(ref cursor),

        ParameterType.Custom => CustomParameter.Read(ref cursor),
        _ => new RawParameter(type, cursor.Rest().ToArray()),
    };
}
