using EdgeTrace.Api;
using EdgeTrace.Web.Charts;
using EdgeTrace.Web.Points;
using EdgeTrace.Web.Words;

namespace EdgeTrace.Tests.Web;

public class ChartWindowTests
{
    static readonly DateTimeOffset s_at = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_whole_period_needs_nothing_closer() => Assert.Null(ChartWindow.Closer(s_at, s_at.AddDays(365), s_at, s_at.AddDays(365), 1200));

    [Fact]
    public void A_closer_look_asks_for_half_as_much_again_on_either_side_and_not_beyond_the_period()
    {
        Assert.Equal((s_at.AddMinutes(95), s_at.AddMinutes(115), 2400), ChartWindow.Closer(s_at, s_at.AddDays(1), s_at.AddMinutes(100), s_at.AddMinutes(110), 1200));
        Assert.Equal((s_at, s_at.AddMinutes(15), 400), ChartWindow.Closer(s_at, s_at.AddDays(1), s_at, s_at.AddMinutes(10), 10));
    }

    [Fact]
    public void The_closer_look_takes_the_place_of_what_it_covers()
    {
        var overview = Series(s_at, 3600, [4, 5, 6, 7]);
        var closer = Series(s_at.AddHours(1), 1800, [5.1, 5.2]);
        Assert.Equal([4, 5.1, 5.2, 6, 7], ChartWindow.Stitch(overview, closer).Select(bucket => bucket.Mean));
        Assert.Equal([4, 5, 6, 7], ChartWindow.Stitch(overview, null).Select(bucket => bucket.Mean));
        var times = ChartWindow.Stitch(overview, closer).Select(bucket => bucket.At).ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void A_reading_that_came_a_little_late_is_no_gap_and_three_that_did_not_come_are()
    {
        Assert.Equal([4, 4, 4], ChartWindow.Drawn(Series(s_at, 10, [4, null, 4, null, null, 4]).Buckets, 10).Select(bucket => bucket.Mean));
        Assert.Equal([4, null, null, null, 4], ChartWindow.Drawn(Series(s_at, 10, [4, null, null, null, 4]).Buckets, 10).Select(bucket => bucket.Mean));
        // An hour without a reading is a gap, whatever an hour is called here.
        Assert.Equal([4, null, 4], ChartWindow.Drawn(Series(s_at, 3600, [4, null, 4]).Buckets, 10).Select(bucket => bucket.Mean));
        Assert.Empty(ChartWindow.Drawn([], 10));
    }

    [Fact]
    public void The_address_says_the_period_and_is_read_back()
    {
        foreach (var (word, _, length) in PeriodChoice.Presets)
        {
            Assert.Equal($"last={word}", PeriodChoice.Newest(length).Address);
            Assert.Equal(PeriodChoice.Newest(length), PeriodChoice.Of(word, null, null));
        }
        var chosen = new PeriodChoice(null, s_at, s_at.AddMinutes(5));
        Assert.Equal("from=2026-11-22T12:00:00Z&to=2026-11-22T12:05:00Z", chosen.Address);
        Assert.Equal(chosen, PeriodChoice.Of(null, "2026-11-22T12:00:00Z", "2026-11-22T13:05:00+01:00"));
        foreach (var (from, to) in ((string?, string?)[])[("nonsense", "2026-11-22T12:05:00Z"), ("2026-11-22T12:05:00Z", "2026-11-22T12:00:00Z"), ("2026-11-22T12:05:00Z", null)])
            Assert.Equal(PeriodChoice.Usual, PeriodChoice.Of("forever", from, to));
    }

    [Fact]
    public void A_field_is_the_sites_own_clock_and_an_hour_that_came_twice_is_both()
    {
        var clock = new SiteClock("Europe/London");
        Assert.Equal("2026-07-01T13:00:00", clock.Field(new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero), clock.Instant("2026-07-01T13:00", last: false));
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), clock.Instant("2026-10-25T01:30:00", last: false));
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 1, 30, 0, TimeSpan.Zero), clock.Instant("2026-10-25T01:30:00", last: true));
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero), clock.Instant("2026-03-29T01:30:00", last: false));
        Assert.Null(clock.Instant("", last: false));
    }

    [Theory]
    [InlineData(0, "0\u00a0s")]
    [InlineData(59, "59\u00a0s")]
    [InlineData(61, "1\u00a0min 1\u00a0s")]
    [InlineData(3600, "1\u00a0h")]
    [InlineData(3660, "1\u00a0h 1\u00a0min")]
    [InlineData(3599.7, "59\u00a0min 59\u00a0s")]
    [InlineData(31_536_000, "8\u202f760\u00a0h")]
    public void Times_are_said_so_that_they_can_be_added_up(double seconds, string words) => Assert.Equal(words, Ages.Exact(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(0.00001, "0.1")]
    [InlineData(0.5, "50.0")]
    [InlineData(0.99999, "99.9")]
    [InlineData(1, "100.0")]
    public void A_share_never_says_all_or_none_of_what_is_only_nearly_so(double share, string words) => Assert.Equal($"{words}\u202f%", Figures.Share(share));

    static SampleSeries Series(DateTimeOffset from, double seconds, double?[] means) => new(
        "fridge-1", from, from.AddSeconds(seconds * means.Length), seconds, [.. means.Select((mean, i) => new SampleBucket(from.AddSeconds(i * seconds), mean, mean, mean, mean is null ? 0 : 1))]);
}
