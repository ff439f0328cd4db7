using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Catalogue;

/// <summary>The addresses of what is known of products: lists that come as CSV, and what there should be.</summary>
static class CatalogueEndpoints
{
    const int FoundMax = 200;

    public static IServiceCollection AddCatalogue(this IServiceCollection services) =>
        services.AddSingleton<CatalogueBook>().AddHostedService(s => s.GetRequiredService<CatalogueBook>()).AddSingleton<ParBook>().AddSingleton<OpeningBook>();

    public static void MapCatalogue(this RouteGroupBuilder api)
    {
        api.MapGet("/catalogue", (CatalogueBook catalogue, string? q, int max = FoundMax) => catalogue.Search(q ?? "", Math.Clamp(max, 1, FoundMax))).Needs(Permission.SeeStock);
        api.MapPost("/catalogue", (HttpContext context, CatalogueBook catalogue, bool check = false) => TextAsync(context, text => catalogue.ImportAsync(text, check, context.Person()))).TakesCsv();
        api.MapGet("/pars", (StockQuery stock) => stock.Pars()).Needs(Permission.SeeStock);
        api.MapPost("/pars", (HttpContext context, ParBook pars, bool check = false) => TextAsync(context, text => pars.ImportAsync(text, check, context.Person()))).TakesCsv();
        api.MapPost("/stock/opening", OpenAsync).TakesCsv();
        api.MapGet("/scanners", (SiteModel site) => site.Scanners.Select(s => new ScannerView(s.Id, s.Name, s.Location, s.Does))).Needs(Permission.SeeStock);
    }

    static void TakesCsv(this RouteHandlerBuilder address) => address.Needs(Permission.ImportCatalogue).WithMetadata(new RequestSizeLimitAttribute(Imports.BytesMax));

    static async Task<T> TextAsync<T>(HttpContext context, Func<TextReader, Task<T>> take)
    {
        using var reader = new StreamReader(context.Request.Body);
        return await take(new StringReader(await reader.ReadToEndAsync(context.RequestAborted)));
    }

    /// <summary>Answers line by line while it goes on, for a file of a hundred thousand lines takes a while: JSON, one object a line, the last with the outcome.</summary>
    static async Task OpenAsync(HttpContext context, OpeningBook opening, bool check = false)
    {
        context.Response.ContentType = "application/x-ndjson";
        Task TellAsync(ImportProgress progress) => context.Response.WriteAsync(ApiJson.Write(progress) + "\n");
        var outcome = await TextAsync(context, text => opening.ImportAsync(text, check, context.Person(), async (done, of) =>
        {
            await TellAsync(new(done, of));
            await context.Response.Body.FlushAsync();
        }));
        await TellAsync(new(outcome.Lines, outcome.Lines, outcome));
    }
}
