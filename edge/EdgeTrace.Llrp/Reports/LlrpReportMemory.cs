using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Reports;

/// <summary>Remembers the last value of each field, because a reader may leave out an enabled field that has not changed.</summary>
/// <remarks>LLRP 1.1, 14.2.3 (ii). One for each connection, given every tag in order. What the RoReportSpec did not enable is never filled in.</remarks>
public sealed class LlrpReportMemory(TagContent enabled)
{
    readonly TagFields _enabled = FieldsOf(enabled);
    TagFields _known;
    uint _roSpecId, _accessSpecId;
    ushort _specIndex, _inventoryParameterSpecId, _antenna, _channel, _seenCount;
    ulong _firstSeenUtcUs, _firstSeenUptimeUs, _lastSeenUtcUs, _lastSeenUptimeUs;
    sbyte _peakRssi;

    /// <summary>Learns what this tag tells, and fills in what it leaves out.</summary>
    public void Complete(ref LlrpTagReport tag)
    {
        // Values of one RoSpec say nothing about another's.
        if (tag.Has(TagFields.RoSpecId) && tag.RoSpecId != _roSpecId) _known = TagFields.None;
        Learn(tag);
        var missing = _enabled & _known & ~tag.Fields;
        if (missing != TagFields.None) Fill(ref tag, missing);
    }

    void Learn(in LlrpTagReport tag)
    {
        var told = tag.Fields;
        if ((told & TagFields.RoSpecId) != 0) _roSpecId = tag.RoSpecId;
        if ((told & TagFields.AccessSpecId) != 0) _accessSpecId = tag.AccessSpecId;
        if ((told & TagFields.SpecIndex) != 0) _specIndex = tag.SpecIndex;
        if ((told & TagFields.InventoryParameterSpecId) != 0) _inventoryParameterSpecId = tag.InventoryParameterSpecId;
        if ((told & TagFields.Antenna) != 0) _antenna = tag.Antenna;
        if ((told & TagFields.Channel) != 0) _channel = tag.Channel;
        if ((told & TagFields.PeakRssi) != 0) _peakRssi = tag.PeakRssiDbm;
        if ((told & TagFields.SeenCount) != 0) _seenCount = tag.SeenCount;
        if ((told & TagFields.FirstSeenUtc) != 0) _firstSeenUtcUs = tag.FirstSeenUtcUs;
        if ((told & TagFields.FirstSeenUptime) != 0) _firstSeenUptimeUs = tag.FirstSeenUptimeUs;
        if ((told & TagFields.LastSeenUtc) != 0) _lastSeenUtcUs = tag.LastSeenUtcUs;
        if ((told & TagFields.LastSeenUptime) != 0) _lastSeenUptimeUs = tag.LastSeenUptimeUs;
        _known |= told;
    }

    void Fill(ref LlrpTagReport tag, TagFields missing)
    {
        if ((missing & TagFields.RoSpecId) != 0) tag.RoSpecId = _roSpecId;
        if ((missing & TagFields.AccessSpecId) != 0) tag.AccessSpecId = _accessSpecId;
        if ((missing & TagFields.SpecIndex) != 0) tag.SpecIndex = _specIndex;
        if ((missing & TagFields.InventoryParameterSpecId) != 0) tag.InventoryParameterSpecId = _inventoryParameterSpecId;
        if ((missing & TagFields.Antenna) != 0) tag.Antenna = _antenna;
        if ((missing & TagFields.Channel) != 0) tag.Channel = _channel;
        if ((missing & TagFields.PeakRssi) != 0) tag.PeakRssiDbm = _peakRssi;
        if ((missing & TagFields.SeenCount) != 0) tag.SeenCount = _seenCount;
        if ((missing & TagFields.FirstSeenUtc) != 0) tag.FirstSeenUtcUs = _firstSeenUtcUs;
        if ((missing & TagFields.FirstSeenUptime) != 0) tag.FirstSeenUptimeUs = _firstSeenUptimeUs;
        if ((missing & TagFields.LastSeenUtc) != 0) tag.LastSeenUtcUs = _lastSeenUtcUs;
        if ((missing & TagFields.LastSeenUptime) != 0) tag.LastSeenUptimeUs = _lastSeenUptimeUs;
    }

    static TagFields FieldsOf(TagContent content)
    {
        var fields = TagFields.None;
        if (content.HasFlag(TagContent.RoSpecId)) fields |= TagFields.RoSpecId;
        if (content.HasFlag(TagContent.SpecIndex)) fields |= TagFields.SpecIndex;
        if (content.HasFlag(TagContent.InventoryParameterSpecId)) fields |= TagFields.InventoryParameterSpecId;
        if (content.HasFlag(TagContent.AntennaId)) fields |= TagFields.Antenna;
        if (content.HasFlag(TagContent.ChannelIndex)) fields |= TagFields.Channel;
        if (content.HasFlag(TagContent.PeakRssi)) fields |= TagFields.PeakRssi;
        if (content.HasFlag(TagContent.FirstSeen)) fields |= TagFields.FirstSeenUtc | TagFields.FirstSeenUptime;
        if (content.HasFlag(TagContent.LastSeen)) fields |= TagFields.LastSeenUtc | TagFields.LastSeenUptime;
        if (content.HasFlag(TagContent.TagSeenCount)) fields |= TagFields.SeenCount;
        if (content.HasFlag(TagContent.AccessSpecId)) fields |= TagFields.AccessSpecId;
        return fields;
    }
}
