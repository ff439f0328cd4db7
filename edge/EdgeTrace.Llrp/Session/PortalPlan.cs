using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Reports;

namespace EdgeTrace.Llrp.Session;

/// <summary>Settings made legal for one reader: its configuration and an RoSpec, and a note wherever the wish was bent.</summary>
/// <param name="LacksTids">TIDs were wanted and this reader has no way to tell them with a read.</param>
public sealed record PortalPlan(SetReaderConfig Config, RoSpec RoSpec, IReadOnlyList<string> Notes, bool LacksTids = false)
{
    /// <summary>What every tag's entry says; no SpecIndex, which would only be 1, and no AccessSpecId, as there is no access.</summary>
    public const TagContent Content = TagContent.RoSpecId | TagContent.AntennaId | TagContent.ChannelIndex | TagContent.PeakRssi
        | TagContent.FirstSeen | TagContent.LastSeen | TagContent.TagSeenCount;

    const byte Gen2 = 1;
    static readonly ushort[] ImpinjAutoset = [1000, 1002, 1003, 1004];

    /// <summary>A fresh memory for the reports this plan asks for.</summary>
    public static LlrpReportMemory NewMemory() => new(Content);

    /// <param name="capabilities">All of them.</param>
    /// <param name="current">The reader's present configuration, where known: hop table, channel and mode are taken over from it rather than guessed.</param>
    /// <param name="settings">What is wanted.</param>
    /// <param name="version">Of the connection.</param>
    /// <exception cref="PortalSettingsException">The reader cannot do it.</exception>
    public static PortalPlan Make(GetReaderCapabilitiesResponse capabilities, GetReaderConfigResponse? current, PortalSettings settings, byte version = 1)
    {
        var notes = new List<string>();
        var maker = new Maker(capabilities, current, settings, version, notes);
        return new(maker.Config(), maker.Spec(), notes, maker.LacksTids);
    }

