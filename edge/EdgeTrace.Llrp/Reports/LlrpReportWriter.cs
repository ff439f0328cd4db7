using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Reports;

/// <summary>Writes reports the way a reader does, tag by tag: the other half of <see cref="LlrpReportReader"/>, for simulated readers.</summary>
/// <example><code>
/// var report = writer.BeginMessage(LlrpMessageType.RoAccessReport, id);
/// writer.Tag(new LlrpTagReport { Epc = epc, Antenna = 1, PeakRssiDbm = -61, FirstSeenUtcUs = now });
/// writer.EndMessage(report);
/// </code></example>
public static class LlrpReportWriter
{
    /// <summary>One entry, its fields in the order of the specification.</summary>
    public static void Tag(this LlrpWriter writer, in LlrpTagReport tag)
    {
        var start = writer.BeginTlv(ParameterType.TagReportData);
        WriteEpc(writer, tag);
        if (tag.Has(TagFields.RoSpecId)) Tv(writer, ParameterType.RoSpecId).U32(tag.RoSpecId);
        if (tag.Has(TagFields.SpecIndex)) Tv(writer, ParameterType.SpecIndex).U16(tag.SpecIndex);
        if (tag.Has(TagFields.InventoryParameterSpecId)) Tv(writer, ParameterType.InventoryParameterSpecId).U16(tag.InventoryParameterSpecId);
        if (tag.Has(TagFields.Antenna)) Tv(writer, ParameterType.AntennaId).U16(tag.Antenna);
        if (tag.Has(TagFields.PeakRssi)) Tv(writer, ParameterType.PeakRssi).S8(tag.PeakRssiDbm);
        if (tag.Has(TagFields.Channel)) Tv(writer, ParameterType.ChannelIndex).U16(tag.Channel);
        if (tag.Has(TagFields.FirstSeenUtc)) Tv(writer, ParameterType.FirstSeenUtc).U64(tag.FirstSeenUtcUs);
        if (tag.Has(TagFields.FirstSeenUptime)) Tv(writer, ParameterType.FirstSeenUptime).U64(tag.FirstSeenUptimeUs);
        if (tag.Has(TagFields.LastSeenUtc)) Tv(writer, ParameterType.LastSeenUtc).U64(tag.LastSeenUtcUs);
        if (tag.Has(TagFields.LastSeenUptime)) Tv(writer, ParameterType.LastSeenUptime).U64(tag.LastSeenUptimeUs);
        if (tag.Has(TagFields.SeenCount)) Tv(writer, ParameterType.TagSeenCount).U16(tag.SeenCount);
        if (tag.Has(TagFields.Pc)) Tv(writer, ParameterType.C1G2Pc).U16(tag.Pc);
        if (tag.Has(TagFields.Crc)) Tv(writer, ParameterType.C1G2Crc).U16(tag.Crc);
        if (tag.Has(TagFields.XpcW1)) Tv(writer, ParameterType.C1G2XpcW1).U16(tag.XpcW1);
        if (tag.Has(TagFields.XpcW2)) Tv(writer, ParameterType.C1G2XpcW2).U16(tag.XpcW2);
        if (tag.Has(TagFields.AccessSpecId)) Tv(writer, ParameterType.AccessSpecId).U32(tag.AccessSpecId);
        WriteImpinj(writer, tag);
        writer.EndTlv(start);
    }

    static void WriteEpc(LlrpWriter writer, in LlrpTagReport tag)
    {
        if (tag.EpcBits == 96)
        {
            Tv(writer, ParameterType.Epc96).Bytes(tag.Epc);
            return;
        }

        var start = writer.BeginTlv(ParameterType.EpcData);
        writer.U16(checked((ushort)tag.EpcBits)).Bytes(tag.Epc);
        writer.EndTlv(start);
    }

    static void WriteImpinj(LlrpWriter writer, in LlrpTagReport tag)
    {
        if (tag.Has(TagFields.ImpinjTid))
        {
            var start = BeginImpinj(writer, ImpinjSubtype.SerializedTid);
            writer.U16((ushort)(tag.Tid.Length / 2)).Bytes(tag.Tid);
            writer.EndTlv(start);
        }

        if (tag.Has(TagFields.ImpinjPhase)) ImpinjNumber(writer, ImpinjSubtype.RfPhaseAngle, tag.ImpinjPhase);
        if (tag.Has(TagFields.ImpinjRssi)) ImpinjNumber(writer, ImpinjSubtype.PeakRssi, (ushort)tag.ImpinjRssiCentiDbm);
        if (tag.Has(TagFields.ImpinjDoppler)) ImpinjNumber(writer, ImpinjSubtype.RfDopplerFrequency, (ushort)tag.ImpinjDoppler);
    }

    static void ImpinjNumber(LlrpWriter writer, ImpinjSubtype subtype, ushort value)
    {
        var start = BeginImpinj(writer, subtype);
        writer.U16(value);
        writer.EndTlv(start);
    }

    static int BeginImpinj(LlrpWriter writer, ImpinjSubtype subtype)
    {
        var start = writer.BeginTlv(ParameterType.Custom);
        writer.U32(Impinj.Vendor).U32((uint)subtype);
        return start;
    }

    static LlrpWriter Tv(LlrpWriter writer, ParameterType type) => writer.U8((byte)(0x80 | (ushort)type));
}
