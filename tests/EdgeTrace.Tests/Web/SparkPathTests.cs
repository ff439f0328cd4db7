using EdgeTrace.Web.Charts;

namespace EdgeTrace.Tests.Web;

public class SparkPathTests
{
    [Fact]
    public void A_gap_lifts_the_pen() =>
        Assert.Equal(2, SparkPath.Line([4, 5, null, null, 5, 4], (0, 10)).Count(letter => letter == 'M'));

    [Fact]
    public void A_lone_value_between_gaps_can_be_seen() => Assert.Contains("h0.1", SparkPath.Line([null, 5, null], (0, 10)));

    [Fact]
    public void Nothing_draws_nothing() => Assert.Equal("", SparkPath.Line([null, null], (0, 10)));

    [Fact]
    public void The_limits_and_every_value_are_inside_the_box()
    {
        var (low, high) = SparkPath.Range([1, 12, null], 2, 8);
        Assert.True(low < 1 && high > 12);
        Assert.InRange(SparkPath.Y(12, (low, high)), 0, SparkPath.Height);
    }
}
