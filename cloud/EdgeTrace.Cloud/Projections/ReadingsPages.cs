using EdgeTrace.Contract;
using EdgeTrace.Store.Ledger;
using EdgeTrace.Store.Log;
using EdgeTrace.Store.Readings;

namespace EdgeTrace.Cloud.Projections;

/// <summary>Reads the batch log and the ledger's visits as time series keep them, a page at a time. Not thread-safe: each projection has its own.</summary>
sealed class ReadingsPages(BatchLog log, LedgerReader ledger)
{
    /// <summary>What a page may hold in memory while a store is away: 1,024 batches of samples, or some 64,000 single reads.</summary>
    public const int PageMax = 1024;
    const int PageMaxOfReads = 64;

    /// <summary>Visits that begin in one microsecond at one portal end together, so their rows are near each other.</summary>
    const int NeighboursMax = 1000;

    readonly ReadColumns _columns = new();

    public BatchLog Log => log;

    /// <summary>Where a store that is new begins: with what the log still has, and with every visit.</summary>
    public ReadingsCursor Beginning()
    {
        try
        {
            return new(log.Read(0, 1) is [var oldest] ? oldest.Position - 1 : 0, 0);
        }
        catch (LogUnusableException)
        {
            return default;   // whoever copies will meet the same page, and say so
        }
    }

    /// <summary>Null when there is nothing beyond the cursor.</summary>
    public ReadingsPage? Read(ReadingsCursor after, ReadDetail detail)
    {
        // A cursor beyond the log is of a log that has since been replaced by an older one.
        var from = Math.Min(after.Log, log.Head);
        var batches = log.Read(from, detail == ReadDetail.Reads ? PageMaxOfReads : PageMax);
        var visits = ledger.VisitsAfter(after.Visits, PageMax);
        if (batches.Count == 0 && visits.Count == 0) return null;
        var (samples, counts, reads) = (new List<StoredSample>(), new List<StoredCount>(), new List<StoredRead>());
        foreach (var logged in batches) Add(logged, detail, samples, counts, reads);
        return new(
            samples, Points(visits), counts, reads,
            new(batches.Count > 0 ? batches[^1].Position : from, visits.Count > 0 ? visits[^1].Seq : after.Visits),
            batches.Count > 0 ? batches[0].Position - from - 1 : 0);
    }

    void Add(LoggedBatch logged, ReadDetail detail, List<StoredSample> samples, List<StoredCount> counts, List<StoredRead> reads)
    {
        if (logged.QuarantineCause is not null || !StreamName.TrySplit(logged.Id.Stream, out var kind, out var word)) return;
        if (kind != StreamKind.Samples && (kind != StreamKind.Reads || detail == ReadDetail.None)) return;
        try
        {
            var batch = Batch.Parser.ParseFrom(logged.Body.Span);
            if (batch.BodyCase == Batch.BodyOneofCase.Samples) AddSamples(word, batch.Samples, samples);
            if (batch.BodyCase != Batch.BodyOneofCase.Reads || batch.Reads.Columns.IsEmpty) return;
            _columns.Decode(batch.Reads.Columns.Span);
            AddCounts(word, logged.Id.Sequence, counts);
            if (detail == ReadDetail.Reads) AddReads(word, reads);
        }
        catch (Exception unreadable) when (unreadable is Google.Protobuf.InvalidProtocolBufferException or ColumnFormatException)
        {
            // Its zone has quarantined it with the cause; there is nothing to copy.
        }
    }

    static void AddSamples(string point, SampleBatch batch, List<StoredSample> samples)
    {
        var ordinals = new Dictionary<(SampleKind, long), int>();
        foreach (var sample in batch.Samples)
        {
            var ordinal = ordinals[(sample.Kind, sample.TimeUs)] = ordinals.GetValueOrDefault((sample.Kind, sample.TimeUs), -1) + 1;
            var temperature = sample.Kind == SampleKind.Temperature;
            var faulty = sample.Fault != ProbeFault.None;
            samples.Add(new(
                point, sample.Kind switch { SampleKind.Door => "door", SampleKind.Mains => "mains", _ => "temperature" }, Ns(sample.TimeUs, ordinal),
                temperature && !faulty ? sample.MilliCelsius : null, temperature ? null : sample.On, faulty ? sample.Fault.ToString() : ""));
        }
    }

    void AddCounts(string portal, ulong sequence, List<StoredCount> counts)
    {
        foreach (var minute in Enumerable.Range(0, _columns.Count).GroupBy(read => _columns.TimeUs[read] / 60_000_000))
            counts.Add(new(portal, minute.Min(read => _columns.TimeUs[read]) * 1000 + (long)(sequence % 1000), minute.Count(), minute.Select(read => _columns.Entry[read]).Distinct().Count()));
    }

    void AddReads(string portal, List<StoredRead> reads)
    {
        var ordinals = new Dictionary<(int, long), int>();
        for (var i = 0; i < _columns.Count; i++)
        {
            var key = ((int)_columns.Antenna[i], _columns.TimeUs[i]);
            var ordinal = ordinals[key] = ordinals.GetValueOrDefault(key, -1) + 1;
            reads.Add(new(portal, Ns(key.Item2, ordinal), Convert.ToHexString(_columns.Epc(_columns.Entry[i])), key.Item1, _columns.RssiCentiDbm[i], _columns.SeenCount[i], _columns.LastUs[i]));
        }
    }

    /// <summary>The ordinal of a visit is how many of its nearest neighbours before it began in the same microsecond: the same whatever page it comes in.</summary>
    List<StoredVisit> Points(IReadOnlyList<VisitRow> visits)
    {
        if (visits.Count == 0) return [];
        var first = visits[0].Seq;
        var begun = new Dictionary<(string, long), List<long>>();
        var points = new List<StoredVisit>(visits.Count);
        foreach (var row in ledger.VisitsAfter(Math.Max(0, first - 1 - NeighboursMax), NeighboursMax).Where(row => row.Seq < first).Concat(visits))
        {
            var v = row.Visit;
            if (!begun.TryGetValue((v.Portal, v.FirstUs), out var same)) begun[(v.Portal, v.FirstUs)] = same = [];
            if (row.Seq >= first)
                points.Add(new(v.Portal, Ns(v.FirstUs, same.Count(seq => seq >= row.Seq - NeighboursMax)), v.Epc, v.FirstUs, v.LastUs, v.Count, v.PeakCentiDbm, v.Direction, v.Id));
            same.Add(row.Seq);
        }
        return points;
    }

    static long Ns(long us, int ordinal) => us * 1000 + Math.Min(ordinal, 999);
}
