using EdgeTrace.Cloud.Ingest;

namespace EdgeTrace.Cloud.Projections;

/// <summary>The promises that ingest hears in heartbeats.</summary>
sealed class IngestPromises(StreamWatermarks watermarks) : IStreamPromises
{
    public IReadOnlyList<StreamPromise> Current() => [.. watermarks.All.Select(m => new StreamPromise(m.Gateway, m.Stream, m.Epoch, m.NextSequence, m.ThroughUs))];
}
