using System.Buffers;

namespace EdgeTrace.ColdChain;

/// <summary>Judges one point's samples by its limits and tells episodes. Pure; gateway and cloud use it alike. Not thread-safe.</summary>
/// <remarks>
/// Only event times are compared. <see cref="Advance"/> says that no older sample follows: it lets silence and held states be told before the next sample
/// comes, and changes nothing in what is told.
/// </remarks>
public sealed class PointJudge
{
    /// <summary>Samples that may wait for their predecessors: 11 h at one every 10 s. Beyond it the oldest is judged at once.</summary>
    public const int HeldBackMax = 4096;

    /// <summary>An 85.0 °C this near to the last good value is a temperature, in a steriliser say, and not the register after power-on.</summary>
    const double PowerOnPlausibleWithin = 10;

    readonly PointLimits[] _history;
    readonly SortedSet<Sample> _heldBack = new(Comparer<Sample>.Create(InOrder));
    internal RuleState[] Rules;
    internal Sample Good = new(RuleState.None, Quantity.Temperature, double.NaN);
    internal readonly long[] HeardUs = [RuleState.None, RuleState.None, RuleState.None];   // by quantity
    internal int InForce;

    public PointJudge(IEnumerable<PointLimits> history)
    {
        _history = [.. history.OrderBy(l => l.ValidFromUs)];
        if (_history.Length == 0) throw new ArgumentException("A point needs at least one set of limits.", nameof(history));
        var errors = _history.SelectMany(l => l.Errors()).ToList();
        foreach (var limits in _history.Where(l => l.Point != Point)) errors.Add($"One point's limits name two points, {Point} and {limits.Point}.");
        for (var i = 1; i < _history.Length; i++)
            if (_history[i].ValidFromUs == _history[i - 1].ValidFromUs) errors.Add($"{Point}: two sets of limits hold from {_history[i].ValidFromUs} µs.");
        if (errors.Count > 0) throw new ArgumentException(string.Join(" ", errors), nameof(history));
        Rules = [.. Limits.Rules.Select(r => new RuleState(Limits, r))];
    }

    /// <summary>A judge by one set of limits.</summary>
    public PointJudge(PointLimits limits) : this([limits]) { }

    public string Point => _history[0].Point;

    /// <summary>The limits the newest sample was judged by.</summary>
    public PointLimits Limits => _history[InForce];

    /// <summary>Event time of the newest judged sample of any quantity; <see cref="long.MinValue"/> before the first.</summary>
    public long NewestUs { get; internal set; } = RuleState.None;

    /// <summary>The newest temperature that is one, or null.</summary>
    public (long TimeUs, double Celsius)? Last => Good.TimeUs == RuleState.None ? null : (Good.TimeUs, Good.Value);

    /// <summary>Why the newest temperature sample was no temperature.</summary>
    public ProbeFault Fault { get; internal set; }

    /// <summary>Samples older than one already judged: not judged, since what they could change has been told.</summary>
    public long LateSamples { get; internal set; }

    /// <summary>Each rule's phase and since when, in the order of the limits.</summary>
    public IEnumerable<(AlarmRule Rule, RulePhase Phase, long? SinceUs, TimeSpan Cumulative)> Phases =>
        Rules.Select(r => (r.Rule, r.Phase, r.Phase == RulePhase.Normal ? null : (long?)r.SinceUs, TimeSpan.FromMicroseconds(r.CumulativeUs)));

    /// <summary>Keeps a sample that may have come before its predecessors; <see cref="Advance"/> judges it in order. The same sample twice is one.</summary>
    public void HoldBack(in Sample sample, List<EpisodeFact> facts)
    {
        _heldBack.Add(sample);
        if (_heldBack.Count > HeldBackMax) ApplyOldest(facts);
    }

    /// <summary>No sample older than <paramref name="throughUs"/> follows.</summary>
    public void Advance(long throughUs, List<EpisodeFact> facts)
    {
        while (_heldBack.Count > 0 && _heldBack.Min.TimeUs < throughUs) ApplyOldest(facts);
        if (throughUs > NewestUs) Settle(throughUs, facts);
    }

    /// <summary>Judges a sample now. Samples come in event-time order; a redelivered or older one is counted and returns false.</summary>
    public bool Apply(in Sample sample, List<EpisodeFact> facts)
    {
        ref var heardUs = ref HeardUs[(int)sample.Quantity];
        if (sample.TimeUs < NewestUs || sample.TimeUs <= heardUs)
        {
            LateSamples++;
            return false;
        }
        Settle(sample.TimeUs, facts);
        EnterLimits(sample.TimeUs, facts);
        NewestUs = sample.TimeUs;
        if (sample.Quantity == Quantity.Temperature) ApplyTemperature(sample with { Fault = FaultOf(in sample) }, facts);
        else ApplyState(in sample, facts);
        heardUs = sample.TimeUs;
        return true;
    }

