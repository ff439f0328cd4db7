using System.Buffers;
using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Reports;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Session;

/// <summary>A frame the reader sent unasked, in rented memory: walk its tags or decode it, then dispose of it.</summary>
public sealed class LlrpInbound : IDisposable
{
    readonly InboundQueue _queue;
    readonly int _length;
    byte[]? _rented;

    internal LlrpInbound(InboundQueue queue, in LlrpFrame frame, DateTimeOffset receivedUtc, long receivedTimestamp)
    {
        _queue = queue;
        _length = (int)frame.Body.Length;
        _rented = ArrayPool<byte>.Shared.Rent(_length);
        frame.Body.CopyTo(_rented);
        (Type, Id, ReceivedUtc, ReceivedTimestamp) = (frame.Type, frame.Id, receivedUtc, receivedTimestamp);
    }

    public LlrpMessageType Type { get; }
    public uint Id { get; }
    public DateTimeOffset ReceivedUtc { get; }
    /// <summary>The same moment on the clock that never steps (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long ReceivedTimestamp { get; }
    public ReadOnlySpan<byte> Body => (_rented ?? throw new ObjectDisposedException(nameof(LlrpInbound))).AsSpan(0, _length);

    /// <summary>The tags of a RoAccessReport; they point into this frame.</summary>
    public LlrpReportReader Tags() => new(Body);
    public LlrpMessage Decode() => LlrpMessage.Decode(Type, Body);

    internal int Bytes => _length + LlrpFrame.HeaderBytes;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is not { } rented) return;
        ArrayPool<byte>.Shared.Return(rented);
        _queue.Left(Bytes);
    }
}
