using System.Collections.Concurrent;
using EdgeTrace.Api;

namespace EdgeTrace.Cloud.Projections;

/// <summary>What a point last said, and how its rules stand.</summary>
/// <param name="AtUs">Event time of the newest sample; null before the first.</param>
/// <param name="Celsius">Null where the probe is at fault.</param>
/// <param name="State">By the rules alone; age and a silent gateway are judged when somebody looks.</param>
sealed record PointStatus(long? AtUs, double? Celsius, string Fault, Severity State, string Reason, IReadOnlyList<double?> Recent)
{
    public static readonly PointStatus None = new(null, null, "", Severity.Unknown, "No reading yet.", []);
}

/// <summary>The newest of every point, written by its zone's loop and read by pages; as many entries as the site model has points.</summary>
sealed class PointBoard
{
    /// <summary>Enough for a sparkline of ten minutes at ten seconds.</summary>
    public const int RecentMax = 60;

    readonly ConcurrentDictionary<string, PointStatus> _points = new();

    public PointStatus this[string point]
    {
        get => _points.GetValueOrDefault(point, PointStatus.None);
        set => _points[point] = value;
    }
}
