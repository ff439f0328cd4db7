using EdgeTrace.Web.Words;

namespace EdgeTrace.Tests.Web;

public class WordsTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1\u202f000")]
    [InlineData(12480, "12\u202f480")]
    [InlineData(-1234567, "\u22121\u202f234\u202f567")]
    public void Counts_are_grouped_by_thin_spaces(long value, string text) => Assert.Equal(text, Figures.Count(value));

    [Theory]
    [InlineData(4.649, "4.6\u00a0°C")]
    [InlineData(-24.8, "\u221224.8\u00a0°C")]
    [InlineData(-0.04, "0.0\u00a0°C")]
    public void Temperatures_have_one_decimal_a_true_minus_and_a_unit(double celsius, string text) => Assert.Equal(text, Figures.Celsius(celsius));

    [Theory]
    [InlineData(1, "100\u202f%")]
    [InlineData(0.999, "99\u202f%")]
    [InlineData(0.5, "50\u202f%")]
    public void Nearly_sure_is_not_called_sure(double share, string text) => Assert.Equal(text, Figures.Percent(share));

    [Theory]
    [InlineData(0, "0\u00a0B")]
    [InlineData(1500, "1.5\u00a0kB")]
    [InlineData(999_960, "1.0\u00a0MB")]
    [InlineData(268_400_000_000, "268\u00a0GB")]
    public void Bytes_have_the_unit_that_keeps_them_short(double bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Theory]
    [InlineData(-3, "just now")]
    [InlineData(8, "8\u00a0s ago")]
    [InlineData(360, "6\u00a0min ago")]
    [InlineData(3 * 3600, "3\u00a0h ago")]
    [InlineData(5 * 86400, "5\u00a0days ago")]
    public void Ages_are_said_in_the_largest_unit_that_says_enough(int seconds, string text) => Assert.Equal(text, Ages.Ago(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(10, 30, false)]
    [InlineData(10, 33, true)]
    [InlineData(0.5, 4, false)]
    [InlineData(0.5, 6, true)]
    public void One_late_sample_is_not_stale_but_three_are(double everySeconds, int ageSeconds, bool stale) =>
        Assert.Equal(stale, Ages.IsStale(Noon.AddSeconds(-ageSeconds), everySeconds, Noon));

    [Fact]
    public void Today_is_a_bare_time_and_another_day_is_named()
    {
        var clock = new SiteClock("Europe/London");
        Assert.Equal("11:58", clock.Minutes(Noon.AddMinutes(-2), Noon));
        Assert.Equal("Sat 21 Nov 14:02", clock.Minutes(new(2026, 11, 21, 14, 2, 0, TimeSpan.Zero), Noon));
        Assert.Equal("Wed 31 Dec 2025 14:02", clock.Minutes(new(2025, 12, 31, 14, 2, 0, TimeSpan.Zero), Noon));
    }

    [Fact]
    public void Times_are_in_the_zone_of_the_site_also_in_summer()
    {
        var clock = new SiteClock("Europe/London");
        var july = new DateTimeOffset(2026, 7, 1, 23, 30, 0, TimeSpan.Zero);
        Assert.Equal("00:30", clock.Minutes(july, july)); // already the second of July there
        Assert.Equal("London time", clock.ZoneWords(july, TimeZoneInfo.Utc));
        Assert.Equal("", clock.ZoneWords(Noon, TimeZoneInfo.Utc));
    }
}