    sealed class Maker(
        GetReaderCapabilitiesResponse capabilities, GetReaderConfigResponse? current, PortalSettings settings, byte version, List<string> notes)
    {
        readonly GeneralDeviceCapabilities _device = capabilities.Device
            ?? throw new PortalSettingsException("The reader does not say what it is: its capabilities lack the general part.");
        readonly UhfBandCapabilities _band = capabilities.Regulatory?.UhfBand
            ?? throw new PortalSettingsException("The reader names no powers or frequencies. Set its country or region first.");
        readonly LlrpCapabilityFlags _can = capabilities.Llrp?.Flags ?? LlrpCapabilityFlags.None;

        bool IsImpinj => _device.Manufacturer == Impinj.Vendor;

        internal bool LacksTids => settings.Tids && !IsImpinj;

        internal SetReaderConfig Config()
        {
            var parameters = new List<LlrpParameter>
            {
                Events(),
                new KeepaliveSpec(Periodic: true, (uint)settings.KeepalivePeriod.TotalMilliseconds),
            };
            foreach (var input in settings.Inputs.Concat(settings.StartInput is { } start ? [start] : []).Distinct())
                parameters.Add(new GpiPortCurrentState(CheckedInput(input), Enabled: true, GpiState.Unknown));

            if (_can.HasFlag(LlrpCapabilityFlags.EventsAndReportsHolding)) parameters.Add(new EventsAndReports(settings.Hold));
            else if (settings.Hold) notes.Add("The reader cannot hold reports: what it reads while nobody is connected is lost.");

            if (IsImpinj)
            {
                parameters.Add(new ImpinjLinkMonitor(Enabled: true, (ushort)settings.KeepalivesMissedMax));
                parameters.Add(ImpinjSetting.LowLatencyReports);
            }

            return new SetReaderConfig { Parameters = [.. parameters] };
        }

        internal RoSpec Spec() => new(settings.RoSpecId, Priority: 0, RoSpecState.Disabled)
        {
            Parameters = [Boundary(), Inventory(), Report()],
        };

        ReaderEventNotificationSpec Events()
        {
            var told = new List<ReaderEventType> { ReaderEventType.Gpi, ReaderEventType.RoSpec, ReaderEventType.ReaderException, ReaderEventType.Antenna };
            if (_can.HasFlag(LlrpCapabilityFlags.ReportBufferFillWarning)) told.Add(ReaderEventType.ReportBufferFillWarning);
            return new() { Parameters = [.. told.Order().Select(kind => new EventNotificationState(kind, Enabled: true))] };
        }

        RoBoundarySpec Boundary()
        {
            if (settings.StartInput is { } input)
                return new(
                    new RoSpecStartTrigger(RoSpecStartTriggerType.Gpi) { Parameters = [new GpiTriggerValue(CheckedInput(input), Rises: true, TimeoutMs: 0)] },
                    new RoSpecStopTrigger(RoSpecStopTriggerType.Duration, (uint)settings.StopAfter.TotalMilliseconds));
            return new(
                new RoSpecStartTrigger(settings.StartAtOnce ? RoSpecStartTriggerType.Immediate : RoSpecStartTriggerType.Null),
                new RoSpecStopTrigger(RoSpecStopTriggerType.Null, DurationMs: 0));
        }

        AiSpec Inventory()
        {
            var antennas = Antennas();
            var (power, mode) = (PowerIndex(), Mode());
            var inventory = new InventoryParameterSpec(Id: 1, Gen2)
            {
                Parameters = [.. antennas.Select(antenna => Antenna(antenna, power, mode))],
            };
            return new(antennas) { Parameters = [new AiSpecStopTrigger(AiSpecStopTriggerType.Null, DurationMs: 0), inventory] };
        }

        ushort[] Antennas()
        {
            if (settings.Antennas.Count == 0) return [.. Enumerable.Range(1, _device.AntennasMax).Select(antenna => (ushort)antenna)];
            foreach (var antenna in settings.Antennas)
                if (antenna < 1 || antenna > _device.AntennasMax)
                    throw new PortalSettingsException($"Antenna {antenna} does not exist: the reader has 1 to {_device.AntennasMax}.");
            return [.. settings.Antennas.Distinct()];
        }

        ushort CheckedInput(ushort input)
        {
            var inputs = _device.Gpio?.Inputs ?? 0;
            return input >= 1 && input <= inputs
                ? input
                : throw new PortalSettingsException($"Input {input} does not exist: the reader has {(inputs == 0 ? "none" : $"1 to {inputs}")}.");
        }

        AntennaConfiguration Antenna(ushort antenna, ushort power, ushort mode)
        {
            var parameters = new List<LlrpParameter>();
            if (Present(antenna)?.Receiver is { } receiver) parameters.Add(receiver);
            parameters.Add(Transmitter(power));
            parameters.Add(new C1G2InventoryCommand(StateAware: false)
            {
                // Impinj's search mode belongs in here; anywhere else its reader answers 111.
                Parameters =
                [
                    new C1G2RfControl(mode, TariNs: 0),
                    new C1G2SingulationControl(CheckedSession(), settings.TagPopulation, TagTransitMs: 0),
                    .. IsImpinj ? [ImpinjSetting.SearchMode(settings.ImpinjSearchMode)] : Array.Empty<LlrpParameter>(),
                ],
            });
            return new(antenna) { Parameters = [.. parameters] };
        }

        byte CheckedSession() => settings.Session <= 3 ? settings.Session : throw new PortalSettingsException($"Session {settings.Session} does not exist: 0 to 3.");

        AntennaConfiguration? Present(ushort antenna) => current?.AntennaConfigurations.FirstOrDefault(present => present.Antenna == antenna);

        // Hop table and channel must be the same on all antennas; some readers refuse the table they list (sllurp#118), none the one they use.
        RfTransmitter Transmitter(ushort power)
        {
            if (current?.AntennaConfigurations.Select(antenna => antenna.Transmitter).FirstOrDefault(found => found is not null) is { } present)
                return present with { PowerIndex = power };
            return _band.Frequencies is { Hopping: true } hopping
                ? new(hopping.HopTables.FirstOrDefault()?.Id ?? 1, Channel: 0, power)
                : new(HopTable: 0, Channel: 1, power);
        }

        ushort PowerIndex()
        {
            var powers = _band.Powers.OrderBy(entry => entry.CentiDbm).ToArray();
            if (powers.Length == 0) throw new PortalSettingsException("The reader names no transmit power. Set its country or region first.");
            if (settings.PowerDbm is not { } wanted) return powers[^1].Index;

            var centiDbm = wanted * 100;
            var chosen = powers.LastOrDefault(entry => entry.CentiDbm <= centiDbm) ?? powers[0];
            if (Math.Abs(chosen.CentiDbm - centiDbm) >= 1)
                notes.Add(FormattableString.Invariant($"{wanted:0.##} dBm is not in the reader's table; {chosen.CentiDbm / 100.0:0.##} dBm is the nearest it allows."));
            return chosen.Index;
        }

        ushort Mode()
        {
            var offered = _band.Modes.ToArray();
            if (settings.Mode is { } wanted)
                return offered.Any(mode => mode.Id == wanted)
                    ? wanted
                    : throw new PortalSettingsException($"Mode {wanted} is not offered by the reader; it has {string.Join(", ", offered.Select(mode => mode.Id))}.");
            if (Present(1)?.Inventory?.RfControl is { } present && offered.Any(mode => mode.Id == present.Mode)) return present.Mode;
            if (IsImpinj && offered.FirstOrDefault(mode => ImpinjAutoset.Contains((ushort)mode.Id)) is { } autoset) return (ushort)autoset.Id;

            // Most robust: made for many readers side by side, then most Miller cycles a bit.
            return (ushort)(offered.OrderByDescending(mode => mode.SpectralMask).ThenByDescending(mode => mode.Miller).FirstOrDefault()?.Id ?? 0);
        }

        RoReportSpec Report()
        {
            var parameters = new List<LlrpParameter>
            {
                new TagReportContentSelector(Content) { Parameters = [new C1G2EpcMemorySelector(C1G2EpcMemory.PcBits)] },
            };
            if (IsImpinj) parameters.Add(new ImpinjTagReportContentSelector { Parameters = [.. ImpinjFields().Select(ImpinjSetting.Enable)] });
            if (LacksTids) notes.Add($"TIDs were asked for, and the reader (manufacturer {_device.Manufacturer}) has no FastID: it tells EPCs alone.");
            var (trigger, n) = ReportTrigger();
            return new(trigger, n) { Parameters = [.. parameters] };
        }

        (RoReportTrigger Trigger, ushort N) ReportTrigger()
        {
            if (settings.ReportEvery is not { } period) return (RoReportTrigger.UponTagsOrEndOfRoSpec, settings.TagsPerReport);
            if (version >= 2) return (RoReportTrigger.UponMillisecondsOrEndOfRoSpec, (ushort)Math.Clamp(period.TotalMilliseconds, 1, ushort.MaxValue));
            notes.Add($"Reports by time need LLRP 1.1, which this connection does not speak; {settings.TagsPerReport} tags make a report instead.");
            return (RoReportTrigger.UponTagsOrEndOfRoSpec, settings.TagsPerReport);
        }

        IEnumerable<ImpinjSubtype> ImpinjFields()
        {
            if (settings.Tids) yield return ImpinjSubtype.EnableSerializedTid;
            if (settings.ImpinjPhaseAndRssi) yield return ImpinjSubtype.EnableRfPhaseAngle;
            if (settings.ImpinjPhaseAndRssi) yield return ImpinjSubtype.EnablePeakRssi;
            if (settings.ImpinjDoppler) yield return ImpinjSubtype.EnableRfDopplerFrequency;
        }
    }
}
