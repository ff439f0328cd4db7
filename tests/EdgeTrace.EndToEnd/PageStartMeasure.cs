using System.Globalization;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>
/// How long the page takes to be there, with an empty cache and with a full one. Explicit, for it opens it many times:
/// <c>EdgeTrace.EndToEnd --explicit only --filter-class '*PageStartMeasure' --show-live-output on</c>.
/// </summary>
[Collection(typeof(PageTests))]
public class PageStartMeasure(Browser browser, ITestOutputHelper output)
{
    const int Rounds = 9;

    [Fact(Explicit = true)]
    public async Task Address_to_first_paint_and_to_live_Now()
    {
        List<(double Paint, double Live)> cold = [], warm = [];
        for (var round = 0; round < Rounds; round++)
        {
            await using var visit = await browser.OpenAloneAsync(browser.Chain, "/");
            cold.Add(await TimesAsync(visit));
            await visit.Page.ReloadAsync();
            await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
            warm.Add(await TimesAsync(visit));
        }
        output.WriteLine("| cache | first paint, ms | live Now, ms |\n|---|---|---|");
        Say("empty", cold);
        Say("full", warm);
        Assert.Equal((Rounds, Rounds), (cold.Count, warm.Count));
    }

    void Say(string cache, List<(double Paint, double Live)> times) => output.WriteLine($"| {cache} | {Spread(times.Select(each => each.Paint))} | {Spread(times.Select(each => each.Live))} |");

    static string Spread(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[Rounds / 2]:0} ({sorted[0]:0} to {sorted[^1]:0})");
    }

    /// <summary>By the page's own clock, from its navigation.</summary>
    static async Task<(double, double)> TimesAsync(Visit visit)
    {
        await Expect(visit.Page.GetByTestId("movement").First).ToBeVisibleAsync();
        var times = await visit.Page.EvaluateAsync<double[]>("() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN, performance.now()]");
        return (times[0], times[1]);
    }
}
