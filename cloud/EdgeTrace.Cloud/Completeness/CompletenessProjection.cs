using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Completeness;

/// <summary>
/// Keeps in the ledger, for ever, what came and what did not: the log it is counted from is deleted after its retention. Counts and cursor are
/// one commit, so that a crash neither repeats nor loses a count.
/// <code>
///   batch log, its gaps ──► CompletenessTally ──► LedgerWriter: received, losses, stream_marks + applied(completeness/log)
///   heartbeats ───────────►
/// </code>
/// </summary>
sealed partial class CompletenessProjection(
    BatchLog log, LedgerWriter writer, LedgerReader ledger, SiteModel site, IStreamPromises promises, TimeProvider time, ILogger<CompletenessProjection> logger) : BackgroundService
{
    /// <summary>One transaction of the ledger; the log's reader stops at 8 MiB anyway.</summary>
    const int PageMax = 1024;

    /// <summary>Nobody waits for a count to the second, and each commit is a flush of the disk.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How much of a quiet stream's watermark a crash may forget: it is then "not known yet" until the next heartbeat.</summary>
    static readonly TimeSpan PromisesEvery = TimeSpan.FromMinutes(1);

    public static readonly ZoneId Zone = new("completeness", "log");

    readonly CompletenessTally _tally = new(site.TimeZone, ledger.StreamMarks());
    long _position = CursorOf(ledger);
    long _promisesKept = time.GetTimestamp();
    volatile IReadOnlyCollection<StreamMark> _marks = ledger.StreamMarks();

    /// <summary>Every batch up to here is counted, durably.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Why nothing is counted; empty when it is.</summary>
    public string Stuck { get; private set; } = "";

    /// <summary>How far every stream is accounted for now, the newest heartbeats included.</summary>
    public IReadOnlyCollection<StreamMark> Marks => _marks;

    public static long CursorOf(LedgerReader ledger) => ledger.Zones().FirstOrDefault(z => z.Zone == Zone)?.Position.Position ?? 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var more = await CountPageAsync(stoppingToken);
                if (Stuck.Length > 0) LogGoesOn();
                Stuck = "";
                if (more) continue;
            }
            catch (LogUnusableException damaged)
            {
                if (Stuck.Length == 0) LogStuck(damaged.Message);
                Stuck = damaged.Message;
            }
            catch (ZoneTakenException taken)
            {
                Stuck = taken.Message;
                LogStuck(taken.Message);
                return;
            }
            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Counts one page of the log and commits it; false when there was no full one.</summary>
    internal async Task<bool> CountPageAsync(CancellationToken token)
    {
        var page = log.Read(_position, PageMax);
        // After the page: a gap is written before the batch that follows it.
        var gaps = log.Reader.Gaps().ToLookup(g => (g.Gateway, g.Stream, g.Epoch));
        var facts = Count(_tally, page, gaps);
        var promised = promises.Current();
        foreach (var promise in promised) _tally.Take(promise);
        if (page.Count > 0 || !facts.IsEmpty || time.GetElapsedTime(_promisesKept) >= PromisesEvery) await KeepAsync(facts, page, token);
        _marks = [.. _tally.Marks];
        return page.Count == PageMax;
    }

    /// <summary>Also what a replay of the log does.</summary>
    public static LedgerCommit Count(CompletenessTally tally, IReadOnlyList<LoggedBatch> page, ILookup<(string, string, ulong), LoggedGap> gaps)
    {
        var facts = new LedgerCommit("system:completeness");
        foreach (var logged in page) tally.Apply(logged, id => gaps[(id.Gateway, id.Stream, id.Epoch)], facts);
        foreach (var gap in gaps.SelectMany(stream => stream)) tally.Apply(gap, facts);
        return facts;
    }

    async Task KeepAsync(LedgerCommit facts, IReadOnlyList<LoggedBatch> page, CancellationToken token)
    {
        _tally.Seal(facts);
        _promisesKept = time.GetTimestamp();
        var to = page is [.., var last] ? last : null;
        if (to is not null) facts.Advances.Add(new(Zone, _position, new(to.Position, long.MinValue, to.Id.Gateway, to.Id.Epoch, to.Id.Sequence)));
        if (facts.IsEmpty) return;
        while (true)
        {
            try
            {
                await writer.CommitAsync(facts, token);
                if (to is not null) Interlocked.Exchange(ref _position, to.Position);
                return;
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                // What was counted is in the tally already, so this very commit is tried again.
                if (Stuck.Length == 0) LogStuck(error.Message);
                Stuck = $"The ledger cannot be written: {error.Message}";
                await Task.Delay(LookEvery, time, token);
            }
        }
    }

    [LoggerMessage(4141, LogLevel.Warning, "Completeness is not counted: {Reason}; readings, alarms and acknowledgements are not affected")]
    partial void LogStuck(string reason);

    [LoggerMessage(4142, LogLevel.Information, "Completeness is counted again")]
    partial void LogGoesOn();
}
