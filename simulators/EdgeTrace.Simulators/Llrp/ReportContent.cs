namespace EdgeTrace.Simulators.Llrp;

/// <summary>What the client asked a TagReportData to hold. Nothing else is ever put in.</summary>
/// <param name="Trigger">0 none · 1, 2 upon N tags or the end of AISpec, ROSpec · 3, 4 upon N seconds · 5, 6 upon N milliseconds.</param>
/// <param name="N">0: only at the end.</param>
/// <param name="Fields">The ten bits of TagReportContentSelector, ROSpecID the highest.</param>
sealed record ReportContent(int Trigger, int N, ContentFields Fields, bool Crc, bool Pc, bool Phase, bool FineRssi, bool Tid)
{
    /// <summary>What a reader does that was never told: everything at the end of a ROSpec.</summary>
    public static readonly ReportContent Factory = new(2, 0, ContentFields.AntennaId | ContentFields.FirstSeen | ContentFields.PeakRssi, false, false, false, false, false);

    public bool ByTags => Trigger is 1 or 2;
    public TimeSpan? Every => Trigger switch { 3 or 4 when N > 0 => TimeSpan.FromSeconds(N), 5 or 6 when N > 0 => TimeSpan.FromMilliseconds(N), _ => null };

    /// <summary>Reads a ROReportSpec: trigger u8, N u16, TagReportContentSelector, customs.</summary>
    public static ReportContent Read(LlrpParameter spec, bool extensions)
    {
        var content = new ReportContent(spec.U8(0), spec.U16(1), 0, false, false, false, false, false);
        if (content.Trigger > 6) throw new RefusedException(StatusCode.ParameterFieldError, $"report trigger {content.Trigger} is not known");
        var selected = false;
        foreach (var inner in spec.Inside(3))
        {
            if (inner.Type == ParameterType.TagReportContentSelector)
            {
                selected = true;
                content = content with { Fields = (ContentFields)(inner.U16(0) & 0xFFC0) };
                foreach (var memory in inner.Inside(2))
                    if (memory.Type == ParameterType.C1G2EpcMemorySelector)
                        content = content with { Crc = (memory.U8(0) & 0x80) != 0, Pc = (memory.U8(0) & 0x40) != 0 };
            }
            else if (inner.IsCustom(Impinj.Vendor, Impinj.TagReportContentSelector))
            {
                if (!extensions) throw new RefusedException(StatusCode.UnsupportedParameter, "Impinj extensions were not enabled on this connection");
                foreach (var enable in inner.Inside(8))
                {
                    if (enable.IsCustom(Impinj.Vendor, Impinj.EnableSerializedTid)) content = content with { Tid = enable.U16(8) == 1 };
                    if (enable.IsCustom(Impinj.Vendor, Impinj.EnableRfPhaseAngle)) content = content with { Phase = enable.U16(8) == 1 };
                    if (enable.IsCustom(Impinj.Vendor, Impinj.EnablePeakRssi)) content = content with { FineRssi = enable.U16(8) == 1 };
                }
            }
        }
        return selected ? content : throw new RefusedException(StatusCode.ParameterMissingParameter, "ROReportSpec has no TagReportContentSelector");
    }

    /// <summary>The ROReportSpec that says this, for GET_READER_CONFIG_RESPONSE.</summary>
    public void Write(LlrpFrameWriter writer) =>
        writer.Begin(ParameterType.RoReportSpec).U8(Trigger).U16(N)
            .Begin(ParameterType.TagReportContentSelector).U16((int)Fields)
            .Begin(ParameterType.C1G2EpcMemorySelector).U8((Crc ? 0x80 : 0) | (Pc ? 0x40 : 0)).End()
            .End().End();
}

/// <summary>TagReportContentSelector's bits as they stand on the wire.</summary>
[Flags]
enum ContentFields
{
    RoSpecId = 0x8000, SpecIndex = 0x4000, InventoryParameterSpecId = 0x2000, AntennaId = 0x1000, ChannelIndex = 0x0800,
    PeakRssi = 0x0400, FirstSeen = 0x0200, LastSeen = 0x0100, TagSeenCount = 0x0080, AccessSpecId = 0x0040,
}
