using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Parameters;

/// <summary>When a report leaves the reader. The millisecond triggers are of 1.1.</summary>
public enum RoReportTrigger : byte { None, UponTagsOrEndOfAiSpec, UponTagsOrEndOfRoSpec, UponSecondsOrEndOfAiSpec, UponSecondsOrEndOfRoSpec, UponMillisecondsOrEndOfAiSpec, UponMillisecondsOrEndOfRoSpec }

/// <summary>When a report leaves and what each tag's entry says. N counts tags, seconds or milliseconds; 0 tags is "at the end only".</summary>
public sealed record RoReportSpec(RoReportTrigger Trigger, ushort N) : LlrpParameter(ParameterType.RoReportSpec)
{
    public TagReportContentSelector Content => Parameters.Require<TagReportContentSelector>(this);
    public ImpinjTagReportContentSelector? ImpinjContent => Parameters.Find<ImpinjTagReportContentSelector>();

    internal static RoReportSpec Read(ref LlrpCursor cursor) => new((RoReportTrigger)cursor.U8(), cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Trigger).U16(N);
}

/// <summary>The optional fields of a tag's entry.</summary>
[Flags]
public enum TagContent : ushort
{
    None = 0,
    RoSpecId = 0x8000, SpecIndex = 0x4000, InventoryParameterSpecId = 0x2000, AntennaId = 0x1000, ChannelIndex = 0x0800, PeakRssi = 0x0400,
    FirstSeen = 0x0200, LastSeen = 0x0100, TagSeenCount = 0x0080, AccessSpecId = 0x0040,
}

/// <summary>What each tag's entry says.</summary>
public sealed record TagReportContentSelector(TagContent Content) : LlrpParameter(ParameterType.TagReportContentSelector)
{
    public C1G2EpcMemorySelector? EpcMemory => Parameters.Find<C1G2EpcMemorySelector>();

    internal static TagReportContentSelector Read(ref LlrpCursor cursor) => new((TagContent)cursor.U16());
    private protected override void WriteFields(LlrpWriter writer) => writer.U16((ushort)Content);
}

[Flags]
public enum C1G2EpcMemory : byte { None = 0, Crc = 0x80, PcBits = 0x40, XpcBits = 0x20 }

/// <summary>What of a tag's EPC bank is reported beside the EPC. The PC bits tell an ISO AFI from an EPC.</summary>
public sealed record C1G2EpcMemorySelector(C1G2EpcMemory Enabled) : LlrpParameter(ParameterType.C1G2EpcMemorySelector)
{
    internal static C1G2EpcMemorySelector Read(ref LlrpCursor cursor) => new((C1G2EpcMemory)cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8((byte)Enabled);
}

/// <summary>When access results leave: 0 with the next report, 1 at the end of the access.</summary>
public sealed record AccessReportSpec(byte Trigger) : LlrpParameter(ParameterType.AccessReportSpec)
{
    internal static AccessReportSpec Read(ref LlrpCursor cursor) => new(cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Trigger);
}

/// <summary>One tag's entry as it stands on the wire. A stream of reports is read by <see cref="LlrpReportReader"/>, which makes no objects.</summary>
public sealed record TagReportData(ReadOnlyMemory<byte> Value) : LlrpParameter(ParameterType.TagReportData)
{
    public LlrpTagReport Report => LlrpReportReader.ReadOne(Value.Span);

    internal static TagReportData Read(ref LlrpCursor cursor) => new(cursor.Rest().ToArray());
    private protected override void WriteFields(LlrpWriter writer) => writer.Bytes(Value.Span);
}
