using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;
using Microsoft.Data.Sqlite;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Copies samples from the log and one point a Visit from the ledger into the readings store, by its own cursors: slow or away, it delays nobody.</summary>
sealed partial class ReadingsProjection(BatchLog log, LedgerReader ledger, ReadingsStore store, TimeProvider time, ILogger<ReadingsProjection> logger) : BackgroundService
{
    const int PageMax = 1024;

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Visits come from the ledger, which does not wake anybody up for this.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public long Position => store.Cursor.Log;
    public string Stuck { get; private set; } = "";
    public IReadOnlyDictionary<string, long> Totals() => store.Totals();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var more = CopyPage();
                if (Stuck.Length > 0) LogGoesOn();
                Stuck = "";
                if (!more) await WaitAsync(stoppingToken);
            }
            catch (Exception error) when (error is SqliteException or IOException or LogUnusableException)
            {
                if (Stuck.Length == 0) LogStuck(error.Message);
                Stuck = $"The readings store cannot be written: {error.Message}";
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>False when there was nothing to copy.</summary>
    internal bool CopyPage()
    {
        var cursor = store.Cursor;
        var batches = log.Read(cursor.Log, PageMax);
        var visits = ledger.VisitsAfter(cursor.Visits, PageMax);
        if (batches.Count == 0 && visits.Count == 0) return false;
        var samples = new List<StoredSample>();
        foreach (var logged in batches) AddSamples(logged, samples);
        store.Write(
            samples, [.. visits.Select(v => Point(v.Visit))],
            new(batches.Count > 0 ? batches[^1].Position : cursor.Log, visits.Count > 0 ? visits[^1].Seq : cursor.Visits));
        return true;
    }

    static void AddSamples(LoggedBatch logged, List<StoredSample> samples)
    {
        if (logged.QuarantineCause is not null || !StreamName.TrySplit(logged.Id.Stream, out var kind, out var point) || kind != StreamKind.Samples) return;
        Batch batch;
        try
        {
            batch = Batch.Parser.ParseFrom(logged.Body.Span);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            // Its zone has quarantined it with the cause; there is nothing to copy.
            return;
        }
        if (batch.BodyCase != Batch.BodyOneofCase.Samples) return;
        var ordinals = new Dictionary<(SampleKind, long), int>();
        foreach (var sample in batch.Samples.Samples)
        {
            var ordinal = ordinals[(sample.Kind, sample.TimeUs)] = ordinals.GetValueOrDefault((sample.Kind, sample.TimeUs), -1) + 1;
            var temperature = sample.Kind == SampleKind.Temperature;
            var faulty = sample.Fault != ProbeFault.None;
            samples.Add(new(
                point, sample.Kind switch { SampleKind.Door => "door", SampleKind.Mains => "mains", _ => "temperature" }, sample.TimeUs * 1000 + Math.Min(ordinal, 999),
                temperature && !faulty ? sample.MilliCelsius : null, temperature ? null : sample.On, faulty ? sample.Fault.ToString() : ""));
        }
    }

    static StoredVisit Point(VisitFact v) => new(v.Portal, v.FirstUs * 1000, v.Epc, v.FirstUs, v.LastUs, v.Count, v.PeakCentiDbm, v.Direction, v.Id);

    async Task WaitAsync(CancellationToken token)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAny(log.WaitBeyondAsync(store.Cursor.Log, either.Token), Task.Delay(LookEvery, time, either.Token));
        await either.CancelAsync();
        token.ThrowIfCancellationRequested();
    }

    [LoggerMessage(4111, LogLevel.Warning, "The readings store refuses: {Reason}; trying again every second, alarms and acknowledgements are not affected")]
    partial void LogStuck(string reason);

    [LoggerMessage(4112, LogLevel.Information, "The readings store takes writes again")]
    partial void LogGoesOn();
}
