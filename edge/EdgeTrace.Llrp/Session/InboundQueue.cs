using System.Threading.Channels;

namespace EdgeTrace.Llrp.Session;

/// <summary>Unasked frames between the socket and whoever takes them: bounded in frames and in bytes, counted until disposed of.</summary>
sealed class InboundQueue(int framesMax, int bytesMax)
{
    readonly Channel<LlrpInbound> _frames = Channel.CreateBounded<LlrpInbound>(
        new BoundedChannelOptions(framesMax) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });

    // One "something left" is as good as many: whoever waits looks again.
    readonly Channel<bool> _left = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    int _bytes;

    internal ChannelReader<LlrpInbound> Frames => _frames.Reader;

    /// <summary>Waits for room. A frame that comes when all others are gone always has room, however large.</summary>
    internal async ValueTask AddAsync(LlrpInbound frame, CancellationToken token)
    {
        while (Volatile.Read(ref _bytes) is var held && held > 0 && held + frame.Bytes > bytesMax) await _left.Reader.ReadAsync(token);
        Interlocked.Add(ref _bytes, frame.Bytes);
        await _frames.Writer.WriteAsync(frame, token);
    }

    internal void Left(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        _left.Writer.TryWrite(true);
    }

    internal void End(Exception cause) => _frames.Writer.TryComplete(cause);
}
