using System.Diagnostics.CodeAnalysis;
using EdgeTrace.Cloud.Telemetry;
using EdgeTrace.Contract;
using EdgeTrace.Store.Log;
using Google.Protobuf;

namespace EdgeTrace.Cloud.Ingest;

/// <summary>A message as a broker handed it over.</summary>
/// <param name="CorrelationData">The envelope's bytes, or null.</param>
/// <param name="Traceparent">The W3C trace it belongs to, or null.</param>
sealed record Inbound(string Topic, ReadOnlyMemory<byte> Body, byte[]? CorrelationData, string? Traceparent = null);

/// <summary>What a message turned out to be, checked against itself; nothing here has touched any state.</summary>
abstract record Checked(string Topic)
{
    /// <summary>A batch with a good envelope; its body may still be unreadable (<see cref="NewBatch.QuarantineCause"/>).</summary>
    /// <param name="Suspicion">Set when the body names another identity than topic and envelope do.</param>
    /// <param name="Damaged">The body is not the one its envelope was written for: something on the way changed it, and what is sent again may be whole.</param>
    public sealed record Numbered(string Topic, GatewayTopics Gateway, NewBatch Batch, string? Suspicion, bool Damaged) : Checked(Topic);

    public sealed record Born(string Topic, GatewayTopics Gateway, Birth Birth, ReadOnlyMemory<byte> Body) : Checked(Topic);

    public sealed record Stated(string Topic, GatewayTopics Gateway, GatewayState State, ReadOnlyMemory<byte> Body) : Checked(Topic);

    public sealed record Beat(string Topic, GatewayTopics Gateway, Heartbeat Heartbeat) : Checked(Topic);

    /// <summary>Nobody can say which stream this continues: quarantined with its cause, never acknowledged.</summary>
    public sealed record Unreadable(string Topic, string Cause, ReadOnlyMemory<byte> Body) : Checked(Topic);

    /// <summary>What the cloud itself says; an external broker may echo it.</summary>
    public sealed record Ours(string Topic) : Checked(Topic);
}

/// <summary>Checks a message against itself: topic against envelope against body. Pure, so it runs on the thread that received it.</summary>
static class Inspection
{
    /// <summary>A year of batches at a thousand a second is 2^35; a larger number is rubbish, and SQLite counts to 2^63.</summary>
    const ulong SequenceMax = 1ul << 53;

    [ThreadStatic] static ReadColumns? t_columns;

    public static Checked Inspect(Inbound inbound, long receivedUs)
    {
        if (!GatewayTopics.TryParse(inbound.Topic, out var gateway, out var leaf))
            return new Checked.Unreadable(inbound.Topic, "the topic is not one of edgetrace/v1/{trust}/{site}/gw/{gateway}/…", inbound.Body);
        return leaf switch
        {
            GatewayTopics.Leaf.Ack or GatewayTopics.Leaf.Command => new Checked.Ours(inbound.Topic),
            GatewayTopics.Leaf.Birth => Parse(inbound, Birth.Parser, birth => birth.Gateway == gateway.Gateway
                ? new Checked.Born(inbound.Topic, gateway, birth, inbound.Body)
                : new Checked.Unreadable(inbound.Topic, $"the birth is of gateway '{birth.Gateway}', not of the topic's", inbound.Body)),
            GatewayTopics.Leaf.State => inbound.Body.IsEmpty
                ? new Checked.Ours(inbound.Topic)   // a retained state being deleted
                : Parse(inbound, GatewayState.Parser, state => new Checked.Stated(inbound.Topic, gateway, state, inbound.Body)),
            GatewayTopics.Leaf.Heartbeat => Parse(inbound, Heartbeat.Parser, beat => new Checked.Beat(inbound.Topic, gateway, beat)),
            _ => InspectBatch(inbound, gateway, leaf, receivedUs),
        };
    }

    static Checked Parse<T>(Inbound inbound, MessageParser<T> parser, Func<T, Checked> then)
        where T : class, IMessage<T> =>
        TryParse(inbound.Body, parser, out var message, out var why) ? then(message) : new Checked.Unreadable(inbound.Topic, $"no {typeof(T).Name}: {why}", inbound.Body);

