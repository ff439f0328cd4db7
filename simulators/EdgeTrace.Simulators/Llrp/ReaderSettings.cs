namespace EdgeTrace.Simulators.Llrp;

/// <summary>What SET_READER_CONFIG has set: swapped whole, kept across connections.</summary>
sealed record ReaderSettings(long KeepaliveUs, int? LinkMonitorThreshold, bool Hold, IReadOnlySet<int> Events, ReportContent Content)
{
    /// <summary>Outputs (GPO) that are switched on.</summary>
    public IReadOnlySet<int> Outputs { get; init; } = new HashSet<int>();

    public const int EventRoSpec = 2;
    public const int EventBufferWarning = 3;
    public const int EventAntenna = 8;
    const int EventKindsMax = 8;
    const int FactoryPower = ReaderCapabilities.PowerLevels;

    /// <summary>A reader out of its box discards what nobody is connected for.</summary>
    public static readonly ReaderSettings Factory = new(0, null, false, new HashSet<int>(), ReportContent.Factory);

    /// <summary>Reads SET_READER_CONFIG: a flag byte (restore factory settings), then parameters. All or nothing.</summary>
    public static ReaderSettings Read(ReaderSettings before, LlrpParameter body, bool extensions)
    {
        var settings = (body.U8(0) & 0x80) != 0 ? Factory : before;
        foreach (var part in body.Inside(1))
        {
            switch (part.Type)
            {
                case ParameterType.KeepaliveSpec:
                    settings = settings with { KeepaliveUs = part.U8(0) == 1 ? part.U32(1) * 1000L : 0 };
                    break;
                case ParameterType.EventsAndReports:
                    settings = settings with { Hold = (part.U8(0) & 0x80) != 0 };
                    break;
                case ParameterType.ReaderEventNotificationSpec:
                    settings = settings with { Events = ReadEvents(settings.Events, part) };
                    break;
                case ParameterType.RoReportSpec:
                    settings = settings with { Content = ReportContent.Read(part, extensions) };
                    break;
                case ParameterType.AntennaConfiguration:
                    RoSpec.CheckAntenna(part, ReaderCapabilities.Antennas);
                    break;
                case ParameterType.GpoWriteData:
                    if (part.U16(0) is 0 or > ReaderCapabilities.Outputs) throw new RefusedException(StatusCode.ParameterFieldError, $"output {part.U16(0)} of {ReaderCapabilities.Outputs}");
                    settings = settings with { Outputs = (part.U8(2) & 0x80) != 0 ? settings.Outputs.Append(part.U16(0)).ToHashSet() : settings.Outputs.Where(port => port != part.U16(0)).ToHashSet() };
                    break;
                case ParameterType.AntennaProperties or ParameterType.AccessReportSpec or ParameterType.GpiPortCurrentState:
                    break;   // nothing in this reader depends on them
                case ParameterType.Custom when part.IsCustom(Impinj.Vendor, Impinj.LinkMonitor):
                    if (!extensions) throw new RefusedException(StatusCode.UnsupportedParameter, "Impinj extensions were not enabled on this connection");
                    settings = settings with { LinkMonitorThreshold = part.U16(8) == 1 ? part.U16(10) : null };
                    break;
                case ParameterType.Custom when extensions && part.U32(0) == Impinj.Vendor:
                    break;   // an extension with no effect on a portal session
                default:
                    throw new RefusedException(StatusCode.UnsupportedParameter, $"parameter {(int)part.Type} cannot be configured here");
            }
        }
        return settings;
    }

    static HashSet<int> ReadEvents(IReadOnlySet<int> before, LlrpParameter spec)
    {
        var events = before.ToHashSet();
        foreach (var state in spec.Inside(0))
        {
            if (state.U16(0) > EventKindsMax) throw new RefusedException(StatusCode.ParameterFieldError, $"event type {state.U16(0)} is not known");
            if ((state.U8(2) & 0x80) != 0) events.Add(state.U16(0));
            else events.Remove(state.U16(0));
        }
        return events;
    }

    /// <summary>RequestedData: 0 all, else one kind of parameter each (LLRP 1.0.1, 12.2.1).</summary>
    public void Write(LlrpFrameWriter writer, int requested, int antenna, byte[] identity)
    {
        if (requested > 11) throw new RefusedException(StatusCode.FieldError, $"RequestedData {requested} is not known");
        bool Wants(int kind) => requested == 0 || requested == kind;
        var antennas = antenna == 0 ? Enumerable.Range(1, ReaderCapabilities.Antennas) : [antenna];
        // Optional in an answer to "all" (1.1, 10.4), and left out of it: Wireshark 4.0 calls every Identification malformed, a real R420's too.
        if (requested == 1) writer.Begin(ParameterType.Identification).U8(0).U16(identity.Length).Bytes(identity).End();
        if (Wants(2))
            foreach (var port in antennas) writer.Begin(ParameterType.AntennaProperties).U8(0x80).U16(port).U16(600).End();
        if (Wants(3))
            foreach (var port in antennas)
                writer.Begin(ParameterType.AntennaConfiguration).U16(port)
                    .Begin(ParameterType.RfReceiver).U16(1).End()
                    .Begin(ParameterType.RfTransmitter).U16(0).U16(1).U16(FactoryPower).End().End();
        if (Wants(4))
        {
            writer.Begin(ParameterType.ReaderEventNotificationSpec);
            for (var kind = 0; kind <= EventKindsMax; kind++)
                writer.Begin(ParameterType.EventNotificationState).U16(kind).U8(Events.Contains(kind) ? 0x80 : 0).End();
            writer.End();
        }
        if (Wants(5)) Content.Write(writer);
        if (Wants(6)) writer.Begin(ParameterType.AccessReportSpec).U8(0).End();
        if (Wants(7)) writer.Begin(ParameterType.LlrpConfigurationStateValue).U32((uint)(KeepaliveUs / 1000)).End();
        if (Wants(8)) writer.Begin(ParameterType.KeepaliveSpec).U8(KeepaliveUs > 0 ? 1 : 0).U32((uint)(KeepaliveUs / 1000)).End();
        if (Wants(9)) for (var port = 1; port <= 4; port++) writer.Begin(ParameterType.GpiPortCurrentState).U16(port).U8(0).U8(2).End();
        if (Wants(10)) for (var port = 1; port <= ReaderCapabilities.Outputs; port++) writer.Begin(ParameterType.GpoWriteData).U16(port).U8(Outputs.Contains(port) ? 0x80 : 0).End();
        if (Wants(11)) writer.Begin(ParameterType.EventsAndReports).U8(Hold ? 0x80 : 0).End();
    }
}
