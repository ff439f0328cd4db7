using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EdgeTrace.Api;
using EdgeTrace.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>An operation in the theatre with a scanner and no mouse, the pairs that must not meet, and a Wi-Fi that goes away in the middle.</summary>
[Collection(typeof(PageTests))]
public class TheatrePageTests(Browser browser, ITestOutputHelper output)
{
    internal const string Stem = "05098101100113", OtherHead = "05098707101323", RightKnee = "05098101201049";

    static readonly Screen Tablet = new("tablet", 1024, 768);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    [Fact]
    public async Task From_wristband_to_implant_without_a_mouse_stopped_where_it_must_be_and_through_a_dead_link()
    {
        await using var chain = await Chain.MakeAsync(11, TimeSpan.FromSeconds(60));
        chain.Amend("cloud.json", cloud => cloud["Theatre"] = new JsonObject { ["PatientPrefix"] = "5098505" });
        await chain.StartCloudAsync();
        await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", TestContext.Current.CancellationToken, "accounts", "add", "ann.fox", "--name", "Ann Fox", "--badge", "NMC 12A3456", "--role", "theatre", "--config", Path.Combine(chain.Folder, "cloud.json"));
        using var http = await chain.HttpAsync();
        await EnterAsync(http, "T-101", "left", "9434765919", "Okafor");
        await StockAsync(http, Label(Stem, 901), Label(OtherHead, 902), Label(RightKnee, 903), Label(Stem, 904));

        await using var visit = await browser.OpenAloneAsync(chain, "/theatre");
        var page = visit.Page;
        await page.SetViewportSizeAsync(Tablet.Width, Tablet.Height);
        await Expect(State(page)).ToHaveAttributeAsync("data-colour", "idle");
        await Expect(page.GetByTestId("case")).ToHaveCountAsync(1);
        await LookAsync(visit, "theatre-ready");

        await Wedge.ScanAsync(page, "9434765919");
        await Expect(State(page)).ToHaveAttributeAsync("data-colour", "green");
        await Expect(page.GetByTestId("open-case")).ToHaveAttributeAsync("data-state", "open");
        await Wedge.ScanAsync(page, "GMC 7654321");
        await Expect(page.GetByTestId("case-clinician")).ToHaveTextAsync("GMC 7654321");
        await Wedge.ScanAsync(page, Label(Stem, 901));
        await Expect(State(page)).ToHaveAttributeAsync("data-colour", "green");
        await Expect(page.GetByTestId("primary")).ToBeFocusedAsync();
        await LookAsync(visit, "theatre-go");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("component")).ToHaveAttributeAsync("data-step", "opened");

