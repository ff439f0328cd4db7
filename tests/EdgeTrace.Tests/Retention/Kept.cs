using System.Diagnostics.Metrics;
using System.IO.Hashing;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Retention;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeTrace.Tests.Retention;

/// <summary>The three files with a clock one can move, and the service that keeps them bounded.</summary>
sealed class Kept : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgetrace-retention-");
    readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    readonly MeterListener _listener = new();
    ulong _sequence;

    public Kept(RetentionOptions? options = null)
    {
        Log = BatchLog.Open(Folder, Time, NullLogger<BatchLog>.Instance);
        Writer = LedgerWriter.Open(Path.Combine(Folder, "ledger.db"), Time);
        Ledger = new(Path.Combine(Folder, "ledger.db"));
        Readings = ReadingsStore.Open(Path.Combine(Folder, "readings.db"));
        Options = options ?? new RetentionOptions();
        Book = new(Folder, Options, Time);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "edgetrace_retention_deleted" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, rows, tags, _) => Deleted[(string)tags[0].Value!] = Deleted.GetValueOrDefault((string)tags[0].Value!) + rows);
        _listener.Start();
        Service = new(Microsoft.Extensions.Options.Options.Create(Options), Log, Ledger, Writer, Readings, Book, _services.GetRequiredService<IMeterFactory>(), Time, NullLogger<RetentionService>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    public string Folder => _folder.FullName;
    public RetentionOptions Options { get; }
    public BatchLog Log { get; }
    public LedgerWriter Writer { get; }
    public LedgerReader Ledger { get; }
    public ReadingsStore Readings { get; }
    public StorageBook Book { get; }
    public RetentionService Service { get; }
    public Dictionary<string, long> Deleted { get; } = [];

    public long NowUs => Time.GetUtcNow().ToUnixTimeMicroseconds();

    public long AgoUs(double days) => NowUs - (long)(days * 86_400e6);

    public Task<long> AppendAsync(double daysAgo, int bytes = 100)
    {
        var body = new byte[bytes];
        return Log.AppendAsync(new(new("gw-1", "reads/door-1", 7, ++_sequence), AgoUs(daysAgo), 1, Crc32.HashToUInt32(body), body), TestContext.Current.CancellationToken);
    }

    /// <summary>What the projections have applied: the ledger's checkpoint, the readings' cursor and completeness's.</summary>
    public async Task AppliedAsync(long ledger, long readings, long? completeness = null)
    {
        var commit = new LedgerCommit("system:test") { Checkpoint = ledger };
        commit.Advances.Add(new(CompletenessProjection.Zone, CompletenessProjection.CursorOf(Ledger), ZonePosition.None with { Position = completeness ?? Log.Head }));
        await Writer.CommitAsync(commit, TestContext.Current.CancellationToken);
        Readings.Write([], [], new(readings, 0));
    }

    /// <summary>One pass; the rests between its slices go by as soon as they begin.</summary>
    public async Task PassAsync()
    {
        var pass = Service.PassAsync(TestContext.Current.CancellationToken);
        while (!pass.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.WhenAny(pass, Task.Run(Thread.Yield));
        }
        await pass;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await Log.DisposeAsync();
        await Writer.DisposeAsync();
        Readings.Dispose();
        Service.Dispose();
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
