namespace EdgeTrace.Stock;

/// <summary>Where a recall has to look for a thing.</summary>
public enum Whereabouts
{
    /// <summary>In a place: somebody there must find it and keep it apart.</summary>
    Here,

    /// <summary>Between two places: somebody where it is meant to arrive must look out for it.</summary>
    OnItsWay,

    /// <summary>Nobody knows where: missing, taken, or never placed by a door or a person.</summary>
    Unknown,

    /// <summary>In somebody.</summary>
    InPatient,

    /// <summary>Used up or thrown away: nothing is left to keep apart.</summary>
    Gone,
}

public static class WhereaboutsOf
{
    /// <param name="placed">Whether a door, a scan or a person has placed it.</param>
    public static Whereabouts Of(ItemStatus status, bool placed) => status switch
    {
        ItemStatus.Implanted => Whereabouts.InPatient,
        ItemStatus.Used or ItemStatus.Wasted => Whereabouts.Gone,
        ItemStatus.InTransit => Whereabouts.OnItsWay,
        ItemStatus.Missing or ItemStatus.Left or ItemStatus.Stolen => Whereabouts.Unknown,
        // What came out of a patient, and what was opened and not used, still lies somewhere.
        _ => placed ? Whereabouts.Here : Whereabouts.Unknown,
    };
}
