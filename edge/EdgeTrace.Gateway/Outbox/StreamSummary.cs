using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeTrace.Contract;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>What <c>edgetrace-gateway outbox</c> says of one stream; sealed counts are cumulative since the outbox was made.</summary>
sealed record StreamSummary(string Stream, string Epoch, ulong SealedBatches, ulong SealedReadings, ulong DroppedReadings, long UnackedBatches)
{
    public static StreamSummary Of(StreamBook book) => new(
        book.Name, book.Current.Epoch.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
        book.Durable.Batches, book.Durable.Readings, book.Durable.Dropped, book.Runs.Sum(run => (long)run.Unacked));
}

/// <summary>Sums by kind of reading.</summary>
sealed record OutboxTotals(ulong Reads, ulong Scans, ulong Samples, ulong Alarms);

/// <summary>The answer of <c>edgetrace-gateway outbox --json</c>, read from the files alone: with the gateway stopped, or beside it.</summary>
sealed record OutboxSummary(IReadOnlyList<StreamSummary> Streams, OutboxTotals Totals)
{
    /// <summary>A running gateway may recycle a file while it is read: then the reading begins anew.</summary>
    const int AttemptsMax = 20;

    /// <summary>Reads the folder without owning it and without writing to it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no outbox there.</exception>
    public static OutboxSummary Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no outbox in {folder}.");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var numbers = OutboxDisk.ListSegments(folder);
                var recovered = Recovery.Of(numbers, number => OutboxDisk.ReadWhole(folder, number), number => OutboxDisk.ReadHeader(folder, number));
                if (attempt < AttemptsMax && !OutboxDisk.ListSegments(folder).SequenceEqual(numbers)) continue;
                return Of(recovered.Books.Values.OrderBy(book => book.Name, StringComparer.Ordinal).Select(StreamSummary.Of));
            }
            catch (FileNotFoundException) when (attempt < AttemptsMax)
            {
            }
        }
    }

    public static OutboxSummary Of(IEnumerable<StreamSummary> streams)
    {
        IReadOnlyList<StreamSummary> all = [.. streams];
        return new(all, new(Sum(StreamKind.Reads), Sum(StreamKind.Scans), Sum(StreamKind.Samples), Sum(StreamKind.Alarms)));

        ulong Sum(StreamKind kind) => all
            .Where(stream => StreamName.TrySplit(stream.Stream, out var its, out _) && its == kind)
            .Aggregate(0ul, (sum, stream) => sum + stream.SealedReadings);
    }

    public string ToJson() => JsonSerializer.Serialize(this, OutboxJson.Default.OutboxSummary);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OutboxSummary))]
sealed partial class OutboxJson : JsonSerializerContext;
