using System.Buffers.Binary;
using System.Threading.Channels;
using EdgeTrace.Llrp.Messages;

namespace EdgeTrace.Llrp.Session;

/// <summary>What is to be sent, one writer to the stream: messages in order, and keepalive acknowledgements, which overtake them.</summary>
sealed class SendLanes(Stream stream)
{
    /// <summary>A reader sends one keepalive a period; acknowledging any older than these helps nobody.</summary>
    const int AcksMax = 8;
    const int MessagesMax = 16;

    readonly Channel<uint> _acks = Channel.CreateBounded<uint>(new BoundedChannelOptions(AcksMax) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MessagesMax) { FullMode = BoundedChannelFullMode.Wait });

    // One "there is work" is as good as many: the sender then looks at both lanes until both are empty.
    readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly byte[] _ack = new KeepAliveAck().ToFrame(0);

    internal void Acknowledge(uint keepaliveId)
    {
        _acks.Writer.TryWrite(keepaliveId);
        _work.Writer.TryWrite(true);
    }

    internal async ValueTask SendAsync(byte[] frame, CancellationToken token)
    {
        await _messages.Writer.WriteAsync(frame, token);
        _work.Writer.TryWrite(true);
    }

    internal async Task RunAsync(CancellationToken token)
    {
        while (true)
        {
            await _work.Reader.ReadAsync(token);
            while (Next() is { } frame) await stream.WriteAsync(frame, token);
        }
    }

    internal void End(Exception cause) => _messages.Writer.TryComplete(cause);

    byte[]? Next() => _acks.Reader.TryRead(out var id) ? AckOf(id) : _messages.Reader.TryRead(out var frame) ? frame : null;

    byte[] AckOf(uint id)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_ack.AsSpan(6), id);
        return _ack;
    }
}
