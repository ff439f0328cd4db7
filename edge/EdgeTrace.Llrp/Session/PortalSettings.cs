namespace EdgeTrace.Llrp.Session;

/// <summary>What a portal wants of its reader, in words of the portal: the reader's tables turn it into indices.</summary>
public sealed record PortalSettings
{
    /// <summary>Antennas to read, from 1; empty is every antenna the reader has.</summary>
    public IReadOnlyList<ushort> Antennas { get; init; } = [];

    /// <summary>Our own RoSpec's number. It tells ours from another program's, so it is never 1, which everybody takes.</summary>
    public uint RoSpecId { get; init; } = 5084;

    /// <summary>Power at the antenna port; null is the most the reader allows.</summary>
    public double? PowerDbm { get; init; }

    /// <summary>An identifier of the reader's mode table; null keeps what the reader is set to, or takes its most robust.</summary>
    public ushort? Mode { get; init; }

    /// <summary>S1: a tag answers again after half a second to five, so each stays in view while it passes and does not drown the others.</summary>
    public byte Session { get; init; } = 1;

    public ushort TagPopulation { get; init; } = 32;

    /// <summary>Impinj's search mode; 2, dual target, asks tags that have answered again: a direction needs more than one read.</summary>
    public ushort ImpinjSearchMode { get; init; } = 2;

    /// <summary>Tags in a report. 1 tells each at once.</summary>
    public ushort TagsPerReport { get; init; } = 1;

    /// <summary>Reports by time instead; needs a reader that speaks 1.1.</summary>
    public TimeSpan? ReportEvery { get; init; }

    /// <summary>Read as soon as enabled; otherwise when <see cref="StartInput"/> rises, or on START_ROSPEC.</summary>
    public bool StartAtOnce { get; init; } = true;

    /// <summary>A beam or door contact: reading starts when it rises, and stops <see cref="StopAfter"/> later.</summary>
    public ushort? StartInput { get; init; }
    public TimeSpan StopAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Inputs whose changes are told as events.</summary>
    public IReadOnlyList<ushort> Inputs { get; init; } = [];

    /// <summary>Impinj advises 10 s or more.</summary>
    public TimeSpan KeepalivePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many periods of silence and the connection is dead on either side.</summary>
    public int KeepalivesMissedMax { get; init; } = 2;

    /// <summary>While we are away the reader keeps its reports, where it can.</summary>
    public bool Hold { get; init; } = true;

    /// <summary>Where the reader is Impinj's: phase and hundredths of a dBm, Doppler shift.</summary>
    public bool ImpinjPhaseAndRssi { get; init; } = true;
    public bool ImpinjDoppler { get; init; }

    /// <summary>The chip's own number (TID) with each read. By Impinj's FastID alone: an access to every tag slows a door down (sllurp#134).</summary>
    public bool Tids { get; init; }
}

/// <summary>These settings cannot be had from this reader; the sentence names the setting and what would do.</summary>
public sealed class PortalSettingsException(string sentence) : Exception(sentence);
