namespace EdgeTrace.Llrp.Wire;

/// <summary>The peer broke the protocol: where, what was expected there, and what stood there instead.</summary>
/// <remarks>The connection is of no use after it: nobody can say where the next frame begins. A reader that merely says no throws
/// <see cref="Session.LlrpStatusException"/>.</remarks>
public sealed class LlrpProtocolException(int offset, string place, string expected, string got)
    : Exception($"LLRP violation at byte {offset} ({place}): expected {expected}, got {got}")
{
    /// <summary>Bytes from the first byte of the frame.</summary>
    public int Offset { get; } = offset;
    /// <summary>The header, message or parameter being read.</summary>
    public string Place { get; } = place;
    public string Expected { get; } = expected;
    public string Got { get; } = got;
}
