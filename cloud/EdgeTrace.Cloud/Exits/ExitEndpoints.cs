using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock.Exits;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Exits;

/// <summary>The addresses of exits and tickets.</summary>
static class ExitEndpoints
{
    const int ReasonLettersMax = 2000;
    const int IdLettersMax = 64;

    /// <summary>A trolley's worth; more is several tickets.</summary>
    const int ThingsMax = 200;

    public static IServiceCollection AddExits(this IServiceCollection services) =>
        services.AddSingleton<ExitJudge>().AddSingleton<ExitViews>().AddSingleton<ExitQuery>().AddSingleton<ExitBook>()
            .AddSingleton<ExitFollower>().AddHostedService(s => s.GetRequiredService<ExitFollower>()).AddHostedService<BeaconPost>();

    public static void MapExits(this RouteGroupBuilder api)
    {
        api.MapGet("/exits", (ExitQuery exits) => exits.Exits()).Needs(Permission.SeeStock);
        api.MapGet("/exits/{id}", (ExitQuery exits, string id) => exits.Exit(id) is { } exit ? Results.Ok(exit) : NoExit(id)).Needs(Permission.SeeStock);
        api.MapPost("/exits/{id}/answer", AnswerAsync).Needs(Permission.JudgeExits);
        api.MapPost("/exits/tickets", WriteAsync).Needs(Permission.HandleStock);
        api.MapPost("/exits/tickets/{id}/end", EndAsync).Needs(Permission.HandleStock);
    }

    static async Task<IResult> AnswerAsync(HttpContext context, ExitBook book, string id, [FromBody] AnswerExit answer)
    {
        if (!ExitBook.Answers.Contains(answer.Answer)) return Problems.Wrong($"\"{answer.Answer}\" is no answer to this", $"Send as answer one of {string.Join(", ", ExitBook.Answers)}.");
        if (answer.Reason?.Trim() is not { Length: > 0 and <= ReasonLettersMax } reason) return Problems.Wrong("The passage is answered without a reason", $"Send what you found as reason, at most {ReasonLettersMax} letters.");
        return await book.AnswerAsync(id, answer.Answer!, reason, context.Person()) is { } exit ? Results.Ok(exit) : NoExit(id);
    }

    static async Task<IResult> WriteAsync(HttpContext context, ExitBook book, SiteModel site, TimeProvider time, [FromBody] NewTicket ticket)
    {
        var now = time.GetUtcNow();
        if (ticket.Id is not { Length: > 0 and <= IdLettersMax }) return Problems.Wrong("The ticket has no id", "Draw a UUID before the first sending and send it again with every repeat.");
        if (!Enum.TryParse<TicketKind>(ticket.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind)) return Problems.Wrong($"There is no ticket for \"{ticket.Kind}\"", $"Send as kind one of {string.Join(", ", Enum.GetValues<TicketKind>().Select(k => k.Word()))}.");
        if (ticket.Things is not { Count: > 0 and <= ThingsMax }) return Problems.Wrong("Nothing is on the ticket", $"Send 1 to {ThingsMax} codes as things.");
        if (ticket.Portal is { } portal && !ExitJudge.IsExit(site, site.Portal(portal))) return Problems.NotFound($"{portal} is no exit", "Send a door whose outside is a location of kind outside, or leave portal out for any of them.");
        if (ticket.Reason?.Trim() is not { Length: > 0 and <= ReasonLettersMax } reason) return Problems.Wrong("The ticket gives no reason", $"Send why it may leave as reason, at most {ReasonLettersMax} letters.");
        var from = ticket.From ?? now;
        if (ticket.Until is not { } until || until <= now || until <= from) return Problems.Wrong("The ticket ends before it begins", "Send until when it may leave as until, an ISO 8601 time ahead.");
        if (until - from > ExitBook.LongestTicket) return Problems.Wrong("The ticket holds for too long", $"until may be at most {ExitBook.LongestTicket.TotalDays:0} days after from; write another when it is needed.");
        return Results.Ok(await book.WriteAsync(ticket.Id, kind, ticket.Portal, from, until, reason, ticket.Things, context.Person()));
    }

    static async Task<IResult> EndAsync(HttpContext context, ExitBook book, string id) =>
        await book.EndAsync(id, context.Person()) ? Results.NoContent() : Problems.NotFound($"No ticket {id} holds or is to come", "It may be used up or over; GET /api/v1/exits lists tickets.");

    static IResult NoExit(string id) => Problems.NotFound($"No passage {id} asks for an answer", "GET /api/v1/exits lists those that do.");
}
