using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>Nobody touches the mouse.</summary>
[Collection(typeof(PageTests))]
public class KeyboardTests(Browser browser, ITestOutputHelper output)
{
    const int TabsMax = 60;

    [Fact]
    public async Task A_slash_and_an_epc_lead_to_the_item()
    {
        await using var visit = await browser.OpenAsync("/");
        var page = visit.Page;
        var key = (await page.GetByTestId("movement").First.GetAttributeAsync("data-key"))!;
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByTestId("find")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(key);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{browser.Chain.Url}/items/{key}");
        await Expect(page.GetByTestId("history-entry").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_scanner_needs_no_field()
    {
        await using var visit = await browser.OpenAsync("/");
        var page = visit.Page;
        var key = (await page.GetByTestId("movement").Nth(1).GetAttributeAsync("data-key"))!;
        await Wedge.ScanAsync(page, key, blur: true);
        await Expect(page).ToHaveURLAsync($"{browser.Chain.Url}/items/{key}");
    }

    [Fact]
    public async Task An_alarm_is_acknowledged_with_a_reason_and_stays_so()
    {
        await using var visit = await browser.OpenAsync("/");
        var page = visit.Page;
        var alarm = page.GetByTestId("alarm").Filter(new() { HasText = "Vaccine fridge 2" });
        var id = await alarm.GetAttributeAsync("data-alarm");
        await TabToAsync(page, $"[data-alarm='{id}'] [data-testid=acknowledge]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("acknowledge-dialog")).ToBeVisibleAsync();
        await TabToAsync(page, "[data-testid=ack-reason]");
        await page.Keyboard.TypeAsync("Door shut, stock moved to fridge 1");
        await visit.ShotAsync("now-acknowledging-desk-light", whole: false);
        await TabToAsync(page, "[data-testid=ack-send]");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("acknowledge-dialog")).Not.ToBeVisibleAsync();
        await Expect(page.Locator($"[data-alarm='{id}']")).ToContainTextAsync("Acknowledged by machine:tests");
        await visit.ShotAsync("now-acknowledged-desk-light");
        using var http = await browser.Chain.HttpAsync();
        var now = await http.GetFromJsonAsync<JsonElement>($"{browser.Chain.Url}/api/v1/now", TestContext.Current.CancellationToken);
        var kept = now.GetProperty("alarms").EnumerateArray().Single(each => each.GetProperty("id").GetString() == id);
        output.WriteLine(kept.GetRawText());
        Assert.Equal((true, "machine:tests"), (kept.GetProperty("acknowledged").GetBoolean(), kept.GetProperty("acknowledgedBy").GetString()));
        Assert.Empty(visit.Complaints);
    }

    /// <summary>Goes on with the Tab key until the focus is there, as somebody without a mouse must be able to.</summary>
    internal static async Task TabToAsync(IPage page, string selector)
    {
        var path = new List<string>();
        for (var i = 0; i < TabsMax; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.closest(selector) != null", selector)) return;
            path.Add(await page.EvaluateAsync<string>("() => document.activeElement?.outerHTML.slice(0, 60) ?? 'nothing'"));
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{selector} has no way to it by the Tab key: {string.Join('\n', path)}");
    }
}
