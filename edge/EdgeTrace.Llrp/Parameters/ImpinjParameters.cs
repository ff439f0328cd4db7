using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>Impinj's extensions (Octane LLRP): the reader ignores them until ENABLE_EXTENSIONS was sent on this connection.</summary>
public static class Impinj
{
    public const uint Vendor = 25882;
}

/// <summary>Which extension.</summary>
public enum ImpinjSubtype : uint
{
    RequestedData = 21, SubRegulatoryRegion = 22, InventorySearchMode = 23, LinkMonitorConfiguration = 38, ReportBufferConfiguration = 39,
    TagReportContentSelector = 50, EnableSerializedTid = 51, EnableRfPhaseAngle = 52, EnablePeakRssi = 53, EnableGpsCoordinates = 54,
    SerializedTid = 55, RfPhaseAngle = 56, PeakRssi = 57, EnableOptimizedRead = 65, EnableRfDopplerFrequency = 67, RfDopplerFrequency = 68,
    EnableTxPower = 72, TxPower = 73, EnableXpcWords = 74, XpcWords = 75,
}

/// <summary>Any extension whose value is one sixteen-bit number: the enables (1 or 0), search mode, report buffer, region.</summary>
public sealed record ImpinjSetting(ImpinjSubtype Setting, ushort Value) : CustomParameter(Impinj.Vendor, (uint)Setting)
{
    /// <summary>0 the reader's choice, 1 single target, 2 dual target, 3 TagFocus (with S1), 5 single target with reset, 6 dual target with reset.</summary>
    public static ImpinjSetting SearchMode(ushort mode) => new(ImpinjSubtype.InventorySearchMode, mode);
    /// <summary>A report leaves as soon as its trigger says, not when a buffer is full.</summary>
    public static ImpinjSetting LowLatencyReports { get; } = new(ImpinjSubtype.ReportBufferConfiguration, 1);
    public static ImpinjSetting Enable(ImpinjSubtype what) => new(what, 1);

    private protected override void WriteValue(LlrpWriter writer) => writer.U16(Value);
}

/// <summary>After so many keepalives without an echoed acknowledgement the reader closes the connection. Without it a dead client can block the next one.</summary>
public sealed record ImpinjLinkMonitor(bool Enabled, ushort MissedMax) : CustomParameter(Impinj.Vendor, (uint)ImpinjSubtype.LinkMonitorConfiguration)
{
    private protected override void WriteValue(LlrpWriter writer) => writer.U16(Enabled ? (ushort)1 : (ushort)0).U16(MissedMax);
}

/// <summary>Which of Impinj's fields stand in a tag's entry: the enables inside it.</summary>
public sealed record ImpinjTagReportContentSelector() : CustomParameter(Impinj.Vendor, (uint)ImpinjSubtype.TagReportContentSelector)
{
    public bool Enables(ImpinjSubtype what) => Parameters.All<ImpinjSetting>().Any(setting => setting.Setting == what && setting.Value != 0);

    private protected override void WriteValue(LlrpWriter writer) { }
}

/// <summary>Asks for Impinj's part of capabilities or configuration; 2000 is all of it.</summary>
public sealed record ImpinjRequestedData(uint Data) : CustomParameter(Impinj.Vendor, (uint)ImpinjSubtype.RequestedData)
{
    private protected override void WriteValue(LlrpWriter writer) => writer.U32(Data);
}

/// <summary>Which subtype is which extension. One whose length is not the documented one is carried as it came, never guessed at.</summary>
static class ImpinjTable
{
    internal static CustomParameter? TryRead(ImpinjSubtype subtype, ref LlrpCursor cursor) => (subtype, cursor.Remaining) switch
    {
        (ImpinjSubtype.TagReportContentSelector, _) => new ImpinjTagReportContentSelector(),
        (ImpinjSubtype.RequestedData, 4) => new ImpinjRequestedData(cursor.U32()),
        (ImpinjSubtype.LinkMonitorConfiguration, 4) => ReadLinkMonitor(ref cursor),
        (ImpinjSubtype.SubRegulatoryRegion or ImpinjSubtype.InventorySearchMode or ImpinjSubtype.ReportBufferConfiguration
            or ImpinjSubtype.EnableSerializedTid or ImpinjSubtype.EnableRfPhaseAngle or ImpinjSubtype.EnablePeakRssi
            or ImpinjSubtype.EnableGpsCoordinates or ImpinjSubtype.EnableOptimizedRead or ImpinjSubtype.EnableRfDopplerFrequency
            or ImpinjSubtype.EnableTxPower or ImpinjSubtype.EnableXpcWords, 2) => new ImpinjSetting(subtype, cursor.U16()),
        _ => null,
    };

    static ImpinjLinkMonitor ReadLinkMonitor(ref LlrpCursor cursor) => new(cursor.U16() != 0, cursor.U16());
}
