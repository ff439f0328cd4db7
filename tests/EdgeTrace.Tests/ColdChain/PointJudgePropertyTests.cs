using CsCheck;
using EdgeTrace.ColdChain;
using static EdgeTrace.Tests.ColdChain.Fridge;

namespace EdgeTrace.Tests.ColdChain;

/// <summary>Order, heartbeats and restarts decide when a fact is told, never what it says.</summary>
public class PointJudgePropertyTests
{
    static readonly PointLimits[] s_history =
    [
        StorageClass.Fridge.For("fridge-1") with { GapMax = TimeSpan.FromMinutes(4) },
        StorageClass.Fridge.For("fridge-1", 400 * Minute).With(WhoRules.Heat with { Delay = TimeSpan.FromMinutes(30) }).Without("warn-low"),
    ];

    static readonly double[] s_levels = [-1, -0.5, 1.5, 2.2, 5, 7.6, 8.1, 9, 13, 85, double.NaN];

    // Stretches of some minutes at a level, with gaps, faults and a door, over half a day around midnight.
    static readonly Gen<List<Sample>> s_samples =
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 12], Gen.Int[0, s_levels.Length - 1].Select(i => s_levels[i]), Gen.Int[0, 5]).Array[1, 30].Select(stretches =>
        {
            var samples = new List<Sample>();
            var minute = -360;
            foreach (var (lasts, gap, celsius, door) in stretches)
            {
                minute += Math.Max(1, gap);
                if (door < 2) samples.Add(Sample.Door(minute * Minute, door == 0));
                if (door == 2) samples.Add(Sample.Mains(minute * Minute, false));
                for (var end = minute + lasts; minute < end; minute++) samples.Add(At(minute, celsius));
            }
            return samples;
        });

    [Fact]
    public void The_same_samples_in_any_order_with_heartbeats_and_restarts_anywhere_give_identical_facts() =>
        Gen.Select(s_samples, Gen.Int[0, int.MaxValue]).Sample((samples, seed) =>
        {
            var expected = new List<EpisodeFact>();
            var plain = new PointJudge(s_history);
            foreach (var sample in samples) plain.Apply(sample, expected);
            var endUs = samples[^1].TimeUs + 1;
            plain.Advance(endUs, expected);

            var random = new Random(seed);
            var jitterUs = random.Next(1, 90) * Minute;
            var order = samples.Concat(samples.Where(_ => random.Next(4) == 0)).OrderBy(s => s.TimeUs + random.NextInt64(jitterUs)).ToList();
            var told = new List<EpisodeFact>();
            var judge = new PointJudge(s_history);
            for (var i = 0; i < order.Count; i++)
            {
                judge.HoldBack(order[i], told);
                if (i + 1 < order.Count && random.Next(3) == 0) judge.Advance(order.Skip(i + 1).Min(s => s.TimeUs), told);
                if (random.Next(6) == 0) judge = PointJudge.Restore(Snapshot(judge), s_history);
            }
            judge.Advance(endUs, told);
            Assert.Equal(Sorted(expected), Sorted(told));
            Assert.Equal(Snapshot(plain), Snapshot(judge));
        }, iter: 300);

    static List<EpisodeFact> Sorted(List<EpisodeFact> facts) =>
        [.. facts.OrderBy(f => f.EventUs).ThenBy(f => f.Episode.Rule.Code, StringComparer.Ordinal).ThenBy(f => f.Change)];
}
