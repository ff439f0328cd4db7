using EdgeTrace.Api;
using EdgeTrace.Web.Completeness;

namespace EdgeTrace.Tests.Web;

public class CompletenessWordsTests
{
    static readonly DateTimeOffset s_midnight = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    static CompletenessView View(CompletenessTotals totals, double hours, long onTheWay = 0) => new(
        new(2026, 11, 25), "Europe/London", s_midnight, s_midnight.AddDays(1), s_midnight.AddHours(hours), totals, [], [new("gw-1", "samples/fridge-1", "samples", "Vaccine fridge 1", null, totals, onTheWay, [])], [], 0);

    [Fact]
    public void A_whole_day_says_n_of_n_and_that_nothing_is_missing() =>
        Assert.Equal("44\u202f640 of 44\u202f640 readings · nothing missing", CompletenessWords.Headline(View(new(44_640, 0, 0, 0, 0, 0, 0, 0, true), 30)));

    [Fact]
    public void A_day_that_goes_on_claims_no_more_than_it_knows() =>
        Assert.Equal("100 of 100 readings · nothing missing so far · 37 batches on the way", CompletenessWords.Headline(View(new(100, 0, 0, 0, 0, 0, 0, 0, true), 12, onTheWay: 37)));

    [Fact]
    public void What_is_lost_is_of_n_and_what_has_no_count_is_to_explain() =>
        Assert.Equal("8\u202f640 of 8\u202f760 readings · 3 intervals to explain · 12 more of uncertain time", CompletenessWords.Headline(View(new(8_640, 120, 1, 31, 0, 0, 12, 3, false), 30)));

    [Fact]
    public void A_cell_says_in_words_what_it_draws()
    {
        Assert.Equal("354 of 360 readings. 6 readings lost. Blind at 14:02:10", CompletenessWords.Of(new(HourState.Gap, 354, 6, 0, 0, 0, ["6 readings lost", "Blind at 14:02:10"])));
        Assert.Equal("still to come", CompletenessWords.Of(new(HourState.Ahead, 0, 0, 0, 0, 0, [])));
        Assert.Equal(6, Enum.GetValues<HourState>().Select(CompletenessWords.Word).Distinct().Count());
    }
}
