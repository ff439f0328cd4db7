using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeTrace.Api;
using Microsoft.AspNetCore.Components.WebAssembly.Http;

namespace EdgeTrace.Web.Live;

/// <summary>What the page asks and does about stock.</summary>
sealed partial class SiteClient
{
    static readonly TimeSpan ImportMax = TimeSpan.FromMinutes(15); // half a million lines, each an event

    /// <summary>What there is; without <paramref name="things"/> the counts only.</summary>
    public Task<StockPage> StockAsync(string? place, string? product, bool things, CancellationToken token) =>
        GetAsync($"api/v1/stock?things={(things ? "true" : "false")}{Query("place", place)}{Query("product", product)}", ApiJson.Default.StockPage, token);

    /// <summary>What to take first of a product.</summary>
    public Task<IReadOnlyList<StockView>> FirstExpiredAsync(string product, string? place, CancellationToken token) =>
        GetAsync($"api/v1/stock/first-expired?product={Uri.EscapeDataString(product)}{Query("place", place)}", ApiJson.Default.IReadOnlyListStockView, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public Task<ActOutcome> ActAsync(StockAct act, CancellationToken token) => AskAsync("api/v1/stock/acts", act, ApiJson.Default.StockAct, ApiJson.Default.ActOutcome, token);

    /// <summary>What the codes of one label come to.</summary>
    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public Task<LabelView> LabelAsync(IReadOnlyList<string> codes, CancellationToken token) =>
        AskAsync("api/v1/stock/label", new LabelCodes(codes), ApiJson.Default.LabelCodes, ApiJson.Default.LabelView, token);

    public Task<StockStory> StoryAsync(string key, CancellationToken token) => GetAsync($"api/v1/stock/story/{Uri.EscapeDataString(key)}", ApiJson.Default.StockStory, token);

    /// <param name="fact">event or movement.</param>
    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public async Task DeclareWrongAsync(string fact, string id, WrongNotice wrong, CancellationToken token)
    {
        using var patience = Patience(token);
        using var answer = await http.PostAsJsonAsync($"api/v1/stock/{fact}s/{Uri.EscapeDataString(id)}/declare-wrong", wrong, ApiJson.Default.WrongNotice, patience.Token);
        await ThrowIfRefusedAsync(answer, patience.Token);
    }

    public Task<CatalogueView> CatalogueAsync(string question, CancellationToken token) =>
        GetAsync($"api/v1/catalogue?q={Uri.EscapeDataString(question)}", ApiJson.Default.CatalogueView, token);

    public Task<IReadOnlyList<ParView>> ParsAsync(CancellationToken token) => GetAsync("api/v1/pars", ApiJson.Default.IReadOnlyListParView, token);

    public Task<IReadOnlyList<ScannerView>> ScannersAsync(CancellationToken token) => GetAsync("api/v1/scanners", ApiJson.Default.IReadOnlyListScannerView, token);

    public Task<ReportView> ReportAsync(string name, string query, CancellationToken token) => GetAsync($"api/v1/reports/{name}?{query}", ApiJson.Default.ReportView, token);

    /// <summary>Sends a CSV, to be looked at or to be taken; its progress is told where the server tells it.</summary>
    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public async Task<ImportView> ImportAsync(string address, string csv, bool check, Action<int, int> progress, CancellationToken token)
    {
        using var patience = Patience(token, ImportMax);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/{address}?check={(check ? "true" : "false")}") { Content = new StringContent(csv, Encoding.UTF8, new MediaTypeHeaderValue("text/csv")) };
        request.SetBrowserResponseStreamingEnabled(true);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await ThrowIfRefusedAsync(answer, patience.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        if (answer.Content.Headers.ContentType?.MediaType != "application/x-ndjson")
            return JsonSerializer.Deserialize(await lines.ReadToEndAsync(patience.Token), ApiJson.Default.ImportView) ?? throw new JsonException($"{address} answered null.");
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            var step = JsonSerializer.Deserialize(line, ApiJson.Default.ImportProgress)!;
            if (step.Outcome is { } outcome)
                return outcome;
            progress(step.Done, step.Of);
        }
        throw new IOException("The server stopped before it was done.");
    }

    async Task<TAnswer> AskAsync<TQuestion, TAnswer>(string path, TQuestion question, JsonTypeInfo<TQuestion> asked, JsonTypeInfo<TAnswer> answered, CancellationToken token)
    {
        using var patience = Patience(token);
        using var answer = await http.PostAsJsonAsync(path, question, asked, patience.Token);
        await ThrowIfRefusedAsync(answer, patience.Token);
        return await answer.Content.ReadFromJsonAsync(answered, patience.Token) ?? throw new JsonException($"{path} answered null.");
    }

    /// <summary>What a person can put right is said in the server's words; what they cannot is out of reach.</summary>
    static async Task ThrowIfRefusedAsync(HttpResponseMessage answer, CancellationToken token)
    {
        // Whoever has to sign in again can send the same afterwards.
        if ((int)answer.StatusCode is >= 400 and < 500 and not 401 && answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem, token) is { } problem)
            throw new RefusedException($"{problem.Title}. {problem.Detail}");
        answer.EnsureSuccessStatusCode();
    }

    static string Query(string name, string? value) => value is { Length: > 0 } ? $"&{name}={Uri.EscapeDataString(value)}" : "";
}

/// <summary>The server answered: it will not do this. Its message is for the person.</summary>
sealed class RefusedException(string why) : Exception(why);
