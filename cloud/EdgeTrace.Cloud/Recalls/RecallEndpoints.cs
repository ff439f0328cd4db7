using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Recalls;

/// <summary>The addresses of recalls: look, press, answer, release, close, and the lists that go to others.</summary>
static class RecallEndpoints
{
    const int ReasonLettersMax = 2000;
    const int ActLettersMax = 64;
    const int ProductsMax = 10;

    public static IServiceCollection AddRecalls(this IServiceCollection services) =>
        services.AddSingleton<RecallFinder>().AddSingleton<RecallQuery>().AddSingleton<RecallBoard>().AddSingleton<RecallDesk>().AddSingleton<RecallLetters>();

    public static void MapRecalls(this RouteGroupBuilder api)
    {
        api.MapGet("/recalls", (RecallQuery recalls) => recalls.List()).Needs(Permission.Recall);
        api.MapGet("/recalls/understand", Understand).Needs(Permission.Recall);
        api.MapPost("/recalls/preview", Preview).Needs(Permission.Recall);
        api.MapPost("/recalls", PressAsync).Needs(Permission.Recall);
        api.MapGet("/recalls/{id}", (RecallQuery recalls, string id) => recalls.View(id) is { } view ? Results.Ok(view) : NoNotice(id)).Needs(Permission.Recall);
        api.MapPost("/recalls/{id}/answers", AnswerAsync).Needs(Permission.Recall);
        api.MapPost("/recalls/{id}/release", ReleaseAsync).Needs(Permission.Recall);
        api.MapPost("/recalls/{id}/close", CloseAsync).Needs(Permission.Recall);
        api.MapGet("/recalls/{id}/stock.csv", (RecallLetters letters, string id) => letters.Stock(id) ?? NoNotice(id)).Needs(Permission.Recall);
        api.MapGet("/recalls/{id}/letters.csv", async (HttpContext context, RecallLetters letters, string id) => await letters.PatientsAsync(id, context.Person()) ?? NoNotice(id)).Needs(Permission.SeePatients);
    }

    /// <summary>What a scan, a GTIN or some words of a product's name already say of a notice.</summary>
    static IResult Understand(CodeBook codes, RecallQuery recalls, ItemNames names, string? code)
    {
        var text = code?.Trim() ?? "";
        RecallProduct Of(string key) => new(key, recalls.Name(key), recalls.Known(key)?.Manufacturer ?? "");
        if (RecallDraftReader.Product(text) is { } whole && (whole[0] != '+' || recalls.Known(whole) is not null)) return Results.Ok(new RecallSubject([Of(whole)], null, null, null, null));
        var (label, error) = codes.Read(code ?? "", null, pieces: true);
        // Of a HIBC without the last digit, which says how many are in the box: the notice means them all.
        if (label?.Parts.Product is { } product) return Results.Ok(new RecallSubject([Of(product[0] == '+' ? product[..^1] : product)], label.Parts.Lot, label.Parts.Serial, label.Parts.Expiry, null));
        var found = text.Length > 1 ? names.Products.Search(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), ProductsMax).Select(known => Of(known.Key)).ToList() : [];
        return Results.Ok(new RecallSubject(found, null, null, null, found.Count > 0 ? null : error ?? "No product of the catalogue is called so, and this is no code of one."));
    }

    static IResult Preview(RecallQuery recalls, [FromBody] RecallDraft draft)
    {
        var (notice, wrong, cure) = RecallDraftReader.Read(draft, preview: true);
        return notice is null ? Problems.Wrong(wrong!, cure!) : Results.Ok(recalls.Preview(notice));
    }

    static async Task<IResult> PressAsync(HttpContext context, RecallDesk desk, RecallQuery recalls, [FromBody] RecallDraft draft)
    {
        var (notice, wrong, cure) = RecallDraftReader.Read(draft, preview: false);
        if (notice is null) return Problems.Wrong(wrong!, cure!);
        await desk.PressAsync(notice, draft.Said?.Trim() ?? "", context.Person());
        return Results.Ok(recalls.View(notice.Id));
    }

    static async Task<IResult> AnswerAsync(HttpContext context, RecallDesk desk, RecallQuery recalls, SiteModel site, string id, [FromBody] RecallAnswerGiven answer)
    {
        if (recalls.View(id) is not { } view) return NoNotice(id);
        if (view.Closed is not null) return Problems.Wrong("The recall is closed", "Open another one where more is to be looked for.");
        if (answer.Place is null || site.Location(answer.Place) is null && view.Found.Places.All(place => place.Place != answer.Place)) return Problems.NotFound($"There is no place {answer.Place}", "Send one of the recall's places as place.");
        if (answer.Found is null or < 0) return Problems.Wrong("The answer does not say how many were found", "Send found, also where it is 0.");
        if (answer.Note?.Length > ReasonLettersMax) return Problems.Wrong("The note is too long", $"Send at most {ReasonLettersMax} letters.");
        await desk.AnswerAsync(id, answer.Place, answer.Found.Value, view.Found.Places.FirstOrDefault(place => place.Place == answer.Place)?.Named ?? 0, answer.Note?.Trim() ?? "", context.Person());
        return Results.Ok(recalls.View(id));
    }

    static async Task<IResult> ReleaseAsync(HttpContext context, RecallDesk desk, RecallQuery recalls, string id, [FromBody] RecallReleased released)
    {
        if (released.Act is not { Length: > 0 and <= ActLettersMax }) return Problems.Wrong("The release has no id", "Send a UUID as act, the same however often it is sent.");
        if (released.Reason?.Trim() is not { Length: > 0 and <= ReasonLettersMax } reason) return Problems.Wrong("It is released without a reason", "Say as reason what was found when somebody looked at it.");
        if (released.Key is not { Length: > 0 }) return Problems.Wrong("The release names nothing", "Send the thing's key.");
        return await desk.ReleaseAsync(id, released.Act, released.Key, reason, context.Person()) ? Results.Ok(recalls.View(id))
            : Problems.NotFound($"No open recall {id} names {released.Key}", "Fetch the recall again: it may be closed, or the thing released.");
    }

    static async Task<IResult> CloseAsync(HttpContext context, RecallDesk desk, RecallQuery recalls, LedgerReader ledger, string id, [FromBody] RecallClosing closing)
    {
        if (ledger.Recall(id) is not { } row) return NoNotice(id);
        if (closing.Reason?.Trim() is not { Length: > 0 and <= ReasonLettersMax } reason) return Problems.Wrong("The recall is closed without a reason", "Say what became of it as reason.");
        if (row.Closed is null) await desk.CloseAsync(row.Opened.What, reason, closing.Release, context.Person());
        return Results.Ok(recalls.View(id));
    }

    static IResult NoNotice(string id) => Problems.NotFound($"There is no recall {id}", "GET /api/v1/recalls lists them.");
}
