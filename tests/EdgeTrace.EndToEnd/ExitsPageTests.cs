using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>A hospital whose stores open onto the street: what is carried out is asked about, the lamp at the door burns, and somebody answers with no mouse.</summary>
public sealed class ExitsPageTests(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    Chain _chain = null!;
    IPlaywright _playwright = null!;
    IBrowser _chromium = null!;
    IBrowserContext _person = null!;

    public async ValueTask InitializeAsync()
    {
        _chain = await Chain.MakeAsync(11, TimeSpan.FromSeconds(30));
        _chain.Amend("site.json", site =>
        {
            foreach (var place in site["locations"]!.AsArray()) if ((string)place!["id"]! == "corridor") place["kind"] = "outside";
            foreach (var door in site["portals"]!.AsArray()) door!["gap"] = "00:00:00.5";
        });
        _chain.Amend("gateway.json", gateway =>
        {
            foreach (var reader in gateway["Llrp"]!.AsArray())
                foreach (var (portal, n) in reader!["Portals"]!.AsArray().Select((portal, n) => (portal!, n))) portal["Beacon"] = new System.Text.Json.Nodes.JsonObject { ["AmberPort"] = 1 + 2 * n, ["RedPort"] = 2 + 2 * n };
        });
        var products = Path.Combine(_chain.Folder, "products.csv");
        var lines = await File.ReadAllLinesAsync(products);
        await File.WriteAllLinesAsync(products, lines.Select((line, n) => $"{line},{(n == 0 ? "controlled" : "yes")}"));
        await _chain.StartCloudAsync();
        await _chain.StartGatewayAsync();
        _playwright = await Playwright.CreateAsync();
        (_chromium, _person) = await Browser.LaunchAsync(_playwright, _chain.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _playwright.Dispose();
        await _chain.DisposeAsync();
    }

    [Fact]
    public async Task What_goes_out_is_asked_about_its_lamp_burns_and_it_is_answered_by_keyboard_alone()
    {
        await using var visit = await Visit.OpenAsync(_person, _chain, Screen.Desk);
        var page = visit.Page;
        await page.GotoAsync("/exits");
        await Expect(page.GetByTestId("exit-door").First).ToContainTextAsync("ready");
        await LookAsync(visit, "exits-none");

        _chain.Hospital.Tell("START");
        var first = page.GetByTestId("exit").Last;
        await Expect(first.GetByTestId("exit-sentence")).ToContainTextAsync("no ticket covers it. Go to the door and ask; answer it under Exits.");
        await first.GetByTestId("exit-evidence").ClickAsync();
        await Expect(first.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await _chain.UntilAsync("the lamp burns", async () => (await File.ReadAllTextAsync(Path.Combine(_chain.Folder, "truth.jsonl"))).Contains("\"kind\":\"output\"", StringComparison.Ordinal));
        await LookAsync(visit, "exits-asking");

        await KeyboardTests.TabToAsync(page, "[data-testid=answer-exit]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("answer-dialog")).ToBeVisibleAsync();
        var answered = await page.GetByTestId("answer-dialog").Locator("p").First.InnerTextAsync();
        await LookAsync(visit, "exits-answering");
        await KeyboardTests.TabToAsync(page, "[data-testid=answer-returned]");
        await page.Keyboard.PressAsync("Space");
        await KeyboardTests.TabToAsync(page, "[data-testid=answer-reason]");
        await page.Keyboard.TypeAsync("The porter took the wrong trolley");
        await KeyboardTests.TabToAsync(page, "[data-testid=answer-send]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("exits-note")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("settled").Filter(new() { HasText = "The porter took the wrong trolley" })).ToHaveCountAsync(1);
        output.WriteLine(answered);
        await TellDelaysAsync();

        await page.GotoAsync("/");
        var alarm = page.GetByTestId("alarm").Filter(new() { HasText = "went out through" }).First;
        await Expect(alarm).ToBeVisibleAsync();
        await visit.ShotAsync("now-exit-desk-light");
        await alarm.GetByRole(AriaRole.Link, new() { Name = "Answer" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(_chain.Url + "/exits");

        await WriteTicketAsync(visit);
        await CountAsync(visit);
        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Strangers);
    }

    /// <summary>From the last read of a passage to its question in the ledger, and to the lamp, with a gap of half a second.</summary>
    async Task TellDelaysAsync()
    {
        using var http = await _chain.HttpAsync();
        var exits = JsonDocument.Parse(await http.GetStringAsync("/api/v1/exits", TestContext.Current.CancellationToken)).RootElement;
        var asked = exits.GetProperty("open").EnumerateArray().Concat(exits.GetProperty("settled").EnumerateArray().Where(exit => exit.GetProperty("outcome").GetString() == "unticketed"))
            .Select(exit => (exit.GetProperty("recordedAt").GetDateTimeOffset() - exit.GetProperty("at").GetDateTimeOffset()).TotalSeconds).Order().ToList();
        output.WriteLine($"{asked.Count} questions, read to question: {asked[0]:0.0} to {asked[^1]:0.0} s, half within {asked[asked.Count / 2]:0.0} s");
    }

    static async Task WriteTicketAsync(Visit visit)
    {
        var page = visit.Page;
        await page.GetByTestId("new-ticket").ClickAsync();
        await page.GetByTestId("ticket-code").FillAsync("3034257BF7194E4000001A85");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByTestId("ticket-code").FillAsync("rubbish");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByTestId("kind-repair").CheckAsync();
        await page.GetByTestId("ticket-reason").Locator("textarea").FillAsync("To the maker, loose handle");
        await page.GetByTestId("ticket-send").ClickAsync();
        await Expect(page.GetByTestId("ticket-dialog")).ToContainTextAsync("Not written: some codes name no single thing.");
        await LookAsync(visit, "exits-ticket");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove rubbish" }).ClickAsync();
        await page.GetByTestId("ticket-send").ClickAsync();
        var ticket = page.Locator("[data-testid=ticket][data-state=open]");
        await Expect(ticket).ToContainTextAsync("To the maker, loose handle");
        await LookAsync(visit, "exits-tickets");
        await ticket.GetByTestId("end-ticket").ClickAsync();
        await Expect(page.Locator("[data-testid=ticket][data-state=ended]")).ToBeVisibleAsync();
    }

    static async Task CountAsync(Visit visit)
    {
        var page = visit.Page;
        await page.GotoAsync("/stock");
        await page.GetByRole(AriaRole.Link, new() { Name = "Stock-take" }).ClickAsync();
        await Expect(page.GetByTestId("start-count").First).ToBeVisibleAsync();
        await LookAsync(visit, "counts-none");
        await page.Locator("[data-testid=start-count][data-place=store-1]").ClickAsync();
        await Expect(page.GetByTestId("count-page")).ToHaveAttributeAsync("data-open", "true");
        await page.GetByTestId("count-code").FillAsync("rubbish");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("count-trouble")).ToBeVisibleAsync();
        await page.GetByTestId("count-code").FillAsync("3034257BF7194E4000001A85");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("count-unexpected")).ToHaveTextAsync("1");
        await Expect(page.GetByTestId("count-code")).ToBeFocusedAsync();
        await LookAsync(visit, "count-open");
        await page.GetByTestId("close-count").ClickAsync();
        await Expect(page.GetByTestId("count-page")).ToHaveAttributeAsync("data-open", "false");
        await LookAsync(visit, "count-closed");
    }

    /// <summary>Light and dark, wide and on a phone, before axe.</summary>
    static async Task LookAsync(Visit visit, string name)
    {
        foreach (var (screen, dark) in new[] { (Screen.Desk, false), (Screen.Phone, true) })
        {
            await visit.ShowOnAsync(screen, dark);
            var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
            await visit.ShotAsync(shot);
            var found = (await visit.Page.RunAxe(Wcag)).Violations.Where(each => each.Impact is "serious" or "critical").ToList();
            Assert.True(found.Count == 0, string.Join('\n', found.SelectMany(each => each.Nodes.Select(node => $"{shot}: {each.Id}: {node.Html}"))));
            var wide = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(wide <= screen.Width, $"{shot}: {wide} px wide, so it scrolls sideways");
        }
        await visit.ShowOnAsync(Screen.Desk, dark: false);
    }
}
