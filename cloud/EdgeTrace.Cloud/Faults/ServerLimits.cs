using System.Globalization;

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

    /// <summary>The state of a disk; <see cref="FaultWords.Fine"/> while it has more than a tenth free.</summary>
    public static string Disk(long freeBytes, long totalBytes) =>
        freeBytes < DiskFreeMin ? "nearly full" : freeBytes < totalBytes / 10 ? "filling up" : FaultWords.Fine;

    /// <summary>The state of backups.</summary>
    /// <param name="folder">Null: none is configured.</param>
    /// <param name="age">Of the newest; null: there is none.</param>
    public static string Backup(string? folder, TimeSpan? age) =>
        folder is null ? "not configured" : age is not { } old ? "none" : old > BackupAgeMax ? "too old" : FaultWords.Fine;

    public static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
