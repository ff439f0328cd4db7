using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EdgeTrace.Api;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

[Collection(typeof(PageTests))]
public partial class ItemPageTests(Browser browser, ITestOutputHelper output)
{
    [Fact]
    public async Task A_movement_opens_the_item_with_where_it_is_and_on_what_basis()
    {
        await using var visit = await browser.OpenAsync("/");
        var page = visit.Page;
        var movement = page.Locator("[data-testid=movement][data-direction=in]").First;
        var (key, name) = (await movement.GetAttributeAsync("data-key"), await movement.Locator(".item").InnerTextAsync());
        await movement.Locator("a").ClickAsync();

        await Expect(page).ToHaveURLAsync($"{browser.Chain.Url}/items/{key}");
        await Expect(page.Locator("h1")).ToHaveTextAsync(name);
        await Expect(page.GetByTestId("where-now")).ToContainTextAsync(Where());
        var entries = page.GetByTestId("history-entry");
        await Expect(entries.First).ToBeVisibleAsync();
        await entries.First.Locator("summary").ClickAsync();
        await Expect(entries.First.GetByRole(Microsoft.Playwright.AriaRole.Table)).ToBeVisibleAsync();
        await visit.ShotAsync("item-evidence-desk-light");
        output.WriteLine(await page.GetByTestId("where-now").InnerTextAsync());
        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Strangers);
    }

    [Fact]
    public async Task An_address_with_dots_and_slashes_in_it_opens_its_page_too()
    {
        await using var visit = await browser.OpenAsync("/items/no.such.thing-1.2");
        await Expect(visit.Page.GetByTestId("empty")).ToContainTextAsync("never been seen here");

        await visit.Page.GotoAsync("/");
        var scanned = visit.Page.GetByTestId("scan").Locator("a.item").First;
        var (address, name) = (await scanned.GetAttributeAsync("href"), await scanned.InnerTextAsync());
        output.WriteLine(address!);
        await visit.Page.GotoAsync($"/{address}");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync(name);
        await Expect(visit.Page.GetByTestId("history-entry").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_lay_in_a_freezing_fridge_is_on_hold_and_leads_to_its_record()
    {
        using var http = await browser.Chain.HttpAsync();
        // The day's second vaccine fridge sinks below its limits and stays there; a vaccine is put into the pharmacy.
        const string Code = "(01)05098404501013(17)290101(10)V1(21)cold-1";
        using var put = await http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct(Guid.NewGuid().ToString(), "opening", [new(Code)]) { Place = "pharmacy" }, s_json);
        var key = (await put.Content.ReadFromJsonAsync<ActOutcome>(s_json))!.Lines[0].Key!;
        await browser.Chain.UntilAsync("the vaccine is on hold", async () => (await http.GetFromJsonAsync<StockStory>($"/api/v1/stock/story/{Uri.EscapeDataString(key)}", s_json))!.Thing.Holds.Any(hold => hold.Point is not null));
        await using var visit = await browser.OpenAsync($"/items/{Uri.EscapeDataString(key)}");
        var hold = visit.Page.Locator("[data-testid=hold][data-reason=cold-chain]");
        await Expect(hold).ToContainTextAsync(Temperature());
        await Expect(visit.Page.GetByTestId("history-entry").Filter(new() { HasTextRegex = new("It was there for .+ of that") })).ToHaveCountAsync(1);
        foreach (var (screen, dark) in ((Screen, bool)[])[(Screen.Phone, true), (Screen.Desk, true), (Screen.Desk, false)])
        {
            await visit.ShowOnAsync(screen, dark);
            await visit.ShotAsync($"item-temperature-{screen.Name}-{(dark ? "dark" : "light")}");
            var axe = await visit.Page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") });
            Assert.Empty(axe.Violations.Select(violation => $"{screen.Name}: {violation.Id}: {violation.Help}"));
        }
        await hold.GetByRole(Microsoft.Playwright.AriaRole.Link).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("/points/fridge-"));
        Assert.Empty(visit.Complaints);
    }

    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    [GeneratedRegex(@"temperature: Vaccine fridge \d (above|below) \S+\s°C for")] private static partial Regex Temperature();
    [GeneratedRegex(@"In .+(passed the door|scanned there).*\d\d:\d\d.*\d\s?%", RegexOptions.Singleline)] private static partial Regex Where();
}
