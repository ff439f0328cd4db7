using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeTrace.Simulators.Llrp;

/// <summary>
/// An LLRP reader without its sockets: takes messages, sightings and the time, and leaves frames in <see cref="Out"/>.
/// Configuration and ROSpecs outlive connections. One caller at a time.
/// </summary>
sealed class ReaderMachine(string name, ReaderFaults faults, long nowUs, TimeSpan clockOffset = default)
{
    /// <summary>Reads a reader keeps while it may not send them; an R420's 512 KiB hold about as many.</summary>
    public const int ReportBufferMax = 20_000;

    /// <summary>An R420 puts about so many TagReportData in a report before its transmit buffer is full.</summary>
    const int TagsPerReportMax = 2_000;

    /// <summary>Keepalives without an answer before the link is given up, where LinkMonitor does not say another number.</summary>
    const int KeepalivesMissedMax = 3;

    const long Year2000Us = 946_684_800_000_000;
    const long OverflowEveryUs = 7_000_000;
    const long OverflowForUs = 500_000;

    readonly long _bootUs = nowUs;
    readonly long _clockOffsetUs = clockOffset.Ticks / TimeSpan.TicksPerMicrosecond;
    readonly Queue<Sighting> _buffer = new();
    readonly HashSet<uint> _keepalivesOpen = [];
    readonly HashSet<int> _unplugged = [];
    readonly Dictionary<TvType, long> _lastReported = [];
    RoSpecTable? _roSpecs;
    ReaderSettings _settings = ReaderSettings.Factory;
    bool _connected, _holding, _extensions, _overflowing, _full;
    uint _nextId = 1;
    long _nowUs = nowUs, _keepaliveDueUs, _reportDueUs;

    public LlrpFrameWriter Out { get; } = new();

    /// <summary>The link is to be closed once <see cref="Out"/> has been sent.</summary>
    public bool Closing { get; private set; }

    /// <summary>TagReportData written so far, and sightings that no report will ever hold.</summary>
    public long Reported { get; private set; }
    public long Discarded { get; private set; }

    /// <summary>Outputs that are switched on: lamps, buzzers.</summary>
    public IReadOnlySet<int> Outputs => _settings.Outputs;

    RoSpecTable RoSpecs => _roSpecs ??= new(RoSpecChanged);
    ReportContent Content => RoSpecs.Active?.Content ?? _settings.Content;

    public void Connect(long nowUs)
    {
        _nowUs = nowUs;
        (_connected, Closing, _extensions, _holding) = (true, false, false, _settings.Hold);
        _keepalivesOpen.Clear();
        _lastReported.Clear();
        _keepaliveDueUs = nowUs + _settings.KeepaliveUs;
        WriteConnectionEvent(ConnectionStatus.Success);
    }

    public void Disconnect()
    {
        _connected = false;
        if (_settings.Hold) return;
        Discarded += _buffer.Count;
        _buffer.Clear();
    }

    /// <summary>Somebody else knocked while this client holds the reader.</summary>
    public void TellOfAnotherAttempt(long nowUs)
    {
        _nowUs = nowUs;
        WriteConnectionEvent(ConnectionStatus.AnotherAttempted);
    }

    /// <summary>The greeting of a second client, on its own connection.</summary>
    public byte[] RefuseSecond(long nowUs)
    {
        var writer = new LlrpFrameWriter();
        writer.BeginMessage(MessageType.ReaderEventNotification, 1);
        writer.Begin(ParameterType.ReaderEventNotificationData);
        WriteClock(writer, nowUs);
        writer.Begin(ParameterType.ConnectionAttemptEvent).U16((int)ConnectionStatus.ClientInitiatedExists).End().End();
        writer.EndMessage();
        return writer.Written.ToArray();
    }

    /// <summary>One whole frame: header and body.</summary>
    public void Receive(ReadOnlyMemory<byte> frame, long nowUs)
    {
        _nowUs = nowUs;
        var head = BinaryPrimitives.ReadUInt16BigEndian(frame.Span);
        var (version, type, id) = ((head >> 10) & 7, (MessageType)(head & 0x3FF), BinaryPrimitives.ReadUInt32BigEndian(frame.Span[6..]));
        if (version != 1)
        {
            WriteError(id, StatusCode.UnsupportedVersion, $"version {version}: this reader speaks LLRP 1.0.1");
            return;
        }
        Answer(type, id, new LlrpParameter(default, frame[10..]));
    }

