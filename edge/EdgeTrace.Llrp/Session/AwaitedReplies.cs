using EdgeTrace.Llrp.Messages;
using EdgeTrace.Llrp.Wire;

namespace EdgeTrace.Llrp.Session;

/// <summary>Requests that wait for their reply. A reply has the request's id and the type it asks for, or it is an ERROR_MESSAGE with that id.</summary>
/// <remarks>The id alone would not do: a report's id is of the reader's own numbering and may be the same.</remarks>
sealed class AwaitedReplies
{
    /// <summary>A session asks one thing after another; a handful at once is a bug of the caller.</summary>
    const int AwaitedMax = 16;

    readonly Dictionary<uint, (LlrpRequest Request, TaskCompletionSource<LlrpMessage> Reply)> _awaited = [];
    Exception? _end;

    internal Task<LlrpMessage> Await(uint id, LlrpRequest request)
    {
        lock (_awaited)
        {
            if (_end is not null) return Task.FromException<LlrpMessage>(_end);
            if (_awaited.Count == AwaitedMax) throw new InvalidOperationException($"{AwaitedMax} requests already wait for their reply.");
            var reply = new TaskCompletionSource<LlrpMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add(id, (request, reply));
            return reply.Task;
        }
    }

    internal void Forget(uint id)
    {
        lock (_awaited) _awaited.Remove(id);
    }

    /// <summary>True when this frame is a reply somebody waits for.</summary>
    internal bool TryAccept(in LlrpFrame frame)
    {
        TaskCompletionSource<LlrpMessage> reply;
        lock (_awaited)
        {
            if (!_awaited.TryGetValue(frame.Id, out var awaited)) return false;
            if (frame.Type != LlrpMessageType.ErrorMessage && !awaited.Request.IsAnsweredBy(frame)) return false;
            _awaited.Remove(frame.Id);
            reply = awaited.Reply;
        }

        try
        {
            reply.SetResult(LlrpMessage.Decode(frame));
        }
        catch (LlrpProtocolException violation)
        {
            reply.SetException(violation);
            throw;
        }

        return true;
    }

    internal void End(Exception cause)
    {
        lock (_awaited)
        {
            _end = cause;
            foreach (var (_, reply) in _awaited.Values) reply.SetException(cause);
            _awaited.Clear();
        }
    }
}
