using EdgeTrace.ColdChain;

namespace EdgeTrace.Cloud.Site;

/// <summary>From the site model to the rules a point is judged by: its class's, with the point's own delays.</summary>
static class PointRules
{
    /// <summary>A site model with a class that is not there is refused when it is read.</summary>
    public static StorageClass ClassOf(Point point) => StorageClass.Find(point.Class)!;

    /// <summary>The rules of every model of a point, for one judge.</summary>
    public static IReadOnlyList<PointLimits> History(IEnumerable<Point> models) => [.. models.Select(Limits)];

    public static AlarmRule? Find(Point point, string code) => Limits(point).Rules.FirstOrDefault(r => r.Code == code);

    static PointLimits Limits(Point point)
    {
        var limits = ClassOf(point).For(point.Id, point.ValidFromUs);
        return limits with { Rules = [.. limits.Rules.Select(rule => Own(point, rule))] };
    }

    static AlarmRule Own(Point point, AlarmRule rule) => rule switch
    {
        { Watches: Watches.Silence } when point.Silence is { } silence => rule with { Delay = silence },
        // A probe that says it has no value is as silent about the fridge as one that says nothing: it may not be told later.
        { Watches: Watches.ProbeFault } when point.Silence is { } silence && silence < rule.Delay => rule with { Delay = silence },
        { Code: "warn-high" or "warn-low" } when point.WarnDelay is { } warn => rule with { Delay = warn },
        { Code: "excursion-high" or "excursion-low" } when point.ExcursionDelay is { } excursion => rule with { Delay = excursion },
        // What is far outside may not be told later than what is a little outside.
        { Watches: Watches.Temperature, Timing: Timing.Continuous, Severity: Severity.Excursion } when point.ExcursionDelay is { } excursion && excursion < rule.Delay => rule with { Delay = excursion },
        _ => rule,
    };
}
