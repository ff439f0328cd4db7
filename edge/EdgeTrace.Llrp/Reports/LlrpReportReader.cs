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

            tag.Read(_body.Slice(at + 4, length - 4), LlrpFrame.HeaderBytes + at + 4);
            return true;
        }

        return false;
    }

    /// <summary>One entry that was kept apart from its report.</summary>
    internal static LlrpTagReport ReadOne(ReadOnlySpan<byte> entry)
    {
        var tag = default(LlrpTagReport);
        tag.Read(entry, 0);
        return tag;
    }

    internal static int TlvLength(ReadOnlySpan<byte> bytes, int at, int offset)
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
    internal static void ThrowShort(int offset, ParameterType type, int expected, int got) =>
        throw new LlrpProtocolException(offset, $"{type} in {LlrpMessageType.RoAccessReport}", $"{expected} bytes", $"{got}");
}
