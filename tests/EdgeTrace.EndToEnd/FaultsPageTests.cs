using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>A reader that does not answer and a gateway that dies, as the page tells them; planned work with no mouse.</summary>
[Collection(typeof(PageTests))]
public class FaultsPageTests(Browser browser, ITestOutputHelper output)
{
    const string Reader = "[data-fault='gw-1/reader/store-1-reader']";

    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    [Fact]
    public async Task A_fault_is_a_sentence_goes_into_planned_work_by_keyboard_alone_and_comes_back()
    {
        await using var chain = await Chain.MakeAsync(9, TimeSpan.FromSeconds(30));
        chain.Amend("gateway.json", gateway => gateway["Llrp"]![0]!["Port"] = Chain.FreePort());
        await chain.StartCloudAsync();
        await using var visit = await browser.OpenAtAsync(chain, "/gateways");
        var page = visit.Page;
        await Expect(page.GetByTestId("gateway")).ToHaveAttributeAsync("data-state", "never-heard");
        await LookAsync(visit, "gateways-none");
        await chain.StartGatewayAsync(wait: false);
        await Expect(page.GetByTestId("gateway")).ToHaveAttributeAsync("data-state", "online");
        await Expect(page.GetByTestId("hours-left")).Not.ToBeEmptyAsync();
        await Expect(page.GetByTestId("store").Filter(new() { HasText = "log" }).First).ToBeVisibleAsync();
        await LookAsync(visit, "gateways-one");

        await page.GotoAsync(chain.Url + "/faults");
        var faulty = page.GetByTestId("faults").Locator(Reader);
        await Expect(faulty.GetByTestId("fault-sentence")).ToContainTextAsync("Reader Store 1 door (Store 1 · Orthopaedics, asset 1187, ceiling void by bay 4, switch 2 port 14) has not answered since ");
        await Expect(faulty.GetByTestId("fault-sentence")).ToContainTextAsync("Movements through Store 1 door are not being seen. Check its power, its network cable and the address.");
        await LookAsync(visit, "faults-reader");

        await KeyboardTests.TabToAsync(page, $"{Reader} [data-testid=plan-work]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("plan-dialog")).ToBeVisibleAsync();
        await LookAsync(visit, "faults-planning");
        await KeyboardTests.TabToAsync(page, "[data-testid=plan-reason]");
        await page.Keyboard.TypeAsync("New cable to bay 4");
        await KeyboardTests.TabToAsync(page, "[data-testid=plan-send]");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("plan-dialog")).Not.ToBeVisibleAsync();
        await Expect(page.GetByTestId("faults-note")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("planned").Locator(Reader).GetByTestId("work-note")).ToContainTextAsync("Planned work by machine:tests until");
        await Expect(faulty).Not.ToBeVisibleAsync();
        await LookAsync(visit, "faults-planned");

        await KeyboardTests.TabToAsync(page, $"{Reader} [data-testid=end-work]");
        await page.Keyboard.PressAsync("Enter");
        await KeyboardTests.TabToAsync(page, "[data-testid=end-send]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(faulty).ToBeVisibleAsync();
        await Expect(page.GetByTestId("planned")).Not.ToBeVisibleAsync();

        await Chain.KillAsync(chain.Gateway);
        var dead = page.Locator("[data-fault='gw-1/gateway/gw-1']");
        await Expect(dead.GetByTestId("fault-sentence")).ToContainTextAsync("Gateway Level 2 (asset 1204, comms cupboard by theatre reception, switch 2 port 3) has not been heard since ");
        await Expect(faulty).Not.ToBeVisibleAsync();
        await dead.GetByTestId("fault-children").ClickAsync();
        await LookAsync(visit, "faults-gateway-down");
        await page.GotoAsync(chain.Url + "/gateways/gw-1");
        await Expect(page.GetByTestId("gateway-page")).ToHaveAttributeAsync("data-state", "offline");
        await LookAsync(visit, "gateway-down");

        // Seven sections do not fit a phone's bar: the rest opens above it.
        await visit.ShowOnAsync(Screen.Phone, dark: false);
        await page.GetByTestId("more-sections").ClickAsync();
        await visit.ShotAsync("more-phone-light", whole: false);
        await page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Completeness" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(chain.Url + "/completeness");
        await Expect(page.GetByTestId("more-sections")).ToHaveAttributeAsync("aria-expanded", "false");
        Assert.Empty(visit.Complaints);
    }

    /// <summary>Light and dark, wide and on a phone, before axe.</summary>
    async Task LookAsync(Visit visit, string name)
    {
        foreach (var (screen, dark) in new[] { (Screen.Desk, false), (Screen.Phone, true), (Screen.Desk, true), (Screen.Phone, false) })
        {
            await visit.ShowOnAsync(screen, dark);
            var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
            await visit.ShotAsync(shot);
            var found = (await visit.Page.RunAxe(Wcag)).Violations.Where(each => each.Impact is "serious" or "critical").ToList();
            output.WriteLine($"{shot}: {(found.Count == 0 ? "nothing" : string.Join(", ", found.Select(each => each.Id)))}");
            Assert.True(found.Count == 0, string.Join('\n', found.SelectMany(each => each.Nodes.Select(node => $"{shot}: {each.Id}: {node.Html}"))));
            var wide = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(wide <= screen.Width, $"{shot}: {wide} px wide, so it scrolls sideways");
        }
        await visit.ShowOnAsync(Screen.Desk, dark: false);
    }
}
