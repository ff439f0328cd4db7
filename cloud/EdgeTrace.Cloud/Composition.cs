using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Cloud.Telemetry;

namespace EdgeTrace.Cloud;

/// <summary>How the rooms are joined, in the order the data flows: broker → ingest → batch log → projections → pages. What is run is also what is checked.</summary>
static class Composition
{
    public static WebApplication Compose(ConfigurationFile file)
    {
        var builder = CloudHost.CreateBuilder(file);
        var pages = CloudOptions.Of(builder.Configuration).Has(Role.Api);
        builder.Services.AddIngest(builder.Configuration);
        if (pages)
        {
            builder.Services.AddSite(builder.Configuration).AddProjections(ProjectionServices.DataDirectory).AddGatewayNews().AddRetention(builder.Configuration).AddApi();
            // A host that was not published finds the page's files only so.
            builder.WebHost.UseStaticWebAssets();
        }
        builder.Services.AddBroker(builder.Configuration).AddReadingsStores(builder.Configuration).AddTelemetry(builder.Configuration);

        var app = builder.Build();
        if (pages) app.MapApi();
        else app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        return app;
    }
}
