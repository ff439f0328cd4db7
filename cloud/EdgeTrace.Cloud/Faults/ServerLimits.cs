using System.Globalization;
using EdgeTrace.Api;
using EdgeTrace.Cloud.Retention;

namespace EdgeTrace.Cloud.Faults;

/// <summary>When the server itself wants somebody: the same for the page, the doctor and their words.</summary>
static class ServerLimits
{
    /// <summary>Batches behind the log at which a page is visibly late.</summary>
    public const long LagMax = 2000;

    /// <summary>A gateway keeps what is acknowledged for two hours: an older backup cannot be completed from it.</summary>
    public static readonly TimeSpan BackupAgeMax = TimeSpan.FromHours(2);

    /// <summary>An hour of a busy site's batches and the room SQLite needs to fold its write-ahead logs back.</summary>
    const long DiskFreeMin = 1L << 30;

    /// <summary>A bank holiday's weekend, in which nobody comes; and the time it takes to be given a larger disk.</summary>
    const double DiskDaysAlarm = 4, DiskDaysWarning = 30;

    /// <summary>The state of a disk; <see cref="FaultWords.Fine"/> while it has more than a tenth free and a month to go.</summary>
    /// <param name="daysUntilFull">As forecast; null: not known yet.</param>
    public static string Disk(long freeBytes, long totalBytes, double? daysUntilFull) =>
        freeBytes < DiskFreeMin || daysUntilFull < DiskDaysAlarm ? "nearly full"
        : freeBytes < totalBytes / 10 || daysUntilFull < DiskDaysWarning ? "filling up" : FaultWords.Fine;

    /// <summary>The state of backups.</summary>
    /// <param name="folder">Null: none is configured.</param>
    /// <param name="age">Of the newest; null: there is none.</param>
    public static string Backup(string? folder, TimeSpan? age) =>
        folder is null ? "not configured" : age is not { } old ? "none" : old > BackupAgeMax ? "too old" : FaultWords.Fine;

    /// <summary>When the disk is full, in words.</summary>
    public static string Forecast(StorageView storage) => storage.DaysUntilFull switch
    {
        null => "When it is full is not known yet: growth has not been measured for an hour.",
        >= StorageForecast.DaysMax => "It is not full within ten years.",
        { } days => string.Create(CultureInfo.InvariantCulture, $"Going on as in the last week, it is full in {days:0} days."),
    };

    public static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
