using EdgeTrace.Cloud;
using EdgeTrace.Cloud.Broker;
using EdgeTrace.Cloud.Ingest;

return await CommandLine.Commands(run: RunAsync).Parse(args).InvokeAsync();

// The process, in the order its data flows: broker → ingest → batch log → projections → pages.
static async Task<int> RunAsync(ConfigurationFile file, CancellationToken stopping)
{
    var builder = CloudHost.CreateBuilder(file);
    builder.Services.AddIngest(builder.Configuration);
    builder.Services.AddBroker(builder.Configuration);

    await using var app = builder.Build();
    return await CloudHost.RunAsync(app, file, stopping);
}
