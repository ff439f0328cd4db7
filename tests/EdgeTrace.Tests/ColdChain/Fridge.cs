using System.Buffers;
using EdgeTrace.ColdChain;

namespace EdgeTrace.Tests.ColdChain;

/// <summary>Samples and judging the tests of this room share. Times are minutes.</summary>
static class Fridge
{
    public const long Minute = 60_000_000;
    public const long Hour = 60 * Minute;

    public static Sample At(double minute, double celsius) => Sample.Temperature((long)(minute * Minute), celsius);

    /// <summary>One sample a minute, both ends included.</summary>
    public static IEnumerable<Sample> Steady(double celsius, int fromMinute, int toMinute) =>
        Enumerable.Range(fromMinute, toMinute - fromMinute + 1).Select(m => At(m, celsius));

    public static PointLimits Only(params AlarmRule[] rules) => new() { Point = "fridge-1", Rules = rules };

    public static List<EpisodeFact> Judge(PointLimits limits, params IEnumerable<Sample> samples)
    {
        var judge = new PointJudge(limits);
        var facts = new List<EpisodeFact>();
        foreach (var sample in samples) Assert.True(judge.Apply(sample, facts));
        return facts;
    }

    public static List<EpisodeFact> Opened(this List<EpisodeFact> facts) => [.. facts.Where(f => f.Change == EpisodeChange.Opened)];

    public static List<EpisodeFact> Opened(this List<EpisodeFact> facts, string rule) => [.. facts.Opened().Where(f => f.Episode.Rule.Code == rule)];

    public static byte[] Snapshot(PointJudge judge)
    {
        var buffer = new ArrayBufferWriter<byte>();
        judge.Snapshot(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
