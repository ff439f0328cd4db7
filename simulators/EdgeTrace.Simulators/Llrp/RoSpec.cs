namespace EdgeTrace.Simulators.Llrp;

enum RoSpecState
{
    Disabled = 0, Inactive = 1, Active = 2,
}

/// <summary>One ROSpec as the client sent it, and what of it this reader obeys.</summary>
sealed class RoSpec
{
    public required uint Id { get; init; }

    /// <summary>The ROSpec's body as received, for GET_ROSPECS; its CurrentState byte is written anew.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Empty: all.</summary>
    public required IReadOnlySet<int> Antennas { get; init; }

    public required int InventoryParameterSpecId { get; init; }
    public required bool StartsImmediately { get; init; }

    /// <summary>From the ROSpec's stop trigger or its AISpec's, whichever comes first; null: until told.</summary>
    public required TimeSpan? StopsAfter { get; init; }

    /// <summary>Null: as SET_READER_CONFIG said.</summary>
    public required ReportContent? Content { get; init; }

    public RoSpecState State { get; set; }
    public long StartedUs { get; set; }

    public bool Listens(int antenna) => Antennas.Count == 0 || Antennas.Contains(antenna);

    /// <summary>
    /// Reads a ROSpec parameter: id u32, priority u8, state u8, ROBoundarySpec, AISpecs, ROReportSpec.
    /// Refuses what this reader cannot do, as a reader must, instead of doing something else.
    /// </summary>
    public static RoSpec Read(LlrpParameter spec, int antennasMax, bool extensions)
    {
        var id = spec.U32(0);
        if (id == 0) throw Refuse("ROSpecID 0 means all and cannot be added");
        if (spec.U8(5) != (int)RoSpecState.Disabled) throw Refuse("a ROSpec is added disabled");
        var parts = spec.Inside(6);
        var boundary = First(parts, ParameterType.RoBoundarySpec, "ROBoundarySpec").Inside(0);
        var start = First(boundary, ParameterType.RoSpecStartTrigger, "ROSpecStartTrigger").U8(0);
        if (start > 1) throw new RefusedException(StatusCode.ParameterUnsupportedParameter, $"start trigger {start}: only null and immediate are simulated");
        var stop = First(boundary, ParameterType.RoSpecStopTrigger, "ROSpecStopTrigger");
        if (stop.U8(0) > 1) throw new RefusedException(StatusCode.ParameterUnsupportedParameter, $"stop trigger {stop.U8(0)}: only null and duration are simulated");
        if (parts.Any(part => part.Type == ParameterType.RfSurveySpec))
            throw new RefusedException(StatusCode.ParameterUnsupportedParameter, "RF surveys are not simulated");

        var inventory = First(parts, ParameterType.AiSpec, "AISpec");
        var count = inventory.U16(0);
        var antennas = Enumerable.Range(0, count).Select(n => inventory.U16(2 + 2 * n)).ToHashSet();
        if (count == 0 || antennas.Any(antenna => antenna > antennasMax)) throw Refuse($"antennas are 1 to {antennasMax}, or 0 for all");
        var inner = inventory.Inside(2 + 2 * count);
        var ends = First(inner, ParameterType.AiSpecStopTrigger, "AISpecStopTrigger");
        var how = First(inner, ParameterType.InventoryParameterSpec, "InventoryParameterSpec");
        if (how.U16(0) == 0) throw Refuse("InventoryParameterSpecID 0 is reserved");
        foreach (var antenna in how.Inside(3)) CheckAntenna(antenna, antennasMax);

        var durations = new List<TimeSpan>();
        if (stop.U8(0) == 1) durations.Add(TimeSpan.FromMilliseconds(stop.U32(1)));
        if (ends.U8(0) == 1) durations.Add(TimeSpan.FromMilliseconds(ends.U32(1)));
        return new()
        {
            Id = id,
            Body = spec.Body,
            Antennas = antennas.Contains(0) ? new HashSet<int>() : antennas,
            InventoryParameterSpecId = how.U16(0),
            StartsImmediately = start == 1,
            StopsAfter = durations.Count == 0 ? null : durations.Min(),
            Content = parts.Where(part => part.Type == ParameterType.RoReportSpec).Select(part => ReportContent.Read(part, extensions)).FirstOrDefault(),
        };
    }

    /// <summary>AntennaConfiguration: id u16, then RFReceiver, RFTransmitter, C1G2InventoryCommand. Power is an index, not dBm.</summary>
    public static void CheckAntenna(LlrpParameter antenna, int antennasMax)
    {
        if (antenna.Type != ParameterType.AntennaConfiguration) return;
        if (antenna.U16(0) > antennasMax) throw Refuse($"antenna {antenna.U16(0)} of {antennasMax}");
        foreach (var part in antenna.Inside(2))
            if (part.Type == ParameterType.RfTransmitter && part.U16(4) is var power && (power < 1 || power > ReaderCapabilities.PowerLevels))
                throw Refuse($"TransmitPower {power} is no index of the table of {ReaderCapabilities.PowerLevels}");
    }

