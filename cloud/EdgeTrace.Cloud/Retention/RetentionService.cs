using System.Diagnostics.Metrics;
using EdgeTrace.Cloud.Completeness;
using EdgeTrace.Cloud.Ingest;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EdgeTrace.Cloud.Retention;

/// <summary>
/// Deletes what is older than its setting, an hour at a time and in slices: each is one small commit, and after each the writer is left to
/// those who wait for it for four times as long as the slice took. Nothing is deleted from the log that a projection has not applied.
/// </summary>
sealed partial class RetentionService : BackgroundService
{
    static readonly TimeSpan PassEvery = TimeSpan.FromHours(1);

    /// <summary>
    /// A clock that leaps a year ahead must not delete a year: between two passes this much time goes by, and no more. A cloud that was off
    /// for a month has caught up a day later.
    /// </summary>
    static readonly TimeSpan ForwardMax = TimeSpan.FromDays(1);

    /// <summary>The share of a writer's time that deletion may take: one part in five.</summary>
    const int RestTimes = 4;
    static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(20);

    readonly RetentionOptions _options;
    readonly BatchLog _log;
    readonly LedgerReader _ledger;
    readonly LedgerWriter _writer;
    readonly ReadingsStore _readings;
    readonly StorageBook _book;
    readonly TimeProvider _time;
    readonly ILogger<RetentionService> _logger;
    readonly Counter<long> _deleted;
    long _overdueUs;

    public RetentionService(
        IOptions<RetentionOptions> options, BatchLog log, LedgerReader ledger, LedgerWriter writer, ReadingsStore readings, StorageBook book, IMeterFactory meters, TimeProvider time,
        ILogger<RetentionService> logger)
    {
        (_options, _log, _ledger, _writer, _readings, _book, _time, _logger) = (options.Value, log, ledger, writer, readings, book, time, logger);
        var meter = meters.Create(IngestMeter.Name);
        meter.CreateObservableGauge("edgetrace_retention_overdue", () => Interlocked.Read(ref _overdueUs) / 1e6, "s", "How long the oldest batch of the log is kept beyond its time, because a projection has not applied it.");
        _deleted = meter.CreateCounter<long>("edgetrace_retention_deleted", "{row}", "Rows deleted because their time was over.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What has not happened yet is shown as none, or nobody could tell it from not counted.
        _deleted.Add(0, new KeyValuePair<string, object?>("store", "log"));
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PassAsync(stoppingToken);
            }
            catch (Exception error) when (error is SqliteException or IOException or LogUnusableException)
            {
                LogFailed(error.Message);
            }
            await Task.Delay(PassEvery, _time, stoppingToken);
        }
    }

    /// <summary>Looks at every store once and deletes what is over.</summary>
    internal async Task PassAsync(CancellationToken token)
    {
        var now = Now();
        var nowUs = EventTime.ToUs(now);
        _readings.Remember(_book.SizesNow(nowUs), nowUs - Us(_options.Samples));
        await TrimLogAsync(now, token);
        await TrimEvidenceAsync(token);
        await TrimReadingsAsync(nowUs, token);
    }

    /// <summary>The clock, but never more than a day after the last pass.</summary>
    DateTimeOffset Now()
    {
        var now = _time.GetUtcNow();
        if (_book.LastLook() is not { } last || now - last <= ForwardMax) return now;
        LogHeldBack(last, now);
        return last + ForwardMax;
    }

    async Task TrimLogAsync(DateTimeOffset now, CancellationToken token)
    {
        var applied = new[] { _ledger.Checkpoint(), CompletenessProjection.CursorOf(_ledger), _readings.MakeDurable().Log }.Min();
        var before = EventTime.ToUs(now - _options.BatchLog);
        await InSlicesAsync("log", () => _log.TrimAsync(applied, before, token), token);
        var overdueUs = _log.Reader.Oldest() is { } oldest && oldest.Position > applied ? Math.Max(0, before - oldest.ReceivedUs) : 0;
        Interlocked.Exchange(ref _overdueUs, overdueUs);
        if (overdueUs > 0) LogNotApplied(EventTime.FromUs(before - overdueUs), applied);
    }

    /// <summary>The way from a visit to its reads ends with the reads.</summary>
    async Task TrimEvidenceAsync(CancellationToken token)
    {
        if (_log.Reader.Oldest() is not { } oldest) return;
        foreach (var portal in _ledger.PortalsWithReadBatchesBelow(oldest.Position))
        {
            var commit = new LedgerCommit("system:retention");
            commit.ReadBatchTrims.Add(new(portal, oldest.Position, ReadingsStore.TrimRowsMax));
            // How many went is not told by the writer; when none is left, it was the last.
            await InSlicesAsync("", async () =>
            {
                await _writer.CommitAsync(commit, token);
                return _ledger.PortalsWithReadBatchesBelow(oldest.Position).Contains(portal) ? 1 : 0;
            }, token);
        }
    }

    async Task TrimReadingsAsync(long nowUs, CancellationToken token)
    {
        _readings.KeepFrom(nowUs - Us(_options.Samples), nowUs - Us(_options.SampleMinutes), nowUs - Us(_options.Visits));
        foreach (var series in _readings.PastRetention())
            await InSlicesAsync(series.Table switch { ReadingsTable.Samples => "samples", ReadingsTable.Minutes => "minutes", _ => "visits" }, () => Task.FromResult((long)_readings.Trim(series)), token);
    }

    async Task InSlicesAsync(string store, Func<Task<long>> slice, CancellationToken token)
    {
        var sum = 0L;
        while (true)
        {
            var began = _time.GetTimestamp();
            var rows = await slice();
            if (rows == 0) break;
            sum += rows;
            if (store.Length > 0) _deleted.Add(rows, new KeyValuePair<string, object?>("store", store));
            var rest = _time.GetElapsedTime(began) * RestTimes;
            await Task.Delay(rest > RestMin ? rest : RestMin, _time, token);
        }
        if (sum > 0 && store.Length > 0) LogDeleted(sum, store);
    }

    static long Us(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    [LoggerMessage(4161, LogLevel.Information, "Retention deleted {Rows} rows of {Store}")]
    partial void LogDeleted(long rows, string store);

    [LoggerMessage(4162, LogLevel.Warning, "Retention could not finish, and looks again in an hour: {Reason}")]
    partial void LogFailed(string reason);

    [LoggerMessage(4163, LogLevel.Warning, "The log keeps batches since {Since} although their time is over: a projection has applied only up to position {Applied}. Look at the projections in edgetrace-cloud doctor")]
    partial void LogNotApplied(DateTimeOffset since, long applied);

    [LoggerMessage(4164, LogLevel.Warning, "The clock went from {Last} to {Now} since retention last looked: it goes on a day at a time. If the clock is wrong, set it right")]
    partial void LogHeldBack(DateTimeOffset last, DateTimeOffset now);
}
