using System.Diagnostics;
using System.Text;
using EdgeTrace.Contract;
using MQTTnet.Packets;

namespace EdgeTrace.Cloud.Telemetry;

/// <summary>
/// The cloud's half of a batch's way: <c>append → acknowledge, project</c>, under the trace that the gateway began with <c>seal → publish</c>
/// and sent as W3C traceparent beside the batch. Costs nothing while nobody listens.
/// </summary>
static class CloudTrace
{
    public const string Name = "EdgeTrace.Cloud";
    const string Traceparent = "traceparent";

    /// <summary>Batches on their way through this process; one that is projected later than so many others shows no projection.</summary>
    const int RememberedMax = 8192;

    static readonly ActivitySource s_source = new(Name);
    static readonly Lock s_gate = new();
    static readonly Dictionary<BatchId, ActivityContext> s_contexts = [];
    static readonly Queue<BatchId> s_order = new();

    /// <summary>What a message says of the trace it belongs to; null when nobody listens or it says nothing readable.</summary>
    public static string? ReadTraceparent(IEnumerable<MqttUserProperty>? properties)
    {
        if (properties is null || !s_source.HasListeners()) return null;
        foreach (var property in properties)
            if (property.Name == Traceparent) return Encoding.ASCII.GetString(property.ValueBuffer.Span);
        return null;
    }

    /// <summary>A batch arrived that says which trace it belongs to.</summary>
    public static void Arrived(BatchId id, string? traceparent)
    {
        if (traceparent is not null && ActivityContext.TryParse(traceparent, null, isRemote: true, out var context)) Remember(id, context);
    }

    /// <summary>From admission until the batch is durable in the log.</summary>
    public static Activity? Append(BatchId id)
    {
        if (Start("append", ActivityKind.Consumer, id) is not { } span) return null;
        Remember(id, span.Context);
        return span;
    }

    /// <summary>The acknowledgement of a stream up to this batch, on its way to the gateway; the batches before it share it.</summary>
    public static Activity? Acknowledge(BatchId id) => StartChild("acknowledge", ActivityKind.Producer, id);

    /// <summary>A zone applies the batch: visits, episodes, movements.</summary>
    public static Activity? Project(BatchId id, string zone) => StartChild("project", ActivityKind.Internal, id)?.SetTag("edgetrace.zone", zone);

    // Without the batch's own trace there is nothing to be a part of: a replay of last month makes no spans.
    static Activity? StartChild(string name, ActivityKind kind, BatchId id) => s_source.HasListeners() && Find(id) != default ? Start(name, kind, id) : null;

    // The span is handed on by hand: as "current" it would become the parent of whatever this thread does next.
    static Activity? Start(string name, ActivityKind kind, BatchId id)
    {
        if (!s_source.HasListeners()) return null;
        var current = Activity.Current;
        Activity.Current = null;
        var span = s_source.StartActivity(name, kind, Find(id));
        Activity.Current = current;
        return span?.SetTag("edgetrace.gateway", id.Gateway).SetTag("edgetrace.stream", id.Stream).SetTag("edgetrace.sequence", (long)id.Sequence);
    }

    static ActivityContext Find(BatchId id)
    {
        lock (s_gate) return s_contexts.GetValueOrDefault(id);
    }

    static void Remember(BatchId id, ActivityContext context)
    {
        lock (s_gate)
        {
            if (!s_contexts.ContainsKey(id))
            {
                if (s_order.Count == RememberedMax) s_contexts.Remove(s_order.Dequeue());
                s_order.Enqueue(id);
            }
            s_contexts[id] = context;
        }
    }
}
