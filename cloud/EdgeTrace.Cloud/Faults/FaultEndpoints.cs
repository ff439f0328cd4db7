using EdgeTrace.Api;
using EdgeTrace.Cloud.Accounts;
using EdgeTrace.Cloud.Api;
using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Faults;

/// <summary>The addresses of faults, gateways and planned work.</summary>
static class FaultEndpoints
{
    const int ReasonLettersMax = 2000;

    public static IServiceCollection AddFaults(this IServiceCollection services)
    {
        services.AddSingleton<FaultNames>().AddSingleton<PlannedWorkBook>().AddSingleton<MendedQuery>().AddSingleton<FaultQuery>().AddSingleton<GatewayQuery>().AddSingleton<RefusedQuery>();
        services.AddSingleton(s => new ServerFaults(s, s.GetRequiredService<FaultNames>(), s.GetRequiredService<TimeProvider>(), BackupDirectory(s)));
        return services;
    }

    public static void MapFaults(this RouteGroupBuilder api)
    {
        api.MapGet("/faults", (FaultQuery faults) => faults.Faults()).Needs(Permission.SeeSite);
        api.MapGet("/quarantine", (RefusedQuery refused) => refused.Refused()).Needs(Permission.SeeSite);
        api.MapGet("/gateways", (GatewayQuery gateways) => gateways.Gateways()).Needs(Permission.SeeSite);
        api.MapGet("/gateways/{id}", (GatewayQuery gateways, string id) => gateways.Gateway(id) is { } gateway ? Results.Ok(gateway)
            : Problems.NotFound($"There is no gateway {id}", "Gateways are those the site model names and those that were ever heard: GET /api/v1/gateways lists them.")).Needs(Permission.SeeSite);
        api.MapPost("/planned-work", Plan).Needs(Permission.PlanWork);
        api.MapPost("/planned-work/{id}/end", End).Needs(Permission.PlanWork);
    }

    static async Task<IResult> Plan(HttpContext context, PlannedWorkBook planned, TimeProvider time, [FromBody] PlanWork plan)
    {
        var (subject, actor, reason) = (plan.Subject?.Trim() ?? "", context.Person().Actor, plan.Reason?.Trim() ?? "");
        if (planned.NameOf(subject) is null) return Problems.NotFound($"There is no {subject}", "Send as subject one of a fault's subjects: a device gw-1/reader/store-3-reader, a gateway gw-1/gateway/gw-1, or a door portal/store-3-door.");
        if (reason.Length is 0 or > ReasonLettersMax) return Problems.Wrong("The work is planned without a reason", "Send what will be done as reason.");
        var now = time.GetUtcNow();
        if (plan.Until is not { } until || until <= now) return Problems.Wrong("The work has no end ahead", "Send until when it may last as until, an ISO 8601 time in the future.");
        if (until > now + PlannedWorkBook.LongestPlan) return Problems.Wrong("The work is planned for too long", $"until may be at most {PlannedWorkBook.LongestPlan.TotalDays:0} days ahead; plan it again when it lasts longer.");
        return Results.Ok(await planned.PlanAsync(subject, actor, reason, until));
    }

    static async Task<IResult> End(HttpContext context, PlannedWorkBook planned, string id, [FromBody] EndWork end)
    {
        var (actor, reason) = (context.Person().Actor, end.Reason?.Trim() ?? "");
        if (reason.Length > ReasonLettersMax) return Problems.Wrong("The reason is too long", $"Send at most {ReasonLettersMax} letters as reason, or none.");
        return await planned.EndAsync(id, actor, reason) ? Results.NoContent() : Problems.NotFound($"No planned work {id} holds now", "It may be over already; GET /api/v1/faults lists what holds.");
    }

    static string? BackupDirectory(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>()["Backup:Directory"] is { Length: > 0 } folder ? services.GetRequiredService<ConfigurationFile>().Resolve(folder) : null;
}

/// <summary>The body of <c>POST /api/v1/planned-work</c>: what will be worked on, why, and until when at most.</summary>
sealed record PlanWork(string? Subject, string? Reason, DateTimeOffset? Until);

/// <summary>The body of <c>POST /api/v1/planned-work/{id}/end</c>: a reason is welcome.</summary>
sealed record EndWork(string? Reason);
