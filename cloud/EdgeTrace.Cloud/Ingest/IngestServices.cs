using EdgeTrace.Store.Log;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>The batch log and what fills it; what others read of it: <see cref="BatchLog"/>, <see cref="GatewayDirectory"/>, <see cref="StreamWatermarks"/>, <see cref="IngestMeter"/>.</summary>
static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => BatchLog.Open(
            provider.GetRequiredService<ConfigurationFile>().Resolve(provider.GetRequiredService<IOptions<CloudOptions>>().Value.DataDirectory),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BatchLog>>(), configuration.GetValue("Log:BytesMax", 0L)));
        services.AddSingleton(provider => new GatewayDirectory(provider.GetRequiredService<BatchLog>().Reader.Gateways()));
        services.AddSingleton<StreamWatermarks>();
        services.AddSingleton<IngestMeter>();
        services.AddSingleton<SecurityDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<SecurityDesk>());
        services.AddSingleton<IngestLoop>();
        // Before the broker that feeds it: a consumer starts before its producer.
        services.AddHostedService(provider => provider.GetRequiredService<IngestLoop>());
        return services;
    }
}
