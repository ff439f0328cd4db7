using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeTrace.Api;

namespace EdgeTrace.Web.Theatre;

/// <summary>The theatre's addresses.</summary>
sealed class TheatreClient(HttpClient http)
{
    /// <summary>An answer takes milliseconds; after this nobody waits for it any more, and the scan stays in the queue.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(4);

    public Task<TheatreDay> DayAsync(string? place) => GetAsync($"list{(place is null ? "" : $"?place={Uri.EscapeDataString(place)}")}", TheatreJson.Default.TheatreDay);

    public Task<PatientView> PatientAsync(string id) => GetAsync($"cases/{Uri.EscapeDataString(id)}/patient", TheatreJson.Default.PatientView);

    /// <exception cref="RefusedException">The server took it and says what is wrong with it.</exception>
    public Task<CaseView> AddAsync(CaseNotice notice) => PostAsync("cases", JsonContent.Create(notice, TheatreJson.Default.CaseNotice), TheatreJson.Default.CaseView);

    public Task<CaseImport> ImportAsync(Stream csv) => PostAsync("cases/import", new StreamContent(csv), TheatreJson.Default.CaseImport);

    /// <param name="what">scans or acts.</param>
    public Task<TheatreAnswer> TellAsync(string what, string json) => PostAsync(what, new StringContent(json, Encoding.UTF8, "application/json"), TheatreJson.Default.TheatreAnswer);

    async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var patience = new CancellationTokenSource(AnswerMax);
        using var answer = await http.GetAsync($"api/v1/theatre/{path}", patience.Token);
        return await ReadAsync(answer, type, patience.Token);
    }

    async Task<T> PostAsync<T>(string path, HttpContent content, JsonTypeInfo<T> type)
    {
        using var patience = new CancellationTokenSource(AnswerMax);
        using var answer = await http.PostAsync($"api/v1/theatre/{path}", content, patience.Token);
        return await ReadAsync(answer, type, patience.Token);
    }

    static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken token)
    {
        // Who must sign in again, or the server in trouble: the same can be sent again later.
        if (answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Forbidden)) answer.EnsureSuccessStatusCode();
        if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync(type, token) ?? throw new JsonException("The server answered null.");
        var problem = await answer.Content.ReadFromJsonAsync(TheatreJson.Default.ProblemView, token);
        throw new RefusedException($"{problem?.Title}. {problem?.Detail}");
    }
}

/// <summary>The server took it and will not have it: its words are for the person.</summary>
sealed class RefusedException(string says) : Exception(says);

/// <summary>RFC 9457, as much of it as is shown.</summary>
sealed record ProblemView(string? Title, string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TheatreDay))]
[JsonSerializable(typeof(CaseView))]
[JsonSerializable(typeof(PatientView))]
[JsonSerializable(typeof(CaseNotice))]
[JsonSerializable(typeof(CaseImport))]
[JsonSerializable(typeof(TheatreScan))]
[JsonSerializable(typeof(TheatreAct))]
[JsonSerializable(typeof(TheatreAnswer))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(List<Untold>))]
sealed partial class TheatreJson : JsonSerializerContext;
