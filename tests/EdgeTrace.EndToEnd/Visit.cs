using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>What the page is looked at on.</summary>
sealed record Screen(string Name, int Width, int Height)
{
    public static readonly Screen Desk = new("desk", 1440, 900);
    public static readonly Screen Phone = new("phone", 390, 844);
    public static readonly Screen Wall = new("wall", 1920, 1080);
}

/// <summary>One open page with everything it asked for and complained of.</summary>
sealed class Visit : IAsyncDisposable
{
    readonly string _url;
    readonly ConcurrentQueue<string> _complaints = new();
    readonly ConcurrentQueue<string> _requests = new();

    Visit(IPage page, string url)
    {
        (Page, _url) = (page, url);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _complaints.Enqueue(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, exceptions nobody caught, and what the content security policy refused.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public int Requests => _requests.Count;

    /// <summary>Requests to anybody but the server the page came from.</summary>
    public IReadOnlyCollection<string> Strangers => [.. _requests.Where(url => !url.StartsWith(_url + "/", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal))];

    public static async Task<Visit> OpenAsync(IBrowserContext browser, Chain chain, Screen screen, bool signedIn = true)
    {
        var page = await browser.NewPageAsync();
        if (signedIn) await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Authorization"] = $"Bearer {await chain.KeyAsync()}" });
        await page.SetViewportSizeAsync(screen.Width, screen.Height);
        return new(page, chain.Url);
    }

    public async Task ShowOnAsync(Screen screen, bool dark)
    {
        await Page.SetViewportSizeAsync(screen.Width, screen.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", dark ? "dark" : "light");
    }

    /// <summary>artifacts/bin/EdgeTrace.EndToEnd/debug/ leads to artifacts/screenshots/.</summary>
    public static string Screenshots { get; } = Path.Combine(new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Parent!.Parent!.FullName, "screenshots");

    /// <summary>Kept beside the build's output, for people to look at.</summary>
    public async Task ShotAsync(string name, bool whole = true) => await Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, name + ".png"), FullPage = whole });

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
