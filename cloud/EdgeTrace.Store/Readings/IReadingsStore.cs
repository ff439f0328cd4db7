namespace EdgeTrace.Store.Readings;

/// <summary>
/// A time-series store that readings are copied into: the embedded one, InfluxDB, VictoriaMetrics. Each has cursors of its own, so that one
/// that is slow or away delays nothing but itself. One suite of tests runs against all of them.
/// </summary>
public interface IReadingsStore
{
    /// <summary>Its word in the configuration, in status and in logs; empty for the embedded store.</summary>
    string Name { get; }

    /// <summary>How much of the reads themselves its pages hold.</summary>
    ReadDetail Detail { get; }

    /// <summary>What has been written durably.</summary>
    ReadingsCursor Cursor { get; }

    /// <summary>What it will never have, in a sentence; empty when it has all.</summary>
    string Missing { get; }

    /// <summary>
    /// Writes a page and then moves the cursor to <see cref="ReadingsPage.To"/>; where it cannot, it says why and the same page is given again.
    /// Writing a page again, whole or in part, changes nothing.
    /// </summary>
    Task<StoreState> WriteAsync(ReadingsPage page, CancellationToken cancellation);
}

/// <summary>How much of the reads a store keeps beside the visits made of them.</summary>
public enum ReadDetail
{
    None,
    Counts,

    /// <summary>Counts, and every single read.</summary>
    Reads,
}

/// <summary>What a stretch of the batch log and of the ledger's visits says, as time series keep it.</summary>
/// <param name="To">Where the cursors stand once it is written.</param>
/// <param name="MissedBatches">Batches between the cursor and the page that the log no longer keeps: this store will never have them.</param>
public sealed record ReadingsPage(
    IReadOnlyList<StoredSample> Samples, IReadOnlyList<StoredVisit> Visits, IReadOnlyList<StoredCount> Counts, IReadOnlyList<StoredRead> Reads,
    ReadingsCursor To, long MissedBatches);

/// <summary>
/// The reads of one batch that fall into one minute at one portal. A minute's sum is its reads; a total that is kept and rewritten would have
/// to stay open for whatever a late batch still brings.
/// </summary>
/// <param name="Ns">The first of them, µs·1000 + the batch's sequence modulo 1000: written again, it overwrites itself and nothing else.</param>
/// <param name="Tags">Different tags among them.</param>
public readonly record struct StoredCount(string Portal, long Ns, int Reads, int Tags);

/// <summary>One report of one EPC by one antenna.</summary>
/// <param name="Ns">µs·1000 + ordinal among equal µs of its batch and antenna.</param>
/// <param name="Singulations">How often the reader heard it, as one report.</param>
public readonly record struct StoredRead(string Portal, long Ns, string Epc, int Antenna, int RssiCentiDbm, int Singulations, long LastUs);

/// <summary>Whether a readings store takes writes, and why not.</summary>
/// <param name="Name">fine, or one lower-case word: waiting, busy, away, refused.</param>
/// <param name="Reason">What, where and what it means, in a sentence; empty when fine.</param>
/// <param name="RetryAfter">How long the store asked to be left alone; null = it did not say.</param>
public sealed record StoreState(string Name, string Reason, string Remedy, TimeSpan? RetryAfter = null)
{
    public static StoreState Fine { get; } = new("fine", "", "");
    public bool IsFine => Name == "fine";
}
