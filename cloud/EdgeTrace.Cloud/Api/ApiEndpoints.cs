using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Catalogue;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Counts;
using EdgeTrace.Cloud.Doors;
using EdgeTrace.Cloud.Exits;
using EdgeTrace.Cloud.Faults;
using EdgeTrace.Cloud.Recalls;
using EdgeTrace.Cloud.Identify;
using EdgeTrace.Cloud.Reports;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Stock;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Cloud.Theatre;
using EdgeTrace.Store.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Api;

/// <summary>The addresses of <c>/api/v1</c> and <c>/live</c>; each is a line here and a class beside it.</summary>
static class ApiEndpoints
{
    const int FeedMax = 1000;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        // Two lines a request would bury what an operator looks for; refusals are warnings and stay.
        services.AddLogging(l => l.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(o => ApiJson.Set(o.SerializerOptions));
        services.AddResponseCompression(o => o.EnableForHttps = true);
        services.AddSingleton<FeedViews>().AddSingleton<AlarmViews>().AddSingleton<NowQuery>().AddSingleton<ItemQuery>().AddSingleton<FindQuery>();
        services.AddSingleton<EventViews>().AddSingleton<StatusQuery>().AddSingleton<SampleQuery>().AddSingleton<PeriodQuery>().AddSingleton<LiveFeed>();
        services.AddAccounts().AddStock().AddCatalogue().AddReports().AddRecalls().AddTheatre().AddFaults();
        services.AddExits().AddCounts().AddDoors();
        services.AddSingleton<CompletenessQuery>().AddSingleton<ScannerFigures>();
        services.AddSingleton<PulseClock>().AddHostedService(s => s.GetRequiredService<PulseClock>());
        return services;
    }

    public static WebApplication MapApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UsePageHeaders();
        app.UseWhen(c => !c.Request.Path.StartsWithSegments("/live") && !c.Request.Path.StartsWithSegments("/api/v1/live"), branch => branch.UseResponseCompression());
        app.UseAccounts();

        var api = app.MapGroup("/api/v1");
        api.MapGet("/now", (NowQuery now) => now.Now()).Needs(Permission.SeeSite);
        api.MapGet("/feed", Feed).Needs(Permission.SeeSite);
        api.MapGet("/events", Events).Needs(Permission.SeeSite);
        api.MapGet("/items/{**key}", Item).Needs(Permission.SeeStock);
        api.MapGet("/places/{id}", Place).Needs(Permission.SeeStock);
        api.MapIdentify();
        api.MapGet("/find", (FindQuery find, string? q) => find.Search(q ?? "")).Needs(Permission.SeeStock);
        api.MapPoints();
        api.MapCompleteness();
        api.MapGet("/status", (StatusQuery status) => status.Status()).Needs(Permission.SeeSite);
        api.MapGet("/storage", (StorageBook storage) => storage.Look()).Needs(Permission.SeeSite);
        api.MapPost("/alarms/{id}/acknowledge", Acknowledge).Needs(Permission.AnswerAlarms);
        api.MapStock();
        api.MapRecalls();
        api.MapExits();
        api.MapCatalogue();
        api.MapReports();
        api.MapTheatre();
        api.MapCounts();
        api.MapFaults();
        api.MapAccounts();
        api.MapGet("/live", (HttpContext context, LiveFeed live) => live.StreamAsync(context)).Needs(Permission.SeeSite);
        app.MapGet("/live", (HttpContext context, LiveFeed live) => live.StreamAsync(context)).Needs(Permission.SeeSite);
        app.MapHealth();
        app.MapFallback("/api/{**rest}", (HttpContext context) => Problems.NotFound($"There is no {context.Request.Path}", "The addresses of this API are listed in cloud/README.md.")).AllowAnonymous();
        app.MapPage();
        return app;
    }

    static IResult Feed(FeedViews feed, long after = 0, int max = 200)
    {
        if (after < 0) return Problems.Wrong("after is negative", "Ask with the next of the page before, or 0 for the beginning.");
        var events = feed.After(after, Math.Clamp(max, 1, FeedMax));
        return Results.Ok(new FeedPage(events, events.Count > 0 ? events[^1].Cursor : after));
    }

    static IResult Events(EventViews events, long after = 0, int max = 200) =>
        after < 0 ? Problems.Wrong("after is negative", "Ask with the next of the page before, or 0 for the beginning.")
        : Results.Ok(events.After(after, Math.Clamp(max, 1, FeedMax)));

    static IResult Item(ItemQuery items, string key, DateTimeOffset? before) =>
        items.Item(Uri.UnescapeDataString(key), before) is { } item ? Results.Ok(item)
        : Problems.NotFound($"Nothing is known of {key}", "It has not been read by a portal or a scanner yet. Look for it at /api/v1/find?q=.");

    static IResult Place(ItemQuery items, string id) =>
        items.Place(id) is { } place ? Results.Ok(place) : Problems.NotFound($"There is no place {id}", "Places are the locations of the site model.");

    static async Task<IResult> Acknowledge(HttpContext context, AlarmViews alarms, LedgerWriter ledger, TimeProvider time, string id, [FromBody] AcknowledgeAlarm answer)
    {
        if (alarms.Find(id) is not { } alarm) return Problems.NotFound($"There is no alarm {id}", "It may have been of another ledger; fetch /api/v1/now again.");
        var (actor, reason) = (context.Person().Actor, answer.Reason?.Trim() ?? "");
        if (reason.Length is 0 or > 2000) return Problems.Wrong("The alarm is answered without a reason", "Send what you found or did as reason.");
        var commit = new LedgerCommit(actor);
        var nowUs = time.NowUs();
        commit.Acknowledgements.Add(new(id, actor, reason, nowUs));
        commit.Outgoing.Add(new(FeedKind.Alarm, id, "acknowledged", nowUs, ApiJson.Write(alarm with { Acknowledged = true, AcknowledgedBy = actor })));
        await ledger.CommitAsync(commit);
        // Somebody may have been quicker; the first answer stands.
        return Results.Ok(alarms.Find(id) ?? alarm with { Acknowledged = true, AcknowledgedBy = actor });
    }
}

/// <summary>The body of <c>POST /api/v1/alarms/{id}/acknowledge</c>: what whoever answers found or did.</summary>
sealed record AcknowledgeAlarm(string? Reason);
