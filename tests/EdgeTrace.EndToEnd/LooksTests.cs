using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>Every page in light and dark, wide and on a phone, before axe, and as pictures in artifacts/screenshots.</summary>
[Collection(typeof(PageTests))]
public class LooksTests(Browser browser, ITestOutputHelper output)
{
    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    static readonly (Screen Screen, bool Dark)[] Everywhere = [(Screen.Desk, false), (Screen.Desk, true), (Screen.Phone, true), (Screen.Phone, false)];
    static readonly (Screen Screen, bool Dark)[] Opposites = [(Screen.Desk, false), (Screen.Phone, true)];

    readonly List<string> _violations = [];

    [Fact]
    public async Task Nothing_serious_stands_between_anybody_and_the_page()
    {
        var visit = browser.Witness;
        var page = visit.Page;
        await Expect(page.GetByTestId("alarm").Filter(new() { HasText = "Vaccine fridge 2" })).ToBeVisibleAsync();
        await Expect(page.GetByTestId("movement").Nth(19)).ToBeVisibleAsync();
        await LookAsync(visit, "now", Everywhere);

        await page.Locator("[data-testid=movement][data-direction=in] a").First.ClickAsync();
        await Expect(page.GetByTestId("where-now")).ToBeVisibleAsync();
        await LookAsync(visit, "item", Everywhere);

        foreach (var (section, name) in new[] { ("Find", "find"), ("Stock", "stock"), ("Cold chain", "cold-chain"), ("Recalls", "recalls"), ("Completeness", "completeness"), ("Faults", "faults"), ("Gateways", "gateways") })
        {
            await page.GetByRole(AriaRole.Navigation, new() { Name = "Sections" }).GetByRole(AriaRole.Link, new() { Name = section }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = section })).ToBeVisibleAsync();
            await LookAsync(visit, name, Opposites);
        }
        await page.GotoAsync("/points/fridge-2");
        await Expect(page.GetByTestId("chart").Locator("canvas").First).ToBeVisibleAsync();
        // A record that has only begun is shown from its beginning, and the rest of the hour is a click away.
        await Expect(page.GetByTestId("chart-reset")).ToBeVisibleAsync();
        await LookAsync(visit, "point", Opposites);
        await page.GotoAsync("/gateways/gw-1");
        await Expect(page.GetByTestId("device").First).ToBeVisibleAsync();
        await LookAsync(visit, "gateway", Opposites);
        await page.GotoAsync("/faults/quarantine");
        await Expect(page.GetByTestId("refused-page")).ToBeVisibleAsync();
        await LookAsync(visit, "quarantine", Opposites);
        await page.GotoAsync("/places/store-3");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Store 3" })).ToBeVisibleAsync();
        await LookAsync(visit, "place", Opposites);
        Assert.Empty(_violations);
        Assert.Empty(visit.Strangers);
    }

    [Fact]
    public async Task A_wall_shows_everything_that_matters_on_one_screen()
    {
        await using var visit = await browser.OpenAsync("/?wall=1", Screen.Wall);
        await Expect(visit.Page.GetByTestId("alarm").Filter(new() { HasText = "Vaccine fridge 2" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByTestId("movement").First).ToBeVisibleAsync();
        await LookAsync(visit, "now", [(Screen.Wall, false), (Screen.Wall, true)], whole: false);
        foreach (var card in (string[])["places", "movements-card", "cold-chain", "equipment"])
        {
            var box = await visit.Page.GetByTestId(card).BoundingBoxAsync();
            Assert.True(box is not null && box.Y + box.Height <= Screen.Wall.Height, $"{card} ends at {box?.Y + box?.Height} px");
        }
        Assert.Empty(_violations);
    }

    async Task LookAsync(Visit visit, string name, (Screen Screen, bool Dark)[] ways, bool whole = true)
    {
        // What is still being fetched is looked at in a test of its own.
        await Expect(visit.Page.Locator(".bone")).ToHaveCountAsync(0);
        foreach (var (screen, dark) in ways)
        {
            var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
            await visit.ShowOnAsync(screen, dark);
            await visit.ShotAsync(shot, whole);
            var found = (await visit.Page.RunAxe(Wcag)).Violations;
            output.WriteLine($"{shot}: {(found.Length == 0 ? "nothing" : string.Join(", ", found.Select(each => $"{each.Id} ({each.Impact}) × {each.Nodes.Length}")))}");
            _violations.AddRange(found.Where(each => each.Impact is "serious" or "critical").SelectMany(each => each.Nodes.Select(node => $"{shot}: {each.Id}: {node.Html}")));
            var wide = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > screen.Width) _violations.Add($"{shot}: {wide} px wide, so it scrolls sideways");
        }
        await visit.ShowOnAsync(ways[0].Screen, ways[0].Dark);
    }
}
