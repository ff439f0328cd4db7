using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Everything that is made from the batch log, in data-flow order.</summary>
static class ProjectionServices
{
    public const string LedgerFile = "ledger.db";
    public const string ReadingsFile = "readings.db";

    /// <param name="site">The site model in force.</param>
    /// <param name="products">What trade items are called.</param>
    /// <param name="dataDirectory">Where log.db is, and where ledger.db and readings.db will be.</param>
    public static IServiceCollection AddProjections(this IServiceCollection services, SiteModel site, ProductCatalogue products, string dataDirectory)
    {
        services.AddSingleton(site).AddSingleton(new ItemNames(products));
        services.AddSingleton(s => LedgerWriter.Open(Path.Combine(dataDirectory, LedgerFile), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s =>
        {
            // The writer makes the file and its tables.
            _ = s.GetRequiredService<LedgerWriter>();
            return new LedgerReader(Path.Combine(dataDirectory, LedgerFile));
        });
        services.AddSingleton(_ => ReadingsStore.Open(Path.Combine(dataDirectory, ReadingsFile)));
        services.AddSingleton(s => PointBoards.Filled(site, s.GetRequiredService<ReadingsStore>()));
        services.AddSingleton<EquipmentBoard>().AddSingleton<ZoneFactory>();
        services.AddSingleton(s => new VisitEvidence(s.GetRequiredService<LedgerReader>(), s.GetRequiredService<BatchLog>().Reader));
        services.AddSingleton(s => new ProjectionPump(
            s.GetRequiredService<BatchLog>(), s.GetRequiredService<LedgerWriter>(), s.GetRequiredService<LedgerReader>(), s.GetRequiredService<ZoneFactory>(),
            s.GetRequiredService<IStreamPromises>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ReadingsProjection>();
        services.AddHostedService(s => s.GetRequiredService<ProjectionPump>());
        services.AddHostedService(s => s.GetRequiredService<ReadingsProjection>());
        return services;
    }
}
