using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Store.Log;

namespace EdgeTrace.Cloud.Telemetry;

/// <summary>
/// <c>/healthz</c>: the process lives and answers; a service manager restarts it when not. <c>/readyz</c>: it can do its work, or the named
/// causes why not; a restart would not cure those, a person may.
/// </summary>
static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => Results.Json(new Liveness("live"))).AllowAnonymous();
        app.MapGet("/readyz", (IServiceProvider services) =>
        {
            var causes = Causes(services).ToList();
            return Results.Json(new Readiness(causes.Count == 0 ? "ready" : "not ready", causes), statusCode: causes.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous();
    }

    /// <summary>Everything that keeps this process from its work, each by the part's name; parts that its roles leave out are not asked.</summary>
    internal static IEnumerable<NotReady> Causes(IServiceProvider services)
    {
        if (services.GetService<BatchLog>() is { State: { IsFine: false } log })
            yield return new("batch-log", log.Reason, log.Remedy);
        if (services.GetService<ProjectionPump>() is { Stuck: { Length: > 0 } stuck })
            yield return new("ledger", stuck, "Look at the disk of Cloud.DataDirectory: it is full, read-only or failing. Batches are still acknowledged; pages and alarms wait.");
        if (services.GetService<ExternalBroker>() is { State: { } link } && link != BrokerState.Connected)
            yield return new("broker", $"{link.Name}: {link.Reason}".TrimEnd(' ', ':'), "Start the broker or correct ExternalBroker. Gateways keep what they read meanwhile.");
    }

    sealed record Liveness(string Status);
}

/// <summary>The answer of <c>/readyz</c>: ready, or not ready and why.</summary>
sealed record Readiness(string Status, IReadOnlyList<NotReady> Causes);

/// <summary>One thing that keeps the cloud from its work.</summary>
/// <param name="Name">batch-log, ledger or broker.</param>
sealed record NotReady(string Name, string Reason, string Remedy);