    /// <summary>What the antennas heard, in time order. Only an active ROSpec's antennas are reported.</summary>
    public void Observe(IEnumerable<Sighting> sightings, long nowUs)
    {
        _nowUs = nowUs;
        foreach (var sighting in sightings)
        {
            var wanted = RoSpecs.Active is { } active && active.Listens(sighting.Antenna) && !_unplugged.Contains(sighting.Antenna) && (_connected || _settings.Hold) && !OverflowFault();
            if (wanted && _buffer.Count < ReportBufferMax)
            {
                _buffer.Enqueue(sighting);
                _full = false;
                continue;
            }
            Discarded++;
            if (!wanted || _full) continue;
            _full = true;
            TellOfOverflow();
        }
        ReportWhatIsDue();
    }

    /// <summary>An antenna's cable is pulled or put back: it hears nothing, and the reader tells whoever asked for such events.</summary>
    public void SetAntenna(int antenna, bool plugged, long nowUs)
    {
        _nowUs = nowUs;
        if (plugged ? !_unplugged.Remove(antenna) : !_unplugged.Add(antenna)) return;
        WriteEvent(writer => writer.Begin(ParameterType.AntennaEvent).U8(plugged ? 1 : 0).U16(antenna).End(), ReaderSettings.EventAntenna);
    }

    /// <summary>Keepalives, durations and timed reports; called every few milliseconds.</summary>
    public void Advance(long nowUs)
    {
        _nowUs = nowUs;
        RoSpecs.Advance(nowUs);
        if (faults.HasFlag(ReaderFaults.Overflow) && OverflowFault() != _overflowing)
        {
            _overflowing = !_overflowing;
            if (_overflowing) TellOfOverflow();
        }
        ReportWhatIsDue();
        if (!_connected || _settings.KeepaliveUs == 0 || nowUs < _keepaliveDueUs) return;
        _keepaliveDueUs = nowUs + _settings.KeepaliveUs;
        if (_keepalivesOpen.Count >= (_settings.LinkMonitorThreshold ?? KeepalivesMissedMax))
        {
            WriteEvent(writer => writer.Begin(ParameterType.ConnectionCloseEvent).End(), null);
            Closing = true;
            return;
        }
        var id = _nextId++;
        _keepalivesOpen.Add(id);
        Out.BeginMessage(MessageType.Keepalive, id);
        Out.EndMessage();
    }

