using System.Diagnostics.Metrics;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>The gateway's meter and what outbox and uplink count on it.</summary>
static class OutboxMeter
{
    public const string Name = "EdgeTrace.Gateway";
    public static Meter Meter { get; } = new(Name);
    public static Counter<long> Sealed { get; } = Meter.CreateCounter<long>("edgetrace.outbox.sealed", "{reading}", "Readings sealed into batches.");
    public static Counter<long> Thinned { get; } = Meter.CreateCounter<long>("edgetrace.outbox.thinned", "{reading}", "Readings emptied over the disk budget.");
    public static Counter<long> Lost { get; } = Meter.CreateCounter<long>("edgetrace.outbox.lost", "{reading}", "Readings lost before they were sealed, by cause.");
    public static Counter<long> Sent { get; } = Meter.CreateCounter<long>("edgetrace.uplink.sent", "{batch}", "Batches published, those sent again included.");
    public static Counter<long> Resent { get; } = Meter.CreateCounter<long>("edgetrace.uplink.resent", "{batch}", "Batches published again for want of an acknowledgement.");
    public static Counter<long> Rejected { get; } = Meter.CreateCounter<long>("edgetrace.uplink.rejected", "{batch}", "Batches the cloud logged as quarantined.");
    public static Counter<long> Connections { get; } = Meter.CreateCounter<long>("edgetrace.uplink.connections", "{connection}", "Connections to the broker.");

    /// <summary>What has not happened yet is shown as none, or nobody could tell it from not counted.</summary>
    public static void ShowNone()
    {
        foreach (var counter in (Counter<long>[])[Sealed, Thinned, Lost, Sent, Resent, Rejected, Connections]) counter.Add(0);
    }
}
