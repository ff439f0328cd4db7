using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

/// <summary>Are you there?</summary>
public sealed record KeepAlive() : LlrpMessage(LlrpMessageType.KeepAlive);

/// <summary>I am. It must carry the id of the keepalive: Impinj's link monitor counts any other as missing.</summary>
public sealed record KeepAliveAck() : LlrpMessage(LlrpMessageType.KeepAliveAck);

/// <summary>Good bye.</summary>
public sealed record CloseConnection() : LlrpRequest<StatusResponse>(LlrpMessageType.CloseConnection, LlrpMessageType.CloseConnectionResponse);

/// <summary>The other side could make nothing of what it got. It stands in for any response, by id.</summary>
public sealed record ErrorMessage() : LlrpResponse(LlrpMessageType.ErrorMessage)
{
    public ErrorMessage(LlrpStatus status) : this() => Parameters = [status];
}

/// <summary>Which versions do you speak? Sent with version 2 in its header; a 1.0.1 reader answers UnsupportedVersion.</summary>
public sealed record GetSupportedVersion()
    : LlrpRequest<GetSupportedVersionResponse>(LlrpMessageType.GetSupportedVersion, LlrpMessageType.GetSupportedVersionResponse);

/// <summary>The version in use, and the newest one spoken: 1 is 1.0.1, 2 is 1.1.</summary>
public sealed record GetSupportedVersionResponse(byte Current, byte Newest) : LlrpResponse(LlrpMessageType.GetSupportedVersionResponse)
{
    internal static GetSupportedVersionResponse Read(ref LlrpCursor cursor) => new(cursor.U8(), cursor.U8());
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Current).U8(Newest);
}

/// <summary>From now on this version.</summary>
public sealed record SetProtocolVersion(byte Version)
    : LlrpRequest<StatusResponse>(LlrpMessageType.SetProtocolVersion, LlrpMessageType.SetProtocolVersionResponse)
{
    private protected override void WriteFields(LlrpWriter writer) => writer.U8(Version);
}