    void Answer(MessageType type, uint id, LlrpParameter body)
    {
        switch (type)
        {
            case MessageType.GetReaderCapabilities:
                Reply(MessageType.GetReaderCapabilitiesResponse, id, () =>
                {
                    var requested = body.U8(0);
                    return writer => ReaderCapabilities.Write(writer, requested, !faults.HasFlag(ReaderFaults.UptimeOnly));
                });
                break;
            case MessageType.GetReaderConfig:
                Reply(MessageType.GetReaderConfigResponse, id, () =>
                {
                    var (antenna, requested) = (body.U16(0), body.U8(2));
                    if (antenna > ReaderCapabilities.Antennas) throw new RefusedException(StatusCode.FieldError, $"antenna {antenna} of {ReaderCapabilities.Antennas}");
                    return writer => _settings.Write(writer, requested, antenna, Identity());
                });
                break;
            case MessageType.SetReaderConfig: Reply(MessageType.SetReaderConfigResponse, id, () => Configure(body)); break;
            case MessageType.AddRoSpec: Reply(MessageType.AddRoSpecResponse, id, () => AddRoSpec(body)); break;
            case MessageType.DeleteRoSpec: Command(MessageType.DeleteRoSpecResponse, id, () => RoSpecs.Delete(body.U32(0))); break;
            case MessageType.StartRoSpec: Command(MessageType.StartRoSpecResponse, id, () => RoSpecs.Start(body.U32(0), _nowUs)); break;
            case MessageType.StopRoSpec: Command(MessageType.StopRoSpecResponse, id, () => RoSpecs.Stop(body.U32(0))); break;
            case MessageType.EnableRoSpec: Command(MessageType.EnableRoSpecResponse, id, () => RoSpecs.Enable(body.U32(0), _nowUs)); break;
            case MessageType.DisableRoSpec: Command(MessageType.DisableRoSpecResponse, id, () => RoSpecs.Disable(body.U32(0))); break;
            case MessageType.GetRoSpecs:
                Reply(MessageType.GetRoSpecsResponse, id, () => writer =>
                {
                    foreach (var spec in RoSpecs.All) spec.Write(writer);
                });
                break;
            case MessageType.AddAccessSpec: Refuse(MessageType.AddAccessSpecResponse, id, StatusCode.OverflowParameter, "this reader holds no AccessSpecs"); break;
            case MessageType.DeleteAccessSpec: Command(MessageType.DeleteAccessSpecResponse, id, () => NoAccessSpec(body.U32(0))); break;
            case MessageType.EnableAccessSpec: Command(MessageType.EnableAccessSpecResponse, id, () => NoAccessSpec(body.U32(0))); break;
            case MessageType.DisableAccessSpec: Command(MessageType.DisableAccessSpecResponse, id, () => NoAccessSpec(body.U32(0))); break;
            case MessageType.GetAccessSpecs: Command(MessageType.GetAccessSpecsResponse, id, () => { }); break;
            case MessageType.GetReport: WriteReports(_buffer.Count, evenEmpty: true); break;
            case MessageType.KeepaliveAck: Acknowledge(id); break;
            case MessageType.EnableEventsAndReports:
                _holding = false;
                ReportWhatIsDue();
                break;
            case MessageType.CloseConnection:
                Command(MessageType.CloseConnectionResponse, id, () => { });
                Closing = true;
                break;
            case MessageType.Custom: AnswerCustom(id, body); break;
            default: WriteError(id, StatusCode.UnsupportedMessage, $"message type {(int)type} is not known here"); break;
        }
    }

    void AnswerCustom(uint id, LlrpParameter body)
    {
        if (body.Body.Length < 5 || body.U32(0) != Impinj.Vendor || body.U8(4) != Impinj.EnableExtensions)
        {
            WriteError(id, StatusCode.UnsupportedMessage, "this custom message is not known here");
            return;
        }
        _extensions = true;
        Out.BeginMessage(MessageType.Custom, id);
        Out.U32(Impinj.Vendor).U8(Impinj.EnableExtensionsResponse);
        WriteStatus(StatusCode.Success, "");
        Out.EndMessage();
    }

    Action<LlrpFrameWriter> Configure(LlrpParameter body)
    {
        _settings = ReaderSettings.Read(_settings, body, _extensions);
        _keepaliveDueUs = _nowUs + _settings.KeepaliveUs;
        _keepalivesOpen.Clear();
        return _ => { };
    }

    Action<LlrpFrameWriter> AddRoSpec(LlrpParameter body)
    {
        var specs = body.Inside(0);
        if (specs is not [{ Type: ParameterType.RoSpec } spec]) throw new RefusedException(StatusCode.MissingParameter, "ADD_ROSPEC holds one ROSpec");
        RoSpecs.Add(RoSpec.Read(spec, ReaderCapabilities.Antennas, _extensions));
        return _ => { };
    }

    static void NoAccessSpec(uint id)
    {
        if (id != 0) throw new RefusedException(StatusCode.FieldError, $"there is no AccessSpec {id}");
    }

    /// <summary>LinkMonitor correlates by id: an answer with an id of its own counts for nothing (sllurp's mistake). Without it any answer will do.</summary>
    void Acknowledge(uint id)
    {
        if (_settings.LinkMonitorThreshold is null || _keepalivesOpen.Contains(id)) _keepalivesOpen.Clear();
    }

    void RoSpecChanged(RoSpec spec, bool started)
    {
        if (started)
        {
            _lastReported.Clear();
            _reportDueUs = _nowUs;
        }
        else if ((spec.Content ?? _settings.Content).Trigger != 0 && _connected && !_holding)
        {
            WriteReports(_buffer.Count, evenEmpty: false);
        }
        WriteEvent(writer => writer.Begin(ParameterType.RoSpecEvent).U8(started ? 0 : 1).U32(spec.Id).U32(0).End(), ReaderSettings.EventRoSpec);
    }

