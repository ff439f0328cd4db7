namespace EdgeTrace.ColdChain;

/// <summary>Where a rule stands.</summary>
public enum RulePhase
{
    Normal,
    /// <summary>Violated, the delay not yet completed.</summary>
    Pending,
    /// <summary>An episode is open.</summary>
    Active,
}

/// <summary>One rule's memory at one point. Every timer is two event times, so a restart can neither shorten nor lengthen it.</summary>
sealed class RuleState(PointLimits limits, AlarmRule rule)
{
    public const long None = long.MinValue;
    const long DayUs = 86_400_000_000;
    const long WorsenedEveryUs = 60_000_000;   // a drifting fridge is a fact a minute, not a fact a sample

    public AlarmRule Rule => rule;
    public RulePhase Phase;
    public long SinceUs = None;
    public long ActiveUs = None;
    public long ClearSinceUs = None;
    public long ToldUs = None;       // of the last fact told of the open episode
    public double Peak;
    public long PeakUs = None;
    public long UncoveredUs;
    public long CumulativeUs;
    public long Day = None;          // the cumulative rule's day, days since 1970
    public ProbeFault Fault;

    /// <summary>A sampled value: continuous rules count from violating sample to violating sample.</summary>
    public void Sampled(in Sample sample, long gapUs, List<EpisodeFact> facts)
    {
        if (Phase != RulePhase.Normal) UncoveredUs += gapUs;
        if (rule.IsViolatedBy(in sample))
        {
            ClearSinceUs = None;
            if (Phase == RulePhase.Normal) Begin(in sample);
            var worse = Worsen(in sample);
            if (Phase == RulePhase.Pending && sample.TimeUs - SinceUs >= rule.DelayUs) Open(sample.TimeUs, facts);
            else if (Phase == RulePhase.Active && worse) TellWorsened(sample.TimeUs, facts);
        }
        else if (Phase == RulePhase.Pending) Reset();
        else if (Phase == RulePhase.Active) Return(in sample, gapUs, facts);
    }

    /// <summary>A held state changes only here; its timers run out in <see cref="Settle"/>.</summary>
    public void Held(in Sample sample, List<EpisodeFact> facts)
    {
        if (rule.IsViolatedBy(in sample))
        {
            ClearSinceUs = None;
            if (Phase == RulePhase.Normal) Begin(in sample);
        }
        else if (Phase == RulePhase.Pending) Reset();
        else if (Phase == RulePhase.Active && ClearSinceUs == None) ClearSinceUs = sample.TimeUs;
        Settle(sample.TimeUs, facts);
    }

    /// <summary>Completes what a held state has completed by a time.</summary>
    public void Settle(long timeUs, List<EpisodeFact> facts)
    {
        if (Phase == RulePhase.Pending && timeUs >= SinceUs + rule.DelayUs) Open(SinceUs + rule.DelayUs, facts);
        if (Phase == RulePhase.Active && ClearSinceUs != None && timeUs >= ClearSinceUs + rule.ClearDelayUs)
            Close(ClearSinceUs, ClearSinceUs + rule.ClearDelayUs, EpisodeEnd.Cleared, facts);
    }

    /// <summary>Nothing has been heard between <paramref name="heardUs"/> and <paramref name="timeUs"/>.</summary>
    public void Silent(long heardUs, long timeUs, List<EpisodeFact> facts)
    {
        if (Phase != RulePhase.Normal || timeUs - heardUs <= rule.DelayUs) return;
        SinceUs = heardUs;
        Open(heardUs + rule.DelayUs, facts);
    }

    public void HeardAgain(long timeUs, List<EpisodeFact> facts)
    {
        if (Phase == RulePhase.Active) Close(timeUs, timeUs, EpisodeEnd.Cleared, facts);
    }

