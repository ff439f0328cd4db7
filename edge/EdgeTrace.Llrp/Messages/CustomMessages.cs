using System.Buffers;
using System.Buffers.Binary;
using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

/// <summary>A vendor's own message, carried as it came: vendor number, subtype, and what the vendor says comes then.</summary>
public sealed record CustomMessage(uint Vendor, byte Subtype, ReadOnlyMemory<byte> Data) : LlrpMessage(LlrpMessageType.Custom)
{
    internal const int HeadBytes = 5;

    internal static LlrpMessage Read(ref LlrpCursor cursor)
    {
        var (vendor, subtype) = (cursor.U32(), cursor.U8());
        return (vendor, subtype, cursor.Remaining) switch
        {
            (Impinj.Vendor, ImpinjEnableExtensions.Subtype, 4) => ImpinjEnableExtensions.Read(ref cursor),
            (Impinj.Vendor, ImpinjEnableExtensionsResponse.Subtype, _) => new ImpinjEnableExtensionsResponse(),
            _ => new CustomMessage(vendor, subtype, cursor.Rest().ToArray()),
        };
    }

    private protected override void WriteFields(LlrpWriter writer) => writer.U32(Vendor).U8(Subtype).Bytes(Data.Span);
}

/// <summary>Let Impinj's extensions work on this connection. Readers of other makers answer ERROR_MESSAGE.</summary>
public sealed record ImpinjEnableExtensions(uint Reserved = 0)
    : LlrpRequest<ImpinjEnableExtensionsResponse>(LlrpMessageType.Custom, LlrpMessageType.Custom)
{
    internal const byte Subtype = 21;

    public override bool IsAnsweredBy(in LlrpFrame frame)
    {
        if (frame.Type != LlrpMessageType.Custom || frame.Body.Length < CustomMessage.HeadBytes) return false;
        Span<byte> head = stackalloc byte[CustomMessage.HeadBytes];
        frame.Body.Slice(0, CustomMessage.HeadBytes).CopyTo(head);
        return BinaryPrimitives.ReadUInt32BigEndian(head) == Impinj.Vendor && head[4] == ImpinjEnableExtensionsResponse.Subtype;
    }

    internal static ImpinjEnableExtensions Read(ref LlrpCursor cursor) => new(cursor.U32());
    private protected override void WriteFields(LlrpWriter writer) => writer.U32(Impinj.Vendor).U8(Subtype).U32(Reserved);
}

/// <summary>They work, or why not.</summary>
public sealed record ImpinjEnableExtensionsResponse() : LlrpResponse(LlrpMessageType.Custom)
{
    internal const byte Subtype = 22;

    public ImpinjEnableExtensionsResponse(LlrpStatus status) : this() => Parameters = [status];

    private protected override void WriteFields(LlrpWriter writer) => writer.U32(Impinj.Vendor).U8(Subtype);
}
