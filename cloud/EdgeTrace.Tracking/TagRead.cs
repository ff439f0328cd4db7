using EdgeTrace.Identity;

namespace EdgeTrace.Tracking;

/// <summary>One report of one EPC by one antenna: a single singulation, or several the reader added up between two times.</summary>
/// <param name="Epc">What the tag answered.</param>
/// <param name="TimeUs">UTC µs of the first singulation in the report.</param>
/// <param name="Antenna">The reader's port, 1 upward.</param>
/// <param name="RssiCentiDbm">The strongest singulation, dBm × 100.</param>
/// <param name="Count">Singulations in the report, at least 1.</param>
/// <param name="LastTimeUs">UTC µs of the last singulation; equal to <paramref name="TimeUs"/> where the reader does not say.</param>
public readonly record struct TagRead(Epc Epc, long TimeUs, ushort Antenna, short RssiCentiDbm, int Count, long LastTimeUs);

/// <summary>The reads of one batch as it travels: each EPC once, and what <see cref="TagRead"/> says in columns of equal length, one value a read.</summary>
public readonly ref struct TagReadColumns
{
    /// <summary>The EPCs of the batch's tags; one EPC may stand under several of them (other PC or TID bits).</summary>
    public required ReadOnlySpan<Epc> Epcs { get; init; }

    /// <summary>Each read's place in <see cref="Epcs"/>.</summary>
    public required ReadOnlySpan<int> Tag { get; init; }
    public required ReadOnlySpan<long> TimeUs { get; init; }
    public required ReadOnlySpan<long> LastTimeUs { get; init; }
    public required ReadOnlySpan<ushort> Antenna { get; init; }
    public required ReadOnlySpan<short> RssiCentiDbm { get; init; }
    public required ReadOnlySpan<ushort> Count { get; init; }
}
