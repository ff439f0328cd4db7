using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Telemetry;

return await CommandLine.Commands(run: RunAsync).Parse(args).InvokeAsync();

// The process, in the order its data flows: broker → ingest → batch log → projections → pages.
static async Task<int> RunAsync(ConfigurationFile file, CancellationToken stopping)
{
    var builder = CloudHost.CreateBuilder(file);
    builder.Services.AddIngest(builder.Configuration);
    var pages = CloudOptions.Of(builder.Configuration).Has(Role.Api);
    if (pages)
    {
        builder.Services.AddSite(builder.Configuration).AddProjections(ProjectionServices.DataDirectory).AddGatewayNews().AddApi();
        // A host that was not published finds the page's files only so.
        builder.WebHost.UseStaticWebAssets();
    }
    builder.Services.AddBroker(builder.Configuration).AddTelemetry(builder.Configuration);

    await using var app = builder.Build();
    if (pages) app.MapApi();
    else app.MapHealth();
    app.MapPrometheusScrapingEndpoint("/metrics");
    return await CloudHost.RunAsync(app, file, stopping);
}
