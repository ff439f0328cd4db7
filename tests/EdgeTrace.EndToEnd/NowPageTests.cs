using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

[Collection(typeof(PageTests))]
public partial class NowPageTests(Browser browser, ITestOutputHelper output)
{
    [Fact]
    public async Task Now_fills_by_itself_while_the_day_goes_on()
    {
        var page = browser.Witness.Page;
        var movements = page.GetByTestId("movement");
        await Expect(movements.Nth(19)).ToBeVisibleAsync();
        var names = await movements.Locator(".item").AllInnerTextsAsync();
        Assert.All(names, name => Assert.DoesNotMatch(Hex(), name));

        await Expect(page.GetByTestId("place-items").Filter(new() { HasTextRegex = Counted() }).Nth(2)).ToBeVisibleAsync();
        await Expect(page.GetByTestId("equipment").Locator(".summary")).ToHaveTextAsync(SomeFine());
        foreach (var point in (string[])["fridge-1", "fridge-2", "ult-1", "blood-1", "store-3-room"])
            await Expect(page.Locator($"[data-point={point}]")).ToContainTextAsync(ValueAndAge());

        output.WriteLine($"{browser.Witness.Requests} requests; movements: {string.Join(" · ", names.Take(5))}");
        Assert.Empty(browser.Witness.Strangers);
        Assert.Empty(browser.Witness.Complaints);
    }

    [Fact]
    public async Task A_fridge_out_of_its_range_is_an_alarm_that_says_what_to_do()
    {
        var page = browser.Witness.Page;
        var alarm = page.GetByTestId("alarm").Filter(new() { HasText = "Vaccine fridge 2" });
        await Expect(alarm.Locator(".what")).ToContainTextAsync("Alarm:");
        await Expect(alarm.Locator(".remedy")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("[data-point=fridge-2]")).ToHaveAttributeAsync("data-state", "alarm");
        output.WriteLine(await alarm.InnerTextAsync());
    }

    [GeneratedRegex("[0-9A-Fa-f]{16}")] private static partial Regex Hex();
    [GeneratedRegex("[1-9]")] private static partial Regex Counted();
    [GeneratedRegex(@"\d+ of \d+ fine")] private static partial Regex SomeFine();
    [GeneratedRegex(@"\d\.\d\s+°C.*(ago|just now)", RegexOptions.Singleline)] private static partial Regex ValueAndAge();
}
