using System.Text.RegularExpressions;
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

    [GeneratedRegex(@"In .+(passed the door|scanned there).*\d\d:\d\d.*\d\s?%", RegexOptions.Singleline)] private static partial Regex Where();
}