    public void Write(LlrpFrameWriter writer)
    {
        var body = Body.ToArray();
        body[5] = (byte)State;
        writer.Begin(ParameterType.RoSpec).Bytes(body).End();
    }

    static LlrpParameter First(IReadOnlyList<LlrpParameter> parts, ParameterType type, string name)
    {
        foreach (var part in parts)
            if (part.Type == type) return part;
        throw new RefusedException(StatusCode.ParameterMissingParameter, $"{name} is missing");
    }

    static RefusedException Refuse(string why) => new(StatusCode.ParameterFieldError, why);
}

/// <summary>
/// The ROSpecs of a reader:
/// <code>
/// ADD → disabled ──ENABLE──→ inactive ──START or immediate──→ active
///          ↑  ↑──────DISABLE────┘ ↑────STOP or duration──────────┘
///          └────────────────────DISABLE──────────────────────────┘     DELETE from any
/// </code>
/// Id 0 means all. They outlive connections, as on real readers.
/// </summary>
/// <param name="changed">Told when one becomes active (true) or ends being so (false).</param>
sealed class RoSpecTable(Action<RoSpec, bool> changed)
{
    /// <summary>As on an R420.</summary>
    public const int RoSpecsMax = 1;

    readonly List<RoSpec> _specs = [];

    public IReadOnlyList<RoSpec> All => _specs;
    public RoSpec? Active => _specs.Find(spec => spec.State == RoSpecState.Active);

    public void Add(RoSpec spec)
    {
        if (_specs.Exists(other => other.Id == spec.Id)) throw new RefusedException(StatusCode.FieldError, $"ROSpec {spec.Id} is already there");
        if (_specs.Count == RoSpecsMax) throw new RefusedException(StatusCode.OverflowParameter, $"this reader holds {RoSpecsMax} ROSpec");
        _specs.Add(spec);
    }

    public void Delete(uint id)
    {
        foreach (var spec in Named(id))
        {
            Stop(spec);
            _specs.Remove(spec);
        }
    }

    public void Enable(uint id, long nowUs)
    {
        foreach (var spec in Named(id))
        {
            if (spec.State != RoSpecState.Disabled)
            {
                if (id == 0) continue;
                throw new RefusedException(StatusCode.FieldError, $"ROSpec {id} is already enabled");
            }
            spec.State = RoSpecState.Inactive;
            if (spec.StartsImmediately) Begin(spec, nowUs);
        }
    }

    public void Disable(uint id)
    {
        foreach (var spec in Named(id))
        {
            Stop(spec);
            spec.State = RoSpecState.Disabled;
        }
    }

    public void Start(uint id, long nowUs)
    {
        var spec = One(id, "START");
        if (spec.State != RoSpecState.Inactive) throw new RefusedException(StatusCode.FieldError, $"ROSpec {id} is {spec.State}: only an inactive one can be started");
        Begin(spec, nowUs);
    }

    public void Stop(uint id)
    {
        var spec = One(id, "STOP");
        if (spec.State != RoSpecState.Active) throw new RefusedException(StatusCode.FieldError, $"ROSpec {id} is {spec.State}: only an active one can be stopped");
        Stop(spec);
    }

    /// <summary>Ends what has run its duration; an immediate one begins again.</summary>
    public void Advance(long nowUs)
    {
        if (Active is not { StopsAfter: { } duration } spec || nowUs - spec.StartedUs < duration.Ticks / TimeSpan.TicksPerMicrosecond) return;
        Stop(spec);
        if (spec.StartsImmediately) Begin(spec, nowUs);
    }

    void Begin(RoSpec spec, long nowUs)
    {
        spec.State = RoSpecState.Active;
        spec.StartedUs = nowUs;
        changed(spec, true);
    }

    void Stop(RoSpec spec)
    {
        if (spec.State != RoSpecState.Active) return;
        changed(spec, false);
        spec.State = RoSpecState.Inactive;
    }

    RoSpec One(uint id, string verb) =>
        id == 0 ? throw new RefusedException(StatusCode.FieldError, $"{verb} takes one ROSpec, not 0 for all") : Named(id)[0];

    List<RoSpec> Named(uint id)
    {
        if (id == 0) return [.. _specs];
        var spec = _specs.Find(spec => spec.Id == id) ?? throw new RefusedException(StatusCode.FieldError, $"there is no ROSpec {id}");
        return [spec];
    }
}
