namespace EdgeTrace.Cloud.Excursions;

/// <summary>What an excursion does to stock.</summary>
static class ExcursionServices
{
    public static IServiceCollection AddExcursions(this IServiceCollection services) =>
        services.AddSingleton<ExcursionBook>().AddSingleton<ExcursionJudge>().AddSingleton<ExcursionFollower>().AddHostedService(s => s.GetRequiredService<ExcursionFollower>());
}
