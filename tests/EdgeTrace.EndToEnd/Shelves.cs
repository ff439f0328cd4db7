using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeTrace.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeTrace.EndToEnd;

/// <summary>A cloud with a catalogue, par levels and full shelves, no gateway, and a browser: where people work with stock.</summary>
public sealed class Shelves : IAsyncLifetime
{
    public const string Stem = "05412345000013";
    public const string Cup = "05412345000020";
    public const string Screw = "05412345000037";
    public const int Stems = 220;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    IPlaywright? _playwright;
    IBrowser? _chromium;
    IBrowserContext? _person;

    internal Chain Chain { get; private set; } = null!;
    internal HttpClient Http { get; private set; } = null!;

    public static DateOnly Today { get; } = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public async ValueTask InitializeAsync()
    {
        Chain = await Chain.MakeAsync(7, TimeSpan.FromSeconds(30));
        await Chain.StartCloudAsync();
        Http = await Chain.HttpAsync();
        await SendAsync("catalogue",
            "gtin,name,manufacturer,category,implant,component,life_days_min,price,serialised\n"
            + $"{Stem},\"Hip stem, Exeter 44 mm\",Acme Orthopaedics,Hips,yes,stem,60,812.50,yes\n{Cup},Acetabular cup 52 mm,Acme Orthopaedics,Hips,yes,cup,60,431.00,yes\n{Screw},Cortical screw 4.5 × 32 mm,Bolt & Sons,Trauma,yes,screw,,18.20,no\n");
        await SendAsync("pars", $"place,product,par\nstore-3,{Stem},12\nstore-3,{Screw},40\ntheatre-1,{Cup},2\n");
        var shelf = new StringBuilder("place,gtin,lot,serial,expiry,quantity\n");
        for (var i = 0; i < Stems; i++) shelf.Append(System.Globalization.CultureInfo.InvariantCulture, $"store-3,{Stem},L{i % 7},{1000 + i},{Today.AddDays(-2 + i * 4):yyyy-MM-dd},\n");
        shelf.Append(System.Globalization.CultureInfo.InvariantCulture, $"store-3,{Screw},S77,,{Today.AddDays(400):yyyy-MM-dd},25\ntheatre-1,{Cup},C1,1,{Today.AddDays(20):yyyy-MM-dd},\n");
        await SendAsync("stock/opening", shelf.ToString());
        _playwright = await Playwright.CreateAsync();
        (_chromium, _person) = await Browser.LaunchAsync(_playwright, Chain.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        _playwright?.Dispose();
        Http?.Dispose();
        if (Chain is not null) await Chain.DisposeAsync();
    }

    internal async Task<Visit> OpenAsync(string path)
    {
        var visit = await Visit.OpenAsync(_person!, Chain, Screen.Desk);
        await visit.Page.GotoAsync(path);
        await Expect(visit.Page.GetByTestId("live-dot")).ToHaveAttributeAsync("data-state", "live");
        return visit;
    }

    async Task SendAsync(string address, string csv)
    {
        using var answer = await Http.PostAsync($"/api/v1/{address}", new StringContent(csv, Encoding.UTF8, "text/csv"));
        var text = await answer.Content.ReadAsStringAsync();
        var outcome = text.TrimEnd('\n').Split('\n')[^1];
        if (!outcome.Contains("\"done\":true", StringComparison.Ordinal) && !outcome.Contains("\"errors\":[]", StringComparison.Ordinal)) throw new InvalidOperationException($"{address}: {text}");
    }

    internal async Task<T> GetAsync<T>(string address) => (await Http.GetFromJsonAsync<T>(address, Json))!;

    internal Task<StockStory> StoryAsync(string serial, string product = Stem) => GetAsync<StockStory>($"/api/v1/stock/story/{Uri.EscapeDataString($"https://id.gs1.org/01/{product}/21/{serial}")}");
}
