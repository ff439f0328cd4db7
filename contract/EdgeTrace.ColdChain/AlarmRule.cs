namespace EdgeTrace.ColdChain;

/// <summary>Drifting inside the limits; outside of them; outside long enough to spoil.</summary>
public enum Severity { Warn, Excursion, Breach }

/// <summary>What a rule looks at.</summary>
public enum Watches
{
    /// <summary>A sampled value: it counts at its samples.</summary>
    Temperature,
    /// <summary>A held state: it counts until the next sample says otherwise. Violated while open.</summary>
    Door,
    /// <summary>A held state. Violated while absent.</summary>
    Mains,
    /// <summary>No temperature sample, good or bad, for the rule's delay.</summary>
    Silence,
    /// <summary>Temperature samples that are no temperatures.</summary>
    ProbeFault,
}

/// <summary>On which side of the limit a temperature violates the rule; the WHO's are strict for heat and not for frost.</summary>
public enum Compare { Above, AtOrAbove, Below, AtOrBelow }

/// <summary>What the delay measures.</summary>
public enum Timing
{
    /// <summary>One unbroken violation.</summary>
    Continuous,
    /// <summary>The sum of all violations since midnight UTC: an alarm on single events stays silent through hours of short ones.</summary>
    CumulativePerDay,
}

/// <summary>One condition that, held for its delay, is an episode. Equal values are the same rule: changing any of them begins anew.</summary>
public sealed record AlarmRule
{
    /// <summary>Names the rule within its point: <c>excursion-high</c>, <c>HEAT</c>.</summary>
    public required string Code { get; init; }
    public Severity Severity { get; init; } = Severity.Excursion;
    public Watches Watches { get; init; } = Watches.Temperature;
    public Compare Compare { get; init; }
    /// <summary>°C.</summary>
    public double Limit { get; init; }
    /// <summary>How long the condition must hold; zero: at once.</summary>
    public TimeSpan Delay { get; init; }
    /// <summary>Where the value must return to before the episode may close (hysteresis); null: anywhere that does not violate.</summary>
    public double? ClearAt { get; init; }
    /// <summary>How long it must stay there.</summary>
    public TimeSpan ClearDelay { get; init; }
    public Timing Timing { get; init; }

    internal long DelayUs => Delay.Ticks / TimeSpan.TicksPerMicrosecond;

    internal long ClearDelayUs => ClearDelay.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Whether the sample violates this rule.</summary>
    public bool IsViolatedBy(in Sample sample) => Watches switch
    {
        Watches.Temperature => sample.Fault == ProbeFault.None && Violates(sample.Value),
        Watches.Door => sample.Value != 0,
        Watches.Mains => sample.Value == 0,
        Watches.ProbeFault => sample.Fault != ProbeFault.None,
        _ => false,
    };

    internal bool IsClearedBy(in Sample sample) =>
        !IsViolatedBy(in sample) && (Watches != Watches.Temperature || ClearAt is not { } at || (HighSide ? sample.Value <= at : sample.Value >= at));

    internal bool IsWorse(double value, double than) => HighSide ? value > than : value < than;

    bool HighSide => Compare is Compare.Above or Compare.AtOrAbove;

    bool Violates(double celsius) => Compare switch
    {
        Compare.Above => celsius > Limit,
        Compare.AtOrAbove => celsius >= Limit,
        Compare.Below => celsius < Limit,
        _ => celsius <= Limit,
    };
}
