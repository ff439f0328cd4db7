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
/// <param name="UnackedBytes">What only this box has.</param>
/// <param name="BytesPerHour">What the last hour's batches take; null when nothing is kept that tells.</param>
sealed record OutboxSummary(IReadOnlyList<StreamSummary> Streams, OutboxTotals Totals, long UnackedBytes = 0, double? BytesPerHour = null)
{
    static readonly TimeSpan PaceWindow = TimeSpan.FromHours(1);

    /// <summary>Less says nothing.</summary>
    static readonly TimeSpan PaceMin = TimeSpan.FromMinutes(1);

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
                return Of(recovered.Books.Values.OrderBy(book => book.Name, StringComparer.Ordinal).Select(StreamSummary.Of)) with
                {
                    UnackedBytes = recovered.Books.Values.Sum(book => book.Runs.Sum(run => run.All.Where(stored => stored.Sequence > run.Acknowledged).Sum(stored => (long)stored.Length))),
                    BytesPerHour = Pace([.. recovered.Books.Values.SelectMany(book => book.Runs).SelectMany(run => run.All)]),
                };
            }
            catch (FileNotFoundException) when (attempt < AttemptsMax)
            {
            }
        }
    }

    static double? Pace(List<StoredBatch> stored)
    {
        if (stored.Count == 0) return null;
        var newestUs = stored.Max(batch => batch.SealedUs);
        stored.RemoveAll(batch => batch.SealedUs < newestUs - (long)PaceWindow.TotalMicroseconds);
        var spanUs = newestUs - stored.Min(batch => batch.SealedUs);
        return spanUs < PaceMin.TotalMicroseconds ? null : stored.Sum(batch => (double)batch.Length) / spanUs * PaceWindow.TotalMicroseconds;
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
