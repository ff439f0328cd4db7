using CsCheck;
using EdgeTrace.Store;
using EdgeTrace.Store.Readings;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Tests.Readings;

/// <summary>Minutes and hours say what the full rate would, whatever came in which order, how often and how late.</summary>
public sealed class RollupTests : IDisposable
{
    const long Minute = 60_000_000, Hour = 60 * Minute;

    /// <summary>2026-11-22 09:00:00Z.</summary>
    const long StartUs = 1_795_338_000_000_000;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-readings-");

    string File => Path.Combine(_folder.FullName, "readings.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    static readonly Gen<StoredSample> s_sample = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 5], Gen.Long[0, 3 * 3600 / 7], Gen.Int[0, 2], Gen.Int[-30_000, 40_000], (point, kind, tick, ordinal, milli) =>
        kind == 0
            ? new StoredSample($"fridge-{point}", "door", (StartUs + tick * 7_000_000) * 1000, null, milli > 0, "")
            : new StoredSample($"fridge-{point}", "temperature", (StartUs + tick * 7_000_000) * 1000 + ordinal, kind == 1 ? null : milli, null, kind == 1 ? "Checksum" : ""));

    [Fact]
    public void Any_order_any_cut_twice_and_rewritten_gives_the_full_rates_own_minima_means_and_maxima() =>
        Gen.Select(s_sample.List[0, 400], Gen.Int[1, 60], Gen.Bool).Sample((samples, cut, again) =>
        {
            var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():n}.db");
            // The same instant twice, as another value: the later word stands.
            var sent = again ? [.. samples, .. samples.Select((s, i) => i % 3 == 0 && s.MilliCelsius is { } milli ? s with { MilliCelsius = milli / 2 } : s).Reverse()] : samples;
            using (var store = ReadingsStore.Open(path))
                foreach (var (n, page) in sent.Chunk(cut).Index()) store.Write(page, [], new(n + 1, 0));
            using var opened = ReadingsStore.Open(path);
            var stored = new Dictionary<(string, string, long), StoredSample>();
            foreach (var s in sent) stored[(s.Point, s.Kind, s.Ns)] = s;
            Assert.Equal(stored.Count, opened.Totals()["samplesStored"]);
            foreach (var bucketUs in (long[])[Minute, 5 * Minute, Hour, 3 * Hour])
                Assert.Equal(FullRate(stored.Values, "fridge-1", StartUs, StartUs + 3 * Hour, bucketUs), opened.Buckets("fridge-1", StartUs, StartUs + 3 * Hour, bucketUs));
            Assert.Equal(FullRate(stored.Values, "fridge-1", StartUs + 1, StartUs + Hour, 7_000_000), opened.Buckets("fridge-1", StartUs + 1, StartUs + Hour, 7_000_000));
        }, iter: 60);

    [Fact]
    public void A_file_of_version_1_is_brought_up_to_date_with_its_minutes_and_hours()
    {
        StoredSample[] samples = [.. Enumerable.Range(0, 2000).Select(i => new StoredSample("fridge-1", "temperature", (StartUs + i * 10_000_000L) * 1000, i % 9 == 0 ? null : 4000 + i % 700, null, i % 9 == 0 ? "Vanished" : ""))];
        using (var old = SqliteFile.OpenForWriting(File))
        {
            old.Execute("""
                CREATE TABLE samples (
                    point TEXT NOT NULL, kind TEXT NOT NULL, ns INTEGER NOT NULL, milli_celsius INTEGER, state INTEGER, fault TEXT NOT NULL,
                    PRIMARY KEY (point, kind, ns)) WITHOUT ROWID;
                CREATE TABLE visits (
                    portal TEXT NOT NULL, ns INTEGER NOT NULL, epc TEXT NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL,
                    count INTEGER NOT NULL, peak_centi_dbm INTEGER NOT NULL, direction TEXT NOT NULL, visit TEXT NOT NULL, PRIMARY KEY (portal, ns, visit)) WITHOUT ROWID;
                CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), log INTEGER NOT NULL, visits INTEGER NOT NULL);
                INSERT INTO cursor VALUES (1, 42, 7);
                PRAGMA user_version = 1;
                """);
            using var transaction = old.BeginTransaction();
            using var insert = new SqliteStatement(old, "INSERT INTO samples VALUES ($1, $2, $3, $4, $5, $6)", 6);
            foreach (var s in samples) insert.Run(transaction, s.Point, s.Kind, s.Ns, s.MilliCelsius, s.On, s.Fault);
            transaction.Commit();
        }
        using (var store = ReadingsStore.Open(File))
        {
            Assert.Equal(new(42, 7), store.Cursor);
            Assert.Equal(2000, store.Totals()["samplesStored"]);
            foreach (var bucketUs in (long[])[Minute, Hour]) Assert.Equal(FullRate(samples, "fridge-1", StartUs, StartUs + 6 * Hour, bucketUs), store.Buckets("fridge-1", StartUs, StartUs + 6 * Hour, bucketUs));
        }
        using var newer = SqliteFile.OpenForWriting(File);
        newer.Execute("PRAGMA user_version = 99");
        Assert.Contains("Run a newer edgetrace-cloud", Assert.Throws<InvalidDataException>(() => ReadingsStore.Open(File)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600, 500, 10, 10)]             // an hour: the probe's own interval
    [InlineData(24 * 3600, 480, 10, 240)]       // a day in 480: three minutes each, were its ends whole minutes
    [InlineData(366 * 86400, 1000, 10, 32400)]  // a year in 1,000: nine whole hours
    [InlineData(3660 * 86400L, 8000, 10, 39600)]
    [InlineData(600, 1, 10, 660)]               // one bucket of eleven whole minutes: the ten begin within one
    [InlineData(600, 500, 3600, 3600)]          // a probe read once an hour
    public void A_period_is_cut_into_at_most_so_many_buckets_that_begin_with_a_whole_one(long seconds, int max, int everySeconds, int bucketSeconds)
    {
        using var store = ReadingsStore.Open(File);
        var from = StartUs + 12_345_678;
        var plan = store.Plan(from, from + seconds * 1_000_000, max, everySeconds * 1_000_000L);
        Assert.Equal(bucketSeconds, plan.BucketUs / 1e6);
        Assert.InRange(plan.Count, 1, max);
        Assert.True(plan.StartUs <= from && plan.EndUs >= from + seconds * 1_000_000);
        if (plan.BucketUs >= Minute) Assert.NotNull(SampleLevel.For(plan.StartUs, plan.EndUs, plan.BucketUs));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind_for_the_next()
    {
        using var store = ReadingsStore.Open(File);
        StoredSample fine = new("fridge-1", "temperature", StartUs * 1000, 4000, null, ""), broken = fine with { Ns = fine.Ns + 1, Fault = null! };
        Assert.Throws<SqliteException>(() => store.Write([fine, broken], [], new(1, 0)));
        Assert.Equal(default, store.Cursor);
        store.Write([fine], [], new(1, 0));
        Assert.Equal([new(0, 4000, 4000, 4000, 1)], store.Buckets("fridge-1", StartUs, StartUs + Minute, Minute));
        Assert.Equal(1, store.Totals()["samplesStored"]);
    }

    /// <summary>The oracle: what the samples themselves say.</summary>
    internal static IEnumerable<SampleBucketRow> FullRate(IEnumerable<StoredSample> samples, string point, long fromUs, long toUs, long bucketUs) =>
        [.. samples.Where(s => s.Point == point && s.Kind == "temperature" && s.Ns >= fromUs * 1000 && s.Ns < toUs * 1000).GroupBy(s => (s.Ns / 1000 - fromUs) / bucketUs).OrderBy(g => g.Key).Select(g =>
        {
            long[] values = [.. g.Where(s => s.MilliCelsius is not null).Select(s => (long)s.MilliCelsius!)];
            return values.Length == 0 ? new SampleBucketRow((int)g.Key, null, null, null, 0)
                : new((int)g.Key, (int)values.Min(), values.Sum() * 1.0 / values.Length, (int)values.Max(), values.Length);
        })];
}
