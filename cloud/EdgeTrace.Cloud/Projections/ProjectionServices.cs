using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Everything that is made from the batch log, in data-flow order.</summary>
static class ProjectionServices
{
    public const string LedgerFile = "ledger.db";
    public const string ReadingsFile = "readings.db";
    public const string StoresFile = "stores.db";

    /// <param name="dataDirectory">Where ledger.db and readings.db will be, beside the log.</param>
    public static IServiceCollection AddProjections(this IServiceCollection services, Func<IServiceProvider, string> dataDirectory)
    {
        services.AddSingleton(s => Opened(Path.Combine(dataDirectory(s), LedgerFile), path => LedgerWriter.Open(path, s.GetRequiredService<TimeProvider>())));
        services.AddSingleton(s =>
        {
            // The writer makes the file and its tables.
            _ = s.GetRequiredService<LedgerWriter>();
            return new LedgerReader(Path.Combine(dataDirectory(s), LedgerFile));
        });
        services.AddSingleton(s => Opened(Path.Combine(dataDirectory(s), ReadingsFile), ReadingsStore.Open));
        services.AddSingleton(s => new StorageBook(dataDirectory(s), s.GetRequiredService<IOptions<RetentionOptions>>().Value, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s =>
        {
            // As with the ledger.
            _ = s.GetRequiredService<ReadingsStore>();
            return new SampleReader(Path.Combine(dataDirectory(s), ReadingsFile));
        });
        services.AddSingleton(s => PointBoards.Filled(s.GetRequiredService<SiteModel>(), s.GetRequiredService<ReadingsStore>()));
        services.AddSingleton<EquipmentBoard>().AddSingleton<ZoneFactory>();
        services.AddSingleton(s => new VisitEvidence(s.GetRequiredService<LedgerReader>(), s.GetRequiredService<BatchLog>().Reader));
        services.AddSingleton(s => new ProjectionPump(
            Agreeing(s.GetRequiredService<BatchLog>(), s.GetRequiredService<LedgerReader>(), dataDirectory(s)), s.GetRequiredService<LedgerWriter>(), s.GetRequiredService<LedgerReader>(), s.GetRequiredService<ZoneFactory>(),
            s.GetRequiredService<IStreamPromises>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        services.AddTransient<ReadingsPages>();
        services.AddSingleton(s => new ReadingsProjection(
            s.GetRequiredService<ReadingsStore>(), s.GetRequiredService<ReadingsPages>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ReadingsProjection>>()));
        services.AddSingleton(s => Opened(Path.Combine(dataDirectory(s), StoresFile), path => new ReadingsElsewhere(
            path, [.. s.GetRequiredService<IOptions<ReadingsStoresOptions>>().Value.Stores.Select(store => store.Target(s.GetRequiredService<ConfigurationFile>()))],
            s.GetRequiredService<ReadingsPages>, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<CompletenessProjection>();
        services.AddHostedService(s => s.GetRequiredService<ProjectionPump>());
        services.AddHostedService(s => s.GetRequiredService<ReadingsProjection>());
        services.AddHostedService(s => s.GetRequiredService<ReadingsElsewhere>());
        services.AddHostedService(s => s.GetRequiredService<CompletenessProjection>());
        return services;
    }

    /// <summary>Stores elsewhere, as the configuration names them.</summary>
    public static IServiceCollection AddReadingsStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ReadingsStoresOptions>().Configure(options => configuration.GetSection(ReadingsStoresOptions.Section).Bind(options.Stores)).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<ReadingsStoresOptions>, ReadingsStoresOptionsValidator>();
    }

    /// <summary>Where the log is, too.</summary>
    public static string DataDirectory(IServiceProvider services) =>
        services.GetRequiredService<ConfigurationFile>().Resolve(services.GetRequiredService<IOptions<CloudOptions>>().Value.DataDirectory);

    /// <summary>What ingest hears besides batches: promises and whether gateways are there.</summary>
    public static IServiceCollection AddGatewayNews(this IServiceCollection services) =>
        services.AddSingleton<IStreamPromises, IngestPromises>().AddHostedService<GatewayWatch>();

    /// <summary>A file that cannot be used is for a person to put right, before anything has started.</summary>
    static T Opened<T>(string path, Func<string, T> open)
    {
        try
        {
            return open(path);
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            throw new StartRefusedException($"{path} is damaged or cannot be opened ({error.Message}). Look at the disk (dmesg, SMART); then put the newest backup back: edgetrace-cloud restore --set-aside.", error);
        }
        catch (InvalidDataException error)
        {
            throw new StartRefusedException(error.Message, error);
        }
    }

    /// <summary>A log that ends before what was made of it is another log: everything new would be taken for known and never be applied.</summary>
    static BatchLog Agreeing(BatchLog log, LedgerReader ledger, string folder) => ledger.Zones().Select(zone => zone.Position.Position).DefaultIfEmpty().Max() is var applied && applied <= log.Head
        ? log
        : throw new StartRefusedException(
            $"The batch log in {folder} ends at position {log.Head}, but {LedgerFile} beside it was made of {applied}: one of them was emptied or is an older copy. Put all files of one backup back: edgetrace-cloud restore --set-aside.");
}
