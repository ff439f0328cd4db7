using EdgeTrace.Cloud.Api;
using EdgeTrace.Cloud.Projections;
using EdgeTrace.Cloud.Site;
using EdgeTrace.Store.Ledger;

namespace EdgeTrace.Cloud.Exits;

/// <summary>
/// Follows the ledger's visits by their number and lets each at an exit be judged; what is concluded and how far it has come are one commit.
/// <code>
///   visits ──by seq──► ExitJudge ──► LedgerWriter: exits, stock events, feed + exit_cursor
///                                        unanswered until its RedAfter ──► feed "red"
/// </code>
/// The first time it begins where the visits end: what left before anybody watched raises no alarm.
/// </summary>
sealed partial class ExitFollower(SiteModel site, LedgerReader ledger, LedgerWriter writer, ExitJudge judge, ExitViews views, TimeProvider time, ILogger<ExitFollower> logger) : LedgerFollower(writer, time)
{
    const int PageMax = 256;

    /// <summary>Open questions that still wait to turn red when the process starts.</summary>
    const int OpenMax = 1000;

    /// <summary>Visits that concern no exit and are read again after a crash; a cursor of its own for each would be a flush of the disk a second.</summary>
    const long UnkeptMax = 1024;

    readonly LedgerWriter _writer = writer;
    readonly TimeProvider _time = time;
    readonly HashSet<string> _exits = [.. site.Portals.Where(portal => ExitJudge.IsExit(site, portal)).Select(portal => portal.Id)];
    readonly HashSet<string> _left = [.. ledger.StockGone("left", OpenMax)];
    readonly Dictionary<string, long> _redAtUs = [];
    long _kept = -1, _seq;

    /// <summary>Every visit up to here has been judged, durably where that matters.</summary>
    public long Seq => Interlocked.Read(ref _seq);

    protected override bool HasWork => _exits.Count > 0;

    protected override Task BeginAsync(CancellationToken token) => BeginAsync(token, null);

    protected override async Task<bool> LookAsync(CancellationToken token)
    {
        var more = await FollowAsync(token);
        await TurnRedAsync(token);
        return more;
    }

    protected override void GoBack() => _seq = _kept;

    /// <summary>Takes up the cursor, or makes one at the end of the visits.</summary>
    /// <param name="from">Where to begin instead, for a test of what comes of visits that are there already.</param>
    internal async Task BeginAsync(CancellationToken token, long? from = null)
    {
        if (ledger.ExitCursor() is { } cursor) _kept = cursor;
        else
        {
            var begin = from ?? ledger.NewestVisit();
            await _writer.CommitAsync(new("system:exits") { Exits = { Cursor = (-1, begin) } }, token);
            _kept = begin;
        }
        _seq = _kept;
        foreach (var row in ledger.OpenExits(OpenMax)) Await(row);
    }

    /// <summary>Judges one page; false when there was no full one.</summary>
    internal async Task<bool> FollowAsync(CancellationToken token)
    {
        var page = ledger.VisitsAfter(_seq, PageMax);
        foreach (var row in page)
        {
            var facts = new LedgerCommit("system:exits");
            var then = Conclude(row, facts);
            if (!facts.IsEmpty) await CommitAsync(facts, row.Seq, token);
            then();
            Interlocked.Exchange(ref _seq, row.Seq);
        }
        if (_seq - _kept >= UnkeptMax) await CommitAsync(new("system:exits"), _seq, token);
        return page.Count == PageMax;
    }

    /// <summary>Adds what is concluded of one visit; returned is what to remember once that is durable.</summary>
    Action Conclude(VisitRow row, LedgerCommit facts)
    {
        if (site.Portal(row.Visit.Portal, row.Visit.FirstUs) is not { } portal) return () => { };
        if (_exits.Contains(portal.Id) && ExitJudge.IsExit(site, portal) && judge.Judge(row, portal, facts) is { } asks)
        {
            var told = new ExitRow(asks, _time.NowUs(), null);
            facts.Outgoing.Add(new(FeedKind.Exit, asks.Id, views.IsLate(told) ? "late" : "amber", asks.AtUs, ApiJson.Write(views.Alarm(told))));
            return () =>
            {
                _left.Add(asks.Item);
                Await(told);
                LogAsks(asks.Item, portal.Name, asks.Says);
            };
        }
        // Only what has left can come back: every other movement of the house is none of this follower's business.
        if (_left.Count == 0 || row.To is null || site.Location(row.To)?.Kind == "outside" || judge.Return(row, portal, _left, facts) is not { } back) return () => { };
        foreach (var exit in back.Answered) facts.Outgoing.Add(new(FeedKind.Exit, exit.Exit.Id, "answered", exit.Answer!.AtUs, ApiJson.Write(views.Alarm(exit))));
        return () =>
        {
            _left.Remove(back.Item);
            foreach (var exit in back.Answered) _redAtUs.Remove(exit.Exit.Id);
        };
    }

    async Task CommitAsync(LedgerCommit facts, long to, CancellationToken token)
    {
        facts.Exits.Cursor = (_kept, to);
        await _writer.CommitAsync(facts, token);
        _kept = to;
    }

    void Await(ExitRow row)
    {
        if (ExitViews.TurnsRed(row) && !views.IsLate(row)) _redAtUs[row.Exit.Id] = views.RedAtUs(row);
    }

    /// <summary>What nobody has answered while the lamp was amber is red from now on.</summary>
    internal async Task TurnRedAsync(CancellationToken token)
    {
        var nowUs = _time.NowUs();
        foreach (var id in _redAtUs.Where(waiting => waiting.Value <= nowUs).Select(waiting => waiting.Key).ToList())
        {
            if (ledger.Exit(id) is { Answer: null } row)
                await _writer.CommitAsync(new("system:exits") { Outgoing = { new(FeedKind.Exit, id, "red", views.RedAtUs(row), ApiJson.Write(views.Alarm(row))) } }, token);
            _redAtUs.Remove(id);
        }
    }

    [LoggerMessage(4301, LogLevel.Warning, "{Item} went out through {Portal}: {Says}")]
    partial void LogAsks(string item, string portal, string says);

    [LoggerMessage(4302, LogLevel.Error, "Exits are not watched: {Reason}; readings, movements and acknowledgements are not affected")]
    protected override partial void LogStuck(string reason);

    [LoggerMessage(4303, LogLevel.Information, "Exits are watched again")]
    protected override partial void LogGoesOn();
}
