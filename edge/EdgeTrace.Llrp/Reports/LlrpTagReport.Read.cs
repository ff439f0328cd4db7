using System.Buffers.Binary;
using EdgeTrace.Llrp.Parameters;

namespace EdgeTrace.Llrp.Reports;

public ref partial struct LlrpTagReport
{
    const byte Tv = 0x80;

    // One case a field, each asking for its own bytes first: this loop is where a portal's time goes.
    internal void Read(ReadOnlySpan<byte> entry, int offset)
    {
        var told = TagFields.None;
        var rest = entry;
        while (!rest.IsEmpty)
        {
            switch (rest[0])
            {
                case Tv | (byte)ParameterType.Epc96 when rest.Length >= 13:
                    _epc = rest.Slice(1, 12);
                    _epcBits = 96;
                    told |= TagFields.Epc;
                    rest = rest[13..];
                    break;
                case Tv | (byte)ParameterType.FirstSeenUtc when rest.Length >= 9:
                    _firstSeenUtcUs = BinaryPrimitives.ReadUInt64BigEndian(rest[1..]);
                    told |= TagFields.FirstSeenUtc;
                    rest = rest[9..];
                    break;
                case Tv | (byte)ParameterType.FirstSeenUptime when rest.Length >= 9:
                    _firstSeenUptimeUs = BinaryPrimitives.ReadUInt64BigEndian(rest[1..]);
                    told |= TagFields.FirstSeenUptime;
                    rest = rest[9..];
                    break;
                case Tv | (byte)ParameterType.LastSeenUtc when rest.Length >= 9:
                    _lastSeenUtcUs = BinaryPrimitives.ReadUInt64BigEndian(rest[1..]);
                    told |= TagFields.LastSeenUtc;
                    rest = rest[9..];
                    break;
                case Tv | (byte)ParameterType.LastSeenUptime when rest.Length >= 9:
                    _lastSeenUptimeUs = BinaryPrimitives.ReadUInt64BigEndian(rest[1..]);
                    told |= TagFields.LastSeenUptime;
                    rest = rest[9..];
                    break;
                case Tv | (byte)ParameterType.AntennaId when rest.Length >= 3:
                    _antenna = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.Antenna;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.PeakRssi when rest.Length >= 2:
                    _peakRssi = (sbyte)rest[1];
                    told |= TagFields.PeakRssi;
                    rest = rest[2..];
                    break;
                case Tv | (byte)ParameterType.ChannelIndex when rest.Length >= 3:
                    _channel = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.Channel;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.TagSeenCount when rest.Length >= 3:
                    _seenCount = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.SeenCount;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.RoSpecId when rest.Length >= 5:
                    _roSpecId = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
                    told |= TagFields.RoSpecId;
                    rest = rest[5..];
                    break;
                case Tv | (byte)ParameterType.SpecIndex when rest.Length >= 3:
                    _specIndex = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.SpecIndex;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.InventoryParameterSpecId when rest.Length >= 3:
                    _inventoryParameterSpecId = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.InventoryParameterSpecId;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.C1G2Pc when rest.Length >= 3:
                    _pc = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.Pc;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.C1G2Crc when rest.Length >= 3:
                    _crc = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.Crc;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.C1G2XpcW1 when rest.Length >= 3:
                    _xpcW1 = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.XpcW1;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.C1G2XpcW2 when rest.Length >= 3:
                    _xpcW2 = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
                    told |= TagFields.XpcW2;
                    rest = rest[3..];
                    break;
                case Tv | (byte)ParameterType.AccessSpecId when rest.Length >= 5:
                    _accessSpecId = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
                    told |= TagFields.AccessSpecId;
                    rest = rest[5..];
                    break;
                case < Tv:
                    var length = LlrpReportReader.TlvLength(rest, 0, offset + entry.Length - rest.Length);
                    ReadTlv(rest[..length], offset + entry.Length - rest.Length);
                    rest = rest[length..];
                    break;
                default:
                    rest = ReadOther(rest, offset + entry.Length - rest.Length);
                    break;
            }
        }

        Fields |= told;
    }

    /// <summary>A TV that nobody needs, or is cut short, or whose length nobody knows: that one and what follows stay unread.</summary>
    ReadOnlySpan<byte> ReadOther(ReadOnlySpan<byte> rest, int offset)
    {
        var type = rest[0] & ~Tv;
        var lengths = TvParameter.ValueBytes;
        if (type >= lengths.Length || lengths[type] < 0)
        {
            Fields |= TagFields.Unread;
            return default;
        }

        if (lengths[type] > rest.Length - 1) LlrpReportReader.ThrowShort(offset + 1, (ParameterType)type, lengths[type], rest.Length - 1);
        return rest[(1 + lengths[type])..];
    }

    void ReadTlv(ReadOnlySpan<byte> tlv, int offset)
    {
        switch ((ParameterType)(BinaryPrimitives.ReadUInt16BigEndian(tlv) & 0x3FF))
        {
            case ParameterType.EpcData:
                if (tlv.Length < 6) LlrpReportReader.ThrowShort(offset + 4, ParameterType.EpcData, 2, tlv.Length - 4);
                var bits = BinaryPrimitives.ReadUInt16BigEndian(tlv[4..]);
                var bytes = (bits + 7) / 8;
                if (bytes > tlv.Length - 6) LlrpReportReader.ThrowShort(offset + 6, ParameterType.EpcData, bytes, tlv.Length - 6);
                Epc = tlv.Slice(6, bytes);
                EpcBits = bits;
                break;

            case ParameterType.Custom when tlv.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(tlv[4..]) == Impinj.Vendor:
                ReadImpinj((ImpinjSubtype)BinaryPrimitives.ReadUInt32BigEndian(tlv[8..]), tlv[12..]);
                break;
        }
    }

    // One whose length is not the documented one is stepped over like any other vendor's.
    void ReadImpinj(ImpinjSubtype subtype, ReadOnlySpan<byte> value)
    {
        switch (subtype)
        {
            case ImpinjSubtype.RfPhaseAngle when value.Length == 2: ImpinjPhase = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ImpinjSubtype.PeakRssi when value.Length == 2: ImpinjRssiCentiDbm = BinaryPrimitives.ReadInt16BigEndian(value); break;
            case ImpinjSubtype.RfDopplerFrequency when value.Length == 2: ImpinjDoppler = BinaryPrimitives.ReadInt16BigEndian(value); break;
            case ImpinjSubtype.SerializedTid when value.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(value) * 2 == value.Length - 2:
                Tid = value[2..];
                break;
        }
    }
}
