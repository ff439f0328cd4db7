using System.Globalization;
using EdgeTrace.Store.Readings.Lines;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Projections;

/// <summary>
/// A projection for each store in <c>ReadingsStores</c>. The log is kept for them as long as it is kept for anybody and no longer:
/// one that is away beyond that is told, by its status, how many batches it will never have.
/// </summary>
sealed partial class ReadingsElsewhere : IHostedService, IDisposable
{
    /// <summary>SQLite's own numbers (sqlite.org/rescode.html).</summary>
    const int Corrupt = 11;
    const int NotADatabase = 26;

    readonly ILogger _logger;
    readonly StoresFile? _file;
    readonly List<LineStore> _stores = [];

    /// <param name="path">Where stores.db will be; made only when there is a store.</param>
    /// <param name="pages">Makes a reader of its own for each store.</param>
    public ReadingsElsewhere(string path, IReadOnlyList<LineTarget> targets, Func<ReadingsPages> pages, TimeProvider time, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<ReadingsElsewhere>();
        if (targets.Count == 0) return;
        _file = Open(path, time);
        var beginning = pages().Beginning();
        _stores.AddRange(targets.Select(target => new LineStore(target, _file, beginning, time)));
        All = [.. _stores.Select(store => new ReadingsProjection(store, pages(), time, loggers.CreateLogger<ReadingsProjection>()))];
    }

    public IReadOnlyList<ReadingsProjection> All { get; } = [];

    /// <summary>What each store will never have, by cause.</summary>
    public IEnumerable<(string Store, string Cause, long Count)> Missed() => _stores.SelectMany(store => new[]
    {
        (store.Name, "batches-missed", store.Place.MissedBatches), (store.Name, "lines-expired", store.Place.ExpiredLines), (store.Name, "lines-refused", store.Place.RefusedLines),
    });

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(each => each.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(each => each.StopAsync(cancellationToken)));

    // It holds no more than how far each store is: without it they are written again from the log, and the cloud need not wait for a person.
    StoresFile Open(string path, TimeProvider time)
    {
        try
        {
            return StoresFile.Open(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
            foreach (var part in (string[])["", "-wal", "-shm"])
                if (File.Exists(path + part)) File.Move(path + part, aside + part);
            LogDamaged(path, error.Message, aside);
            return StoresFile.Open(path);
        }
    }

    public void Dispose()
    {
        foreach (var each in All) each.Dispose();
        foreach (var store in _stores) store.Dispose();
        _file?.Dispose();
    }

    [LoggerMessage(4113, LogLevel.Error, "{Path} is damaged ({Why}) and now {Aside}: every store in ReadingsStores is written again from the oldest batch in the log. Look at the disk")]
    partial void LogDamaged(string path, string why, string aside);
}
