namespace EdgeTrace.Store.Ledger;

/// <summary>Readings of one stream in one hour, to be added to what is there.</summary>
/// <param name="HourUs">When the hour of the site's own clock began, µs since 1970 UTC.</param>
/// <param name="Placed">False: the gateway's clock never knew the time, and the hour is that of arrival.</param>
/// <param name="Faults">Of the readings, samples that carry a fault and no value.</param>
/// <param name="Batches">Batches whose earliest reading is in this hour.</param>
/// <param name="Minutes">Bit n: minute n of the hour has a reading.</param>
public sealed record ReceivedHour(long HourUs, string Gateway, string Stream, bool Placed, long Readings, long Faults, long Batches, long Minutes);

/// <summary>What a stream will never have, or has and nobody can read. Its identity is its batch's, so telling it again changes nothing.</summary>
/// <param name="Ordinal">Among those that one header tells.</param>
/// <param name="ToSequence">Beyond <paramref name="Sequence"/> where several batches are missing.</param>
/// <param name="Cause">One lower-case word of <see cref="LossCauses"/>.</param>
/// <param name="Readings">Null: cannot be counted.</param>
public sealed record LossFact(
    string Gateway, string Stream, ulong Epoch, ulong Sequence, int Ordinal, ulong ToSequence, string Cause, long? Readings, long FromUs, long ToUs, string Detail);

/// <summary>A batch that could be read bounds what is missing before it: losses strictly between the two sequences end no later than <paramref name="ToUs"/>.</summary>
public sealed record LossEnd(string Gateway, string Stream, ulong Epoch, ulong AfterSequence, ulong BeforeSequence, long ToUs);

/// <summary>How far one life of a stream is accounted for.</summary>
/// <param name="Sequence">Every batch up to here came or is a loss.</param>
/// <param name="ReadSequence">The newest whose body could be read.</param>
/// <param name="HeardUs">The newest event time that its batches know of; a function of the batches alone.</param>
/// <param name="ThroughUs">Nothing older than this follows, by batches and by heartbeats.</param>
/// <param name="SinceUs">The earliest time anything is known of.</param>
public sealed record StreamMark(string Gateway, string Stream, ulong Epoch, ulong Sequence, ulong ReadSequence, long HeardUs, long ThroughUs, long SinceUs);

/// <summary>Why readings are missing, as the ledger writes it.</summary>
public static class LossCauses
{
    /// <summary>Told by the gateway in a header (edgetrace.proto, LossCause).</summary>
    public const string Thinned = "thinned", Blind = "blind", Corrupt = "corrupt", Full = "full", Late = "late", Unnamed = "unnamed";

    /// <summary>Found by the cloud: sequences that will never come; a body nobody can read.</summary>
    public const string Gap = "gap", Quarantined = "quarantined";

    public static IReadOnlyList<string> All { get; } = [Thinned, Blind, Corrupt, Full, Late, Unnamed, Gap, Quarantined];
}

/// <summary>Everything ever lost for one cause.</summary>
/// <param name="Readings">As far as they could be counted.</param>
/// <param name="Uncounted">Records without a count.</param>
/// <param name="Us">How long it lasted, over all streams.</param>
public sealed record LossTotal(string Cause, long Records, long Readings, long Uncounted, long Us);
