using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Retention;

/// <summary>
/// How large each store is, how fast it grows and how long it is kept; read from the data folder alone, so that the page and the doctor say
/// the same, beside a running cloud or without one. Growth is measured from the sizes that <see cref="RetentionService"/> writes down every hour.
/// </summary>
sealed class StorageBook(string data, RetentionOptions keep, TimeProvider time)
{
    /// <summary>The growth of the last week: a weekend is in it.</summary>
    static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>Less says nothing.</summary>
    static readonly TimeSpan WindowMin = TimeSpan.FromHours(1);

    /// <summary>Hourly backups fill up for two days before the first is deleted; before that the rest of the disk would look as if it grew for ever.</summary>
    static readonly TimeSpan RestMin = TimeSpan.FromDays(3);

    /// <summary>What is on the disk and is none of the stores.</summary>
    public const string Rest = "everything else";

    /// <summary>The disk itself, as a row of store_sizes: what is used of it by anybody.</summary>
    const string Disk = "disk";

    /// <summary>What to write down now: each database without its write-ahead log, which comes and goes, and what is used of the disk.</summary>
    public IReadOnlyList<StoreSize> SizesNow(long atUs)
    {
        var drive = new DriveInfo(data);
        return [.. Databases().Select(file => new StoreSize(Name(file), atUs, file.Length)), new(Disk, atUs, drive.TotalSize - drive.AvailableFreeSpace)];
    }

    /// <summary>When sizes were last written down; null before the first time.</summary>
    public DateTimeOffset? LastLook() => Asked(StoreSizes.LastUs) is { } us ? EventTime.FromUs(us) : null;

    public StorageView Look()
    {
        var now = time.GetUtcNow();
        var drive = new DriveInfo(data);
        var (free, total) = (drive.AvailableFreeSpace, drive.TotalSize);
        var known = (Asked(path => StoreSizes.Read(path, EventTime.ToUs(now - Window))) ?? []).GroupBy(size => size.Store).ToDictionary(store => store.Key, store => store.ToList());
        List<(StoreView View, Growth Growth)> stores = [.. Databases().Select(file =>
        {
            var name = Name(file);
            var rate = Rate(known.GetValueOrDefault(name), file.Length, now, WindowMin);
            var whole = file.Length + (File.Exists(file.FullName + "-wal") ? new FileInfo(file.FullName + "-wal").Length : 0);
            return (new StoreView(name, What(name), whole, rate ?? 0, Kept(name)), new Growth(rate ?? 0, GrowsForDays(name, known.GetValueOrDefault(name), now)));
        })];
        var isKnown = known.GetValueOrDefault("log") is [var first, ..] && now - EventTime.FromUs(first.AtUs) >= WindowMin;
        var own = stores.Sum(store => store.View.Bytes);
        var rest = Math.Max(0, (Rate(known.GetValueOrDefault(Disk), total - free, now, RestMin) ?? 0) - stores.Sum(store => store.View.BytesPerDay));
        stores.Add((new(Rest, "Backups, logs and the system, on the same disk.", Math.Max(0, total - free - own), rest, "Not EdgeTrace's to delete"), new(rest, double.PositiveInfinity)));
        return new(
            [.. stores.Select(store => store.View)], free, total, stores.Sum(store => store.View.BytesPerDay),
            isKnown ? StorageForecast.DaysUntilFull(free, stores.Select(store => store.Growth)) : null);
    }

    IEnumerable<FileInfo> Databases() => new DirectoryInfo(data).EnumerateFiles("*.db").OrderBy(file => file.Name, StringComparer.Ordinal);

    static string Name(FileInfo file) => Path.GetFileNameWithoutExtension(file.Name);

    /// <summary>Bytes a day since the oldest size of the window; null when that is not long enough ago.</summary>
    static double? Rate(List<StoreSize>? sizes, long bytesNow, DateTimeOffset now, TimeSpan atLeast)
    {
        // The first of all stands before the window.
        if (sizes?.FirstOrDefault(size => EventTime.FromUs(size.AtUs) >= now - Window) is not { AtUs: > 0 } since) return null;
        var days = (now - EventTime.FromUs(since.AtUs)).TotalDays;
        return days < atLeast.TotalDays ? null : Math.Max(0, (bytesNow - since.Bytes) / days);
    }

    double GrowsForDays(string store, List<StoreSize>? sizes, DateTimeOffset now) => store switch
    {
        "log" => OldestBatch() is { } oldest ? Math.Max(0, (keep.BatchLog - (now - oldest)).TotalDays) : keep.BatchLog.TotalDays,
        "readings" => sizes is [var first, ..] ? Math.Max(0, (keep.Samples - (now - EventTime.FromUs(first.AtUs))).TotalDays) : keep.Samples.TotalDays,
        _ => double.PositiveInfinity,
    };

    DateTimeOffset? OldestBatch()
    {
        try
        {
            using var reader = BatchLogReader.Open(data);
            return reader.Oldest() is { } oldest ? EventTime.FromUs(oldest.ReceivedUs) : null;
        }
        catch (LogUnusableException)
        {
            // The log's own state says so; without its age it is taken to grow for as long as it is kept.
            return null;
        }
    }

    /// <summary>The readings' file may be of an older version or damaged, of which the doctor says more: then growth is not known.</summary>
    T? Asked<T>(Func<string, T?> question)
    {
        var path = Path.Combine(data, ProjectionServices.ReadingsFile);
        try
        {
            return File.Exists(path) ? question(path) : default;
        }
        catch (SqliteException)
        {
            return default;
        }
    }

    static string What(string store) => store switch
    {
        "log" => "Every batch as the gateway sealed it: evidence, and what everything else is made from.",
        "ledger" => "Visits, movements, scans, alarms, what people did: the facts.",
        "readings" => "Temperatures at full rate, by the minute and by the hour; visits for charts.",
        "accounts" => "Who may sign in.",
        _ => "How far readings stores elsewhere have come.",
    };

    string Kept(string store) => store switch
    {
        "log" => Days(keep.BatchLog),
        "ledger" => "Always",
        "readings" => $"Samples {Days(keep.Samples)}, minutes {Days(keep.SampleMinutes)}, hours always",
        _ => "Always; it does not grow",
    };

    static string Days(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days");
}
