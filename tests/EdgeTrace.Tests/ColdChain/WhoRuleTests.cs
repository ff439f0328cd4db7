using EdgeTrace.ColdChain;
using static EdgeTrace.Tests.ColdChain.Fridge;

namespace EdgeTrace.Tests.ColdChain;

/// <summary>The vectors for WHO PQS E003, one sample a minute.</summary>
public class WhoRuleTests
{
    static readonly PointLimits s_who = Only([.. WhoRules.All]);

    [Fact]
    public void A_day_at_exactly_8_is_no_heat_alarm() => Assert.Empty(Judge(s_who, Steady(8.0, 0, 24 * 60)));

    [Fact]
    public void One_minute_short_of_ten_hours_is_no_heat_alarm() => Assert.Empty(Judge(s_who, Steady(8.1, 0, 599).Append(At(600, 8.0))));

    [Fact]
    public void Ten_hours_above_8_are_one_heat_alarm_however_many_samples_follow()
    {
        var fact = Assert.Single(Judge(s_who, Steady(8.1, 0, 2000)));
        Assert.Equal(("HEAT", EpisodeChange.Opened, 0, 10 * Hour), (fact.Episode.Rule.Code, fact.Change, fact.Episode.StartUs, fact.EventUs));
        Assert.Equal((8.1, 1.0), (fact.Episode.Peak, fact.Episode.Coverage));
    }

    [Fact]
    public void An_hour_at_exactly_minus_half_a_degree_is_a_freeze_alarm() =>
        Assert.Equal(60 * Minute, Assert.Single(Judge(s_who, Steady(-0.5, 0, 120)).Opened("FRZE")).EventUs);

    [Fact]
    public void Five_hours_just_above_it_are_none_but_an_excursion_of_the_fridge()
    {
        var facts = Judge(StorageClass.Fridge.For("fridge-1"), Steady(-0.4, 0, 300));
        Assert.Empty(facts.Opened("FRZE"));
        Assert.Equal(15 * Minute, Assert.Single(facts.Opened("excursion-low")).EventUs);
    }

    [Fact]
    public void Fifty_cold_minutes_four_times_are_no_freeze_alarm_but_200_minutes_of_cold()
    {
        var samples = Enumerable.Range(0, 4).SelectMany(i => Steady(-1, i * 60, i * 60 + 49).Concat(Steady(3, i * 60 + 50, i * 60 + 59)));
        var judge = new PointJudge(StorageClass.Fridge.For("fridge-1"));
        var facts = new List<EpisodeFact>();
        foreach (var sample in samples) judge.Apply(sample, facts);
        Assert.Empty(facts.Opened("FRZE"));
        Assert.Equal(TimeSpan.FromMinutes(200), judge.Phases.Single(p => p.Rule.Code == "daily-low").Cumulative);
        Assert.Equal(30 * Minute, Assert.Single(facts.Opened("daily-low")).EventUs);
    }

    [Theory]
    [InlineData(299, 0)]
    [InlineData(300, 1)]
    public void A_door_open_for_five_minutes_is_an_alarm_and_a_second_less_is_none(int seconds, int alarms)
    {
        var facts = Judge(s_who, Sample.Door(0, true), Sample.Door(seconds * 1_000_000L, false));
        Assert.Equal(alarms, facts.Opened("DOOR").Count);
        Assert.All(facts.Opened(), f => Assert.Equal(5 * Minute, f.EventUs));
    }

    [Fact]
    public void A_door_open_across_two_reports_is_one_span()
    {
        var facts = Judge(s_who, Sample.Door(12 * Minute, true), Sample.Door(15 * Minute, true), Sample.Door(18 * Minute, false));
        Assert.Equal((12 * Minute, 17 * Minute), (facts[0].Episode.StartUs, facts[0].Episode.ActiveUs));
        Assert.Equal((EpisodeChange.Closed, 18 * Minute), (facts[1].Change, facts[1].Episode.EndUs));
    }

    [Fact]
    public void A_day_without_mains_is_a_power_alarm() =>
        Assert.Equal(24 * Hour, Assert.Single(Judge(s_who, Sample.Mains(0, false), Sample.Mains(25 * Hour, false)).Opened("POWR")).EventUs);

    [Fact]
    public void A_gap_neither_clears_nor_resets_and_shows_in_the_coverage()
    {
        var fact = Assert.Single(Judge(s_who, Steady(8.1, 0, 360).Concat(Steady(8.1, 480, 720))));
        Assert.Equal((10 * Hour, 0.80), (fact.EventUs, fact.Episode.Coverage));
    }

    [Fact]
    public void A_restart_at_hour_seven_changes_nothing()
    {
        var facts = new List<EpisodeFact>();
        var judge = new PointJudge(s_who);
        foreach (var sample in Steady(8.1, 0, 420)) judge.Apply(sample, facts);
        judge = PointJudge.Restore(Snapshot(judge), [s_who]);
        foreach (var sample in Steady(8.1, 421, 720)) judge.Apply(sample, facts);
        Assert.Equal(10 * Hour, Assert.Single(facts).EventUs);
    }

    [Fact]
    public void Samples_delivered_in_reverse_after_an_outage_give_the_same_episodes()
    {
        var samples = Steady(8.1, 0, 700).Concat(Steady(5, 701, 720)).ToList();
        var facts = new List<EpisodeFact>();
        var judge = new PointJudge(s_who);
        foreach (var sample in samples.AsEnumerable().Reverse()) judge.HoldBack(sample, facts);
        judge.Advance(721 * Minute, facts);
        Assert.Equal(Judge(s_who, samples), facts);
        Assert.Equal(2, facts.Count);
    }
}
