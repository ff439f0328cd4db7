using Microsoft.Playwright;
using Xunit.Sdk;
using Xunit.v3;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>One day in the hospital and one browser, for every test of the page.</summary>
/// <remarks>Its first page is opened before anything moves and is never loaded again: what it shows came by the live feed.</remarks>
public sealed class Browser : IAsyncLifetime
{
    static readonly TimeSpan Day = TimeSpan.FromSeconds(40);

    // A machine that also builds starts a WebAssembly page slowly; a test that fails waits no longer than this.
    const float PatienceMs = 45_000;

    static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    IPlaywright? _playwright;
    IBrowser? _chromium;
    IBrowserContext? _person;

    internal Chain Chain { get; private set; } = null!;
    internal Visit Witness { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Chain = await Chain.MakeAsync(7, Day);
        await Chain.StartCloudAsync();
        await Chain.StartGatewayAsync();
        _playwright = await Playwright.CreateAsync();
        (_chromium, _person) = await LaunchAsync(_playwright, Chain.Url);
        Witness = await OpenAsync("/");
        await Witness.ShotAsync("now-empty-desk-light");
        Chain.Hospital.Tell("START");
    }

    public async ValueTask DisposeAsync()
    {
        if (Witness is not null) await Witness.DisposeAsync();
        if (_chromium is not null) await _chromium.DisposeAsync();
        _playwright?.Dispose();
        if (Chain is not null) await Chain.DisposeAsync();
    }

    /// <summary>One more page in the same browser, once it is live.</summary>
    internal async Task<Visit> OpenAsync(string path, Screen? screen = null)
    {
        var visit = await Visit.OpenAsync(_person!, Chain, screen ?? Screen.Desk);
        await visit.Page.GotoAsync(path);
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        return visit;
    }

    /// <summary>A page of another server than the day's.</summary>
    internal async Task<Visit> OpenAtAsync(Chain chain, string path)
    {
        var visit = await Visit.OpenAsync(_person!, chain, Screen.Desk);
        await visit.Page.GotoAsync(chain.Url + path);
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        return visit;
    }

    /// <summary>As <see cref="OpenAtAsync"/>, for a person of their own: what they do to their connection is nobody else's.</summary>
    internal async Task<Visit> OpenAloneAsync(Chain chain, string path)
    {
        var visit = await Visit.OpenAsync(await PersonAsync(_chromium!, chain.Url), chain, Screen.Desk);
        await visit.Page.GotoAsync(chain.Url + path);
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        return visit;
    }

    /// <summary>Chromium with one person in it, who is in London and likes things light and still.</summary>
    internal static async Task<(IBrowser, IBrowserContext)> LaunchAsync(IPlaywright playwright, string url)
    {
        SetDefaultExpectTimeout(PatienceMs);
        var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Installed(), Args = Quiet });
        return (chromium, await PersonAsync(chromium, url));
    }

    static async Task<IBrowserContext> PersonAsync(IBrowser chromium, string url)
    {
        var person = await chromium.NewContextAsync(new() { BaseURL = url, Locale = "en-GB", TimezoneId = "Europe/London", ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        person.SetDefaultTimeout(PatienceMs);
        await person.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', e => console.error(`${e.violatedDirective} refused ${e.blockedURI}`))");
        return person;
    }

    // Null: the one Playwright itself would install.
    static string? Installed() => new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
}

/// <summary>The tests of the page share the day; in this order, because what a later one does would show in an earlier one.</summary>
[CollectionDefinition]
[TestClassOrderer(typeof(PageOrder))]
public class PageTests : ICollectionFixture<Browser>;

sealed class PageOrder : ITestClassOrderer
{
    static readonly string[] Order = [nameof(NowPageTests), nameof(LooksTests), nameof(ItemPageTests), nameof(KeyboardTests), nameof(FaultsPageTests), nameof(RecallPageTests), nameof(PlugTests), nameof(CompletenessTests), nameof(TheatrePageTests), nameof(SerialScannerTests)];

    public IReadOnlyCollection<TTestClass?> OrderTestClasses<TTestClass>(IReadOnlyCollection<TTestClass?> testClasses) where TTestClass : notnull, ITestClass =>
        [.. testClasses.OrderBy(each => Array.IndexOf(Order, each?.TestClassSimpleName))];
}