    bool OverflowFault() => faults.HasFlag(ReaderFaults.Overflow) && (_nowUs - _bootUs) % OverflowEveryUs is var phase && phase >= OverflowEveryUs - OverflowForUs;

    void TellOfOverflow() =>
        WriteEvent(writer => writer.Begin(ParameterType.ReportBufferOverflowErrorEvent).End(), ReaderSettings.EventBufferWarning);

    void ReportWhatIsDue()
    {
        if (!_connected || _holding || _buffer.Count == 0) return;
        var content = Content;
        if (content.ByTags && content.N > 0)
        {
            while (_buffer.Count >= content.N) WriteReports(content.N, evenEmpty: false);
        }
        else if (content.Every is { } every && _nowUs >= _reportDueUs)
        {
            _reportDueUs = _nowUs + every.Ticks / TimeSpan.TicksPerMicrosecond;
            WriteReports(_buffer.Count, evenEmpty: false);
        }
    }

    void WriteReports(int count, bool evenEmpty)
    {
        if (count == 0 && !evenEmpty) return;
        do
        {
            Out.BeginMessage(MessageType.RoAccessReport, _nextId++);
            for (var tags = Math.Min(count, TagsPerReportMax); tags > 0; tags--, count--) WriteTag(_buffer.Dequeue());
            Out.EndMessage();
        }
        while (count > 0);
    }

    void WriteTag(in Sighting sighting)
    {
        Reported++;
        var content = Content;
        var fields = content.Fields;
        Out.Begin(ParameterType.TagReportData);
        if (sighting.Epc.Length == 12) Out.Tv(TvType.Epc96).Bytes(sighting.Epc);
        else Out.Begin(ParameterType.EpcData).U16(sighting.Epc.Length * 8).Bytes(sighting.Epc).End();
        var spec = RoSpecs.All is [var only, ..] ? only : null;
        if (fields.HasFlag(ContentFields.RoSpecId)) Field32(TvType.RoSpecId, spec?.Id ?? 0);
        if (fields.HasFlag(ContentFields.SpecIndex)) Field16(TvType.SpecIndex, 1);
        if (fields.HasFlag(ContentFields.InventoryParameterSpecId)) Field16(TvType.InventoryParameterSpecId, spec?.InventoryParameterSpecId ?? 0);
        if (fields.HasFlag(ContentFields.AntennaId)) Field16(TvType.AntennaId, sighting.Antenna);
        if (fields.HasFlag(ContentFields.PeakRssi) && Changed(TvType.PeakRssi, sighting.RssiCentiDbm / 100)) Out.Tv(TvType.PeakRssi).U8(sighting.RssiCentiDbm / 100);
        if (fields.HasFlag(ContentFields.ChannelIndex)) Field16(TvType.ChannelIndex, sighting.Channel);
        // A time is never left out: two reads at one microsecond of one clock do not exist.
        if (fields.HasFlag(ContentFields.FirstSeen)) WriteTime(TvType.FirstSeenUtc, TvType.FirstSeenUptime, sighting.TimeUs);
        if (fields.HasFlag(ContentFields.LastSeen)) WriteTime(TvType.LastSeenUtc, TvType.LastSeenUptime, sighting.TimeUs);
        if (fields.HasFlag(ContentFields.TagSeenCount)) Field16(TvType.TagSeenCount, 1);
        if (content.Pc) Field16(TvType.C1G2Pc, sighting.Epc.Length / 2 << 11);
        if (content.Crc) Field16(TvType.C1G2Crc, Crc16(sighting.Epc));
        if (fields.HasFlag(ContentFields.AccessSpecId)) Field32(TvType.AccessSpecId, 0);
        if (content.Tid && sighting.Tid is { } tid) Out.BeginCustom(Impinj.Vendor, Impinj.SerializedTid).U16(tid.Length / 2).Bytes(tid).End();
        if (content.Phase) Out.BeginCustom(Impinj.Vendor, Impinj.RfPhaseAngle).U16(sighting.Phase).End();
        if (content.FineRssi) Out.BeginCustom(Impinj.Vendor, Impinj.PeakRssi).U16(sighting.RssiCentiDbm).End();
        Out.End();
    }

