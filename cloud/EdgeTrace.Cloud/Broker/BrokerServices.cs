using EdgeTrace.Cloud.Ingest;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Broker;

/// <summary>Either the embedded broker or the link to one elsewhere.</summary>
static class BrokerServices
{
    public static IServiceCollection AddBroker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BrokerOptions>().Bind(configuration.GetSection("Broker")).ValidateOnStart();
        services.AddOptions<ExternalBrokerOptions>().Bind(configuration.GetSection("ExternalBroker")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsValidator>();
        services.AddSingleton<IValidateOptions<ExternalBrokerOptions>, ExternalBrokerOptionsValidator>();

        if (CloudOptions.Of(configuration).Has(Role.Broker))
        {
            services.AddSingleton<EmbeddedBroker>();
            services.AddSingleton<IGatewayPost>(provider => provider.GetRequiredService<EmbeddedBroker>());
            services.AddHostedService(provider => provider.GetRequiredService<EmbeddedBroker>());
        }
        else if (CloudOptions.Of(configuration).Has(Role.Ingest))
        {
            services.AddSingleton<ExternalBroker>();
            services.AddSingleton<IGatewayPost>(provider => provider.GetRequiredService<ExternalBroker>());
            services.AddHostedService(provider => provider.GetRequiredService<ExternalBroker>());
        }
        return services;
    }
}
