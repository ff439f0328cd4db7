using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EdgeTrace.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>A recall as the person who got the notice does it: with a box in the hand and no mouse.</summary>
[Collection(typeof(PageTests))]
public class RecallPageTests(Browser browser, ITestOutputHelper output)
{
    const string Gtin = "10614141123459";

    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    [Fact]
    public async Task A_notice_is_scanned_pressed_answered_and_closed_with_the_keyboard_alone()
    {
        await using var chain = await Chain.MakeAsync(11, TimeSpan.FromSeconds(30));
        await chain.StartCloudAsync();
        await using var visit = await browser.OpenAtAsync(chain, "/recalls");
        var page = visit.Page;
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("Nothing has ever been recalled here");
        await LookAsync(visit, "recalls-empty");
        await BookInAsync(chain, "store-1", ["(01)10614141123459(17)290131(10)A1(21)1001", "(01)10614141123459(17)290131(10)A1(21)1002", "(01)10614141123459(21)1003", "(01)10614141123459(10)B1(21)1004"]);
        await BookInAsync(chain, "store-3", ["(01)10614141123459(17)280630(10)A1(21)1005"]);
        await DoAsync(chain, new("act-used", "used", [new("(01)10614141123459(10)A1(21)1006")]) { Case = "case-4411" });

        await KeyboardTests.TabToAsync(page, "[data-testid=new-recall]");
        await page.Keyboard.PressAsync("Enter");
        await KeyboardTests.TabToAsync(page, "[data-testid=recall-code]");
        // As a scanner types it: the whole code, then Enter.
        await page.Keyboard.TypeAsync($"(01){Gtin}(10)A1(21)1002");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("recall-product")).ToContainTextAsync(Gtin);
        await Expect(page.GetByTestId("recall-lots")).ToHaveValueAsync("A1");
        await KeyboardTests.TabToAsync(page, "[data-testid=recall-reference]");
        await page.Keyboard.TypeAsync("FSN 2026-14");
        await KeyboardTests.TabToAsync(page, "[data-testid=recall-said]");
        await page.Keyboard.TypeAsync("Do not implant. Return to the maker.");
        await KeyboardTests.TabToAsync(page, "[data-testid=recall-look]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("recall-found")).ToContainTextAsync("4 pieces to hold in 2 places");
        await LookAsync(visit, "recall-preview");

        await KeyboardTests.TabToAsync(page, "[data-testid=recall-press]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("recall-state")).ToHaveTextAsync("2 of 2 places have not answered");
        await Expect(page.GetByTestId("implant")).ToContainTextAsync("case-4411");
        await LookAsync(visit, "recall-open");
        Assert.Equal(4, (await StockAsync(chain)).Groups.Sum(group => group.Recalled));

        await using (var now = await browser.OpenAtAsync(chain, "/"))
        {
            await Expect(now.Page.GetByTestId("recall-row")).ToContainTextAsync("Recall FSN 2026-14: 2 of 2 places have not answered");
            await LookAsync(now, "now-recall");
        }

        await AnswerAsync(page, "Store 1", "3");
        await Expect(page.GetByTestId("recall-state")).ToHaveTextAsync("1 of 2 places has not answered");
        await KeyboardTests.TabToAsync(page, "[data-testid=release]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("release-dialog")).ToBeVisibleAsync();
        await LookAsync(visit, "recall-releasing");
        await page.Keyboard.PressAsync("Escape");
        await AnswerAsync(page, "Store 3", "1");
        await Expect(page.GetByTestId("recall-state")).ToContainTextAsync("Contained in");
        await LookAsync(visit, "recall-contained");

        await KeyboardTests.TabToAsync(page, "[data-testid=close-recall]");
        await page.Keyboard.PressAsync("Enter");
        await KeyboardTests.TabToAsync(page, "[data-testid=close-reason]");
        await page.Keyboard.TypeAsync("All four are on their way to the maker");
        await KeyboardTests.TabToAsync(page, "[data-testid=close-send]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("recall-page")).ToHaveAttributeAsync("data-state", "closed");
        await page.GotoAsync(chain.Url + "/recalls");
        await Expect(page.GetByTestId("recall")).ToContainTextAsync("FSN 2026-14");
        await LookAsync(visit, "recalls-closed");
        await page.GotoAsync(chain.Url + "/recalls/no-such");
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("There is no such recall");
        // The address that is not known is the one complaint of this page.
        Assert.All(visit.Complaints, complaint => Assert.Contains("404", complaint, StringComparison.Ordinal));
        Assert.Empty(visit.Strangers);
    }

    static async Task AnswerAsync(IPage page, string place, string found)
    {
        await KeyboardTests.TabToAsync(page, $"[aria-label^='Answer for {place}']");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("answer-dialog")).ToBeVisibleAsync();
        await KeyboardTests.TabToAsync(page, "[data-testid=answer-found]");
        await page.Keyboard.TypeAsync(found);
        await KeyboardTests.TabToAsync(page, "[data-testid=answer-send]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("answer-dialog")).Not.ToBeVisibleAsync();
        await Expect(page.GetByTestId("recall-note")).ToBeFocusedAsync();
    }

    static Task BookInAsync(Chain chain, string place, IReadOnlyList<string> labels) =>
        DoAsync(chain, new($"act-{place}", "opening", [.. labels.Select(label => new StockLine(label))]) { Place = place });

    static async Task DoAsync(Chain chain, StockAct act)
    {
        using var http = await chain.HttpAsync();
        using var answer = await http.PostAsJsonAsync("/api/v1/stock/acts", act, TestContext.Current.CancellationToken);
        var outcome = (await answer.Content.ReadFromJsonAsync<ActOutcome>(TestContext.Current.CancellationToken))!;
        Assert.All(outcome.Lines, line => Assert.True(line.Outcome == "done", string.Join(' ', line.Says.Select(said => said.Says))));
    }

    static async Task<StockPage> StockAsync(Chain chain)
    {
        using var http = await chain.HttpAsync();
        return (await http.GetFromJsonAsync<StockPage>($"/api/v1/stock?product={Gtin}", TestContext.Current.CancellationToken))!;
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