    void Field16(TvType type, int value)
    {
        if (Changed(type, value)) Out.Tv(type).U16(value);
    }

    void Field32(TvType type, uint value)
    {
        if (Changed(type, value)) Out.Tv(type).U32(value);
    }

    bool Changed(TvType type, long value)
    {
        if (!faults.HasFlag(ReaderFaults.OmitParams)) return true;
        if (_lastReported.TryGetValue(type, out var last) && last == value) return false;
        _lastReported[type] = value;
        return true;
    }

    void WriteTime(TvType utc, TvType uptime, long trueUs) =>
        Out.Tv(faults.HasFlag(ReaderFaults.UptimeOnly) ? uptime : utc).U64(ClockUs(trueUs));

    void WriteClock(LlrpFrameWriter writer, long trueUs) =>
        writer.Begin(faults.HasFlag(ReaderFaults.UptimeOnly) ? ParameterType.Uptime : ParameterType.UtcTimestamp).U64(ClockUs(trueUs)).End();

    ulong ClockUs(long trueUs) => (ulong)(
        faults.HasFlag(ReaderFaults.UptimeOnly) ? Math.Max(0, trueUs - _bootUs)
        : faults.HasFlag(ReaderFaults.Clock2000) ? Year2000Us + (trueUs - _bootUs)
        : trueUs + _clockOffsetUs);

    void WriteConnectionEvent(ConnectionStatus status) =>
        WriteEvent(writer => writer.Begin(ParameterType.ConnectionAttemptEvent).U16((int)status).End(), null);

    /// <param name="kind">The event's number in ReaderEventNotificationSpec; null: always sent.</param>
    void WriteEvent(Action<LlrpFrameWriter> write, int? kind)
    {
        if (!_connected || (kind is { } number && (_holding || !_settings.Events.Contains(number)))) return;
        Out.BeginMessage(MessageType.ReaderEventNotification, _nextId++);
        Out.Begin(ParameterType.ReaderEventNotificationData);
        WriteClock(Out, _nowUs);
        write(Out);
        Out.End();
        Out.EndMessage();
    }

    void Command(MessageType response, uint id, Action command) => Reply(response, id, () =>
    {
        command();
        return _ => { };
    });

    /// <summary>Does the work first and answers after: a refusal carries nothing but its status.</summary>
    void Reply(MessageType response, uint id, Func<Action<LlrpFrameWriter>> work)
    {
        var answer = new LlrpFrameWriter();
        try
        {
            work()(answer);
        }
        catch (RefusedException refused)
        {
            Refuse(response, id, refused.Status, refused.Message);
            return;
        }
        Out.BeginMessage(response, id);
        WriteStatus(StatusCode.Success, "");
        Out.Bytes(answer.Written.Span);
        Out.EndMessage();
    }

    void Refuse(MessageType response, uint id, StatusCode status, string why)
    {
        Out.BeginMessage(response, id);
        WriteStatus(status, why);
        Out.EndMessage();
    }

    void WriteError(uint id, StatusCode status, string why) => Refuse(MessageType.ErrorMessage, id, status, why);

    void WriteStatus(StatusCode status, string why) => Out.Begin(ParameterType.LlrpStatus).U16((int)status).Text(why).End();

    /// <summary>A stable made-up EUI-48, locally administered, from the reader's name.</summary>
    byte[] Identity()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return [0x02, hash[0], hash[1], hash[2], hash[3], hash[4]];
    }

    /// <summary>ISO/IEC 13239 as Gen2 has it: preset FFFF, polynomial 1021, complemented, over PC and EPC.</summary>
    static int Crc16(byte[] epc)
    {
        var pc = epc.Length / 2 << 11;
        var crc = 0xFFFF;
        foreach (var octet in (ReadOnlySpan<byte>)[(byte)(pc >> 8), (byte)pc, .. epc])
        {
            crc ^= octet << 8;
            for (var bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xFFFF;
        }
        return crc ^ 0xFFFF;
    }
}
