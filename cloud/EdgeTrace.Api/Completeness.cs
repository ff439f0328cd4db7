namespace EdgeTrace.Api;

/// <summary>How complete one hour of one stream is; the worst that is so.</summary>
public enum HourState
{
    /// <summary>Nothing was expected yet: the stream began later, or belonged to another gateway.</summary>
    Before,

    /// <summary>Still to come.</summary>
    Ahead,

    /// <summary>Everything that was read is here.</summary>
    Full,

    /// <summary>Nobody can say: not known yet, or a silence that nothing explains.</summary>
    Unknown,

    /// <summary>The device could not tell for part of it.</summary>
    Blind,

    /// <summary>Readings were made and are lost.</summary>
    Gap,
}

/// <summary><c>GET /api/v1/completeness?day=</c>: what came and what did not, of one local day of the site.</summary>
/// <param name="AsOf">What is known now; hours beyond it are ahead.</param>
/// <param name="Hours">When each hour of the day begins: 23, 24 or 25 of them.</param>
/// <param name="Intervals">Everything there is to explain, earliest first; at most 500.</param>
/// <param name="MoreIntervals">How many more there are.</param>
public sealed record CompletenessView(
    DateOnly Day, string TimeZone, DateTimeOffset From, DateTimeOffset To, DateTimeOffset AsOf, CompletenessTotals Totals,
    IReadOnlyList<DateTimeOffset> Hours, IReadOnlyList<StreamCompleteness> Streams, IReadOnlyList<MissingInterval> Intervals, int MoreIntervals);

/// <summary>Received of received + lost is the "n of n"; what has no count stands beside it and is never added in.</summary>
/// <param name="Lost">Readings that were made, were counted, and will never come.</param>
/// <param name="Uncounted">Losses that nobody can count.</param>
/// <param name="BlindSeconds">Added up over streams; per stream where they overlap, once.</param>
/// <param name="UnknownSeconds">Silence that nothing explains, and what is not known yet.</param>
/// <param name="Faults">Of the received, samples that carry a fault and no value.</param>
/// <param name="Unplaced">Received on this day from a gateway whose clock was not set: counted apart, for nobody knows when they were read.</param>
/// <param name="Complete">Nothing of the day up to now is lost, blind or unknown.</param>
public sealed record CompletenessTotals(
    long Received, long Lost, int Uncounted, double BlindSeconds, double UnknownSeconds, long Faults, long Unplaced, int Intervals, bool Complete);

/// <summary>One stream of one gateway with its hours.</summary>
/// <param name="Kind">samples, reads, scans, alarms or health.</param>
/// <param name="Name">The point, portal or scanner as people call it.</param>
/// <param name="OnTheWay">Batches the gateway says it has sealed and the cloud has not; live, whatever the day.</param>
public sealed record StreamCompleteness(
    string Gateway, string Stream, string Kind, string Name, string? Place, CompletenessTotals Totals, long OnTheWay, IReadOnlyList<HourCell> Cells);

/// <summary>One hour of one stream.</summary>
/// <param name="Causes">Why it is not full, one sentence each; empty when it is.</param>
public sealed record HourCell(HourState State, long Received, long Lost, long Faults, double BlindSeconds, double UnknownSeconds, IReadOnlyList<string> Causes);

/// <summary>A stretch of time that a person may have to explain.</summary>
/// <param name="Cause">thinned, blind, corrupt, full, late, unnamed, gap, quarantined, faults, silence or pending.</param>
/// <param name="State">How it is drawn.</param>
/// <param name="Streams">Those it is about, by name.</param>
/// <param name="Readings">Null: nobody can count them.</param>
/// <param name="Sentence">What happened and what it means.</param>
/// <param name="Remedy">What to do.</param>
public sealed record MissingInterval(
    string Cause, HourState State, string Gateway, IReadOnlyList<string> Streams, DateTimeOffset From, DateTimeOffset To, long? Readings, string Sentence, string Remedy);

/// <summary><c>GET /api/v1/completeness?from=&amp;to=</c>: a line a day, both days included.</summary>
public sealed record CompletenessDays(DateOnly From, DateOnly To, string TimeZone, DateTimeOffset AsOf, CompletenessTotals Totals, IReadOnlyList<CompletenessDay> Days);

public sealed record CompletenessDay(DateOnly Day, CompletenessTotals Totals);