        // The HSIB's hip: a stem of one maker and a head of another.
        var started = Stopwatch.GetTimestamp();
        await Wedge.ScanAsync(page, Label(OtherHead, 902));
        await page.Locator("[data-testid=big-state][data-colour=red]").WaitForAsync();
        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"scan → red on the screen: {took.TotalMilliseconds:0} ms");
        Assert.True(took < TimeSpan.FromSeconds(1), $"{took}");
        await Expect(page.GetByTestId("big-says")).ToContainTextAsync("they do not fit");
        await Expect(State(page)).ToBeFocusedAsync();
        await LookAsync(visit, "theatre-stop");

        // Two people and a reason; the badge is scanned while the focus is in the field of the reason.
        await KeyboardTests.TabToAsync(page, "[data-testid=override]");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByTestId("override-reason").FocusAsync();
        // Not as fast as a scanner, or it would be one's.
        await page.GetByTestId("override-reason").FillAsync("Maker confirms");
        await Wedge.ScanAsync(page, "NMC 12A3456");
        await Expect(page.GetByTestId("override-second")).ToHaveValueAsync("NMC 12A3456");
        await Expect(page.GetByTestId("override-reason")).ToHaveValueAsync("Maker confirms");
        await LookAsync(visit, "theatre-override");
        await KeyboardTests.TabToAsync(page, "[data-testid=override-send]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-testid=component][data-colour=red]")).ToHaveAttributeAsync("data-step", "opened");

        // The link goes; a component for the other side is scanned and opened all the same: the nurse is told which checks nobody could make.
        await page.Context.SetOfflineAsync(true);
        await Wedge.ScanAsync(page, Label(RightKnee, 903));
        await Expect(State(page)).ToHaveAttributeAsync("data-colour", "not-made");
        await Expect(page.GetByTestId("not-made")).ToHaveCountAsync(9);
        await KeyboardTests.TabToAsync(page, "[data-testid=open-unchecked]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("waiting")).ToHaveCountAsync(2);
        await LookAsync(visit, "theatre-offline");
        // A reload in the middle: the page opens from what it kept, and what waited still waits.
        await page.ReloadAsync();
        await Expect(page.GetByTestId("waiting")).ToHaveCountAsync(2);
        await Expect(page.GetByTestId("not-made")).ToHaveCountAsync(9);
        await visit.ShotAsync("theatre-offline-reloaded");
        await page.Context.SetOfflineAsync(false);
        // What waited is judged as soon as the link is back, and the red of it stays on the screen.
        var late = page.GetByTestId("component").Filter(new() { HasText = "Knee" });
        await Expect(late).ToHaveAttributeAsync("data-colour", "red");
        await Expect(late).ToContainTextAsync("is for the RIGHT, and the consent is for the LEFT");
        await Expect(page.GetByTestId("told-late")).ToContainTextAsync("2 scans and acts");
        await LookAsync(visit, "theatre-late");

        var day = (await http.GetFromJsonAsync<TheatreDay>("/api/v1/theatre/list?place=theatre-1", Json, TestContext.Current.CancellationToken))!;
        var kept = Assert.Single(day.Cases);
        Assert.Equal([("opened", "green"), ("opened", "red"), ("opened", "red")], kept.Components.Select(c => (c.Step, c.Colour)));
        Assert.Equal(2, kept.Entries.Count(e => e.Offline));
        Assert.Empty(visit.Strangers);
    }

    static ILocator State(IPage page) => page.GetByTestId("big-state");

    static string Label(string gtin, int serial) => $"(01){gtin}(17)301231(10)B7(21){serial}";

    internal static async Task EnterAsync(HttpClient http, string number, string side, string nhs, string family)
    {
        var at = TimeProvider.System.GetUtcNow();
        var answer = await http.PostAsJsonAsync("/api/v1/theatre/cases", new CaseNotice($"case-{number}", number, "theatre-1", at, side, "Total hip replacement", "W37.1", null, nhs, family, "Grace", new(1951, 3, 14), "LS1 4AP"), Json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal static async Task StockAsync(HttpClient http, params string[] labels)
    {
        var answer = await http.PostAsJsonAsync("/api/v1/stock/acts", new StockAct("opening-of-theatre-1", "opening", [.. labels.Select(label => new StockLine(label))]) { Place = "theatre-1" }, Json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>On the tablet and on a phone, light and dark, before axe.</summary>
    async Task LookAsync(Visit visit, string name)
    {
        foreach (var (screen, dark) in new[] { (Screen.Phone, true), (Tablet, true), (Tablet, false) })
        {
            await visit.ShowOnAsync(screen, dark);
            var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
            await visit.ShotAsync(shot, whole: screen == Screen.Phone);
            if (screen == Tablet && dark) continue;
            var found = (await visit.Page.RunAxe(Wcag)).Violations.Where(each => each.Impact is "serious" or "critical").ToList();
            output.WriteLine($"{shot}: {(found.Count == 0 ? "nothing" : string.Join(", ", found.Select(each => each.Id)))}");
            Assert.True(found.Count == 0, string.Join('\n', found.SelectMany(each => each.Nodes.Select(node => $"{shot}: {each.Id}: {node.Html}"))));
            var wide = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(wide <= screen.Width, $"{shot}: {wide} px wide, so it scrolls sideways");
        }
    }
}