    /// <summary>Writes the state in the format drawn in this room's README.</summary>
    public void Snapshot(IBufferWriter<byte> output) => PointSnapshot.Write(this, _heldBack, output);

    /// <summary>Continues from a snapshot: no timer becomes shorter or longer.</summary>
    /// <exception cref="InvalidDataException">Damaged, of an unknown version, or made under other limits: replay the samples instead.</exception>
    public static PointJudge Restore(ReadOnlySpan<byte> snapshot, IEnumerable<PointLimits> history)
    {
        var judge = new PointJudge(history);
        PointSnapshot.Read(snapshot, judge, judge._heldBack);
        return judge;
    }

    void ApplyOldest(List<EpisodeFact> facts)
    {
        var oldest = _heldBack.Min;
        _heldBack.Remove(oldest);
        Apply(in oldest, facts);
    }

    void ApplyTemperature(in Sample sample, List<EpisodeFact> facts)
    {
        Fault = sample.Fault;
        var sinceGoodUs = Good.TimeUs == RuleState.None ? 0 : sample.TimeUs - Good.TimeUs;
        var gapUs = sinceGoodUs > Limits.GapUs ? sinceGoodUs : 0;
        foreach (var state in Rules)
        {
            switch (state.Rule.Watches)
            {
                case Watches.Silence: state.HeardAgain(sample.TimeUs, facts); break;
                case Watches.ProbeFault: state.Sampled(in sample, 0, facts); break;
                case Watches.Temperature when sample.Fault != ProbeFault.None: break;
                case Watches.Temperature when state.Rule.Timing == Timing.CumulativePerDay: state.Cumulated(in Good, in sample, gapUs > 0, facts); break;
                case Watches.Temperature: state.Sampled(in sample, gapUs, facts); break;
            }
        }
        if (sample.Fault == ProbeFault.None) Good = sample;
    }

    void ApplyState(in Sample sample, List<EpisodeFact> facts)
    {
        var watches = sample.Quantity == Quantity.Door ? Watches.Door : Watches.Mains;
        foreach (var state in Rules)
            if (state.Rule.Watches == watches) state.Held(in sample, facts);
    }

    /// <summary>What time alone completes. Judged by the limits of the newest sample, so that it does not matter when somebody asks.</summary>
    void Settle(long timeUs, List<EpisodeFact> facts)
    {
        var heardUs = HeardUs[(int)Quantity.Temperature];
        foreach (var state in Rules)
        {
            switch (state.Rule.Watches)
            {
                case Watches.Silence when heardUs != RuleState.None: state.Silent(heardUs, timeUs, facts); break;
                case Watches.Door or Watches.Mains: state.Settle(timeUs, facts); break;
            }
        }
    }

    void EnterLimits(long timeUs, List<EpisodeFact> facts)
    {
        var next = InForce;
        while (next + 1 < _history.Length && _history[next + 1].ValidFromUs <= timeUs) next++;
        if (next == InForce) return;
        var old = Rules;
        InForce = next;
        foreach (var state in old)
            if (!Limits.Rules.Contains(state.Rule)) state.Withdraw(timeUs, facts);
        Rules = [.. Limits.Rules.Select(rule => old.FirstOrDefault(s => s.Rule == rule)?.Under(Limits) ?? new RuleState(Limits, rule))];
    }

    /// <summary>The limits of a moment, with nothing remembered: what a snapshot is poured into.</summary>
    internal void Enter(long timeUs) => EnterLimits(timeUs, []);

    ProbeFault FaultOf(in Sample sample)
    {
        if (sample.Fault != ProbeFault.None) return sample.Fault;
        if (!double.IsFinite(sample.Value)) return ProbeFault.NotANumber;
        if (sample.Value == -127) return ProbeFault.Disconnected;
        if (sample.Value < Limits.LowestCelsius || sample.Value > Limits.HighestCelsius) return ProbeFault.OutOfRange;
        if (sample.Value == 85 && !(Math.Abs(Good.Value - 85) <= PowerOnPlausibleWithin)) return ProbeFault.PowerOnValue;
        return ProbeFault.None;
    }

    static int InOrder(Sample a, Sample b)
    {
        var order = a.TimeUs.CompareTo(b.TimeUs);
        if (order == 0) order = a.Quantity.CompareTo(b.Quantity);
        if (order == 0) order = a.Fault.CompareTo(b.Fault);
        return order != 0 ? order : a.Value.CompareTo(b.Value);
    }
}
