using EdgeTrace.ColdChain;
using static EdgeTrace.Tests.ColdChain.Fridge;

namespace EdgeTrace.Tests.ColdChain;

public class PointJudgeTests
{
    static readonly PointLimits s_fridge = StorageClass.Fridge.For("fridge-1");
    static readonly AlarmRule s_high = StorageClass.Fridge.Rules.Single(r => r.Code == "excursion-high");
    static readonly AlarmRule s_silence = StorageClass.Fridge.Rules.Single(r => r.Code == "silence");

    [Fact]
    public void An_excursion_opens_when_its_delay_is_complete_worsens_and_closes_after_staying_back()
    {
        var facts = Judge(Only(s_high), Steady(9, 0, 19).Concat([At(20, 10), At(21, 9), At(22, 7.8), At(23, 7.4), At(24, 7.6)]).Concat(Steady(7.5, 25, 32)));
        Assert.Equal([EpisodeChange.Opened, EpisodeChange.Worsened, EpisodeChange.Closed], facts.Select(f => f.Change));
        Assert.Equal([15 * Minute, 20 * Minute, 30 * Minute], facts.Select(f => f.EventUs));
        var closed = facts[2].Episode;
        Assert.Equal((0, 15 * Minute, 25 * Minute, 10.0, 20 * Minute), (closed.StartUs, closed.ActiveUs, closed.EndUs, closed.Peak, closed.PeakUs));
        Assert.Single(facts.Select(f => f.Episode.Id).Distinct());
        Assert.Equal(Episode.IdOf("fridge-1", "excursion-high", 0), closed.Id);
        Assert.Equal(8, closed.Rule.Limit);
    }

    [Fact]
    public void A_rule_without_delay_opens_at_its_first_sample() =>
        Assert.Equal(0, Assert.Single(Judge(s_fridge, At(0, -0.5)).Opened("freezing")).EventUs);

    [Fact]
    public void A_gap_does_not_complete_the_return()
    {
        var back = Steady(9, 0, 16).Append(At(17, 7)).ToList();
        Assert.DoesNotContain(Judge(Only(s_high), back.Append(At(60, 7))), f => f.Change == EpisodeChange.Closed);
        var closed = Judge(Only(s_high), back.Append(At(60, 7)).Concat(Steady(7, 61, 65))).Last();
        Assert.Equal((60 * Minute, 65 * Minute), (closed.Episode.EndUs, closed.Episode.ClosedUs));
    }

    [Theory]
    [InlineData(85.0, ProbeFault.PowerOnValue)]
    [InlineData(-127, ProbeFault.Disconnected)]
    [InlineData(double.NaN, ProbeFault.NotANumber)]
    [InlineData(double.PositiveInfinity, ProbeFault.NotANumber)]
    [InlineData(400, ProbeFault.OutOfRange)]
    [InlineData(-101, ProbeFault.OutOfRange)]
    public void A_value_that_is_no_temperature_is_a_probe_fault_and_never_an_excursion(double value, ProbeFault fault)
    {
        var facts = Judge(s_fridge, Steady(5, 0, 5).Concat(Steady(value, 6, 60)));
        var opened = Assert.Single(facts.Opened());
        Assert.Equal(("probe-fault", fault, 7 * Minute, null), (opened.Episode.Rule.Code, opened.Episode.Fault, opened.EventUs, opened.Episode.Peak));
    }

    [Fact]
    public void One_power_on_value_between_good_ones_is_nothing_and_85_in_a_steriliser_is_a_temperature()
    {
        Assert.Empty(Judge(s_fridge, At(0, 5), At(1, 85), At(2, 5)));
        var judge = new PointJudge(Only());
        judge.Apply(At(0, 84), []);
        judge.Apply(At(1, 85), []);
        Assert.Equal((1 * Minute, 85.0), judge.Last);
    }

    [Fact]
    public void Silence_is_the_same_fact_whether_a_heartbeat_or_the_next_sample_tells_it()
    {
        var limits = Only(s_silence);
        var byHeartbeat = new List<EpisodeFact>();
        var judge = new PointJudge(limits);
        judge.Apply(At(0, 5), byHeartbeat);
        judge.Advance(5 * Minute, byHeartbeat);
        Assert.Empty(byHeartbeat);
        judge.Advance(5 * Minute + 1, byHeartbeat);
        Assert.Equal((0, 5 * Minute), (Assert.Single(byHeartbeat).Episode.StartUs, byHeartbeat[0].EventUs));
        judge.Apply(At(12, 5), byHeartbeat);
        Assert.Equal(Judge(limits, At(0, 5), At(12, 5)), byHeartbeat);
        Assert.Equal(12 * Minute, byHeartbeat[1].Episode.EndUs);
    }

