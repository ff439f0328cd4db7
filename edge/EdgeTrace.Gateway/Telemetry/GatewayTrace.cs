using System.Diagnostics;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Telemetry;

/// <summary>
/// The gateway's half of a batch's way: <c>seal → publish</c>; the cloud goes on with <c>append → acknowledge, project</c> under the same
/// trace, by the W3C traceparent that travels beside the batch. Costs nothing while nobody listens.
/// </summary>
static class GatewayTrace
{
    public const string Name = "EdgeTrace.Gateway";

    /// <summary>Batches that are sealed and may still be sent. One that waited longer in the outbox begins its trace where it is published.</summary>
    const int RememberedMax = 4096;

    static readonly ActivitySource s_source = new(Name);
    static readonly Lock s_gate = new();
    static readonly Dictionary<(string Stream, ulong Epoch, ulong Sequence), ActivityContext> s_sealed = [];
    static readonly Queue<(string, ulong, ulong)> s_order = new();

    /// <summary>Begins the span of one sealing; null while nobody listens.</summary>
    public static Activity? Seal(string stream) => Start("seal", ActivityKind.Internal, default, stream);

    /// <summary>The batch has its number: what is published under it belongs to this trace.</summary>
    public static void Sealed(Activity? span, BatchHeader header)
    {
        if (span is null) return;
        span.SetTag("edgetrace.sequence", (long)header.Sequence).SetTag("edgetrace.readings", (long)header.Readings);
        lock (s_gate)
        {
            if (s_order.Count == RememberedMax) s_sealed.Remove(s_order.Dequeue());
            var key = (header.Stream, header.Epoch, header.Sequence);
            if (s_sealed.TryAdd(key, span.Context)) s_order.Enqueue(key);
        }
    }

    /// <summary>Begins the span of one publication, to be stopped when the broker has answered; its id is the traceparent.</summary>
    public static Activity? Publish(string stream, ulong epoch, ulong sequence)
    {
        if (!s_source.HasListeners()) return null;
        ActivityContext parent;
        lock (s_gate) parent = s_sealed.GetValueOrDefault((stream, epoch, sequence));
        return Start("publish", ActivityKind.Producer, parent, stream)?.SetTag("edgetrace.sequence", (long)sequence);
    }

    // The span is handed on by hand: as "current" it would become the parent of whatever this thread does next.
    static Activity? Start(string name, ActivityKind kind, ActivityContext parent, string stream)
    {
        if (!s_source.HasListeners()) return null;
        var current = Activity.Current;
        Activity.Current = null;
        var span = s_source.StartActivity(name, kind, parent)?.SetTag("edgetrace.stream", stream);
        Activity.Current = current;
        return span;
    }
}
