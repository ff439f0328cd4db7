using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EdgeTrace.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>Set-up, an invitation, a shared terminal and the pages about people, as they are met: in a browser nobody has signed in with.</summary>
public sealed class AccountPageTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string Password = "a long walk by the sea", Other = "plum kettle orbit spoon", Pin = "402617";

    static readonly AxeRunOptions Wcag = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa") };

    Chain _chain = null!;
    IPlaywright _playwright = null!;
    IBrowser _chromium = null!;
    IBrowserContext _person = null!;

    public async ValueTask InitializeAsync()
    {
        _chain = await Chain.MakeAsync(5, TimeSpan.FromSeconds(30));
        await _chain.StartCloudAsync();
        _playwright = await Playwright.CreateAsync();
        (_chromium, _person) = await Browser.LaunchAsync(_playwright, _chain.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _playwright.Dispose();
        await _chain.DisposeAsync();
    }

    string Code => File.ReadAllText(Path.Combine(_chain.Folder, "cloud-data", "set-up-code")).Trim();

    [Fact]
    public async Task From_set_up_to_a_ward_that_shares_a_terminal_and_an_audit_of_it_all()
    {
        await using var visit = await Visit.OpenAsync(_person, _chain, Screen.Desk, signedIn: false);
        var page = visit.Page;
        await page.GotoAsync("/cold-chain");
        await Expect(page.GetByTestId("door")).ToHaveAttributeAsync("data-state", "set-up");
        await LookAsync(visit, "set-up");

        // Keyboard alone, with a wrong code first.
        await page.Keyboard.TypeAsync("00000-00000-00000-00000");
        await TypeInAsync(page, "set-up-name", "Ann Fox");
        await TypeInAsync(page, "set-up-id", "a.fox");
        await TypeInAsync(page, "set-up-password", Password);
        await TypeInAsync(page, "set-up-again", Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("trouble")).ToContainTextAsync("not the set-up code");
        await page.GetByTestId("set-up-code").FillAsync(Code);
        await page.GetByTestId("set-up-send").ClickAsync();
        // The address is where it was, and the sections are an administrator's.
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("Ann Fox");
        await Expect(page).ToHaveURLAsync($"{_chain.Url}/cold-chain");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "People" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Stock" })).Not.ToBeVisibleAsync();
        await page.GotoAsync("/stock");
        await Expect(page.GetByTestId("not-for-you")).ToContainTextAsync("Ann Fox may not see this part");

        // People: somebody new, with a link for the password.
        await page.GotoAsync("/people");
        await Expect(page.GetByTestId("person")).ToHaveCountAsync(1);
        await page.GetByTestId("add-person").ClickAsync();
        await page.GetByTestId("person-name").FillAsync("Ruth Adeyemi");
        await page.GetByTestId("person-id").FillAsync("r.adeyemi");
        await page.GetByTestId("person-badge").FillAsync("(8017)050123456789012345");
        await page.Locator("[data-testid=person-role][data-role=theatre]").CheckAsync();
        await LookAsync(visit, "people-adding");
        await page.GetByTestId("person-send").ClickAsync();
        var link = await page.GetByTestId("invitation-link").InnerTextAsync();
        await Expect(page.Locator("[data-person='r.adeyemi'] [data-testid=person-state]")).ToContainTextAsync("invited, has no password yet");
        await LookAsync(visit, "people");
        await page.Locator("[data-person='a.fox'] [data-testid=disable-person]").ClickAsync();
        await Expect(page.GetByTestId("trouble").First).ToContainTextAsync("only administrator");

        // Ruth, in a browser of her own, from the link.
        await using var hers = await _chromium.NewContextAsync(new() { BaseURL = _chain.Url, Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce });
        await using (var first = await Visit.OpenAsync(hers, _chain, Screen.Desk, signedIn: false))
        {
            await first.Page.GotoAsync(link);
            await Expect(first.Page.GetByTestId("invitation-code")).ToHaveValueAsync(link.Split('#')[1]);
            await LookAsync(first, "invitation");
            await first.Page.GetByTestId("invitation-password").FillAsync(Other);
            await first.Page.GetByTestId("invitation-again").FillAsync(Other);
            await first.Page.GetByTestId("invitation-send").ClickAsync();
            await Expect(first.Page.GetByTestId("user-menu")).ToContainTextAsync("Ruth Adeyemi");
            await Expect(first.Page.GetByRole(AriaRole.Link, new() { Name = "Stock" })).ToBeVisibleAsync();
            await first.Page.GotoAsync("/me");
            await first.Page.GetByTestId("me-new-pin").FillAsync(Pin);
            await first.Page.GetByTestId("me-pin-password").FillAsync(Other);
            await first.Page.GetByTestId("me-pin-send").ClickAsync();
            await Expect(first.Page.GetByTestId("me-note")).ToContainTextAsync("The PIN is set");
            await LookAsync(first, "me");
        }

        // A ward's terminal: Ann signs in with her password and makes it one; Ruth takes over with badge and PIN, and the page keeps its place.
        await page.GotoAsync("/me");
        await page.GetByTestId("terminal-name").FillAsync("Theatre 2, anaesthetic room");
        await page.GetByTestId("terminal-idle").SelectOptionAsync("2");
        await page.GetByTestId("terminal-make").ClickAsync();
        await Expect(page.GetByTestId("switch-user")).ToBeVisibleAsync();
        await page.GotoAsync("/faults");
        await Expect(page.GetByTestId("faults")).ToBeVisibleAsync();
        await page.GetByTestId("switch-user").ClickAsync();
        await Expect(page.GetByTestId("door")).ToHaveAttributeAsync("data-state", "switch");
        await Expect(page.GetByTestId("faults")).Not.ToBeVisibleAsync();
        await LookAsync(visit, "switch");
        await page.GetByTestId("switch-who").PressSequentiallyAsync("]d28017050123456789012345");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("switch-pin")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("111222");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("trouble").First).ToContainTextAsync("do not go together");
        await page.GetByTestId("switch-pin").FillAsync(Pin);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("Ruth Adeyemi");
        await Expect(page.GetByTestId("faults")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync($"{_chain.Url}/faults");

        // Nobody's hand for two minutes: locked, and the names of who was here are one touch.
        await page.Clock.InstallAsync();
        await page.ReloadAsync();
        await Expect(page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        await page.Clock.FastForwardAsync("02:05");
        await Expect(page.GetByTestId("door")).ToHaveAttributeAsync("data-state", "switch");
        await page.Locator("[data-testid=recent][data-who='r.adeyemi']").ClickAsync();
        await page.Keyboard.TypeAsync(Pin);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("Ruth Adeyemi");

        // Disabled from the command line: shut out at the next thing the page asks.
        await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", TestContext.Current.CancellationToken, "accounts", "disable", "r.adeyemi", "--config", Path.Combine(_chain.Folder, "cloud.json"));
        await Expect(page.GetByTestId("door")).ToBeVisibleAsync();

        await page.GetByTestId("use-password").ClickAsync();
        await LookAsync(visit, "sign-in");
        await page.GetByTestId("sign-in-name").FillAsync("a.fox");
        await page.GetByTestId("sign-in-password").FillAsync("not it at all, no");
        await page.GetByTestId("sign-in-send").ClickAsync();
        await Expect(page.GetByTestId("trouble").First).ToContainTextAsync("do not go together");
        await LookAsync(visit, "sign-in-wrong");
        await page.GetByTestId("sign-in-password").FillAsync(Password);
        await page.GetByTestId("sign-in-send").ClickAsync();
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("Ann Fox");

        await page.GotoAsync("/audit");
        await Expect(page.GetByTestId("audit-row").First).ToBeVisibleAsync();
        foreach (var action in (string[])["add-account", "invite", "set-pin", "make-terminal", "switch", "switch-failed", "disable-account", "sign-in-failed", "sign-out"])
            await Expect(page.Locator($"[data-testid=audit-row][data-action={action}]").First).ToBeVisibleAsync();
        await LookAsync(visit, "audit");
        await page.GetByTestId("audit-person").FillAsync("ruth");
        await page.GetByTestId("audit-show").ClickAsync();
        await Expect(page.Locator("[data-action=make-terminal]")).ToHaveCountAsync(0);
        await page.GetByTestId("audit-person").FillAsync("nobody of this name");
        await page.GetByTestId("audit-show").ClickAsync();
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("Nothing answers to this");
        await LookAsync(visit, "audit-empty");

        await page.GetByTestId("user-menu").ClickAsync();
        await visit.ShotAsync("user-menu-desk-light", whole: false);
        await page.GetByTestId("sign-out").ClickAsync();
        await Expect(page.GetByTestId("door")).ToBeVisibleAsync();
        Assert.Empty(visit.Strangers);
        var verified = await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", TestContext.Current.CancellationToken, "verify", "--config", Path.Combine(_chain.Folder, "cloud.json"));
        output.WriteLine(verified);
        Assert.StartsWith("The audit is whole", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_screen_is_given_its_token_once_and_shows_the_site_without_a_button()
    {
        var key = (await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", TestContext.Current.CancellationToken, "accounts", "token", "wall-1", "--display", "--config", Path.Combine(_chain.Folder, "cloud.json"))).Trim();
        await Child.AskAsync("EdgeTrace.Cloud", "edgetrace-cloud", TestContext.Current.CancellationToken, "accounts", "add", "a.fox", "--name", "Ann Fox", "--role", "administrator", "--config", Path.Combine(_chain.Folder, "cloud.json"));
        await using var visit = await Visit.OpenAsync(_person, _chain, Screen.Wall, signedIn: false);
        await visit.Page.GotoAsync("/?wall=1");
        await Expect(visit.Page.GetByTestId("door")).ToHaveAttributeAsync("data-state", "wall");
        await visit.ShotAsync("wall-token-wall-light");
        await visit.Page.GetByTestId("token").FillAsync(key);
        await visit.Page.GetByTestId("token-send").ClickAsync();
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        await Expect(visit.Page.GetByTestId("user-menu")).Not.ToBeVisibleAsync();
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
    }

    static async Task TypeInAsync(IPage page, string field, string text)
    {
        await KeyboardTests.TabToAsync(page, $"[data-testid={field}]");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Light and dark, wide and on a phone, before axe.</summary>
    async Task LookAsync(Visit visit, string name)
    {
        foreach (var (screen, dark) in new[] { (Screen.Desk, false), (Screen.Phone, true), (Screen.Desk, true), (Screen.Phone, false) })
        {
            await visit.ShowOnAsync(screen, dark);
            var shot = $"{name}-{screen.Name}-{(dark ? "dark" : "light")}";
            await visit.ShotAsync(shot, whole: false);
            var found = (await visit.Page.RunAxe(Wcag)).Violations.Where(each => each.Impact is "serious" or "critical").ToList();
            output.WriteLine($"{shot}: {(found.Count == 0 ? "nothing" : string.Join(", ", found.Select(each => each.Id)))}");
            Assert.True(found.Count == 0, string.Join('\n', found.SelectMany(each => each.Nodes.Select(node => $"{shot}: {each.Id}: {node.Html}"))));
            var wide = await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(wide <= screen.Width, $"{shot}: {wide} px wide, so it scrolls sideways");
        }
        await visit.ShowOnAsync(Screen.Desk, dark: false);
    }
}
