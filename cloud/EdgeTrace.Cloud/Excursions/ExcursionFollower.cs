using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Stock;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Excursions;

/// <summary>
/// Follows what the ledger learns, of points by its feed and of things by the feed and the events of stock, and puts on hold what an excursion has met.
/// <code>
///   alarm of a temperature outside limits ──► everything that was in its Location since it began
///   movement, scan, event of stock        ──► that one thing, by every excursion it may have met     ──► LedgerWriter: held + excursion_cursor
///   each minute, while one goes on        ──► everything there, again
/// </code>
/// It raises holds and lifts none: what is told late and speaks for a thing is shown beside the hold, and pharmacy releases.
/// </summary>
sealed partial class ExcursionFollower(SiteModel site, LedgerReader ledger, LedgerWriter writer, ExcursionJudge judge, TimeProvider time, ILogger<ExcursionFollower> logger) : LedgerFollower(writer, time)
{
    const int PageMax = 256;

    /// <summary>Holds in one commit: a second's writing at most, so that a door's passages do not wait for a pharmacy of vaccines.</summary>
    const int HoldsMax = 1_000;

    /// <summary>Signs that concern no excursion and are read again after a crash.</summary>
    const long UnkeptMax = 1024;

    /// <summary>Excursions of <see cref="RememberFor"/> in one hospital; a site with more has no cold chain, and the newest count.</summary>
    const int ExcursionsMax = 5_000;

    /// <summary>As long as a batch log is kept: what comes later than that comes from nowhere.</summary>
    static readonly TimeSpan RememberFor = TimeSpan.FromDays(31);

    static readonly TimeSpan AgainEvery = TimeSpan.FromMinutes(1);

    readonly LedgerWriter _writer = writer;
    readonly TimeProvider _time = time;
    readonly Dictionary<string, Excursion> _known = [];
    (long Feed, long Seq) _kept = (-1, -1), _at;
    long _againUs = long.MinValue;

    protected override bool HasWork => site.Points.Any(point => point.Location is not null);

    /// <summary>Takes up the cursor, or makes one at the end of what is known; an excursion that goes on then is looked at as if it had just been raised.</summary>
    protected override async Task BeginAsync(CancellationToken token)
    {
        foreach (var row in ledger.RaisedEpisodes(_time.NowUs() - RememberFor.Ticks / TimeSpan.TicksPerMicrosecond, ExcursionsMax)) Remember(row);
        if (ledger.ExcursionCursor() is { } cursor) (_kept, _at) = (cursor, cursor);
        else
        {
            _at = (ledger.FeedHead(), ledger.NewestStockEvent());
            await CommitAsync([], token);
        }
    }

    protected override async Task<bool> LookAsync(CancellationToken token)
    {
        var (signs, told) = (ledger.SignsAfter(_at.Feed, PageMax), ledger.StockEventsAfter(_at.Seq, PageMax));
        var whole = signs.Where(sign => sign.Kind == FeedKind.Alarm).Select(sign => sign.Fact).Distinct().Select(ledger.Episode).OfType<EpisodeRow>().Select(Remember).OfType<Excursion>().ToDictionary(e => e.Id);
        if (_time.NowUs() >= _againUs)
        {
            foreach (var open in _known.Values.Where(e => e.EndedUs is null)) whole.TryAdd(open.Id, open);
            _againUs = _time.NowUs() + AgainEvery.Ticks / TimeSpan.TicksPerMicrosecond;
        }
        var holds = new Dictionary<string, StockEvent>();
        foreach (var excursion in whole.Values)
            foreach (var (thing, product) in excursion.Places.SelectMany(place => ledger.MayHaveBeenIn(place, excursion.StartUs)).Distinct())
                if (judge.Concerns(product, excursion)) Add(thing, product);
        if (_known.Count > 0)
            foreach (var thing in signs.Select(sign => sign.Item).OfType<string>().Concat(told.Where(e => e.Event.Actor != ExcursionJudge.Rule).Select(e => e.Event.Subject)).Distinct())
                Add(thing, ledger.ProductOf(thing));
        void Add(string thing, string? product)
        {
            foreach (var hold in judge.Judge(thing, product, _known.Values)) holds.TryAdd(hold.Id, hold);
        }

        _at = (signs.Count > 0 ? signs[^1].Cursor : _at.Feed, told.Count > 0 ? told[^1].Seq : _at.Seq);
        if (holds.Count > 0 || _at.Feed - _kept.Feed + _at.Seq - _kept.Seq >= UnkeptMax) await CommitAsync([.. holds.Values], token);
        return signs.Count == PageMax || told.Count == PageMax;
    }

    protected override void GoBack() => _at = _kept;

    Excursion? Remember(EpisodeRow row)
    {
        if (Excursion.Of(row, site) is not { } excursion) return null;
        _known[excursion.Id] = excursion;
        if (_known.Count > ExcursionsMax) _known.Remove(_known.Values.MinBy(e => e.RaisedUs)!.Id);
        return excursion;
    }

    /// <summary>The cursor goes on with the last of the holds: a crash between two commits looks through the page again.</summary>
    async Task CommitAsync(IReadOnlyList<StockEvent> holds, CancellationToken token)
    {
        for (var done = 0; done < holds.Count; done += HoldsMax)
        {
            var commit = new LedgerCommit("system:excursions");
            commit.StockEvents.AddRange(holds.Skip(done).Take(HoldsMax));
            await _writer.CommitAsync(commit, token);
        }
        foreach (var some in holds.GroupBy(hold => hold.Detail.Reason)) LogHeld(some.Count(), some.Key!);
        await _writer.CommitAsync(new("system:excursions") { ExcursionCursor = _at }, token);
        _kept = _at;
    }

    [LoggerMessage(4321, LogLevel.Warning, "{Things} things are on hold, {Why}")]
    partial void LogHeld(int things, string why);

    [LoggerMessage(4322, LogLevel.Error, "What excursions meet is not put on hold: {Reason}; alarms, readings and acknowledgements are not affected")]
    protected override partial void LogStuck(string reason);

    [LoggerMessage(4323, LogLevel.Information, "What excursions meet is put on hold again")]
    protected override partial void LogGoesOn();
}
