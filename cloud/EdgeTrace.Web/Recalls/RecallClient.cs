using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeTrace.Api;
using EdgeTrace.Web.Live;

namespace EdgeTrace.Web.Recalls;

/// <summary>The addresses of recalls.</summary>
sealed class RecallClient(HttpClient http)
{
    /// <summary>A press holds thousands in a few seconds; whoever waits longer asks what became of it.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    public Task<RecallList> ListAsync(CancellationToken token) => AskAsync(HttpMethod.Get, "", null, RecallJson.Default.RecallList, token);

    public Task<RecallView> ViewAsync(string id, CancellationToken token) => AskAsync(HttpMethod.Get, $"/{Uri.EscapeDataString(id)}", null, RecallJson.Default.RecallView, token);

    public Task<RecallSubject> UnderstandAsync(string code, CancellationToken token) => AskAsync(HttpMethod.Get, $"/understand?code={Uri.EscapeDataString(code)}", null, RecallJson.Default.RecallSubject, token);

    public Task<RecallFound> PreviewAsync(RecallDraft draft, CancellationToken token) => AskAsync(HttpMethod.Post, "/preview", JsonContent.Create(draft, RecallJson.Default.RecallDraft), RecallJson.Default.RecallFound, token);

    public Task<RecallView> PressAsync(RecallDraft draft, CancellationToken token) => AskAsync(HttpMethod.Post, "", JsonContent.Create(draft, RecallJson.Default.RecallDraft), RecallJson.Default.RecallView, token);

    public Task<RecallView> AnswerAsync(string id, RecallAnswerGiven answer, CancellationToken token) =>
        AskAsync(HttpMethod.Post, $"/{Uri.EscapeDataString(id)}/answers", JsonContent.Create(answer, RecallJson.Default.RecallAnswerGiven), RecallJson.Default.RecallView, token);

    public Task<RecallView> ReleaseAsync(string id, RecallReleased released, CancellationToken token) =>
        AskAsync(HttpMethod.Post, $"/{Uri.EscapeDataString(id)}/release", JsonContent.Create(released, RecallJson.Default.RecallReleased), RecallJson.Default.RecallView, token);

    public Task<RecallView> CloseAsync(string id, RecallClosing closing, CancellationToken token) =>
        AskAsync(HttpMethod.Post, $"/{Uri.EscapeDataString(id)}/close", JsonContent.Create(closing, RecallJson.Default.RecallClosing), RecallJson.Default.RecallView, token);

    /// <summary>Where a browser fetches a list for others.</summary>
    /// <param name="list">stock or letters.</param>
    public static string CsvAddress(string id, string list) => $"api/v1/recalls/{Uri.EscapeDataString(id)}/{list}.csv";

    async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken token)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(AnswerMax);
        using var request = new HttpRequestMessage(method, "api/v1/recalls" + path) { Content = content };
        using var answer = await http.SendAsync(request, patience.Token);
        if (answer.StatusCode == HttpStatusCode.NotFound && method == HttpMethod.Get)
            throw new NotKnownException();
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            var problem = await answer.Content.ReadFromJsonAsync(RecallJson.Default.RecallProblem, patience.Token);
            throw new RecallRefusedException($"{problem?.Title}. {problem?.Detail}");
        }
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(type, patience.Token) ?? throw new JsonException($"{path} answered null.");
    }
}

/// <summary>The server answered and would not: its words are for the person.</summary>
sealed class RecallRefusedException(string says) : HttpRequestException(says);

/// <summary>RFC 9457, as much of it as is shown.</summary>
sealed record RecallProblem(string? Title, string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecallList))]
[JsonSerializable(typeof(RecallView))]
[JsonSerializable(typeof(RecallSubject))]
[JsonSerializable(typeof(RecallFound))]
[JsonSerializable(typeof(RecallDraft))]
[JsonSerializable(typeof(RecallAnswerGiven))]
[JsonSerializable(typeof(RecallReleased))]
[JsonSerializable(typeof(RecallClosing))]
[JsonSerializable(typeof(RecallProblem))]
sealed partial class RecallJson : JsonSerializerContext;
