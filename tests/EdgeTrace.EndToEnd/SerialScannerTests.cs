using System.Text.Json.Nodes;
using EdgeTrace.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>A hospital whose two desks have scanners on serial lines that read what a test tells them.</summary>
public sealed class SerialDesks : IAsyncLifetime
{
    internal Chain Chain { get; private set; } = null!;
    internal Child GoodsInScanner { get; private set; } = null!;
    internal Child TheatreScanner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Chain = await Chain.MakeAsync(13, TimeSpan.FromSeconds(60));
        Chain.Amend("cloud.json", cloud => cloud["Theatre"] = new JsonObject { ["PatientPrefix"] = "5098505" });
        Chain.Amend("site.json", site => site["scanners"]!.AsArray().Single(each => (string?)each!["id"] == "goods-in-desk")!["does"] = "received");
        (GoodsInScanner, TheatreScanner) = (await Chain.StartScannerAsync("goods-in-desk"), await Chain.StartScannerAsync("theatre-1-desk"));
        await Chain.StartCloudAsync();
        await Chain.StartGatewayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (GoodsInScanner is not null) await GoodsInScanner.DisposeAsync();
        if (TheatreScanner is not null) await TheatreScanner.DisposeAsync();
        if (Chain is not null) await Chain.DisposeAsync();
    }
}

/// <summary>What a serial scanner reads goes line → gateway → broker → cloud, and stands on the open page of its workplace without a click.</summary>
[Collection(typeof(PageTests))]
public class SerialScannerTests(Browser browser, SerialDesks desks) : IClassFixture<SerialDesks>
{
    [Fact]
    public async Task Goods_in_shows_what_its_scanner_has_booked_in()
    {
        await using var visit = await browser.OpenAloneAsync(desks.Chain, "/goods-in");
        var page = visit.Page;
        await Expect(page.GetByTestId("goods-place")).ToHaveValueAsync("goods-in");
        // The only fixed scanner of the place is this workplace's.
        await Expect(page.GetByTestId("goods-scanner")).ToHaveValueAsync("goods-in-desk");
        desks.GoodsInScanner.Tell(Symbol(901));
        await Expect(Line(page, "901")).ToHaveAttributeAsync("data-state", "done");
        // What the desk's rule has put on hold is said so, whoever of desk and page was faster.
        desks.GoodsInScanner.Tell(Symbol(902, TimeProvider.System.GetUtcNow().AddDays(-3)));
        await Expect(Line(page, "902")).ToHaveAttributeAsync("data-state", "held");
        // A label in two codes, and one that cannot be read.
        desks.GoodsInScanner.Tell($"]C101{TheatrePageTests.Stem}");
        await Expect(page.GetByTestId("goods-says")).ToContainTextAsync("Now scan the code with");
        desks.GoodsInScanner.Tell("]C11730123110B7\u001d21903");
        await Expect(Line(page, "903")).ToHaveAttributeAsync("data-state", "done");
        desks.GoodsInScanner.Tell("]d20105098101100114");
        await Expect(page.GetByTestId("goods-line").First).ToHaveAttributeAsync("data-state", "refused");
        await visit.ShotAsync("goods-in-serial-desk-light");

        // It belongs to another workplace: nothing of it comes here any more, and the choice outlives a reload.
        await page.GetByTestId("goods-scanner").SelectOptionAsync("");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("goods-place")).ToHaveValueAsync("goods-in");
        await Expect(page.GetByTestId("goods-scanner")).ToHaveValueAsync("");
        desks.GoodsInScanner.Tell(Symbol(904));
        using var http = await desks.Chain.HttpAsync();
        await desks.Chain.UntilAsync("the desk has booked it in by itself", async () => (await http.GetAsync($"/api/v1/stock/story/{Uri.EscapeDataString($"https://id.gs1.org/01/{TheatrePageTests.Stem}/21/904")}")).IsSuccessStatusCode);
        await Expect(page.GetByTestId("goods-line")).ToHaveCountAsync(0);
        Assert.Empty(visit.Strangers);
    }

    [Fact]
    public async Task The_theatre_checks_what_its_scanner_reads()
    {
        using var http = await desks.Chain.HttpAsync();
        await TheatrePageTests.EnterAsync(http, "T-201", "left", "9434765919", "Okafor");
        await TheatrePageTests.StockAsync(http, Symbol(911));
        await using var visit = await browser.OpenAloneAsync(desks.Chain, "/theatre");
        var page = visit.Page;
        await Expect(page.GetByTestId("case")).ToHaveCountAsync(1);
        desks.TheatreScanner.Tell("9434765919");
        await Expect(page.GetByTestId("big-state")).ToHaveAttributeAsync("data-colour", "green");
        await Expect(page.GetByTestId("open-case")).ToHaveAttributeAsync("data-state", "open");
        desks.TheatreScanner.Tell(Symbol(911));
        await Expect(page.GetByTestId("component")).ToHaveAttributeAsync("data-colour", "green");
        // Out of date: stopped before its pack is opened.
        desks.TheatreScanner.Tell(Symbol(912, TimeProvider.System.GetUtcNow().AddDays(-3)));
        await Expect(page.GetByTestId("big-state")).ToHaveAttributeAsync("data-colour", "red");
        await Expect(page.GetByTestId("big-says")).ToContainTextAsync("912");
        await visit.ShotAsync("theatre-serial-desk-light");
        Assert.Empty(visit.Strangers);
    }

    /// <summary>A stem's label as a scanner sends it.</summary>
    static string Symbol(int serial, DateTimeOffset? expiry = null) => $"]d201{TheatrePageTests.Stem}17{expiry?.ToString("yyMMdd", System.Globalization.CultureInfo.InvariantCulture) ?? "301231"}10B7\u001d21{serial}";

    static ILocator Line(IPage page, string which) => page.GetByTestId("goods-line").Filter(new() { HasText = which });
}
