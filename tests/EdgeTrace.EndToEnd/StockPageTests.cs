using System.Globalization;
using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EdgeTrace.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>Goods in by a keyboard scanner, then what people do to stock, each as they would, and each page before axe.</summary>
public class StockPageTests(Shelves shelves, ITestOutputHelper output) : IClassFixture<Shelves>
{
    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };
    static readonly (Screen Screen, bool Dark)[] Ways = [(Screen.Desk, false), (Screen.Phone, true)];

    readonly List<string> _violations = [];

    [Fact]
    public async Task A_delivery_is_booked_in_by_scanner_alone_and_a_mistake_is_taken_back()
    {
        await using var visit = await shelves.OpenAsync("/goods-in");
        var page = visit.Page;
        await Expect(page.GetByTestId("goods-place")).ToHaveValueAsync("goods-in");
        await LookAsync(visit, "goods-in-empty", 1);
        var date = Shelves.Today.AddDays(500).ToString("yyMMdd", CultureInfo.InvariantCulture);

        await Wedge.ScanAsync(page, $"]d201{Shelves.Stem}17{date}10L9\u001d219001", blur: true);
        await Expect(Line(page, "9001")).ToHaveAttributeAsync("data-state", "done");
        // A label in two codes: what is missing is said, and the second completes it.
        await Wedge.ScanAsync(page, $"]C101{Shelves.Cup}", blur: true);
        await Expect(page.GetByTestId("goods-says")).ToContainTextAsync("Now scan the code with");
        await LookAsync(visit, "goods-in-half", 1);
        await Wedge.ScanAsync(page, $"]C117{date}10C9\u001d21777", blur: true);
        await Expect(Line(page, "777")).ToHaveAttributeAsync("data-state", "done");
        // Too little life left: booked in, on hold, and said so.
        await Wedge.ScanAsync(page, $"]d201{Shelves.Stem}17{Shelves.Today.AddDays(10).ToString("yyMMdd", CultureInfo.InvariantCulture)}10L9\u001d219002", blur: true);
        await Expect(Line(page, "9002")).ToHaveAttributeAsync("data-state", "held");
        await Expect(Line(page, "9002")).ToContainTextAsync("10 days left");
        // Scanned twice: there already. Not readable: explained and kept.
        await Wedge.ScanAsync(page, $"]d201{Shelves.Stem}17{date}10L9\u001d219001", blur: true);
        await Expect(page.GetByTestId("goods-line").First).ToHaveAttributeAsync("data-state", "already");
        await Wedge.ScanAsync(page, "]d20105412345000014", blur: true);
        await Expect(page.GetByTestId("goods-line").First).ToHaveAttributeAsync("data-state", "refused");
        // What has no number is counted: scanned twice, then set.
        await Wedge.ScanAsync(page, $"]d201{Shelves.Screw}17{date}10S78", blur: true);
        await Expect(Line(page, "S78").GetByTestId("goods-pieces")).ToHaveValueAsync("1");
        await Wedge.ScanAsync(page, $"]d201{Shelves.Screw}17{date}10S78", blur: true);
        await Expect(Line(page, "S78").GetByTestId("goods-pieces")).ToHaveValueAsync("2");
        await Line(page, "S78").GetByTestId("goods-pieces").FillAsync("40");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByTestId("goods-summary")).ToContainTextAsync("43 booked in");
        await LookAsync(visit, "goods-in", 2);

        await Line(page, "9001").Last.GetByTestId("goods-undo").ClickAsync();
        await Expect(page.Locator("[data-testid=goods-line][data-state=undone]")).ToHaveCountAsync(1);
        var story = await shelves.StoryAsync("9001");
        Assert.Equal("unbooked", story.Thing.Status);
        Assert.All(story.Entries, entry => Assert.Equal("Booked in by mistake", entry.Wrong!.Reason));
        Assert.Empty(_violations);
        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Strangers);
    }

    [Fact]
    public async Task What_is_scanned_without_a_link_outlives_a_reload_and_is_booked_in_once()
    {
        await using var visit = await shelves.OpenAsync("/goods-in");
        var page = visit.Page;
        await Expect(page.GetByTestId("goods-place")).ToHaveValueAsync("goods-in");
        // The browser has what it opens the page with.
        await page.WaitForFunctionAsync("async () => (await (await caches.open('edgetrace-page')).match('/')) != null && navigator.serviceWorker.controller != null");
        await page.GetByTestId("goods-order").FillAsync("PO 4711");
        var date = Shelves.Today.AddDays(500).ToString("yyMMdd", CultureInfo.InvariantCulture);
        // Half a label is waited with, too.
        await Wedge.ScanAsync(page, $"]C101{Shelves.Cup}", blur: true);
        await Expect(page.GetByTestId("goods-says")).ToContainTextAsync("Now scan the code with");

        await page.Context.SetOfflineAsync(true);
        foreach (var code in (string[])[$"]C117{date}10C9\u001d21778", $"]d201{Shelves.Stem}17{date}10L9\u001d219101", $"]d201{Shelves.Screw}17{date}10S79", $"]d201{Shelves.Screw}17{date}10S79"]) await Wedge.ScanAsync(page, code, blur: true);
        await Expect(page.GetByTestId("goods-waiting")).ToContainTextAsync("4 scans wait");
        await LookAsync(visit, "goods-in-offline", 2);
        await page.ReloadAsync();
        await Expect(page.GetByTestId("goods-waiting")).ToContainTextAsync("5 scans wait");
        await Expect(page.GetByTestId("goods-kept")).ToHaveCountAsync(5);
        await Expect(page.GetByTestId("link-banner")).ToBeVisibleAsync();
        await LookAsync(visit, "goods-in-offline-reloaded", 2);

        // The link is back, but every answer is lost on its way: the server has done it, and the page does not know.
        await page.RouteAsync("**/api/v1/stock/acts", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync();
        });
        await page.Context.SetOfflineAsync(false);
        await Expect(page.GetByTestId("goods-line").First).ToHaveAttributeAsync("data-state", "waiting");
        // The browser dies, and another page takes up what it had kept.
        await page.CloseAsync();
        await using var later = await shelves.OpenAsync("/goods-in");
        page = later.Page;
        await Expect(Line(page, "778")).ToHaveAttributeAsync("data-state", "done");
        await Expect(Line(page, "9101")).ToHaveAttributeAsync("data-state", "done");
        await Expect(Line(page, "S79").GetByTestId("goods-pieces")).ToHaveValueAsync("2");
        await Expect(page.GetByTestId("goods-waiting")).ToHaveCountAsync(0);
        var screws = (await shelves.GetAsync<StockPage>($"/api/v1/stock?things=true&place=goods-in&product={Shelves.Screw}")).Groups.SelectMany(group => group.Things ?? []);
        Assert.Equal(2, screws.Single(thing => thing.Lot == "S79").Pieces);
        foreach (var (product, serial) in ((string, string)[])[(Shelves.Cup, "778"), (Shelves.Stem, "9101")])
        {
            var story = await shelves.StoryAsync(serial, product);
            var entry = Assert.Single(story.Entries);
            Assert.Equal("received", entry.Kind);
            Assert.Contains("PO 4711", entry.Sentence, StringComparison.Ordinal);
        }
        Assert.Empty(_violations);
        Assert.Empty(visit.Strangers);
    }

    [Fact]
    public async Task A_report_a_recall_and_an_items_story_are_printed_without_the_pages_frame_and_say_of_where_and_when()
    {
        const string product = "05412345000044";
        var labels = Enumerable.Range(0, 60).Select(i => new StockLine($"(01){product}(17)301231(10)R1(21){7000 + i}")).ToList();
        (await shelves.Http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct("opening-to-print", "opening", labels) { Place = "store-1" }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await shelves.Http.PostAsJsonAsync("/api/v1/recalls", new RecallDraft("recall-to-print", "FSN 2026-20", product) { Lots = ["R1"] }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        foreach (var (name, path, ready, title) in new[]
        {
            ("print-report", "/reports/expiring", "report-says", "Expiring"), ("print-recall", "/recalls/recall-to-print", "recall-state", "Recall FSN 2026-20"),
            ("print-item", $"/items/{Uri.EscapeDataString($"https://id.gs1.org/01/{product}/21/7001")}", "history", product),
        })
        {
            await using var visit = await shelves.OpenAsync(path);
            var page = visit.Page;
            await Expect(page.GetByTestId(ready)).ToBeVisibleAsync();
            await visit.ShowOnAsync(Screen.Desk, dark: true);
            await page.PdfAsync(new() { Path = Path.Combine(Visit.Screenshots, name + ".pdf"), PreferCSSPageSize = true });
            // As the browser does before it prints.
            await page.EvaluateAsync("() => dispatchEvent(new Event('beforeprint'))");
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
            foreach (var frame in (string[])[".top", ".rail", ".button"])
                foreach (var each in await page.Locator(frame).AllAsync()) await Expect(each).ToBeHiddenAsync();
            await Expect(page.Locator(".printhead")).ToContainTextAsync("St Elsewhere");
            await Expect(page.Locator(".printhead")).ToContainTextAsync("times in Europe/London");
            await Expect(page.Locator("main")).ToContainTextAsync(title);
            if (name == "print-recall") await Expect(page.GetByTestId("recall-thing").Last).ToBeVisibleAsync();
            await visit.ShotAsync(name);
            Assert.Empty(visit.Complaints);
        }
    }

    [Fact]
    public async Task Stock_is_put_away_picked_by_first_expiry_held_released_and_declared_wrong()
    {
        await using var visit = await shelves.OpenAsync("/stock");
        var page = visit.Page;
        var stems = page.Locator($"[data-testid=stock-group][data-product='{Shelves.Stem}'][data-place=store-3]");
        // Out of date since two days: there, and not to be used.
        await Expect(stems.GetByTestId("available")).ToHaveTextAsync($"{Shelves.Stems - 1}");
        await Expect(stems).ToContainTextAsync("1 expired");
        await Expect(page.Locator("[data-testid=stock-group][data-place=theatre-1]")).ToContainTextAsync("1 short of 2");
        await LookAsync(visit, "stock", 2);

        await stems.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByTestId("stock-thing").First).ToBeVisibleAsync();
        // 220 rows and not 220 in the document: the list is drawn as far as it is seen.
        var drawn = await page.GetByTestId("stock-thing").CountAsync();
        output.WriteLine($"{drawn} of {Shelves.Stems} rows drawn");
        Assert.InRange(drawn, 5, 100);
        await Thing(page, "1005").GetByTestId("choose").ClickAsync();
        await LookAsync(visit, "stock-open", 1, whole: false);
        await page.GetByTestId("act-picked").ClickAsync();
        await Expect(page.GetByTestId("fefo")).ToContainTextAsync("expires earlier could be taken instead");
        await page.GetByTestId("act-send").ClickAsync();
        await Expect(page.GetByTestId("act-dialog").GetByRole(AriaRole.Alert)).ToContainTextAsync("or say why not");
        await LookAsync(visit, "pick-fefo", 2, whole: false);
        await page.GetByTestId("fefo-take").ClickAsync();
        await Expect(page.GetByTestId("fefo")).ToHaveCountAsync(0);
        await page.GetByTestId("act-send").ClickAsync();
        await Expect(page.GetByTestId("outcome")).ToHaveAttributeAsync("data-outcome", "done");
        await Expect(page.GetByTestId("outcome")).ToContainTextAsync("1001");
        await LookAsync(visit, "pick-done", 1, whole: false);
        await page.GetByTestId("act-close").ClickAsync();
        await Expect(stems.GetByTestId("available")).ToHaveTextAsync($"{Shelves.Stems - 2}");

        // On hold: red at the top of its page, nowhere available, and off again with a reason.
        await Thing(page, "1003").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByTestId("standing")).ToHaveAttributeAsync("data-available", "true");
        await page.GetByTestId("act-held").ClickAsync();
        await TypeAsync(page, "act-reason", "The box is wet");
        await page.GetByTestId("act-send").ClickAsync();
        await page.GetByTestId("act-close").ClickAsync();
        await Expect(page.GetByTestId("hold")).ToContainTextAsync("The box is wet");
        await Expect(page.GetByTestId("availability")).ToHaveTextAsync("It may not be used: on hold.");
        await LookAsync(visit, "item-held", 2);
        await page.GetByTestId("release").ClickAsync();
        await TypeAsync(page, "act-reason", "Dried and looked at, the seal is whole");
        await page.GetByTestId("act-send").ClickAsync();
        await page.GetByTestId("act-close").ClickAsync();
        await Expect(page.GetByTestId("hold")).ToHaveCountAsync(0);

        // Put away by mistake, and declared wrong: struck through, and it is where it was.
        await page.GetByTestId("act-stored").ClickAsync();
        await page.GetByTestId("act-place").SelectOptionAsync("pharmacy");
        await page.GetByTestId("act-send").ClickAsync();
        await page.GetByTestId("act-close").ClickAsync();
        await Expect(page.GetByTestId("where-now")).ToContainTextAsync("Pharmacy");
        var entry = page.Locator("[data-testid=history-entry][data-kind=stored]").First;
        await entry.Locator("summary").ClickAsync();
        await entry.GetByTestId("declare-wrong").ClickAsync();
        await TypeAsync(page, "declare-reason", "It was another box");
        await page.GetByTestId("declare-send").ClickAsync();
        await Expect(entry.GetByTestId("declared-wrong")).ToContainTextAsync("It was another box");
        await Expect(page.GetByTestId("where-now")).ToContainTextAsync("Store 3");
        await LookAsync(visit, "item-wrong", 1);
        Assert.Empty(_violations);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Find_catalogue_and_reports_answer_and_can_be_read_by_everybody()
    {
        await using var visit = await shelves.OpenAsync("/find?q=screw");
        var page = visit.Page;
        await Expect(page.GetByTestId("found-other").First).ToContainTextAsync("Cortical screw");
        await LookAsync(visit, "find-words", 1);
        await page.GotoAsync($"/find?q={Uri.EscapeDataString($"(01){Shelves.Screw}(10)S77")}");
        await Expect(page.GetByTestId("standing")).ToContainTextAsync("25");
        await page.GotoAsync($"/find?q={Uri.EscapeDataString("(01)05412345000014(21)7")}");
        await Expect(page.GetByTestId("find-error")).ToContainTextAsync("cannot be read");
        await LookAsync(visit, "find-unreadable", 1);

        await page.GotoAsync("/catalogue");
        await Expect(page.GetByTestId("product").First).ToBeVisibleAsync();
        await page.GetByTestId("import-pars").GetByTestId("import-file").SetInputFilesAsync(new FilePayload { Name = "pars.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes($"place,product,par\nnowhere,{Shelves.Cup},2\n") });
        await Expect(page.GetByTestId("import-seen")).ToContainTextAsync("line 2");
        await LookAsync(visit, "catalogue", 2);
        await page.GetByTestId("import-pars").GetByTestId("import-file").SetInputFilesAsync(new FilePayload { Name = "pars.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes($"place,product,par\npharmacy,{Shelves.Cup},2\n") });
        await page.GetByTestId("import-take").ClickAsync();
        await Expect(page.GetByTestId("import-seen")).ToHaveAttributeAsync("data-done", "true");

        foreach (var report in (string[])["expiring", "low", "wasted", "moved", "missing", "scanners"])
        {
            await page.GotoAsync($"/reports/{report}");
            await Expect(page.GetByTestId("report-says")).ToBeVisibleAsync();
            await LookAsync(visit, $"report-{report}", report is "expiring" ? 2 : 1);
        }
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("low-stock")).ToContainTextAsync("below par");
        await LookAsync(visit, "now-low", 2);
        Assert.Empty(_violations);
        Assert.Empty(visit.Strangers);
    }

    static ILocator Line(IPage page, string which) => page.GetByTestId("goods-line").Filter(new() { HasText = which });

    static ILocator Thing(IPage page, string serial) => page.GetByTestId("stock-thing").Filter(new() { HasText = $"serial {serial}" });

    static async Task TypeAsync(IPage page, string field, string text)
    {
        await page.GetByTestId(field).ClickAsync();
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Pictures in so many ways, and axe over each.</summary>
    async Task LookAsync(Visit visit, string name, int ways, bool whole = true)
    {
        await Expect(visit.Page.Locator(".bone")).ToHaveCountAsync(0);
        foreach (var (screen, dark) in Ways.Take(ways))
        {
            var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
            await visit.ShowOnAsync(screen, dark);
            await visit.ShotAsync(shot, whole);
            var found = (await visit.Page.RunAxe(Wcag)).Violations;
            _violations.AddRange(found.Where(each => each.Impact is "serious" or "critical").SelectMany(each => each.Nodes.Select(node => $"{shot}: {each.Id}: {node.Html}")));
            var wide = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > screen.Width) _violations.Add($"{shot}: {wide} px wide, so it scrolls sideways");
        }
        await visit.ShowOnAsync(Screen.Desk, dark: false);
        foreach (var violation in _violations) output.WriteLine(violation);
    }
}
