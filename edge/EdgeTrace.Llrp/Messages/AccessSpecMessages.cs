using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

/// <summary>Keep this AccessSpec. A portal makes none; it is carried unread.</summary>
public sealed record AddAccessSpec() : LlrpRequest<StatusResponse>(LlrpMessageType.AddAccessSpec, LlrpMessageType.AddAccessSpecResponse);

/// <summary>Something done to one AccessSpec; id 0 is all of them.</summary>
public abstract record AccessSpecCommand(LlrpMessageType Type, LlrpMessageType ResponseType, uint AccessSpecId) : LlrpRequest<StatusResponse>(Type, ResponseType)
{
    private protected override void WriteFields(LlrpWriter writer) => writer.U32(AccessSpecId);
}

/// <summary>Forget it: one left behind by another program slows a portal.</summary>
public sealed record DeleteAccessSpec(uint AccessSpecId) : AccessSpecCommand(LlrpMessageType.DeleteAccessSpec, LlrpMessageType.DeleteAccessSpecResponse, AccessSpecId);
/// <summary>Let it work.</summary>
public sealed record EnableAccessSpec(uint AccessSpecId) : AccessSpecCommand(LlrpMessageType.EnableAccessSpec, LlrpMessageType.EnableAccessSpecResponse, AccessSpecId);
/// <summary>Let it rest.</summary>
public sealed record DisableAccessSpec(uint AccessSpecId) : AccessSpecCommand(LlrpMessageType.DisableAccessSpec, LlrpMessageType.DisableAccessSpecResponse, AccessSpecId);

/// <summary>Which AccessSpecs do you keep?</summary>
public sealed record GetAccessSpecs() : LlrpRequest<GetAccessSpecsResponse>(LlrpMessageType.GetAccessSpecs, LlrpMessageType.GetAccessSpecsResponse);

/// <summary>Every AccessSpec on the reader, unread.</summary>
public sealed record GetAccessSpecsResponse() : LlrpResponse(LlrpMessageType.GetAccessSpecsResponse)
{
    public IEnumerable<RawParameter> Specs => Parameters.All<RawParameter>().Where(spec => spec.Type == ParameterType.AccessSpec);
}
