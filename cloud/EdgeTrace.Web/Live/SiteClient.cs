using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeTrace.Api;
using Microsoft.AspNetCore.Components.WebAssembly.Http;

namespace EdgeTrace.Web.Live;

/// <summary>Everything the page asks of the server: <c>/api/v1</c> and <c>/live</c>, nothing else.</summary>
sealed partial class SiteClient(HttpClient http, TimeProvider time)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(8);    // a person has looked away by then
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(2.5); // the server pulses every second; UI.md: a banner within 3 s

    public Task<NowView> NowAsync(CancellationToken token) => GetAsync("api/v1/now", ApiJson.Default.NowView, token);

    public Task<StatusView> StatusAsync(CancellationToken token) => GetAsync("api/v1/status", ApiJson.Default.StatusView, token);

    public Task<ItemView> ItemAsync(string key, DateTimeOffset? before, CancellationToken token) =>
        GetAsync($"api/v1/items/{Uri.EscapeDataString(key)}{(before is { } at ? $"?before={Instant(at)}" : "")}", ApiJson.Default.ItemView, token);

    public Task<PlaceContents> PlaceAsync(string id, CancellationToken token) =>
        GetAsync($"api/v1/places/{Uri.EscapeDataString(id)}", ApiJson.Default.PlaceContents, token);

    public Task<FindResult> FindAsync(string query, CancellationToken token) =>
        GetAsync($"api/v1/find?q={Uri.EscapeDataString(query)}", ApiJson.Default.FindResult, token);

    public Task<SampleSeries> SamplesAsync(string point, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken token) =>
        GetAsync($"api/v1/points/{Uri.EscapeDataString(point)}/samples?from={Instant(from)}&to={Instant(to)}&max={max}", ApiJson.Default.SampleSeries, token);

    public Task<PointPeriod> PeriodAsync(string point, DateTimeOffset from, DateTimeOffset to, CancellationToken token) =>
        GetAsync($"api/v1/points/{Uri.EscapeDataString(point)}/period?from={Instant(from)}&to={Instant(to)}", ApiJson.Default.PointPeriod, token);

    /// <summary>Where a browser fetches a point's readings at their full rate.</summary>
    public static string CsvAddress(string point, DateTimeOffset from, DateTimeOffset to) =>
        $"api/v1/points/{Uri.EscapeDataString(point)}/samples.csv?from={Instant(from)}&to={Instant(to)}";

    /// <param name="day">As yyyy-MM-dd; empty: today.</param>
    public Task<CompletenessView> CompletenessAsync(string day, CancellationToken token) =>
        GetAsync($"api/v1/completeness{(day.Length > 0 ? $"?day={day}" : "")}", ApiJson.Default.CompletenessView, token);

    public Task<CompletenessDays> CompletenessDaysAsync(DateOnly from, DateOnly to, CancellationToken token) =>
        GetAsync($"api/v1/completeness?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}", ApiJson.Default.CompletenessDays, token);

    public Task<GatewaysView> GatewaysAsync(CancellationToken token) => GetAsync("api/v1/gateways", ApiJson.Default.GatewaysView, token);

    public Task<GatewayDetail> GatewayAsync(string id, CancellationToken token) => GetAsync($"api/v1/gateways/{Uri.EscapeDataString(id)}", ApiJson.Default.GatewayDetail, token);

    /// <summary>What is on the server's disk and when it is full.</summary>
    public Task<StorageView> StorageAsync(CancellationToken token) => GetAsync("api/v1/storage", ApiJson.Default.StorageView, token);

    /// <summary>What was refused, could not be read, or could not be used.</summary>
    public Task<RefusedView> RefusedAsync(CancellationToken token) => GetAsync("api/v1/quarantine", ApiJson.Default.RefusedView, token);

    public Task AcknowledgeAsync(string alarm, Acknowledgement acknowledgement, CancellationToken token) =>
        PostAsync($"api/v1/alarms/{Uri.EscapeDataString(alarm)}/acknowledge", acknowledgement, ApiJson.Default.Acknowledgement, token);

    public Task PlanAsync(PlanWork plan, CancellationToken token) => PostAsync("api/v1/planned-work", plan, ApiJson.Default.PlanWork, token);

    public Task EndAsync(string work, EndWork end, CancellationToken token) => PostAsync($"api/v1/planned-work/{Uri.EscapeDataString(work)}/end", end, ApiJson.Default.EndWork, token);

    /// <summary>The live feed from a cursor on; ends by throwing when the server is silent for longer than it may be.</summary>
    public async IAsyncEnumerable<FeedEvent> FollowAsync(long cursor, [EnumeratorCancellation] CancellationToken token)
    {
        using var silence = new CancellationTokenSource(AnswerMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, silence.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"live?after={cursor}");
        request.SetBrowserResponseStreamingEnabled(true);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        answer.EnsureSuccessStatusCode();
        silence.CancelAfter(SilenceMax);
        // Every byte is a sign of life, a comment line too.
        await using var stream = new HeardStream(await answer.Content.ReadAsStreamAsync(either.Token), () => silence.CancelAfter(SilenceMax));
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, ApiJson.Default.FeedEvent))
            .EnumerateAsync(either.Token))
        {
            if (item.Data is { } feedEvent)
                yield return feedEvent;
        }
        throw new HttpRequestException("The live feed ended.");
    }

    async Task PostAsync<T>(string path, T content, JsonTypeInfo<T> type, CancellationToken token)
    {
        using var patience = Patience(token);
        using var answer = await http.PostAsJsonAsync(path, content, type, patience.Token);
        answer.EnsureSuccessStatusCode();
    }

    async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken token)
    {
        using var patience = Patience(token);
        using var answer = await http.GetAsync(path, patience.Token);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw new NotKnownException();
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(type, patience.Token) ?? throw new JsonException($"{path} answered null.");
    }

    static CancellationTokenSource Patience(CancellationToken token, TimeSpan? max = null)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(max ?? AnswerMax);
        return patience;
    }

    static string Instant(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"));
}

/// <summary>The server answered: it does not know this thing.</summary>
sealed class NotKnownException() : Exception("The server does not know this.");
