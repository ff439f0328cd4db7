namespace EdgeTrace.Simulators.Llrp;

/// <summary>Ways in which real readers misbehave, to be chosen by name.</summary>
[Flags]
enum ReaderFaults
{
    None = 0,

    /// <summary>Frames arrive in pieces of 1 to 64 bytes.</summary>
    SplitFrames = 1,

    /// <summary>A field equal to the one last reported is left out: LLRP 1.1, 14.2.3 (ii).</summary>
    OmitParams = 2,

    /// <summary>The clock was never set and started at 2000-01-01.</summary>
    Clock2000 = 4,

    /// <summary>No UTC clock: Uptime instead.</summary>
    UptimeOnly = 8,

    /// <summary>The report buffer overflows every few seconds: reads are lost and the reader says so.</summary>
    Overflow = 16,

    /// <summary>The link is cut some seconds after each connection.</summary>
    Drop = 32,

    /// <summary>Some seconds after a connection nothing is sent or answered any more, and the socket stays open.</summary>
    Silent = 64,
}

/// <summary>The names of <see cref="ReaderFaults"/> on the command line.</summary>
static class ReaderFaultNames
{
    public static readonly IReadOnlyDictionary<string, ReaderFaults> All = new Dictionary<string, ReaderFaults>
    {
        ["split-frames"] = ReaderFaults.SplitFrames,
        ["omit-params"] = ReaderFaults.OmitParams,
        ["clock-2000"] = ReaderFaults.Clock2000,
        ["uptime-only"] = ReaderFaults.UptimeOnly,
        ["overflow"] = ReaderFaults.Overflow,
        ["drop"] = ReaderFaults.Drop,
        ["silent"] = ReaderFaults.Silent,
    };

    public static ReaderFaults Parse(IEnumerable<string> names) => names.Aggregate(ReaderFaults.None, (all, name) => all | All[name]);
}
