using EdgeTrace.Llrp.Parameters;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Messages;

/// <summary>Keep this RoSpec. It must say Disabled.</summary>
public sealed record AddRoSpec() : LlrpRequest<StatusResponse>(LlrpMessageType.AddRoSpec, LlrpMessageType.AddRoSpecResponse)
{
    public AddRoSpec(RoSpec spec) : this() => Parameters = [spec];

    public RoSpec Spec => Parameters.Require<RoSpec>(this);
}

/// <summary>Something done to one RoSpec; id 0 is all of them.</summary>
public abstract record RoSpecCommand(LlrpMessageType Type, LlrpMessageType ResponseType, uint RoSpecId) : LlrpRequest<StatusResponse>(Type, ResponseType)
{
    private protected override void WriteFields(LlrpWriter writer) => writer.U32(RoSpecId);
}

/// <summary>Forget it.</summary>
public sealed record DeleteRoSpec(uint RoSpecId) : RoSpecCommand(LlrpMessageType.DeleteRoSpec, LlrpMessageType.DeleteRoSpecResponse, RoSpecId);
/// <summary>Run it now; it must be enabled and not running.</summary>
public sealed record StartRoSpec(uint RoSpecId) : RoSpecCommand(LlrpMessageType.StartRoSpec, LlrpMessageType.StartRoSpecResponse, RoSpecId);
/// <summary>Stop running it; of one that does not run, readers say MessageFieldError.</summary>
public sealed record StopRoSpec(uint RoSpecId) : RoSpecCommand(LlrpMessageType.StopRoSpec, LlrpMessageType.StopRoSpecResponse, RoSpecId);
/// <summary>Let its start trigger work.</summary>
public sealed record EnableRoSpec(uint RoSpecId) : RoSpecCommand(LlrpMessageType.EnableRoSpec, LlrpMessageType.EnableRoSpecResponse, RoSpecId);
/// <summary>Stop it, and let nothing start it.</summary>
public sealed record DisableRoSpec(uint RoSpecId) : RoSpecCommand(LlrpMessageType.DisableRoSpec, LlrpMessageType.DisableRoSpecResponse, RoSpecId);

/// <summary>Which RoSpecs do you keep?</summary>
public sealed record GetRoSpecs() : LlrpRequest<GetRoSpecsResponse>(LlrpMessageType.GetRoSpecs, LlrpMessageType.GetRoSpecsResponse);

/// <summary>Every RoSpec on the reader, ours and others', as they run now.</summary>
public sealed record GetRoSpecsResponse() : LlrpResponse(LlrpMessageType.GetRoSpecsResponse)
{
    public IEnumerable<RoSpec> Specs => Parameters.All<RoSpec>();
}
