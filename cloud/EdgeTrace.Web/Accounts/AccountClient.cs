using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeTrace.Api;

namespace EdgeTrace.Web.Accounts;

/// <summary>The server said no, and why.</summary>
sealed class NotDoneException(string title, string detail) : Exception(detail.Length > 0 ? $"{title}. {detail}" : $"{title}.");

/// <summary>What the page asks and says about people: who is here, and who may be.</summary>
sealed class AccountClient(HttpClient http)
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);   // a password takes the server a tenth of a second, a queue before it a few

    public Task<SessionView> SessionAsync() => GetAsync("api/v1/session", AccountJson.Default.SessionView);
    public Task<SessionView> SignInAsync(string name, string password) => PostAsync("api/v1/session", new(Name: name, Password: password), AccountJson.Default.SessionView);
    public Task<SessionView> UseTokenAsync(string token) => PostAsync("api/v1/session/token", new(Token: token), AccountJson.Default.SessionView);
    public Task<SessionView> SwitchAsync(string who, string pin) => PostAsync("api/v1/session/switch", new(Who: who, Pin: pin), AccountJson.Default.SessionView);
    public Task<SessionView> EndAsync(bool locked) => PostAsync($"api/v1/session/end{(locked ? "?locked=1" : "")}", new(), AccountJson.Default.SessionView);
    public Task<SessionView> SetUpAsync(string code, string id, string name, string password) => PostAsync("api/v1/set-up", new(Code: code, Id: id, Name: name, Password: password), AccountJson.Default.SessionView);
    public Task<SessionView> AcceptAsync(string code, string password) => PostAsync("api/v1/invitations/accept", new(Code: code, Password: password), AccountJson.Default.SessionView);
    public Task<SessionView> ChangePasswordAsync(string old, string @new) => PostAsync("api/v1/me/password", new(Old: old, New: @new), AccountJson.Default.SessionView);
    public Task<SessionView> ChangePinAsync(string password, string pin) => PostAsync("api/v1/me/pin", new(Password: password, Pin: pin), AccountJson.Default.SessionView);
    public Task<SessionView> MakeTerminalAsync(string name, int idleMinutes) => PostAsync("api/v1/terminal", new(Name: name, IdleMinutes: idleMinutes), AccountJson.Default.SessionView);
    public Task<SessionView> EndTerminalAsync() => PostAsync("api/v1/terminal/end", new(), AccountJson.Default.SessionView);

    public Task<PeopleView> PeopleAsync() => GetAsync("api/v1/people", AccountJson.Default.PeopleView);
    public Task<InvitationView> AddAsync(string id, string name, string badge, IReadOnlyList<StaffRole> roles) => PostAsync("api/v1/people", new(Id: id, Name: name, Badge: badge, Roles: roles), AccountJson.Default.InvitationView);
    public Task<PeopleView> ChangeAsync(string id, string name, string badge, IReadOnlyList<StaffRole> roles) => PostAsync($"api/v1/people/{id}", new(Name: name, Badge: badge, Roles: roles), AccountJson.Default.PeopleView);
    public Task<PeopleView> DisableAsync(string id) => PostAsync($"api/v1/people/{id}/disable", new(), AccountJson.Default.PeopleView);
    public Task<PeopleView> EnableAsync(string id) => PostAsync($"api/v1/people/{id}/enable", new(), AccountJson.Default.PeopleView);
    public Task<InvitationView> InviteAsync(string id) => PostAsync($"api/v1/people/{id}/invite", new(), AccountJson.Default.InvitationView);

    /// <param name="query">Empty, or what is asked for from the ? on.</param>
    public Task<AuditPage> AuditAsync(string query) => GetAsync($"api/v1/audit{query}", AccountJson.Default.AuditPage);

    /// <summary>Once they were caught, what these calls throw is a sentence for whoever asked.</summary>
    public static string? Sentence(Exception trouble) => trouble switch
    {
        NotDoneException => trouble.Message,
        HttpRequestException or OperationCanceledException or IOException or JsonException => "The server did not answer. Try again in a moment.",
        _ => null,
    };

    async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var patience = new CancellationTokenSource(AnswerMax);
        using var answer = await http.GetAsync(path, patience.Token);
        return await ReadAsync(answer, type, patience.Token);
    }

    async Task<T> PostAsync<T>(string path, AccountWords words, JsonTypeInfo<T> type)
    {
        using var patience = new CancellationTokenSource(AnswerMax);
        using var answer = await http.PostAsJsonAsync(path, words, AccountJson.Default.AccountWords, patience.Token);
        return await ReadAsync(answer, type, patience.Token);
    }

    static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken token)
    {
        if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync(type, token) ?? throw new JsonException("The answer is null.");
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") answer.EnsureSuccessStatusCode();
        var problem = await answer.Content.ReadFromJsonAsync(AccountJson.Default.ProblemWords, token);
        throw new NotDoneException(problem?.Title ?? "The server refused", problem?.Detail ?? "");
    }
}

/// <summary>What is said to the server; what is null is left out.</summary>
sealed record AccountWords(
    string? Name = null, string? Password = null, string? Token = null, string? Who = null, string? Pin = null, string? Code = null, string? Id = null,
    string? Old = null, string? New = null, int? IdleMinutes = null, string? Badge = null, IReadOnlyList<StaffRole>? Roles = null);

sealed record ProblemWords(string? Title, string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(PeopleView))]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AccountWords))]
[JsonSerializable(typeof(ProblemWords))]
sealed partial class AccountJson : JsonSerializerContext;