    /// <summary>Adds the time for which the value before held, unless it is a gap: nobody knows what happened in one.</summary>
    public void Cumulated(in Sample before, in Sample sample, bool gap, List<EpisodeFact> facts)
    {
        var day = DayOf(sample.TimeUs);
        var violated = before.TimeUs != None && rule.IsViolatedBy(in before) && !gap;
        var fromUs = before.TimeUs;
        if (gap && Phase != RulePhase.Normal) UncoveredUs += sample.TimeUs - before.TimeUs;
        if (day != Day)
        {
            var midnightUs = (Day + 1) * DayUs;
            if (violated) CumulativeUs += midnightUs - fromUs;
            if (Phase == RulePhase.Pending && CumulativeUs >= rule.DelayUs) Open(midnightUs, facts);
            if (Phase == RulePhase.Active) Close(midnightUs, sample.TimeUs, EpisodeEnd.DayEnded, facts);
            else Reset();
            Day = day;
            CumulativeUs = 0;
            fromUs = Math.Max(fromUs, day * DayUs);
        }
        if (violated)
        {
            CumulativeUs += sample.TimeUs - fromUs;
            if (Phase == RulePhase.Normal) Begin(before with { TimeUs = fromUs });
        }
        if (!rule.IsViolatedBy(in sample) && Phase != RulePhase.Pending) return;
        if (rule.IsViolatedBy(in sample))
        {
            if (Phase == RulePhase.Normal) Begin(in sample);
            if (Worsen(in sample) && Phase == RulePhase.Active) TellWorsened(sample.TimeUs, facts);
        }
        if (Phase == RulePhase.Pending && CumulativeUs >= rule.DelayUs) Open(sample.TimeUs, facts);
    }

    static long DayOf(long timeUs) => timeUs >= 0 ? timeUs / DayUs : -((-timeUs + DayUs - 1) / DayUs);

    /// <summary>The limits that held this rule are no longer in force.</summary>
    public void Withdraw(long timeUs, List<EpisodeFact> facts)
    {
        if (Phase == RulePhase.Active) Close(timeUs, timeUs, EpisodeEnd.LimitsChanged, facts);
    }

    /// <summary>The same rule under new limits keeps its memory.</summary>
    public RuleState Under(PointLimits next) => new(next, rule)
    {
        Phase = Phase, SinceUs = SinceUs, ActiveUs = ActiveUs, ClearSinceUs = ClearSinceUs, ToldUs = ToldUs, Peak = Peak, PeakUs = PeakUs,
        UncoveredUs = UncoveredUs, CumulativeUs = CumulativeUs, Day = Day, Fault = Fault,
    };

    void Begin(in Sample sample)
    {
        Phase = RulePhase.Pending;
        SinceUs = sample.TimeUs;
        UncoveredUs = 0;
        Fault = sample.Fault;
        PeakUs = None;
        Worsen(in sample);
    }

    bool Worsen(in Sample sample)
    {
        if (rule.Watches != Watches.Temperature || (PeakUs != None && !rule.IsWorse(sample.Value, Peak))) return false;
        Peak = sample.Value;
        PeakUs = sample.TimeUs;
        return true;
    }

    void Return(in Sample sample, long gapUs, List<EpisodeFact> facts)
    {
        if (!rule.IsClearedBy(in sample)) { ClearSinceUs = None; return; }
        if (ClearSinceUs == None || gapUs > 0) ClearSinceUs = sample.TimeUs;   // a gap does not clear
        if (sample.TimeUs - ClearSinceUs >= rule.ClearDelayUs) Close(ClearSinceUs, sample.TimeUs, EpisodeEnd.Cleared, facts);
    }

    void Open(long activeUs, List<EpisodeFact> facts)
    {
        Phase = RulePhase.Active;
        ActiveUs = activeUs;
        ToldUs = activeUs;
        facts.Add(new(EpisodeChange.Opened, activeUs, Told(activeUs)));
    }

    void TellWorsened(long timeUs, List<EpisodeFact> facts)
    {
        if (timeUs - ToldUs < WorsenedEveryUs) return;
        ToldUs = timeUs;
        facts.Add(new(EpisodeChange.Worsened, timeUs, Told(timeUs)));
    }

    void Close(long endUs, long closedUs, EpisodeEnd end, List<EpisodeFact> facts)
    {
        facts.Add(new(EpisodeChange.Closed, closedUs, Told(closedUs) with { EndUs = endUs, ClosedUs = closedUs, End = end }));
        Reset();
    }

    Episode Told(long timeUs) => new()
    {
        Id = Episode.IdOf(limits.Point, rule.Code, SinceUs),
        Point = limits.Point,
        Class = limits.Class,
        Rule = rule,
        StartUs = SinceUs,
        ActiveUs = ActiveUs,
        Peak = PeakUs == None ? null : Peak,
        PeakUs = PeakUs == None ? null : PeakUs,
        Coverage = rule.Watches == Watches.Silence ? 0 : timeUs > SinceUs ? Math.Round(1 - Math.Min(1, UncoveredUs / (double)(timeUs - SinceUs)), 4) : 1,
        Fault = Fault,
    };

    void Reset()
    {
        Phase = RulePhase.Normal;
        SinceUs = ActiveUs = ClearSinceUs = ToldUs = PeakUs = None;
        Peak = 0;
        UncoveredUs = 0;
        Fault = ProbeFault.None;
    }
}
