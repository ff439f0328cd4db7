using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.ColdChain;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Excursions;

/// <summary>A point was outside its limits for longer than its rule allows: what lay there then must not be used before pharmacy has decided.</summary>
/// <param name="Id">Of its episode, which is the evidence.</param>
/// <param name="Places">The point's Location and what lies in it.</param>
/// <param name="EndedUs">Event time at which the value came back; null: it has not.</param>
sealed record Excursion(string Id, Point Point, AlarmRule Rule, long StartUs, long RaisedUs, long? EndedUs, double? PeakCelsius, IReadOnlyCollection<string> Places)
{
    /// <summary>Null: it is no temperature outside limits (a warning, a door, mains, silence), the cloud has not judged it, or its point is nowhere.</summary>
    public static Excursion? Of(EpisodeRow row, SiteModel site) =>
        row is { RaisedUs: { } raised, Limits: { } limits } && ApiJson.Read<AlarmRule>(limits) is { Watches: Watches.Temperature, Severity: not Severity.Warn } rule
        && site.Point(row.Point, row.StartUs) is { Location: { } location } point
            ? new(row.Id, point, rule, row.StartUs, raised, row.EndedUs, row.PeakMilliCelsius / 1000.0, [.. site.Within(location)]) : null;

    /// <summary>What is put there while the alarm stands is held with the rest: that the value had come back already is known only once it has stayed so.</summary>
    public long UntilUs => EndedUs is { } ended ? ended + Rule.ClearDelay.Ticks / TimeSpan.TicksPerMicrosecond : long.MaxValue;

    /// <summary>Whether both are of one point and of one time: a fridge that has been warm for hours breaks several rules one after the other.</summary>
    public bool IsOneWith(Excursion other) => Point.Id == other.Point.Id && StartUs <= other.UntilUs && other.StartUs <= UntilUs;
}
