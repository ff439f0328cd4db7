namespace EdgeTrace.Api;

/// <summary><c>GET /api/v1/points/{id}/period?from=&amp;to=</c>: what an inspector asks of a stretch of a point's record.</summary>
/// <param name="To">Where the figures end: never later than now.</param>
/// <param name="Begins">The first reading kept; null where there is none. What lies before it is neither seen nor missed.</param>
/// <param name="Latest">The newest reading kept, good or faulty, of whatever time.</param>
/// <param name="Settings">What the point was held to, oldest first; together they cover the period.</param>
/// <param name="Episodes">Raised alarms that touch the period, newest first.</param>
/// <param name="More">Older episodes were left out.</param>
/// <param name="Door">Null: no door contact has ever spoken. The same for <paramref name="Mains"/>.</param>
public sealed record PointPeriod(
    string Point, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? Begins, DateTimeOffset? Latest,
    IReadOnlyList<PointSetting> Settings, PeriodFigures Figures, IReadOnlyList<PointEpisode> Episodes, bool More, HeldState? Door, HeldState? Mains);

/// <summary>Limits, rhythm and probe of a point from one moment to another.</summary>
/// <param name="Low">°C; null where there is no limit.</param>
/// <param name="GapSeconds">A longer time between two readings is a gap: nothing is assumed of it.</param>
public sealed record PointSetting(
    DateTimeOffset From, DateTimeOffset To, string ClassName, double? Low, double? High, double EverySeconds, double GapSeconds, ProbeView? Probe);

/// <summary>The instrument at a point, as the site model names it, and how its certificate stood at the end of its time in the period.</summary>
/// <param name="Reason">What is wrong with the certificate and what to do; empty when nothing is.</param>
public sealed record ProbeView(string Serial, string? Certificate, DateOnly? CalibratedAt, DateOnly? CalibratedUntil, Severity State, string Reason);

/// <summary>The record of a period in figures; <paramref name="Method"/> says how they were made.</summary>
/// <param name="Mean">Of the readings, °C.</param>
/// <param name="SecondsUnseen">Time since the record began for which there is no reading.</param>
/// <param name="Readings">Good temperatures.</param>
/// <param name="Faulty">Samples that came and were no temperatures.</param>
/// <param name="Expected">By the point's rhythm, since the record began.</param>
/// <param name="Kinetic">Mean kinetic temperature, °C; null where it must not be given, and <paramref name="KineticReason"/> says why.</param>
public sealed record PeriodFigures(
    double? Lowest, DateTimeOffset? LowestAt, double? Mean, double? Highest, DateTimeOffset? HighestAt,
    double SecondsIn, double SecondsAbove, double SecondsBelow, double SecondsUnseen,
    long Readings, long Faulty, long Expected, double? Kinetic, string KineticReason, string Method);

/// <summary>An alarm of the past with its answer.</summary>
/// <param name="Raised">When the rule's delay was over.</param>
public sealed record PointEpisode(AlarmView Alarm, DateTimeOffset Raised, DateTimeOffset? AcknowledgedAt, string? AcknowledgedReason);

/// <summary>How often and how long a door was open, or the mains away, in a period.</summary>
/// <param name="Spans">Oldest first; where they stand closer than anybody could see, one for several.</param>
public sealed record HeldState(int Times, double Seconds, IReadOnlyList<HeldSpan> Spans);

public sealed record HeldSpan(DateTimeOffset From, DateTimeOffset To, int Times);
