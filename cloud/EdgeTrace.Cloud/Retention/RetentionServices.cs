using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Retention;

/// <summary>What keeps the files bounded.</summary>
static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddSingleton<RetentionService>().AddHostedService(provider => provider.GetRequiredService<RetentionService>());
        return services;
    }
}
