using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EdgeTrace.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>A label was printed twice: the readers' TIDs give it away, and somebody finds it on Faults, looks at it, and says which tag is right.</summary>
public sealed class TwoTagsPageTests : IAsyncLifetime
{
    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    Chain _chain = null!;
    IPlaywright _playwright = null!;
    IBrowser _chromium = null!;
    IBrowserContext _person = null!;

    public async ValueTask InitializeAsync()
    {
        _chain = await Chain.MakeAsync(5, TimeSpan.FromSeconds(30));
        await _chain.StartCloudAsync();
        await _chain.StartGatewayAsync();
        // What is on the shelves is counted into the books; the mesh is the last thing of the corridor.
        var mesh = (await File.ReadAllLinesAsync(Path.Combine(_chain.Folder, "shelves.csv"))).Select(line => line.Split(',')).Single(line => line[1].EndsWith("(21)990002", StringComparison.Ordinal));
        using var http = await _chain.HttpAsync();
        (await http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct("mesh", "opening", [new(mesh[1], Epc: mesh[2])]) { Place = mesh[0] })).EnsureSuccessStatusCode();
        _playwright = await Playwright.CreateAsync();
        (_chromium, _person) = await Browser.LaunchAsync(_playwright, _chain.Url);
        _chain.Hospital.Tell("START");
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _playwright.Dispose();
        await _chain.DisposeAsync();
    }

    [Fact]
    public async Task What_two_tags_carry_is_red_on_hold_and_released_by_whoever_says_which_is_right()
    {
        await using var visit = await Visit.OpenAsync(_person, _chain, Screen.Desk);
        var page = visit.Page;
        await page.GotoAsync("/faults");
        var fault = page.Locator("[data-testid=fault][data-state='two tags']");
        await Expect(fault.GetByTestId("fault-sentence")).ToContainTextAsync("Surgical mesh, 15 × 15 cm, serial 990002", new() { Timeout = 60_000 });
        await Expect(fault.GetByTestId("fault-sentence")).ToContainTextAsync("has been read with two different tags since");
        await LookAsync(visit, "two-tags-fault", "[data-state='two tags']");

        await page.GotoAsync("/find?q=mesh");
        await Expect(page.GetByTestId("found-warning")).ToContainTextAsync("Two tags carry this number");
        await LookAsync(visit, "two-tags-find", "[data-testid=found-warning]");

        await page.GetByTestId("found-item").Filter(new() { Has = page.GetByTestId("found-warning") }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByTestId("hold")).ToContainTextAsync("On hold: two tags carry its number. Do not use it.");
        await Expect(page.GetByTestId("tag")).ToHaveCountAsync(2);
        await Expect(page.GetByTestId("tag").First).ToContainTextAsync("read last at Store 3 door");
        await Expect(page.GetByTestId("tag").Last).ToContainTextAsync("read last at Theatre 1 door");
        await Expect(page.GetByTestId("standing")).ToHaveAttributeAsync("data-available", "false");
        await Expect(page.Locator("[data-testid=history-entry][data-kind=two-tags]")).ToContainTextAsync("Another tag with this number answered at Theatre 1 door");
        await Expect(page.GetByTestId("where-doubt")).ToContainTextAsync("where the right one is, nobody knows yet");
        await Expect(page.Locator("[data-testid=history-entry][data-kind=in]").First).ToContainTextAsync("· tag …");
        await LookAsync(visit, "two-tags-item", "[data-testid=hold]");

        await page.GetByTestId("which-tag").ClickAsync();
        await page.GetByTestId("tags-send").ClickAsync();
        await Expect(page.GetByTestId("tags-dialog")).ToContainTextAsync("Choose the right tag.");
        await page.GetByTestId("tag-choice").First.CheckAsync();
        await page.GetByTestId("tags-reason").Locator("textarea").FillAsync("The box in theatre is another product");
        await LookAsync(visit, "two-tags-dialog", "[data-testid=tags-dialog]");
        await page.GetByTestId("tags-send").ClickAsync();
        await Expect(page.GetByTestId("hold")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-testid=history-entry][data-kind=released]")).ToContainTextAsync("said to be right. The box in theatre is another product");
        await page.GotoAsync("/faults");
        await Expect(page.GetByTestId("faults")).ToBeVisibleAsync();
        await Expect(fault).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);
    }

    /// <summary>Light and dark, wide and on a phone, before axe.</summary>
    static async Task LookAsync(Visit visit, string name, string at)
    {
        foreach (var (screen, dark) in ((Screen, bool)[])[(Screen.Desk, true), (Screen.Phone, false), (Screen.Desk, false)])
        {
            await visit.ShowOnAsync(screen, dark);
            await Expect(visit.Page.Locator(at).First).ToBeVisibleAsync();
            await visit.ShotAsync($"{name}-{screen.Name}-{(dark ? "dark" : "light")}", whole: screen != Screen.Phone || !name.EndsWith("dialog", StringComparison.Ordinal));
            var result = await visit.Page.RunAxe(Wcag);
            var serious = result.Violations.Where(one => one.Impact is "serious" or "critical").Select(one => $"{name}: {one.Id} {string.Join(" | ", one.Nodes.Select(node => node.Html))}").ToList();
            Assert.Empty(serious);
        }
    }
}
