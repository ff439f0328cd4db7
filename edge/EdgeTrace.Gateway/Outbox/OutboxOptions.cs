using System.ComponentModel.DataAnnotations;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>How much of the disk the outbox may use and how often it writes.</summary>
public sealed class OutboxOptions : IValidatableObject
{
    /// <summary>Segment files beyond this make reads thinner first, samples and scans last, alarms never. 1 GiB holds about a week of a busy gateway.</summary>
    [Range(4L << 20, 1L << 44, ErrorMessage = "Outbox:DiskBudgetBytes must be from 4194304 (4 MiB) to 17592186044416 (16 TiB).")]
    public long DiskBudgetBytes { get; set; } = 1L << 30;

    /// <summary>Reads and samples are sealed and synced this often; scans and alarms at once. One fdatasync a second is what an SD card bears for years.</summary>
    public TimeSpan SealReadsAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Length of a segment file: the unit of recycling. Two megabytes are rewritten in place about once every two minutes at 1,000 reads/s.</summary>
    [Range(64 << 10, 64 << 20, ErrorMessage = "Outbox:SegmentBytes must be from 65536 to 67108864.")]
    public int SegmentBytes { get; set; } = 2 << 20;

    /// <summary>Sealed but not yet durable: what waits in memory while the disk refuses. Beyond it readings are lost with cause FULL.</summary>
    [Range(64 << 10, 256 << 20, ErrorMessage = "Outbox:PendingBytesMax must be from 65536 to 268435456.")]
    public int PendingBytesMax { get; set; } = 8 << 20;

    /// <summary>
    /// What the cloud has acknowledged is kept so long, and not more of it than an eighth of the budget: a cloud restored from a backup
    /// younger than this loses nothing. Twice the hour between two backups.
    /// </summary>
    public TimeSpan KeepAcknowledgedFor { get; set; } = TimeSpan.FromHours(2);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SealReadsAfter < TimeSpan.FromMilliseconds(50) || SealReadsAfter > TimeSpan.FromMinutes(1))
            yield return new($"Outbox:SealReadsAfter is {SealReadsAfter}; it must be from 00:00:00.050 to 00:01:00.", [nameof(SealReadsAfter)]);
        if (KeepAcknowledgedFor < TimeSpan.Zero || KeepAcknowledgedFor > TimeSpan.FromDays(30))
            yield return new($"Outbox:KeepAcknowledgedFor is {KeepAcknowledgedFor}; it must be from 00:00:00 (forget at once) to 30.00:00:00.", [nameof(KeepAcknowledgedFor)]);
        if (DiskBudgetBytes < 2L * SegmentBytes)
            yield return new($"Outbox:DiskBudgetBytes is {DiskBudgetBytes}; it must hold at least two segments of Outbox:SegmentBytes ({SegmentBytes}).", [nameof(DiskBudgetBytes)]);
    }
}