    [Fact]
    public void A_failing_probe_is_not_silent() => Assert.Empty(Judge(s_fridge, Enumerable.Range(0, 60).Select(m => Sample.Faulty(m * Minute))).Opened("silence"));

    [Fact]
    public void A_redelivered_or_older_sample_is_counted_and_changes_nothing()
    {
        var judge = new PointJudge(s_fridge);
        var facts = new List<EpisodeFact>();
        Assert.True(judge.Apply(At(1, 5), facts));
        Assert.False(judge.Apply(At(1, 5), facts));
        Assert.False(judge.Apply(At(0, 90), facts));
        Assert.True(judge.Apply(Sample.Door(1 * Minute, true), facts));
        Assert.Equal(2, judge.LateSamples);
        Assert.Empty(facts);
    }

    [Fact]
    public void New_limits_hold_from_their_event_time_and_unchanged_rules_keep_their_timers()
    {
        var stricter = s_high with { Limit = 7, ClearAt = 6.5 };
        PointLimits[] history = [Only(s_high, WhoRules.Heat), Only(stricter, WhoRules.Heat) with { ValidFromUs = 20 * Minute }];
        var judge = new PointJudge(history);
        var facts = new List<EpisodeFact>();
        foreach (var sample in Steady(8.5, 0, 610)) judge.Apply(sample, facts);
        Assert.Equal(
            [(EpisodeChange.Opened, 15 * Minute, 8.0), (EpisodeChange.Closed, 20 * Minute, 8.0),
            (EpisodeChange.Opened, 35 * Minute, 7.0), (EpisodeChange.Opened, 600 * Minute, 8.0)],
            facts.Select(f => (f.Change, f.EventUs, f.Episode.Rule.Limit)));
        Assert.Equal(EpisodeEnd.LimitsChanged, facts[1].Episode.End);
    }

    [Fact]
    public void A_cumulative_episode_ends_with_its_day()
    {
        var facts = Judge(Only(StorageClass.Fridge.Rules.Single(r => r.Code == "daily-high")),
            Steady(9, 23 * 60, 23 * 60 + 40).Concat(Steady(5, 23 * 60 + 41, 24 * 60 + 5)));
        Assert.Equal([(EpisodeChange.Opened, (23 * 60 + 30) * Minute), (EpisodeChange.Closed, 24 * Hour)], facts.Select(f => (f.Change, f.EventUs)));
        Assert.Equal(EpisodeEnd.DayEnded, facts[1].Episode.End);
    }

    [Fact]
    public void Limits_with_mistakes_are_refused_with_every_mistake_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new PointJudge(
            Only(s_high, s_high with { ClearAt = 9 }, s_silence with { Delay = TimeSpan.Zero }, WhoRules.Heat with { Limit = double.NaN })));
        foreach (var part in new[] { "two rules are called excursion-high", "clear at 9", "silence needs", "HEAT: a limit" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_preset_is_sound_and_quiet_in_the_middle_of_its_range() => Assert.All(StorageClass.All, c =>
    {
        var limits = c.For("point-1");
        Assert.Empty(limits.Errors());
        Assert.Empty(Judge(limits, Steady((c.Low + c.High) / 2, 0, 2000)));
        Assert.Same(c, StorageClass.Find(c.Code));
        Assert.NotEmpty(Judge(limits, Steady(c.High + 1, 0, 120)).Opened("excursion-high"));
    });

    [Fact]
    public void A_snapshot_cut_or_flipped_anywhere_or_under_other_limits_is_refused()
    {
        var judge = new PointJudge(Only(s_high, s_silence));
        judge.Apply(At(0, 9), []);
        judge.HoldBack(At(3, 9), []);
        var bytes = Snapshot(judge);
        for (var length = 0; length < bytes.Length; length++) AssertRefused(bytes[..length], s_high);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(damaged, s_high);
        }
        AssertRefused(bytes, s_high with { Limit = 9 });

        static void AssertRefused(byte[] bytes, AlarmRule rule) => Assert.Throws<InvalidDataException>(() => PointJudge.Restore(bytes, [Only(rule, s_silence)]));
    }
}
