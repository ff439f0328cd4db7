using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Reports;

/// <summary>Walks the tags of one RO_ACCESS_REPORT body and makes no object of any: the path every read of a portal takes.</summary>
/// <remarks>
/// A body is TagReportData (TLV 240) after TagReportData; survey data and vendors' own parameters between them are stepped over.
/// In each, the EPC as TV 13 or TLV 241, then TVs and custom TLVs in any order.
/// </remarks>
public ref struct LlrpReportReader(ReadOnlySpan<byte> body)
{
    readonly ReadOnlySpan<byte> _body = body;
    int _at;

    /// <summary>Bytes at the end that began with a parameter of unknown length; 0 for every report seen so far.</summary>
    public int UnreadBytes { get; private set; }

    /// <summary>The next tag; false after the last.</summary>
    /// <exception cref="LlrpProtocolException">A length leads outside of the report or of the entry.</exception>
    public bool TryRead(out LlrpTagReport tag)
    {
        tag = default;
        while (_at < _body.Length)
        {
            var at = _at;
            if (_body[at] >= 0x80)
            {
                UnreadBytes = _body.Length - at;
                _at = _body.Length;
                return false;
            }

            var length = TlvLength(_body, at, LlrpFrame.HeaderBytes);
            _at = at + length;
            var type = BinaryPrimitives.ReadUInt16BigEndian(_body[at..]) & 0x3FF;
            if (type != (int)ParameterType.TagReportData) continue;

            ReadTag(_body.Slice(at + 4, length - 4), LlrpFrame.HeaderBytes + at + 4, ref tag);
            return true;
        }

        return false;
    }

    /// <summary>One entry that was kept apart from its report.</summary>
    internal static LlrpTagReport ReadOne(ReadOnlySpan<byte> entry)
    {
        var tag = default(LlrpTagReport);
        ReadTag(entry, 0, ref tag);
        return tag;
    }

    static void ReadTag(ReadOnlySpan<byte> entry, int offset, ref LlrpTagReport tag)
    {
        var at = 0;
        while (at < entry.Length)
        {
            var first = entry[at];
            if (first < 0x80)
            {
                var length = TlvLength(entry, at, offset);
                ReadTlv(entry.Slice(at, length), offset + at, ref tag);
                at += length;
                continue;
            }

            var type = first & 0x7F;
            var lengths = TvParameter.ValueBytes;
            if (type >= lengths.Length || lengths[type] < 0)
            {
                tag.Fields |= TagFields.Unread;
                return;
            }

            var bytes = lengths[type];
            at++;
            if (bytes > entry.Length - at) ThrowShort(offset + at, (ParameterType)type, bytes, entry.Length - at);
            ReadTv((ParameterType)type, entry.Slice(at, bytes), ref tag);
            at += bytes;
        }
    }

    static void ReadTv(ParameterType type, ReadOnlySpan<byte> value, ref LlrpTagReport tag)
    {
        switch (type)
        {
            case ParameterType.Epc96: tag.Epc = value; break;
            case ParameterType.AntennaId: tag.Antenna = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.PeakRssi: tag.PeakRssiDbm = (sbyte)value[0]; break;
            case ParameterType.ChannelIndex: tag.Channel = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.FirstSeenUtc: tag.FirstSeenUtcUs = BinaryPrimitives.ReadUInt64BigEndian(value); break;
            case ParameterType.LastSeenUtc: tag.LastSeenUtcUs = BinaryPrimitives.ReadUInt64BigEndian(value); break;
            case ParameterType.FirstSeenUptime: tag.FirstSeenUptimeUs = BinaryPrimitives.ReadUInt64BigEndian(value); break;
            case ParameterType.LastSeenUptime: tag.LastSeenUptimeUs = BinaryPrimitives.ReadUInt64BigEndian(value); break;
            case ParameterType.TagSeenCount: tag.SeenCount = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.RoSpecId: tag.RoSpecId = BinaryPrimitives.ReadUInt32BigEndian(value); break;
            case ParameterType.SpecIndex: tag.SpecIndex = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.InventoryParameterSpecId: tag.InventoryParameterSpecId = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.C1G2Pc: tag.Pc = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.C1G2Crc: tag.Crc = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.C1G2XpcW1: tag.XpcW1 = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.C1G2XpcW2: tag.XpcW2 = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ParameterType.AccessSpecId: tag.AccessSpecId = BinaryPrimitives.ReadUInt32BigEndian(value); break;
        }
    }

    static void ReadTlv(ReadOnlySpan<byte> tlv, int offset, ref LlrpTagReport tag)
    {
        switch ((ParameterType)(BinaryPrimitives.ReadUInt16BigEndian(tlv) & 0x3FF))
        {
            case ParameterType.EpcData:
                if (tlv.Length < 6) ThrowShort(offset + 4, ParameterType.EpcData, 2, tlv.Length - 4);
                var bits = BinaryPrimitives.ReadUInt16BigEndian(tlv[4..]);
                var bytes = (bits + 7) / 8;
                if (bytes > tlv.Length - 6) ThrowShort(offset + 6, ParameterType.EpcData, bytes, tlv.Length - 6);
                tag.Epc = tlv.Slice(6, bytes);
                tag.EpcBits = bits;
                break;

            case ParameterType.Custom when tlv.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(tlv[4..]) == Impinj.Vendor:
                ReadImpinj((ImpinjSubtype)BinaryPrimitives.ReadUInt32BigEndian(tlv[8..]), tlv[12..], ref tag);
                break;
        }
    }

    // One whose length is not the documented one is stepped over like any other vendor's.
    static void ReadImpinj(ImpinjSubtype subtype, ReadOnlySpan<byte> value, ref LlrpTagReport tag)
    {
        switch (subtype)
        {
            case ImpinjSubtype.RfPhaseAngle when value.Length == 2: tag.ImpinjPhase = BinaryPrimitives.ReadUInt16BigEndian(value); break;
            case ImpinjSubtype.PeakRssi when value.Length == 2: tag.ImpinjRssiCentiDbm = BinaryPrimitives.ReadInt16BigEndian(value); break;
            case ImpinjSubtype.RfDopplerFrequency when value.Length == 2: tag.ImpinjDoppler = BinaryPrimitives.ReadInt16BigEndian(value); break;
            case ImpinjSubtype.SerializedTid when value.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(value) * 2 == value.Length - 2:
                tag.Tid = value[2..];
                break;
        }
    }

    static int TlvLength(ReadOnlySpan<byte> bytes, int at, int offset)
    {
        var left = bytes.Length - at;
        if (left < 4) ThrowLength(offset + at, "a TLV header of 4 bytes", left);
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        if (length < 4 || length > left) ThrowLength(offset + at + 2, $"a length of 4 to {left}", length);
        return length;
    }

    [DoesNotReturn]
    static void ThrowLength(int offset, string expected, int got) =>
        throw new LlrpProtocolException(offset, $"{LlrpMessageType.RoAccessReport}", expected, $"{got}");

    [DoesNotReturn]
    static void ThrowShort(int offset, ParameterType type, int expected, int got) =>
        throw new LlrpProtocolException(offset, $"{type} in {LlrpMessageType.RoAccessReport}", $"{expected} bytes", $"{got}");
}
