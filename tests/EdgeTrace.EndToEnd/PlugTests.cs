using System.Diagnostics;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>Nothing is ever silently stale.</summary>
[Collection(typeof(PageTests))]
public class PlugTests(Browser browser, ITestOutputHelper output)
{
    const int Remembered = 20;
    static readonly TimeSpan SaidWithin = TimeSpan.FromSeconds(3.5);

    [Fact]
    public async Task Pulling_the_plug_is_said_at_once_and_mended_without_a_hand()
    {
        await browser.Chain.DrainAsync();
        await using var visit = await browser.OpenAsync("/");
        var page = visit.Page;
        var movements = page.GetByTestId("movement");
        var age = page.Locator("[data-point=fridge-1] .meta");
        await Expect(movements.Nth(Remembered)).ToBeVisibleAsync();
        var before = await KeysAsync();

        // First silence, as from a pulled cable: no FIN, no RST. Then death.
        using (var stop = Process.Start("kill", ["-STOP", $"{browser.Chain.Cloud.Id}"])) await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
        var silent = Stopwatch.GetTimestamp();
        await Expect(page.GetByTestId("link-banner")).ToBeVisibleAsync();
        var said = Stopwatch.GetElapsedTime(silent);
        await Chain.KillAsync(browser.Chain.Cloud);
        output.WriteLine($"said after {said.TotalSeconds:0.0} s");
        await Expect(age).ToContainTextAsync("last known");
        await Expect(age).Not.ToHaveTextAsync(await age.InnerTextAsync(), new() { UseInnerText = true });
        await Expect(age).ToContainTextAsync("ago");
        await visit.ShotAsync("now-disconnected-desk-light");
        await visit.ShowOnAsync(Screen.Phone, dark: true);
        await visit.ShotAsync("now-disconnected-phone-dark", whole: false);
        await visit.ShowOnAsync(Screen.Desk, dark: false);

        await browser.Chain.StartCloudAsync();
        await Expect(page.GetByTestId("return-banner")).ToContainTextAsync("Connected again after");
        await visit.ShotAsync("now-returned-desk-light");
        await Expect(page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        await Expect(page.GetByTestId("link-banner")).Not.ToBeVisibleAsync();
        await Expect(age).Not.ToContainTextAsync("last known");
        Assert.Equal(before, await KeysAsync());
        Assert.True(said <= SaidWithin, $"the page said so only after {said.TotalSeconds:0.0} s");

        async Task<List<string>> KeysAsync()
        {
            var keys = new List<string>();
            for (var i = 0; i < Remembered; i++) keys.Add((await movements.Nth(i).GetAttributeAsync("data-key"))!);
            return keys;
        }
    }
}
