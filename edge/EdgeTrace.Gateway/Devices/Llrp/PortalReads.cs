using EdgeTrace.Contract;
using EdgeTrace.Gateway.Devices.Policy;
using EdgeTrace.Gateway.Outbox;
using EdgeTrace.Llrp.Reports;

namespace EdgeTrace.Gateway.Devices.Llrp;

/// <summary>What one portal keeps of its antennas' reads: policy first, then a row in the stream. Nothing is allocated per read.</summary>
sealed class PortalReads(ReadStream stream, EpcPolicy policy)
{
    public ReadStream Stream => stream;

    public void Add(in LlrpTagReport tag, ReaderClock clock, long receivedUs)
    {
        if (policy.DroppedAs(tag.Epc) is { } rule)
        {
            stream.CountDropped(rule);
            return;
        }
        var first = FirstUs(tag) is { } firstSaid ? clock.Place(firstSaid) : receivedUs;
        var last = LastUs(tag) is { } lastSaid ? clock.Place(lastSaid) : first;
        stream.Add(
            new(first, tag.Antenna, tag.Has(TagFields.ImpinjRssi) ? tag.ImpinjRssiCentiDbm : (short)(tag.PeakRssiDbm * 100))
            {
                LastUs = last,
                Count = tag.Has(TagFields.SeenCount) ? tag.SeenCount : (ushort)1,
                Channel = tag.Channel,
                Phase = tag.Has(TagFields.ImpinjPhase) ? (short)tag.ImpinjPhase : ReadRow.PhaseNotTold,
                Doppler = tag.Has(TagFields.ImpinjDoppler) ? tag.ImpinjDoppler : ReadRow.DopplerNotTold,
            },
            tag.Epc, tag.Pc, tag.Tid);
    }

    /// <summary>The newest moment a tag's entry names on the reader's clock, UTC or uptime; null when it names none.</summary>
    public static long? NewestUs(in LlrpTagReport tag) => LastUs(tag) ?? FirstUs(tag);

    static long? FirstUs(in LlrpTagReport tag) =>
        tag.Has(TagFields.FirstSeenUtc) ? (long)tag.FirstSeenUtcUs : tag.Has(TagFields.FirstSeenUptime) ? (long)tag.FirstSeenUptimeUs : LastUs(tag);

    static long? LastUs(in LlrpTagReport tag) =>
        tag.Has(TagFields.LastSeenUtc) ? (long)tag.LastSeenUtcUs : tag.Has(TagFields.LastSeenUptime) ? (long)tag.LastSeenUptimeUs : null;
}
