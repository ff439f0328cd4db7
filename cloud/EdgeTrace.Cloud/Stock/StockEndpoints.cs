using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Excursions;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Identity;
using EdgeTrace.Stock;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Stock;

/// <summary>The addresses of stock: what there is, what people do to it, and what they take back.</summary>
static class StockEndpoints
{
    /// <summary>A pallet's worth in one act; more is several.</summary>
    const int LinesMax = 500;

    const int ReasonLettersMax = 2000;
    const int ActLettersMax = 64;
    const int SuggestionsMax = 20;

    public static IServiceCollection AddStock(this IServiceCollection services) =>
        services.AddSingleton<CodeBook>().AddSingleton<RecallBook>().AddSingleton<StockViews>().AddSingleton<StockBook>().AddSingleton<StockQuery>().AddSingleton<LabelDesk>().AddHostedService<ScanDesk>().AddExcursions();

    public static void MapStock(this RouteGroupBuilder api)
    {
        api.MapGet("/stock", (StockQuery stock, SiteModel site, string? place, string? product, bool things = true) =>
            place is not null && site.Location(place) is null ? Problems.NotFound($"There is no place {place}", "Places are the locations of the site model.") : Results.Ok(stock.Stock(place, product, things))).Needs(Permission.SeeStock);
        api.MapGet("/stock/first-expired", (StockQuery stock, string product, string? place) => stock.FirstExpired(product, place, SuggestionsMax)).Needs(Permission.SeeStock);
        api.MapGet("/stock/story/{**key}", Story).Needs(Permission.SeeStock);
        api.MapPost("/stock/label", Label).Needs(Permission.SeeStock);
        api.MapPost("/stock/acts", DoAsync).Needs(Permission.HandleStock);
        api.MapPost("/stock/events/{id}/declare-wrong", DeclareEventAsync).Needs(Permission.DeclareWrong);
        api.MapPost("/stock/movements/{id}/declare-wrong", DeclareMovementAsync).Needs(Permission.DeclareWrong);
    }

    static IResult Story(StockQuery stock, ItemNames names, string key, DateTimeOffset? before)
    {
        var text = Uri.UnescapeDataString(key);
        var item = Epc.TryParse(text, out var epc) ? names.Of(epc).Item : text;
        return stock.Story(item, before) is { } story ? Results.Ok(story) : Problems.NotFound($"The books have no {text}", "It was never booked in. Look for it at /api/v1/find?q=, or book it in.");
    }

    static IResult Label(LabelDesk desk, [FromBody] LabelCodes label) =>
        label.Codes is { Count: > 0 and <= LabelDesk.CodesMax } ? Results.Ok(desk.Read(label.Codes)) : Problems.Wrong("There is no code", $"Send 1 to {LabelDesk.CodesMax} codes of one label as codes.");

    static async Task<IResult> DoAsync(HttpContext context, StockBook book, SiteModel site, RefusalBook refusals, TimeProvider time, [FromBody] StockAct act)
    {
        var person = context.Person();
        if (act.Id is not { Length: > 0 and <= ActLettersMax }) return Problems.Wrong("The act has no id", "Draw a UUID before the first sending and send it again with every repeat.");
        if (act.Lines is not { Count: > 0 and <= LinesMax }) return Problems.Wrong("The act has no lines", $"Send 1 to {LinesMax} things as lines.");
        if (!Vocabulary.TryRead(act.Kind ?? "", out var kind) || kind is EventKind.Opened or EventKind.Implanted or EventKind.Explanted or EventKind.Left)
            return Problems.Wrong($"Nobody does \"{act.Kind}\" to stock here", "kind is one of received, stored, picked, issued, returned, counted, wasted, held, released and the others of cloud/README.md; implants have an address of their own.");
        if (kind is EventKind.Held or EventKind.Released or EventKind.Wasted or EventKind.Stolen && !person.May(Permission.HoldStock))
        {
            await refusals.RefusedAsync(context, person, Permission.HoldStock);
            return Results.Problem($"It is for {RoleTable.WhoMay(Permission.HoldStock)}.", statusCode: StatusCodes.Status403Forbidden, title: $"{person.Name} may not do this");
        }
        foreach (var place in (string?[])[act.Place, act.Destination])
            if (place is not null && site.Location(place) is null) return Problems.NotFound($"There is no place {place}", "Places are the locations of the site model.");
        if (act.Place is null && NeedsPlace(kind)) return Problems.Wrong("The act has no place", "Send the Location's id as place: where the things are after it.");
        if (act.Reason?.Length > ReasonLettersMax) return Problems.Wrong("The reason is too long", $"Send at most {ReasonLettersMax} letters.");
        if (act.Reason is not { Length: > 0 } && kind is EventKind.Held or EventKind.Released or EventKind.Wasted or EventKind.Stolen) return Problems.Wrong("The act has no reason", "Say why as reason.");
        var now = time.GetUtcNow();
        var at = act.At ?? now;
        if (at > now + StockBook.AheadMax) return Problems.Wrong($"The act is of {at:yyyy-MM-dd HH:mm}Z, which is still to come", "Set the terminal's clock, or leave at out.");
        if (at < now - StockBook.LateMax) return Problems.Wrong($"The act is {(now - at).TotalDays:0} days old", $"At most {StockBook.LateMax.TotalDays:0} days are taken: enter it again, with a reason.");
        return Results.Ok(await book.DoAsync(act, kind, EventTime.ToUs(at), person));
    }

    static bool NeedsPlace(EventKind kind) => kind is EventKind.Opening or EventKind.Received or EventKind.Stored or EventKind.Arrived or EventKind.Returned or EventKind.Counted or EventKind.Found;

    static async Task<IResult> DeclareEventAsync(HttpContext context, StockBook book, SiteModel site, string id, [FromBody] WrongNotice wrong) =>
        Mistake(wrong, site) ?? (await book.DeclareEventAsync(id, wrong.Reason!.Trim(), wrong.Place, context.Person()) ? Results.NoContent() : Problems.NotFound($"There is no event {id}", "GET /api/v1/stock/story/{key} lists a thing's events."));

    static async Task<IResult> DeclareMovementAsync(HttpContext context, StockBook book, SiteModel site, string id, [FromBody] WrongNotice wrong) =>
        Mistake(wrong, site) ?? (await book.DeclareMovementAsync(id, wrong.Reason!.Trim(), wrong.Place, context.Person()) ? Results.NoContent() : Problems.NotFound($"There is no movement {id}", "GET /api/v1/items/{key} lists an item's movements."));

    static IResult? Mistake(WrongNotice wrong, SiteModel site) =>
        wrong.Reason?.Trim() is not { Length: > 0 and <= ReasonLettersMax } ? Problems.Wrong("It is declared wrong without a reason", "Say what is not so as reason.")
        : wrong.Place is not null && site.Location(wrong.Place) is null ? Problems.NotFound($"There is no place {wrong.Place}", "Places are the locations of the site model.") : null;
}
