using System.Net.Http.Json;
using System.Text.Json;
using EdgeTrace.Api;

namespace EdgeTrace.Web.Live;

sealed partial class SiteClient
{
    public Task<ExitsView> ExitsAsync(CancellationToken token) => GetAsync("api/v1/exits", ApiJson.Default.ExitsView, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public Task<ExitView> AnswerExitAsync(string exit, AnswerExit answer, CancellationToken token) =>
        AskAsync($"api/v1/exits/{Uri.EscapeDataString(exit)}/answer", answer, ApiJson.Default.AnswerExit, ApiJson.Default.ExitView, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public Task<TicketOutcome> WriteTicketAsync(NewTicket ticket, CancellationToken token) => AskAsync("api/v1/exits/tickets", ticket, ApiJson.Default.NewTicket, ApiJson.Default.TicketOutcome, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public async Task EndTicketAsync(string ticket, CancellationToken token)
    {
        using var patience = Patience(token);
        using var answer = await http.PostAsync($"api/v1/exits/tickets/{Uri.EscapeDataString(ticket)}/end", null, patience.Token);
        await ThrowIfRefusedAsync(answer, patience.Token);
    }

    public Task<CountsView> CountsAsync(CancellationToken token) => GetAsync("api/v1/counts", ApiJson.Default.CountsView, token);

    public Task<CountView> CountAsync(string count, CancellationToken token) => GetAsync($"api/v1/counts/{Uri.EscapeDataString(count)}", ApiJson.Default.CountView, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public Task<CountView> StartCountAsync(StartCount start, CancellationToken token) => AskAsync("api/v1/counts", start, ApiJson.Default.StartCount, ApiJson.Default.CountView, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public Task<ActOutcome> SeeCountAsync(string count, CountSeen seen, CancellationToken token) =>
        AskAsync($"api/v1/counts/{Uri.EscapeDataString(count)}/seen", seen, ApiJson.Default.CountSeen, ApiJson.Default.ActOutcome, token);

    /// <exception cref="RefusedException">The server would not, and said why.</exception>
    public async Task<CountView> CloseCountAsync(string count, CancellationToken token)
    {
        using var patience = Patience(token);
        using var answer = await http.PostAsync($"api/v1/counts/{Uri.EscapeDataString(count)}/close", null, patience.Token);
        await ThrowIfRefusedAsync(answer, patience.Token);
        return await answer.Content.ReadFromJsonAsync(ApiJson.Default.CountView, patience.Token) ?? throw new JsonException("The stock-take answered null.");
    }
}
