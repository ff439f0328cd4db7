using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeTrace.Demo;

/// <summary>What the demo asks of the cloud, over the same addresses as anybody else.</summary>
/// <param name="keyFile">Where the cloud leaves a key for its own machine, another at each start.</param>
sealed class CloudApi(string url, string keyFile) : IDisposable
{
    readonly HttpClient _http = new() { BaseAddress = new(url), Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>A cloud that was killed is back within seconds.</summary>
    static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(40);

    /// <summary>Whose acts these are.</summary>
    public string? Token { get; init; }

    public void Dispose() => _http.Dispose();

    public async Task<bool> IsUpAsync(CancellationToken stop) => await TryGetAsync("/healthz", stop) is not null;

    public async Task<bool> EquipmentIsUpAsync(CancellationToken stop)
    {
        if (await TryGetJsonAsync("/api/v1/now", stop) is not { } now) return false;
        var equipment = now.GetProperty("equipment").EnumerateArray().ToList();
        return equipment.Count > 0 && equipment.All(device => device.GetProperty("severity").GetString() is "fine" or "note" or "Fine" or "Note");
    }

    /// <summary>Everything sealed is logged, everything logged is applied, and no visit is open.</summary>
    public async Task<bool> IsDrainedAsync(CancellationToken stop)
    {
        if (await StatusAsync(stop) is not { } status) return false;
        return status.GetProperty("applied").GetInt64() == status.GetProperty("logHead").GetInt64()
            && status.GetProperty("streams").EnumerateArray().All(stream => stream.GetProperty("sealed").GetInt64() <= stream.GetProperty("upto").GetInt64())
            && Counter(status, "openVisits") == 0;
    }

    public Task<JsonElement?> StatusAsync(CancellationToken stop) => TryGetJsonAsync("/api/v1/status", stop);

    public static double Counter(JsonElement status, string name) =>
        status.GetProperty("counters").TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    /// <exception cref="DemoException">The cloud refused, or was away for longer than somebody would wait.</exception>
    public Task<JsonElement> GetAsync(string path) => AskAsync(() => new(HttpMethod.Get, path), path);

    /// <summary>Sends what somebody does; again with the same ids while the cloud is away, as a terminal would.</summary>
    /// <exception cref="DemoException">The cloud refused, or was away for longer than somebody would wait.</exception>
    public Task<JsonElement> PostAsync(string path, JsonObject body) => AskAsync(() => new(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, path);

    async Task<JsonElement> AskAsync(Func<HttpRequestMessage> ask, string path)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var request = ask();
                if (Token is { } token) request.Headers.Authorization = new("Bearer", token);
                using var answer = await _http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (!answer.IsSuccessStatusCode) throw new DemoException($"The cloud refused {path}: {(int)answer.StatusCode} {text}");
                return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException && TimeProvider.System.GetElapsedTime(started) < PatienceMax)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    async Task<JsonElement?> TryGetJsonAsync(string path, CancellationToken stop)
    {
        var response = await TryGetAsync(path, stop);
        return response is null ? null : await response.Content.ReadFromJsonAsync<JsonElement>(stop);
    }

    // A server that is starting, or starting again, is waited for by the caller: absence is an answer here.
    async Task<HttpResponseMessage?> TryGetAsync(string path, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (File.Exists(keyFile)) request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(keyFile, stop)).Trim());
            var response = await _http.SendAsync(request, stop);
            return response.IsSuccessStatusCode ? response : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
