namespace EdgeTrace.Tracking;

/// <summary>What a portal is for: a door has two sides, a zone only presence, a desk is where people scan.</summary>
public enum PortalKind { Door, Zone, Desk }

/// <summary>The side of a door an antenna looks at, or a tag was heard on.</summary>
public enum Side { None, Inside, Outside }

/// <summary>How one portal is to be understood from <see cref="ValidFromUs"/> on: which antenna looks where, and what ends a visit.</summary>
/// <remarks>Models are looked up by event time. The earliest one also explains whatever is older than itself.</remarks>
public sealed record PortalModel
{
    /// <summary>More antennas than any reader with hubs offers (Impinj xSpan: 52 beams); a model naming a higher port is refused.</summary>
    public const int AntennaMax = 255;

    public required string Portal { get; init; }

    public PortalKind Kind { get; init; } = PortalKind.Door;

    /// <summary>First µs, by event time, at which this model holds. A visit never spans two models.</summary>
    public long ValidFromUs { get; init; } = long.MinValue;

    /// <summary>The side of each antenna port; a port not named has none and counts for presence only.</summary>
    public IReadOnlyDictionary<int, Side> Sides { get; init; } = new Dictionary<int, Side>();

    /// <summary>The longest silence inside a visit.</summary>
    /// <remarks>At a door 1.5 s outlives a body's shadow and the reader's turn at its other antennas, and is shorter than fetching the next trolley.</remarks>
    public TimeSpan Gap { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Visits are cut at multiples of this since 1970, so that a parked tag does not stay open for days.</summary>
    public TimeSpan SplitEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A side whose strongest read is below this (dBm × 100) was never visited, only heard: back lobe, reflection, stock parked near the door.</summary>
    public int StrayBelowCentiDbm { get; init; } = -6800;

    /// <summary>Fewer reads than this are too little evidence for a direction.</summary>
    public int ReadsMin { get; init; } = 3;

    /// <summary>The location inside, or the location a zone or desk stands for.</summary>
    public string? Inside { get; init; }

    /// <summary>The location outside of a door.</summary>
    public string? Outside { get; init; }

    internal long GapUs => Gap.Ticks / TimeSpan.TicksPerMicrosecond;

    internal long SplitUs => SplitEvery.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Everything wrong with the model, each as one sentence with its cure; empty when it can be used.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(Portal)) errors.Add("A portal model has no portal: name the portal it describes.");
        if (Gap < TimeSpan.FromMilliseconds(1) || Gap > TimeSpan.FromHours(1)) errors.Add($"{Portal}: Gap {Gap} is not between 1 ms and 1 h.");
        if (SplitEvery < TimeSpan.FromSeconds(1) || SplitEvery > TimeSpan.FromDays(1)) errors.Add($"{Portal}: SplitEvery {SplitEvery} is not between 1 s and 1 day.");
        if (ReadsMin < 1) errors.Add($"{Portal}: ReadsMin {ReadsMin} must be at least 1.");
        foreach (var port in Sides.Keys)
            if (port is < 1 or > AntennaMax) errors.Add($"{Portal}: antenna {port} is not between 1 and {AntennaMax}.");
        return errors;
    }
}
