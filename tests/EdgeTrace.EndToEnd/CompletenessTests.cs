using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>What a gateway that dies leaves behind is on the page with its cause: first not known, then blind.</summary>
[Collection(typeof(PageTests))]
public partial class CompletenessTests(Browser browser, ITestOutputHelper output)
{
    [Fact]
    public async Task A_gateway_that_dies_leaves_its_hour_unknown_and_once_it_is_back_blind_with_its_cause()
    {
        await using var visit = await browser.OpenAsync("/completeness");
        var page = visit.Page;
        // A fridge whose probe the hospital leaves alone; another test of this day may have killed the gateway before.
        var fridge = page.Locator("[data-testid=completeness-row][data-stream='samples/blood-1']");
        await Expect(fridge.Locator("[data-state=full], [data-state=blind]").First).ToBeVisibleAsync();

        await Chain.KillAsync(browser.Chain.Gateway);
        await Expect(fridge.Locator("[data-state=unknown]").First).ToBeVisibleAsync();
        // A door that nobody has used yet is a row of its own.
        var pending = page.Locator("[data-testid=completeness-interval][data-cause=pending]").Filter(new() { HasText = "has not been heard since" });
        await Expect(pending).ToContainTextAsync("is not known yet");
        await LookAsync(visit, "completeness-away", Screen.Desk, dark: false);

        await browser.Chain.StartGatewayAsync(wait: false);
        var blind = fridge.Locator("[data-state=blind] button").First;
        await Expect(blind).ToBeVisibleAsync();
        await Expect(pending).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("completeness-headline")).ToHaveTextAsync(NOfN());
        await Expect(page.Locator("[data-testid=completeness-interval][data-cause=blind]").First).ToContainTextAsync("could not be seen");
        var readout = page.GetByTestId("completeness-readout");
        await blind.HoverAsync();
        await Expect(readout).ToContainTextAsync("the gateway was restarted");
        await page.Mouse.MoveAsync(0, 0);
        var other = page.Locator("[data-testid=completeness-row]").Filter(new() { HasText = "Vaccine fridge 2" }).Locator("[data-state=blind] button").First;
        await other.FocusAsync();
        await Expect(readout).ToContainTextAsync("Vaccine fridge 2");
        foreach (var (screen, dark) in new[] { (Screen.Desk, false), (Screen.Desk, true), (Screen.Phone, false), (Screen.Phone, true) }) await LookAsync(visit, "completeness-blind", screen, dark);
        Assert.Empty(visit.Strangers);

        // Chromium sends a file's request without the key that the tests' pages carry: it wants a cookie, as everybody has.
        await page.Context.APIRequest.PostAsync(browser.Chain.Url + "/api/v1/session/token", new() { DataObject = new { token = await browser.Chain.KeyAsync() }, Headers = new Dictionary<string, string> { ["X-EdgeTrace"] = "page" } });
        var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("completeness-csv").ClickAsync());
        Assert.Contains("Vaccine fridge 1", await File.ReadAllTextAsync(await csv.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await page.GetByTestId("day-before").ClickAsync();
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("Nothing is known of this day");
        await page.GetByTestId("day-today").ClickAsync();
        await Expect(fridge).ToBeVisibleAsync();
    }

    async Task LookAsync(Visit visit, string name, Screen screen, bool dark)
    {
        var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
        await visit.ShowOnAsync(screen, dark);
        await visit.ShotAsync(shot);
        var serious = (await visit.Page.RunAxe()).Violations.Where(each => each.Impact is "serious" or "critical").Select(each => $"{shot}: {each.Id}: {each.Nodes[0].Html}").ToList();
        output.WriteLine($"{shot}: {serious.Count} serious");
        Assert.Empty(serious);
        Assert.True(await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= screen.Width, $"{shot} scrolls sideways");
    }

    [GeneratedRegex(@"^[\d\u202f]+ of [\d\u202f]+ readings · .*\d+ intervals? to explain")]
    private static partial Regex NOfN();
}