    static Checked InspectBatch(Inbound inbound, GatewayTopics gateway, string stream, long receivedUs)
    {
        if (!BatchEnvelope.TryRead(inbound.CorrelationData, out var envelope))
            return new Checked.Unreadable(inbound.Topic, inbound.CorrelationData is null ? "no envelope (Correlation Data)" : "the envelope (Correlation Data) is damaged", inbound.Body);
        if (envelope.Sequence > SequenceMax)
            return new Checked.Unreadable(inbound.Topic, $"sequence {envelope.Sequence} cannot be", inbound.Body);
        var id = new BatchId(gateway.Gateway, stream, envelope.Epoch, envelope.Sequence);
        CloudTrace.Arrived(id, inbound.Traceparent);
        var (readings, cause, suspicion) = ReadBody(inbound.Body, id, envelope);
        return new Checked.Numbered(inbound.Topic, gateway, new(id, receivedUs, readings, envelope.BodyCrc, inbound.Body, cause), suspicion, !envelope.Seals(inbound.Body.Span));
    }

    static (uint Readings, string? Cause, string? Suspicion) ReadBody(ReadOnlyMemory<byte> body, BatchId id, BatchEnvelope envelope)
    {
        if (!envelope.Seals(body.Span)) return (0, $"the body ({body.Length} bytes) is not the one the envelope was written for ({envelope.BodyLength} bytes, other checksum or length)", null);
        if (!TryParse(body, Batch.Parser, out var batch, out var why)) return (0, $"no Batch: {why}", null);
        if (batch.Header is not { } header) return (0, "the batch has no header", null);
        var named = new BatchId(header.Gateway, header.Stream, header.Epoch, header.Sequence);
        if (named != id) return (0, $"the header says {named}, topic and envelope say {id}", $"the header says {named}");
        return TryCount(batch, id.Stream, out var readings, out var cause) ? (readings, null, null) : (0, cause, null);
    }

    /// <summary>Counts the readings by decoding them, so that what projections will read is known to be readable.</summary>
    static bool TryCount(Batch batch, string stream, out uint readings, [NotNullWhen(false)] out string? cause)
    {
        (readings, cause) = (0, null);
        StreamName.TrySplit(stream, out var kind, out _);
        int counted;
        try
        {
            counted = (kind, batch.BodyCase) switch
            {
                // A thinned batch keeps its number and says in the header what it lost.
                (_, Batch.BodyOneofCase.None) => 0,
                (StreamKind.Reads, Batch.BodyOneofCase.Reads) => CountReads(batch.Reads.Columns.Span),
                (StreamKind.Scans, Batch.BodyOneofCase.Scans) => batch.Scans.Scans.Count,
                (StreamKind.Samples, Batch.BodyOneofCase.Samples) => batch.Samples.Samples.Count,
                (StreamKind.Alarms, Batch.BodyOneofCase.Alarms) => batch.Alarms.Alarms.Count,
                (StreamKind.Health, Batch.BodyOneofCase.Health) => batch.Health.States.Count,
                _ => -1,
            };
        }
        catch (ColumnFormatException error)
        {
            cause = $"the read columns are damaged: {error.Message}";
            return false;
        }
        if (counted < 0) cause = $"a {batch.BodyCase} body on a {kind} stream";
        else if (counted != batch.Header.Readings) cause = $"the header counts {batch.Header.Readings} readings, the body has {counted}";
        readings = (uint)Math.Max(counted, 0);
        return cause is null;
    }

    static int CountReads(ReadOnlySpan<byte> columns)
    {
        if (columns.IsEmpty) return 0;
        var decoded = t_columns ??= new();
        decoded.Decode(columns);
        return decoded.Count;
    }

    static bool TryParse<T>(ReadOnlyMemory<byte> body, MessageParser<T> parser, [NotNullWhen(true)] out T? message, [NotNullWhen(false)] out string? why)
        where T : class, IMessage<T>
    {
        try
        {
            (message, why) = (parser.ParseFrom(body.Span), null);
            return true;
        }
        catch (InvalidProtocolBufferException error)
        {
            (message, why) = (null, error.Message);
            return false;
        }
    }
}
