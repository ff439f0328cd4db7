using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Counts;

/// <summary>The addresses of stock-takes.</summary>
static class CountEndpoints
{
    const int IdLettersMax = 64;

    /// <summary>A handheld reader sends what a shelf holds; more is several.</summary>
    const int LinesMax = 500;

    const int DaysMax = 730;

    public static IServiceCollection AddCounts(this IServiceCollection services) => services.AddSingleton<CountQuery>().AddSingleton<CountBook>();

    public static void MapCounts(this RouteGroupBuilder api)
    {
        api.MapGet("/counts", (CountQuery counts) => counts.Counts()).Needs(Permission.SeeStock);
        api.MapGet("/counts/missing", (CountQuery counts, int? days) => counts.Missing(Math.Clamp(days ?? 90, 1, DaysMax))).Needs(Permission.SeeStock);
        api.MapGet("/counts/{id}", (CountQuery counts, LedgerReader ledger, string id) => ledger.Count(id) is { } count ? Results.Ok(counts.View(count)) : NoCount(id)).Needs(Permission.SeeStock);
        api.MapPost("/counts", StartAsync).Needs(Permission.HandleStock);
        api.MapPost("/counts/{id}/seen", SeeAsync).Needs(Permission.HandleStock);
        api.MapPost("/counts/{id}/close", CloseAsync).Needs(Permission.HandleStock);
    }

    static async Task<IResult> StartAsync(HttpContext context, CountBook book, SiteModel site, [FromBody] StartCount start)
    {
        if (start.Id is not { Length: > 0 and <= IdLettersMax }) return Problems.Wrong("The stock-take has no id", "Draw a UUID before the first sending and send it again with every repeat.");
        if (site.Location(start.Place) is not { Kind: not "outside" } place) return Problems.NotFound($"There is no place {start.Place} to count", "Places are the locations of the site model that are not outside.");
        return Results.Ok(await book.StartAsync(start.Id, place.Id, context.Person()));
    }

    static async Task<IResult> SeeAsync(HttpContext context, CountBook book, LedgerReader ledger, TimeProvider time, string id, [FromBody] CountSeen seen)
    {
        if (ledger.Count(id) is not { } count) return NoCount(id);
        if (count.ClosedUs is not null) return Problems.Wrong("The stock-take is closed", "Start another one: POST /api/v1/counts.");
        if (seen.Id is not { Length: > 0 and <= IdLettersMax }) return Problems.Wrong("The act has no id", "Draw a UUID before the first sending and send it again with every repeat.");
        if (seen.Lines is not { Count: > 0 and <= LinesMax }) return Problems.Wrong("Nothing was seen", $"Send 1 to {LinesMax} codes as lines.");
        var now = time.GetUtcNow();
        var at = seen.At ?? now;
        if (at > now + StockBook.AheadMax || EventTime.ToUs(at) < count.StartedUs) return Problems.Wrong($"It was seen at {at:yyyy-MM-dd HH:mm}Z, which is not within the stock-take", "Set the terminal's clock, or leave at out.");
        return Results.Ok(await book.SeeAsync(count, seen, EventTime.ToUs(at), context.Person()));
    }

    static async Task<IResult> CloseAsync(HttpContext context, CountBook book, LedgerReader ledger, string id) =>
        ledger.Count(id) is { } count ? Results.Ok(await book.CloseAsync(count, context.Person())) : NoCount(id);

    static IResult NoCount(string id) => Problems.NotFound($"There is no stock-take {id}", "GET /api/v1/counts lists them.");
}
